from odoo import api, models

from odoo.addons.tiktok_leadgen.job_time import read_transaction_clock
from odoo.addons.tiktok_leadgen.working_hours import TeamHours

from .res_company import CLAIM


class TiktokAssignment(models.AbstractModel):
    """What happens to new leads: members of the team claim them, first messages are queued."""

    _inherit = "tiktok.assignment"

    @api.model
    def _choose_salespeople(self, company, team, fixed, count):
        """Choose no one where leads are claimed, unless the form has a salesperson.

        :param company: res.company
        :param team: crm.team
        :param fixed: res.users of the form, may be empty
        :param int count: how many leads
        :return: as in tiktok_leadgen
        :rtype: tuple[list[int], str | bool]
        """
        if fixed or company.tiktok_assignment != CLAIM:
            return super()._choose_salespeople(company, team, fixed, count)
        if not team:
            return [], "no_team"
        return [], False if team.sudo().crm_team_member_ids else "no_members"

    @api.model
    def _complete_new_leads(self, leads):
        """Notify the team of new leads that wait to be claimed, and queue the first messages.

        :param leads: crm.lead just created
        :return: nothing, as the method that it extends
        """
        result = super()._complete_new_leads(leads)
        released = self._filter_released(leads)
        self._notify_teams(released)
        self.env["tiktok.first.message"]._queue_messages(released)
        return result

    @api.model
    def _write_assignment(self, leads, team, vals_list):
        """Notify the team once a lead that could not be assigned can be claimed.

        :param leads: crm.lead
        :param team: crm.team
        :param list[dict] vals_list: with the choice, one for each lead
        :return: nothing, as the method that it extends
        """
        result = super()._write_assignment(leads, team, vals_list)
        self._notify_teams(self._filter_released(leads))
        return result

    @api.model
    def _filter_released(self, leads):
        """Leave out the leads that wait for a person's decision, as likely junk does.

        :param leads: crm.lead
        :rtype: crm.lead
        """
        return leads.filtered_domain(~self._get_held_domain())

    @api.model
    def _notify_teams(self, leads):
        """Notify the members of leads that wait to be claimed, now or when their work begins.

        :param leads: crm.lead
        """
        waiting = leads._tiktok_filter_claimable()._tiktok_filter_open()
        waiting -= waiting._tiktok_filter_late()
        hours, now = TeamHours(), read_transaction_clock(self.env)
        groups = waiting.filtered(
            lambda lead: lead.team_id and not lead.tiktok_unassigned_reason
        ).grouped(lambda lead: (lead._tiktok_get_company(), lead.team_id))
        for (company, team), alike in groups.items():
            limit = company.tiktok_reassign_minutes
            if limit:
                due = hours.get_hours(team, company).add_seconds(now, limit * 60)
                alike.with_context(tracking_disable=True).tiktok_reassign_at = due
            for user in team._tiktok_get_available_users(company):
                self.env["tiktok.lead.notification"]._send_lead_popup(alike, user, "claim")
