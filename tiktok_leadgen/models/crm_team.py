import random
from ast import literal_eval

from odoo import models
from odoo.fields import Domain

from .crm_lead_rules import WAITING


class CrmTeam(models.Model):
    _inherit = "crm.team"

    def _get_lead_to_assign_domain(self):
        """Leave tests alone, and the leads that we assign ourselves.

        Nobody should call a person who does not exist, and two that assign the same lead fight.
        """
        domain = Domain(super()._get_lead_to_assign_domain()) & Domain("tiktok_is_test", "!=", True)
        leads, companies = self.env["crm.lead"], self.env["res.company"].sudo()
        by_rules_of = self.env.context.get("tiktok_rules")
        if by_rules_of:
            own = leads._tiktok_company_domain(companies.browse(by_rules_of))
            return list(domain & own & Domain("tiktok_unassigned_reason", "in", WAITING))
        chosen = companies.search([("tiktok_assignment", "!=", "manual")])
        ours = Domain("tiktok_lead_uid", "!=", False) & leads._tiktok_company_domain(chosen)
        return list(domain & ~ours)

    def _tiktok_available(self, company):
        """Return the members who can take a lead now, in the order of the team.

        :param company: res.company, whose lead it is
        :rtype: res.users
        """
        users = self._tiktok_members(company)
        return users - users._tiktok_away()

    def _tiktok_members(self, company):
        """Return the members who take leads of the company when they are there, in order.

        :param company: res.company
        :rtype: res.users
        """
        members = self.sudo().crm_team_member_ids.filtered(lambda m: not m.assignment_optout)
        return members.sorted("id").user_id._tiktok_able(company)

    def _tiktok_by_domain(self, lead):
        """Return the team that Odoo's rules would give a lead: by domain, weighted by capacity.

        :param lead: crm.lead
        :rtype: crm.team
        """
        domain = [
            ("company_id", "in", (lead.company_id.id, False)),
            ("assignment_optout", "=", False),
        ]
        teams = self.search(domain).filtered(
            lambda team: (
                team.assignment_max
                and (team.use_leads or team.use_opportunities)
                and lead.filtered_domain(literal_eval(team.assignment_domain or "[]"))
            )
        )
        weights = teams.mapped("assignment_max")
        return random.choices(teams, weights)[0] if teams else teams  # noqa: S311 - not a secret
