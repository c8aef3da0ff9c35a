from odoo import api, models


class TiktokPrivacy(models.AbstractModel):
    """What TikTok learned of a person, and what erasing the person means for it."""

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

    @api.model
    def _export_linked_records(self, lead):
        """Return what was reported to TikTok of the person of a lead as well.

        :param lead: crm.lead, in sudo
        :return: lists by their names in the file
        :rtype: dict
        """
        objections, company = self.env["tiktok.ads.objection"], lead._tiktok_get_company()
        return {
            **super()._export_linked_records(lead),
            "reported_to_tiktok": [
                {
                    "date": str(event.sent_at or event.occurred_at),
                    "event": event.event_name,
                    "value": event.value,
                    "currency": event.currency_id.name or "",
                    "status": event.state,
                    "reason": event.reason or "",
                    "email_hash_sent": event.has_email,
                    "phone_hash_sent": event.has_phone,
                }
                for event in lead.tiktok_crm_event_ids
            ],
            "is_objection_to_ads_remembered": bool(objections._filter_objecting(lead, company)),
        }
