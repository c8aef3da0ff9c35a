from odoo import fields, models

MANAGERS = "sales_team.group_sale_manager"
LEDGER = {"compute": "_compute_tiktok_reconciliation", "groups": MANAGERS}


class ResCompany(models.Model):
    """The line of the company's page that says what TikTok has."""

    _inherit = "res.company"

    tiktok_reconciliation_text = fields.Char(
        "Reconciled with TikTok",
        **LEDGER,
        help="Reconciled with the leads TikTok keeps for 90 days, without test leads.",
    )
    tiktok_reconciliation_at = fields.Datetime("Last checked", **LEDGER)
    tiktok_reconciliation_missing = fields.Integer(**LEDGER)
    tiktok_reconciliation_progress = fields.Float(**LEDGER)
    tiktok_reconciliation_is_open = fields.Boolean(**LEDGER)
    tiktok_can_compare = fields.Boolean(**LEDGER)

    def _compute_tiktok_reconciliation(self):
        """Count for sales managers; anyone else who reads a company gets nothing."""
        allowed = self.env.su or self.env.user.has_group(MANAGERS)
        advertisers = self.env["tiktok.advertiser"].sudo()
        connected = [("state", "=", "connected")]
        for company in self:
            mine = [*connected, ("company_id", "=", company._origin.id)]
            own = advertisers.search(mine) if allowed else advertisers
            theirs, ours, missing = own._count_reconciled_leads() if own else (0, 0, 0)
            moment = max(own.filtered("ledger_at").mapped("ledger_at"), default=False)
            runs = own.backfill_id.filtered(lambda run: run.state in ("waiting", "running"))
            company.tiktok_reconciliation_text = self.env["tiktok.reconciliation.day"]._sentence(
                theirs, ours, missing, moment
            )
            company.tiktok_reconciliation_at = moment
            company.tiktok_reconciliation_missing = missing
            company.tiktok_reconciliation_is_open = bool(runs)
            company.tiktok_reconciliation_progress = sum(runs.mapped("progress")) / (len(runs) or 1)
            company.tiktok_can_compare = bool(own)

    def action_tiktok_compare(self):
        """Compare all ad accounts of the company with TikTok now."""
        self.ensure_one()
        self._tiktok_check_manager()
        domain = [("company_id", "=", self.id), ("state", "=", "connected")]
        return self.env["tiktok.advertiser"].search(domain).action_reconcile()

    def action_tiktok_view_ledger(self):
        """Open the ledger of this company."""
        self.ensure_one()
        self._tiktok_check_reader()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "tiktok_leadgen.tiktok_reconciliation_day_action"
        )
        return {**action, "domain": [("company_id", "=", self.id)]}
