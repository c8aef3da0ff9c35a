from odoo import fields, models

MANAGERS = "sales_team.group_sale_manager"
LEDGER = {"compute": "_compute_tiktok_ledger", "groups": MANAGERS}


class ResCompany(models.Model):
    """The line of the company's page that says what TikTok has."""

    _inherit = "res.company"

    tiktok_ledger_text = fields.Char(
        "Compared with TikTok",
        **LEDGER,
        help="With the leads that TikTok keeps for 90 days, without test leads.",
    )
    tiktok_ledger_at = fields.Datetime("Last checked", **LEDGER)
    tiktok_ledger_missing = fields.Integer(**LEDGER)
    tiktok_ledger_progress = fields.Float(**LEDGER)
    tiktok_ledger_is_open = fields.Boolean(**LEDGER)
    tiktok_can_compare = fields.Boolean(**LEDGER)

    def _compute_tiktok_ledger(self):
        """Count for sales managers; anyone else who reads a company gets nothing."""
        allowed = self.env.su or self.env.user.has_group(MANAGERS)
        advertisers = self.env["tiktok.advertiser"].sudo()
        connected = [("state", "=", "connected")]
        for company in self:
            mine = [*connected, ("company_id", "=", company._origin.id)]
            own = advertisers.search(mine) if allowed else advertisers
            theirs, ours, missing = own._ledger_totals() if own else (0, 0, 0)
            moment = max(own.filtered("ledger_at").mapped("ledger_at"), default=False)
            runs = own.backfill_id.filtered(lambda run: run.state in ("waiting", "running"))
            company.tiktok_ledger_text = self.env["tiktok.ledger.day"]._sentence(
                theirs, ours, missing, moment
            )
            company.tiktok_ledger_at = moment
            company.tiktok_ledger_missing = missing
            company.tiktok_ledger_is_open = bool(runs)
            company.tiktok_ledger_progress = sum(runs.mapped("progress")) / (len(runs) or 1)
            company.tiktok_can_compare = bool(own)

    def action_tiktok_compare(self):
        """Compare all ad accounts of the company with TikTok now."""
        self.ensure_one()
        self._tiktok_check_manager()
        domain = [("company_id", "=", self.id), ("state", "=", "connected")]
        return self.env["tiktok.advertiser"].search(domain).action_compare()

    def action_tiktok_view_ledger(self):
        """Open the ledger of this company."""
        self.ensure_one()
        self._tiktok_check_reader()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "tiktok_leadgen.tiktok_ledger_day_action"
        )
        return {**action, "domain": [("company_id", "=", self.id)]}
