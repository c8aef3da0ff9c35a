import logging
import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import const
from ..clash import in_savepoints
from ..log_guard import place_of
from ..tiktok import client as tiktok_client
from ..tiktok import mock_lead
from ..tiktok.errors import SealError, TiktokError

_logger = logging.getLogger(__name__)
STATES = [("running", "Under way"), ("passed", "It works"), ("failed", "It does not work")]


class TiktokProof(models.Model):
    """One test lead on its whole way from TikTok to the salesperson, step by step.

    TikTok makes the lead; where no ad account is connected, Odoo makes one itself and proves the
    part that is its own. Both are taken away when it is over.
    """

    _name = "tiktok.proof"
    _description = "TikTok Proof"
    _order = "id desc"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    advertiser_id = fields.Many2one("tiktok.advertiser", "Ad account", readonly=True)
    form_id = fields.Many2one("tiktok.form", readonly=True, ondelete="set null")
    user_id = fields.Many2one("res.users", "Asked for by", readonly=True, ondelete="set null")
    state = fields.Selection(STATES, required=True, readonly=True, default="running")
    lead_uid = fields.Char("Lead ID", readonly=True)
    began = fields.Float(readonly=True, digits=(16, 3), help="Seconds since 1970.")
    created_ms = fields.Integer(readonly=True, help="How long TikTok took to make it.")
    refusal = fields.Char(readonly=True, help="Why TikTok made none.")
    leftover = fields.Char("Left over", readonly=True)
    steps = fields.Json(readonly=True)
    steps_html = fields.Html("The way", compute="_compute_steps_html", sanitize=False)
    has_warnings = fields.Boolean(compute="_compute_steps_html")

    @api.depends("company_id")
    def _compute_display_name(self):
        for proof in self:
            proof.display_name = self.env._("Connection test %s", f"#{proof.id}")

    @api.depends("steps")
    def _compute_steps_html(self):
        for proof in self:
            steps = proof.steps or []
            proof.steps_html = proof._draw(steps)
            proof.has_warnings = any(step["state"] == "warned" for step in steps)

    # === ACTION METHODS === #

    def action_look(self):
        """Look how far the lead came; the page does so every second."""
        self.ensure_one()
        self.check_access("read")
        self.sudo()._look()

    def action_again(self):
        """Prove it once more."""
        self.ensure_one()
        self.check_access("read")
        return self.company_id._tiktok_prove(self.form_id)

    # === BUSINESS METHODS === #

    @api.model
    def _begin(self, company, form):
        """Have a test lead made.

        :param company: res.company
        :param form: tiktok.form of a connected ad account; empty: Odoo makes the lead
        :rtype: tiktok.proof
        """
        proof = self.sudo().create(
            {
                "company_id": company.id,
                "form_id": form.id,
                "advertiser_id": form.advertiser_id.id,
                "user_id": self.env.uid,
                "began": time.time(),
            }
        )
        if form:
            proof._ask_tiktok()
        else:
            proof._ask_odoo()
        proof._look()
        return proof

    def _ask_tiktok(self):
        form = self.form_id
        try:
            with tiktok_client.within():
                client = self.advertiser_id._client()
                began = time.time()
                uid = mock_lead.make(client, form.page_uid, **form._owner_uids())
        except (TiktokError, UserError, SealError) as error:
            self.refusal = self.advertiser_id._explain(error)
            return
        spent = int((time.time() - began) * 1000)
        self.write({"began": began, "lead_uid": uid, "created_ms": spent})

    def _ask_odoo(self):
        company = self.company_id
        body, uid = company._tiktok_test_body()
        began = time.time()
        receipt = self.env["tiktok.event"]._receive_webhook(
            body,
            company=str(company.id),
            token=company.tiktok_webhook_token,
            header=company._tiktok_sign(body),
            source="test",
        )
        self.write({"began": began, "lead_uid": uid})
        if receipt.refused:
            self.refusal = self.env._("Too much came without proof: look at what is kept aside.")

    def _look(self):
        """Write down how far it is; end it when it is there, or when it takes too long."""
        self.ensure_one()
        if self.state != "running":
            return
        late = time.time() - self.began > const.PROOF_SECONDS
        self.steps = steps = self._find_steps(late)
        states = {step["state"] for step in steps}
        if "failed" in states:
            self._finish("failed")
        elif "waiting" not in states:
            self._finish("passed")

    def _finish(self, state):
        """Take the test lead away, here and at TikTok."""
        self.state = state
        event = self._event()
        # Never an earlier lead of the same person, on which it may only have been noted.
        event.lead_id.filtered(lambda lead: lead.tiktok_lead_uid == self.lead_uid).unlink()
        if event.state in ("pending", "quarantined"):
            event.write({"state": "ignored", "reason": "discarded"})
        elif not event.lead_id:
            event.write({"state": "ignored", "reason": "proof"})  # it counts nowhere
        if not self.form_id or not self.lead_uid:
            return
        try:
            with tiktok_client.within():
                client = self.advertiser_id._client()
                mock_lead.remove(client, self.lead_uid, **self.form_id._owner_uids())
        except (TiktokError, UserError, SealError) as error:
            self.leftover = self.env._(
                "The test lead is still at TikTok; the next proof takes it away. %s",
                self.advertiser_id._explain(error),
            )

    @api.model
    def _uids(self, company):
        """Return the leads that are only made for proofs; TikTok does not promise to mark them.

        Also of proofs that are over: a delivery may be late, and a lead may be left over.

        :param company: res.company
        :return: TikTok's ids, and whether the proof is under way
        :rtype: dict[str, bool]
        """
        made = [("company_id", "=", company.id), ("lead_uid", "!=", False)]
        return {proof.lead_uid: proof.state == "running" for proof in self.sudo().search(made)}

    def _event(self):
        """Return what the webhook stored of the lead, of whichever company."""
        events = self.env["tiktok.event"].sudo()
        if not self.lead_uid:
            return events
        mine = [("lead_uid", "=", self.lead_uid), ("kind", "=", "lead")]
        found = events.search([*mine, ("state", "!=", "quarantined")], limit=1)
        return found or events.search(mine, limit=1)

    # === KEEPING === #

    @api.model
    def _close_left(self):
        """End what nobody looked at any more."""
        before = time.time() - 2 * const.PROOF_SECONDS
        left = self.sudo().search([("state", "=", "running"), ("began", "<", before)])
        for proof in left:
            in_savepoints(proof, type(self)._look, type(self)._give_up)

    def _give_up(self, error):
        _logger.warning("TikTok proof %s: %s", self.id, place_of(error))
        self.state = "failed"

    @api.autovacuum
    def _gc_proofs(self):
        before = fields.Datetime.now() - timedelta(days=const.PROOF_DAYS)
        self.sudo().search([("create_date", "<", before)], limit=const.GC_BATCH).unlink()
