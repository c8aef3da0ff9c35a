from odoo import api, models


class TiktokPrivacy(models.AbstractModel):
    """What erasing a person means for what TikTok learns of them."""

    _inherit = "tiktok.privacy"

    @api.model
    def _remember_erased_leads(self, leads):
        """Also stop the CRM events of these leads, and take their persons out of the audiences.

        Who objects to TikTok's ads still does, as a digest.

        :param leads: crm.lead that are erased or deleted
        :return: as the extended method
        """
        leads._tiktok_keep_objections()
        self.env["tiktok.crm.event"]._erase_events(leads)
        companies = leads.company_id | leads.tiktok_form_id.company_id
        self.env["tiktok.audience"]._request_refresh(companies)
        return super()._remember_erased_leads(leads)
