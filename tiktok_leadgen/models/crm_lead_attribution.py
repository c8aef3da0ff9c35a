from odoo import api, fields, models


class CrmLead(models.Model):
    """From a lead back to where it came from."""

    _inherit = "crm.lead"

    tiktok_advertiser_id = fields.Many2one(
        "tiktok.advertiser", "TikTok ad account", compute="_compute_tiktok_advertiser_id"
    )

    @api.depends("tiktok_advertiser_uid")
    def _compute_tiktok_advertiser_id(self):
        uids = [uid for uid in self.mapped("tiktok_advertiser_uid") if uid]
        found = self.env["tiktok.advertiser"].search([("advertiser_uid", "in", uids)])
        known = {(each.company_id, each.advertiser_uid): each for each in found}
        for lead in self:
            key = (lead._tiktok_company(), lead.tiktok_advertiser_uid)
            lead.tiktok_advertiser_id = known.get(key)

    def _tiktok_way(self):
        """Return the campaign that brought it, else the form.

        :rtype: str | bool
        """
        return self.tiktok_campaign_name or self.tiktok_form_id.name or False
