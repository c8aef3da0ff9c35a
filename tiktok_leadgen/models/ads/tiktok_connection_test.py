import json
import logging
import secrets
import typing
from datetime import timedelta, timezone

from odoo import api, fields, models
from odoo.exceptions import UserError

from ... import const
from ...concurrency import delete_unlocked
from ...job_time import read_exact_clock, read_transaction_clock
from ...log_filters import describe_error
from ...reader_language import process_localized
from ...tiktok import client as tiktok_client
from ...tiktok import mock_lead, signature
from ...tiktok.errors import SealError, TiktokError
from ...tiktok.lead import TEST_MARK

_logger = logging.getLogger(__name__)
STATES = [("running", "In progress"), ("passed", "Working"), ("failed", "Not working")]


class SentLead(typing.NamedTuple):
    """A test lead that Odoo delivered to itself."""

    lead_uid: str
    is_refused: bool  # the quarantine is full


class TiktokConnectionTest(models.Model):
    """A test lead on its way from TikTok to the salesperson, checked step by step.

    TikTok creates the lead; where no ad account is connected, Odoo creates one and tests its own
    part only. The lead is deleted in both places when the test is over.
    """

    _name = "tiktok.connection.test"
    _description = "TikTok Connection Test"
    _order = "id desc"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    advertiser_id = fields.Many2one("tiktok.advertiser", "Ad account", readonly=True)
    form_id = fields.Many2one("tiktok.form", readonly=True, ondelete="set null")
    user_id = fields.Many2one("res.users", "Requested by", readonly=True, ondelete="set null")
    state = fields.Selection(STATES, required=True, readonly=True, default="running")
    lead_uid = fields.Char("Lead ID", readonly=True)
    began = fields.Float(readonly=True, digits=(16, 3), help="Seconds since 1970.")
    created_ms = fields.Integer(readonly=True, help="Time TikTok took to create it.")
    refusal = fields.Char(readonly=True, help="Why TikTok created none.")
    leftover = fields.Char("Leftover test lead", readonly=True)
    steps = fields.Json(readonly=True)
    steps_html = fields.Html("Delivery path", compute="_compute_steps_html", sanitize=False)
    has_warnings = fields.Boolean(compute="_compute_steps_html")

    # === COMPUTE METHODS === #

    @api.depends("company_id")
    def _compute_display_name(self):
        for test in self:
            test.display_name = self.env._("Connection test %s", f"#{test.id}")

    @api.depends("steps")
    def _compute_steps_html(self):
        for test in self:
            steps = test.steps or []
            test.steps_html = test._render_steps(steps)
            test.has_warnings = any(step["state"] == "warned" for step in steps)

    # === ACTION METHODS === #

    def action_update_steps(self):
        """Update the steps; the dialog calls this every second."""
        self.ensure_one()
        self.check_access("read")
        self.sudo()._update_steps()

    def action_run_again(self):
        """Run another connection test of the same form.

        :return: the action that opens it
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        return self._open_test(self.company_id, self.form_id)

    # === BUSINESS METHODS === #

    @api.model
    def _open_test(self, company, form):
        """Start a connection test and open it.

        :param company: res.company, with the user's rights
        :param form: tiktok.form; empty: Odoo creates the test lead
        :return: the action that opens it
        :rtype: dict
        """
        company._tiktok_check_manager()
        test = self._start_test(company.sudo(), form.sudo())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Test Connection"),
            "res_model": self._name,
            "res_id": test.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _find_best_form(self, company):
        """Find the form that received leads last; those of ad accounts that send leads come first.

        :param company: res.company
        :return: empty if no connected ad account has a published form
        :rtype: tiktok.form
        """
        forms = self.env["tiktok.form"].sudo()
        domain = [("company_id", "=", company.id), ("status", "=", "published")]
        connected = [("advertiser_id.state", "=", "connected")]
        receiving = [("advertiser_id.wants_leads", "=", True)]
        order = "last_lead_at desc nulls last, id"
        form = forms.search([*domain, *connected, *receiving], order=order, limit=1)
        return form or forms.search([*domain, *connected], limit=1)

    @api.model
    def _start_test(self, company, form):
        """Create a connection test and its test lead.

        :param company: res.company
        :param form: tiktok.form of a connected ad account; empty: Odoo creates the lead
        :rtype: tiktok.connection.test
        """
        test = self.sudo().create(
            {
                "company_id": company.id,
                "form_id": form.id,
                "advertiser_id": form.advertiser_id.id,
                "user_id": self.env.uid,
                "began": self._read_clock_seconds(),
            }
        )
        if form:
            test._request_test_lead()
        else:
            test._deliver_test_lead()
        test._update_steps()
        return test

    def _request_test_lead(self):
        """Have TikTok create the test lead; store why it does not."""
        form = self.form_id
        try:
            with tiktok_client.deadline():
                client = self.advertiser_id._get_business_client()
                began = self._read_clock_seconds()
                uid = mock_lead.create_mock_lead(client, form.page_uid, **form._get_owner_uids())
        except (TiktokError, UserError, SealError) as error:
            self.refusal = self.advertiser_id._explain_error(error)
            return
        spent = int((self._read_clock_seconds() - began) * 1000)
        self.write({"began": began, "lead_uid": uid, "created_ms": spent})

    def _deliver_test_lead(self):
        """Deliver a test lead of Odoo's own; store why it was refused."""
        began = self._read_clock_seconds()
        sent = self._send_test_lead(self.company_id)
        self.write({"began": began, "lead_uid": sent.lead_uid})
        if sent.is_refused:
            self.refusal = self.env._("Too many unverified deliveries: review the quarantine.")

    @api.model
    def _send_test_lead(self, company):
        """Deliver a test lead of Odoo's own the way TikTok delivers leads.

        :param company: res.company, with all rights
        :return: the lead's id, and whether it was refused
        :rtype: SentLead
        """
        body, uid = self._build_test_body()
        receipt = self.env["tiktok.event"]._receive_webhook(
            body,
            company=str(company.id),
            token=company.tiktok_webhook_token,
            header=self._sign_test_body(company, body),
            source="test",
        )
        return SentLead(uid, bool(receipt.refused))

    @api.model
    def _sign_test_body(self, company, body):
        """Sign a delivery the way TikTok would, as far as the app secret is known.

        :param company: res.company, with all rights
        :param bytes body: of the delivery
        :return: the header, empty if there is no secret
        :rtype: str
        :raise UserError: if the secret can't be opened
        """
        try:
            secret = company._tiktok_open_app_secret(company.tiktok_app_secret_sealed)
        except SealError as error:
            raise UserError(str(error)) from error
        return signature.sign_open(body, secret) if secret else ""

    @api.model
    def _build_test_body(self):
        """Build the delivery of a test lead.

        :return: its body, and the lead's id
        :rtype: tuple[bytes, str]
        """
        uid = str(10**18 + secrets.randbelow(8 * 10**18))
        now = int(self._read_clock_seconds())
        answers = [
            ("name", self.env._("Test Lead")),
            ("email", "test.lead@example.com"),
            ("phone_number", "+14155550123"),
            (self.env._("What is your budget?"), self.env._("About 2,000")),
        ]
        entry = {
            "id": int(uid),
            "lead_source": "INSTANT_FORM",
            "page_id": 1,
            "page_name": self.env._("Test from Odoo"),
            "campaign_id": 0,
            "campaign_name": TEST_MARK,
            "create_time": now,
            "changes": [{"field": field, "value": value} for field, value in answers],
        }
        content = {"object": 1, "time": now, "entry": [entry]}
        return json.dumps(content, ensure_ascii=False).encode(), uid

    def _update_steps(self):
        """Store how far the lead is; finish the test when it is complete or takes too long."""
        self.ensure_one()
        if self.state != "running":
            return
        is_late = self._read_clock_seconds() - self.began > const.CONNECTION_TEST_SECONDS
        self.steps = steps = self._check_steps(is_late)
        states = {step["state"] for step in steps}
        if "failed" in states:
            self._finish_test("failed")
        elif "waiting" not in states:
            self._finish_test("passed")

    def _finish_test(self, state):
        """Finish the test and delete its lead, here and at TikTok.

        :param str state: passed or failed
        """
        self.state = state
        event = self._find_event()
        # Never an earlier lead of the same person, on which it may only have been noted.
        event.lead_id.filtered(lambda lead: lead.tiktok_lead_uid == self.lead_uid).unlink()
        if event.state in ("pending", "quarantined"):
            event.write({"state": "ignored", "reason": "discarded"})
        elif not event.lead_id:
            event.write({"state": "ignored", "reason": "connection_test"})  # it counts nowhere
        if self.form_id and self.lead_uid:
            self._delete_lead_at_tiktok()

    def _delete_lead_at_tiktok(self):
        """Delete the test lead at TikTok; store why it could not be deleted."""
        try:
            with tiktok_client.deadline():
                client = self.advertiser_id._get_business_client()
                mock_lead.delete_mock_lead(client, self.lead_uid, **self.form_id._get_owner_uids())
        except (TiktokError, UserError, SealError) as error:
            self.leftover = self.env._(
                "The test lead is still at TikTok; the next connection test deletes it. %s",
                self.advertiser_id._explain_error(error),
            )

    @api.model
    def _find_lead_uids(self, company):
        """Find the leads of connection tests; TikTok does not promise to mark them.

        Those of finished tests count too: a delivery may be late, and a lead may be left over.

        :param company: res.company
        :return: whether the test is running, by TikTok's id of the lead
        :rtype: dict[str, bool]
        """
        domain = [("company_id", "=", company.id), ("lead_uid", "!=", False)]
        return {test.lead_uid: test.state == "running" for test in self.sudo().search(domain)}

    def _find_event(self):
        """Find the event of the test lead, in any company.

        :rtype: tiktok.event
        """
        events = self.env["tiktok.event"].sudo()
        if not self.lead_uid:
            return events
        domain = [("lead_uid", "=", self.lead_uid), ("kind", "=", "lead")]
        found = events.search([*domain, ("state", "!=", "quarantined")], limit=1)
        return found or events.search(domain, limit=1)

    @api.model
    def _read_clock_seconds(self):
        """Return the present time by the database's clock, which the events have, too.

        :return: seconds since 1970
        :rtype: float
        """
        return read_exact_clock(self.env).replace(tzinfo=timezone.utc).timestamp()

    # === CLEANUP === #

    @api.model
    def _close_abandoned_tests(self):
        """Finish the tests whose dialog was closed.

        :return: these tests
        :rtype: tiktok.connection.test
        """
        before = self._read_clock_seconds() - 2 * const.CONNECTION_TEST_SECONDS
        abandoned = self.sudo().search([("state", "=", "running"), ("began", "<", before)])
        work, on_error = type(self)._update_steps, type(self)._handle_close_error
        process_localized(abandoned, work, on_error, job=self._name)
        return abandoned

    def _handle_close_error(self, error):
        """Log where an exception was raised, without its text, and fail the test.

        :param Exception error: unexpected
        """
        _logger.warning("TikTok connection test %s: %s", self.id, describe_error(error))
        self.state = "failed"

    @api.autovacuum
    def _gc_connection_tests(self):
        before = read_transaction_clock(self.env) - timedelta(days=const.CONNECTION_TEST_DAYS)
        delete_unlocked(self.sudo().search([("create_date", "<", before)], limit=const.GC_BATCH))
