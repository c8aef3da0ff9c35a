from odoo import fields, models


class TiktokAdvertiser(models.Model):
    """From an ad account to its leads."""

    _inherit = "tiktok.advertiser"

    lead_count = fields.Integer("Number of leads", compute="_compute_lead_count")

    def _compute_lead_count(self):
        uids = self.mapped("advertiser_uid")
        leads = self.env["crm.lead"].with_context(active_test=False)
        domain = [("tiktok_advertiser_uid", "in", uids), ("tiktok_lead_uid", "!=", False)]
        counts = dict(leads._read_group(domain, ["tiktok_advertiser_uid"], ["__count"]))
        for advertiser in self:
            advertiser.lead_count = counts.get(advertiser.advertiser_uid, 0)

    def action_view_leads(self):
        """Open the leads that came from this ad account."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("tiktok_leadgen.crm_lead_action_tiktok")
        action["domain"] = [
            ("tiktok_advertiser_uid", "=", self.advertiser_uid),
            ("tiktok_lead_uid", "!=", False),
        ]
        action["context"] = {"create": False, "active_test": False}
        return action
