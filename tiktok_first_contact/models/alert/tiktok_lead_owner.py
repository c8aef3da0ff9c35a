from odoo import api, models


class TiktokLeadOwner(models.AbstractModel):
    """Write to leads that were held, and notify the team leader of leads that no one called."""

    _inherit = "tiktok.lead.owner"

    @api.model
    def _assign_released_leads(self, leads):
        """Queue the first messages of leads that were held, too.

        :param leads: crm.lead that a person released
        :return: nothing, as the method that it extends
        """
        result = super()._assign_released_leads(leads)
        self.env["tiktok.first.message"]._queue_messages(leads)
        return result

    @api.model
    def _reassign_overdue_leads(self, leads, now):
        """Notify the team leader of leads that no one claimed in time, too.

        :param leads: crm.lead whose reassignment is due
        :param datetime now: UTC
        :return: nothing, as the method that it extends
        """
        unclaimed = leads._tiktok_filter_claimable()._tiktok_filter_uncontacted()
        for lead in unclaimed._tiktok_filter_open():
            lead.tiktok_reassign_at = False
            self._escalate_lead(lead, lead._tiktok_get_company())
        return super()._reassign_overdue_leads(leads - unclaimed, now)

    @api.model
    def _handle_exhausted_team(self, lead, company):
        """Notify the team leader: each member of the team had the lead.

        :param lead: crm.lead
        :param company: res.company
        :return: nothing, as the method that it extends
        """
        result = super()._handle_exhausted_team(lead, company)
        self._escalate_lead(lead, company)
        return result

    @api.model
    def _escalate_lead(self, lead, company):
        """Notify the team leader, or who is responsible in the company, and plan an activity.

        :param lead: crm.lead
        :param company: res.company
        """
        leader = lead.team_id.sudo().user_id
        if not leader._tiktok_filter_able(company):
            leader = company._tiktok_get_responsible()
        if not leader or leader == lead.user_id:
            return
        kind = self.env.ref("mail.mail_activity_data_warning", raise_if_not_found=False)
        notification = self.env["tiktok.lead.notification"]
        values = {
            "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
            "res_id": lead.id,
            "activity_type_id": kind and kind.id,
            "user_id": leader.id,
            "date_deadline": leader._tiktok_get_local_date(),
            "summary": leader._tiktok_localized_env()._("No one called this TikTok lead"),
        }
        notification._create_activities([values], lead.env)
        notification._send_lead_popup(lead, leader, "escalated")
