from odoo import api, fields, models


class TiktokForm(models.Model):
    """How a form's leads compare with what TikTok has."""

    _inherit = "tiktok.form"

    ledger_at = fields.Datetime("Last checked", readonly=True, copy=False)
    ledger_tiktok_count = fields.Integer("TikTok has", readonly=True, copy=False)
    ledger_odoo_count = fields.Integer("Of these here", readonly=True, copy=False)
    ledger_missing_count = fields.Integer("Missing", readonly=True, copy=False)
    ledger_text = fields.Char(
        "Compared",
        compute="_compute_ledger_text",
        help="With the leads that TikTok keeps for 90 days, without test leads.",
    )

    @api.depends("ledger_at", "ledger_tiktok_count", "ledger_odoo_count", "ledger_missing_count")
    def _compute_ledger_text(self):
        for form in self:
            form.ledger_text = self.env["tiktok.ledger.day"]._sentence(
                form.ledger_tiktok_count,
                form.ledger_odoo_count,
                form.ledger_missing_count,
                form.ledger_at,
            )

    def action_view_ledger(self):
        """Open the days of these forms."""
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "tiktok_leadgen.tiktok_ledger_day_action"
        )
        return {**action, "domain": [("form_id", "in", self.ids)], "context": {}}
