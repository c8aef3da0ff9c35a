from odoo import api, fields, models
from odoo.fields import Domain

from .. import const

WAITING = ("rules", "quota")  # reasons of leads that wait for Odoo's rules


class CrmLead(models.Model):
    """Leads that Odoo's Rule-Based Assignment gives away: by domain, capacity and preference.

    Its own job knows neither who is out of office nor who may work for the lead's company, and it
    ships switched off. So we have its rules choose, for our leads only.
    """

    _inherit = "crm.lead"

    tiktok_converted_by_rules = fields.Boolean(
        "Made an opportunity by rules",
        readonly=True,
        copy=False,
        help="Odoo's rules make an opportunity of each lead they assign: that qualifies nobody.",
    )

    @api.model
    def _tiktok_by_rules_domain(self):
        """Return which leads wait for Odoo's rules, of companies that still want them to choose.

        :rtype: Domain
        """
        wanted = [("tiktok_assignment", "=", "rules")]
        companies = self.env["res.company"].sudo().search(wanted)
        return self._tiktok_company_domain(companies) & Domain(
            "tiktok_unassigned_reason", "in", WAITING
        )

    @api.model
    def _tiktok_company_domain(self, companies):
        """Return which leads are theirs: one that lost its company has its form's.

        :param companies: res.company
        :rtype: Domain
        """
        by_form = Domain("tiktok_form_id.company_id", "in", companies.ids)
        lost = Domain("company_id", "=", False) & by_form
        return Domain("company_id", "in", companies.ids) | lost

    @api.model
    def _tiktok_assign_by_rules(self, domain):
        """Have Odoo's rules choose, company by company.

        :param Domain domain: which leads
        """
        # New ones first: those nobody could take must not keep them from being looked at.
        order = "tiktok_unassigned_reason desc, id"
        leads = self.search(domain, order=order, limit=const.ASSIGN_BATCH)
        for company, of_company in leads.grouped(lambda lead: lead._tiktok_company()).items():
            of_company.with_company(company)._tiktok_apply_rules(company)

    def _tiktok_apply_rules(self, company):
        for lead in self.filtered(lambda lead: not lead.team_id):
            lead.team_id = self.env["crm.team"]._tiktok_by_domain(lead)
        self.team_id.with_context(tiktok_rules=company.id)._assign_and_convert_leads()
        left = self.exists().filtered(lambda lead: not lead.user_id)
        left.filtered(lambda lead: lead.tiktok_unassigned_reason == "rules").write(
            {"tiktok_unassigned_reason": "quota"}
        )

    def _convert_opportunity_data(self, customer, team_id=False):
        """Tell apart what rules convert from what a person thought worth it."""
        values = super()._convert_opportunity_data(customer, team_id)
        if self.tiktok_lead_uid and not self._tiktok_is_person(self.env.user):
            self.sudo().tiktok_converted_by_rules = True
        return values

    @api.depends("user_id", "team_id", "partner_id")
    def _compute_company_id(self):
        """Keep leads with the company they came to: a team without one is no reason to leave it.

        CRM takes the company away when such a team is set, and then gives them the company of
        whoever runs the job.
        """
        kept = {lead: lead._tiktok_company() for lead in self if lead.tiktok_lead_uid}
        result = super()._compute_company_id()
        for lead, company in kept.items():
            team, user = lead.team_id, lead.user_id
            if company and not team.company_id and (not user or company in user.sudo().company_ids):
                lead.company_id = company
        return result
