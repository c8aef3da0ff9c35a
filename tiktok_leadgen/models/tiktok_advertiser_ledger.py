from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class TiktokAdvertiser(models.Model):
    """How an ad account's leads compare with what TikTok has."""

    _inherit = "tiktok.advertiser"

    ledger_at = fields.Datetime("Last checked", readonly=True, copy=False)
    ledger_text = fields.Char(
        "Compared",
        compute="_compute_ledger",
        help="With the leads that TikTok keeps for 90 days, without test leads.",
    )
    backfill_ids = fields.One2many("tiktok.backfill", "advertiser_id", "Comparisons", readonly=True)
    backfill_id = fields.Many2one(
        "tiktok.backfill",
        "Last comparison",
        compute="_compute_ledger",
        search="_search_backfill_id",
    )
    backfill_state = fields.Selection(related="backfill_id.state")
    backfill_is_first = fields.Boolean(related="backfill_id.is_first")
    backfill_progress = fields.Float(related="backfill_id.progress")
    backfill_text = fields.Char(related="backfill_id.status_text")

    # === COMPUTE METHODS === #

    def _compute_ledger(self):
        last = dict(
            self.env["tiktok.backfill"]
            .sudo()
            ._read_group([("advertiser_id", "in", self.ids)], ["advertiser_id"], ["id:max"])
        )
        last = {advertiser.id: run_id for advertiser, run_id in last.items()}
        for advertiser in self:
            advertiser.backfill_id = last.get(advertiser.id, False)
            totals = advertiser._ledger_totals()
            advertiser.ledger_text = self.env["tiktok.ledger.day"]._sentence(
                *totals, advertiser.ledger_at
            )

    def _search_backfill_id(self, operator, value):
        """Find the ad accounts whose last comparison is one of these."""
        runs = self.env["tiktok.backfill"]
        if operator in ("any", "any!"):
            value = runs.search(value).ids
        elif operator != "in":
            return NotImplemented
        groups = runs.sudo()._read_group([], ["advertiser_id"], ["id:max"])
        found = [advertiser.id for advertiser, run_id in groups if run_id in value]
        none = Domain("backfill_ids", "=", False) if False in value else Domain.FALSE
        return Domain("id", "in", found) | none

    def _connect(self, token, name=""):
        """Bring the 90 days that TikTok keeps, and after a gap what it swallowed."""
        found = super()._connect(token, name)
        self.env["tiktok.backfill"]._ask(found, self.env.user)
        return found

    def _end_sync(self, seconds, problem=False):
        """Let a comparison begin that waits for the forms."""
        result = super()._end_sync(seconds, problem)
        runs = self.env["tiktok.backfill"].sudo()
        if runs.search_count([("advertiser_id", "in", self.ids), ("state", "=", "waiting")]):
            runs._wake()
        return result

    def _ledger_totals(self):
        """Return what TikTok has of these, what is here of it, and what is missing.

        :rtype: tuple[int, int, int]
        """
        names = ["ledger_tiktok_count", "ledger_odoo_count", "ledger_missing_count"]
        (totals,) = self.env["tiktok.form"]._read_group(
            [("advertiser_id", "in", self.ids)], [], [f"{name}:sum" for name in names]
        )
        return tuple(total or 0 for total in totals)

    # === ACTION METHODS === #

    def action_compare(self):
        """Compare with TikTok now, in the background, and bring what is missing."""
        self.check_access("write")
        if any(advertiser.state != "connected" for advertiser in self):
            raise UserError(self.env._("Connect the ad account first: TikTok must be asked."))
        self.env["tiktok.backfill"]._ask(self, self.env.user)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_cancel_compare(self):
        """Stop the comparison that is under way."""
        self.backfill_id.action_cancel()

    def action_resume_compare(self):
        """Go on with the comparison that was stopped."""
        self.ensure_one()
        self.backfill_id.action_resume()

    def action_view_ledger(self):
        """Open the days of the forms of these ad accounts."""
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "tiktok_leadgen.tiktok_ledger_day_action"
        )
        return {**action, "domain": [("advertiser_id", "in", self.ids)], "context": {}}

    def action_view_backfills(self):
        """Open the comparisons of this ad account."""
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id("tiktok_leadgen.tiktok_backfill_action")
        return {**action, "domain": [("advertiser_id", "in", self.ids)]}
