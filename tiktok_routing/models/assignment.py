from odoo import api, models
from odoo.fields import Domain


class TiktokAssignment(models.AbstractModel):
    """Route new leads by rules, hold likely junk, and find another member for who is away."""

    _inherit = "tiktok.assignment"

    @api.model
    def _route_new_values(self, company, vals_list):
        """Apply the company's rules, and leave out the leads that a person checks first.

        :param company: res.company
        :param list[dict] vals_list: of leads that are no tests; changed in place
        :return: values of the leads that get a salesperson
        :rtype: list[dict]
        """
        vals_list = super()._route_new_values(company, vals_list)
        self.env["tiktok.routing.rule"]._route_values(company, vals_list)
        return self.env["tiktok.lead.check"]._hold_likely_junk(company, vals_list)

    @api.model
    def _get_held_domain(self):
        """Return which leads wait for a person's decision: likely junk.

        :rtype: Domain
        """
        return super()._get_held_domain() | Domain("tiktok_check_reason", "!=", False)

    @api.model
    def _get_fixed_user(self, vals):
        """Return the salesperson of the rule that decided a lead, else the form's.

        :param dict vals: of the lead
        :return: res.users, may be empty
        """
        rule = self._get_rule(vals)
        # A rule that names a team only is above the form's salesperson as well.
        return rule.user_id if rule.user_id or rule.team_id else super()._get_fixed_user(vals)

    @api.model
    def _get_rule(self, vals):
        """Return the rule that decided a lead.

        :param dict vals: of the lead
        :return: tiktok.routing.rule with all rights, may be empty
        """
        rules = self.env["tiktok.routing.rule"].sudo()
        return rules.browse(vals.get("tiktok_routing_rule_id") or ())

    @api.model
    def _read_assignment_values(self, lead, team, form):
        """Return what decides who gets a lead that is here already, with its rule.

        :param lead: crm.lead
        :param team: crm.team, may be empty
        :param form: tiktok.form, may be empty
        :rtype: dict
        """
        values = super()._read_assignment_values(lead, team, form)
        return {**values, "tiktok_routing_rule_id": lead.tiktok_routing_rule_id.id}

    @api.model
    def _fill_salespeople(self, company, team, fixed, vals_list):
        """Choose a member of the rule's team, also where all other leads go to one person.

        :param company: res.company
        :param team: crm.team
        :param fixed: res.users, may be empty
        :param list[dict] vals_list: of the leads; changed in place
        :return: nothing, as the method that it extends
        """
        routed = [vals for vals in vals_list if not fixed and self._get_rule(vals).team_id]
        if company.tiktok_assignment == "fixed" and routed:
            user_ids, reason = self._choose_team_members(company, team, len(routed))
            for vals, user_id in zip(routed, user_ids, strict=False):
                vals["user_id"] = user_id
            for vals in routed[len(user_ids) :]:
                vals["tiktok_unassigned_reason"] = reason
            others = {id(vals) for vals in vals_list} - {id(vals) for vals in routed}
            vals_list = [vals for vals in vals_list if id(vals) in others]
        if not vals_list:
            return None
        return super()._fill_salespeople(company, team, fixed, vals_list)

    @api.model
    def _choose_salespeople(self, company, team, fixed, count):
        """Choose the next member of the team where the one salesperson is away.

        :param company: res.company
        :param team: crm.team
        :param fixed: res.users, may be empty
        :param int count: how many leads
        :return: ids of users, and the reason where there are too few
        :rtype: tuple[list[int], str | bool]
        """
        user_ids, reason = super()._choose_salespeople(company, team, fixed, count)
        if reason in ("user_away", "user_gone") and company.tiktok_absence_fallback and team:
            others, _why = self._choose_team_members(company, team, count)
            return (others, reason) if others else (user_ids, reason)
        return user_ids, reason

    @api.model
    def _choose_team_members(self, company, team, count):
        """Say that members have reached their daily number, or have no share, where leads are left.

        :param company: res.company
        :param team: crm.team, may be empty
        :param int count: how many leads
        :return: ids of users, and the reason where there are too few
        :rtype: tuple[list[int], str | bool]
        """
        user_ids, reason = super()._choose_team_members(company, team, count)
        if reason or len(user_ids) == count:
            return user_ids, reason
        sharing = team.sudo().crm_team_member_ids.filtered("tiktok_weight").user_id
        available = sharing & team._tiktok_get_available_users(company)
        return user_ids, "daily_cap" if available else "none_available"


class TiktokLeadOwner(models.AbstractModel):
    """A known person keeps the salesperson within the team that a rule chose."""

    _inherit = "tiktok.lead.owner"

    @api.model
    def _has_fixed_owner(self, vals):
        """Tell whether a lead goes to its rule's choice, also that of a known person.

        :param dict vals: of the lead
        :rtype: bool
        """
        rule = self.env["tiktok.assignment"]._get_rule(vals)
        if rule.team_id or rule.user_id:
            return not rule.is_owner_first
        return super()._has_fixed_owner(vals)

    @api.model
    def _has_fixed_team(self, vals):
        """Tell whether a lead must stay in its team: the rule's, or the form's own.

        :param dict vals: of the lead
        :rtype: bool
        """
        rule = self.env["tiktok.assignment"]._get_rule(vals)
        return bool(rule.team_id) or super()._has_fixed_team(vals)


class CrmTeam(models.Model):
    _inherit = "crm.team"

    def _get_lead_to_assign_domain(self):
        """Exclude the leads that a person checks first from Odoo's own assignment.

        :return: a domain of crm.lead
        :rtype: list
        """
        held = self.env["tiktok.assignment"]._get_held_domain()
        return list(Domain(super()._get_lead_to_assign_domain()) & ~held)
