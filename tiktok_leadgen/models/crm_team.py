import random
from ast import literal_eval

from odoo import models
from odoo.fields import Domain

from .. import const


class CrmTeam(models.Model):
    _inherit = "crm.team"

    def _get_lead_to_assign_domain(self):
        """Leave tests alone, and the leads that we assign ourselves.

        Nobody should call a person who does not exist, and two that assign the same lead fight.
        """
        domain = Domain(super()._get_lead_to_assign_domain()) & Domain("tiktok_is_test", "!=", True)
        if self.env.context.get("tiktok_rules"):
            return list(domain & Domain("tiktok_unassigned_reason", "in", ("rules", "quota")))
        ours = Domain("company_id.tiktok_assignment", "in", const.OWN_ASSIGNMENT)
        return list(domain & ~(Domain("tiktok_lead_uid", "!=", False) & ours))

    def _tiktok_available(self, company):
        """Return the members who can take a lead now, in the order of the team.

        :param company: res.company, whose lead it is
        :rtype: res.users
        """
        members = self.sudo().crm_team_member_ids.filtered(lambda m: not m.assignment_optout)
        users = members.sorted("id").user_id._tiktok_able(company)
        return users - users._tiktok_away()

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
