import random
from ast import literal_eval

from odoo import SUPERUSER_ID, fields, models
from odoo.fields import Domain

from odoo.addons.base.models.res_partner import _tz_get

from ... import const
from ...job_time import read_transaction_clock
from ...locks import lock_references
from ...working_hours import WorkingHours, find_calendar, find_time_zone

SALESPEOPLE = "sales_team.group_sale_salesman"


class ResUsers(models.Model):
    """Who can take a lead now, and when they work."""

    _inherit = "res.users"

    # === AVAILABILITY === #

    def _tiktok_filter_able(self, company):
        """Return the users who may work on leads of the company at all.

        :param company: res.company
        :rtype: res.users
        """
        return self.sudo().filtered(
            lambda user: (
                user.active
                and not user.share
                and company in user.company_ids
                and user.has_group(SALESPEOPLE)
            )
        )

    def _tiktok_filter_absent(self):
        """Return the users who are out of office now.

        What Odoo itself knows: the vacation responder of the user's preferences, and time off of
        the user's resource, where the Time Off app writes too. A public holiday counts for no one.

        :rtype: res.users
        """
        users = self.sudo()
        now = read_transaction_clock(self.env)
        leaves = self.env["resource.calendar.leaves"].sudo()
        domain = [
            ("resource_id.user_id", "in", users.ids),
            ("time_type", "=", "leave"),
            ("date_from", "<=", now),
            ("date_to", ">=", now),
        ]
        return users.filtered("is_out_of_office") | leaves.search(domain).resource_id.user_id

    def _tiktok_filter_unlocked(self):
        """Return the users to whom a lead can refer without waiting for a lock.

        :rtype: res.users
        """
        free = lock_references(self.env.cr, {("res_users", user_id) for user_id in self.ids})
        return self.filtered(lambda user: ("res_users", user.id) in free)

    def _tiktok_count_open_leads(self):
        """Return how many open leads each user has, in all companies.

        :rtype: dict[int, int]
        """
        domain = [("user_id", "in", self.ids), ("won_status", "=", "pending")]
        groups = self.env["crm.lead"].sudo()._read_group(domain, ["user_id"], ["__count"])
        return {**dict.fromkeys(self.ids, 0), **{user.id: count for user, count in groups}}

    # === WORKING TIME === #

    def _tiktok_get_resource(self, company):
        """Return this user's resource in a company, which has their hours and time off.

        :param company: res.company
        :return: resource.resource, may be empty
        """
        self.ensure_one()
        own = self.sudo().resource_ids
        return own.filtered(lambda each: each.company_id in (company, each.browse()))[:1]

    def _tiktok_find_hours(self, company, team):
        """Find the working hours of this user: their own, else the team's, else the company's.

        :param company: res.company
        :param team: crm.team of the lead, may be empty
        :return: resource.calendar and the name of its time zone
        :rtype: tuple
        """
        default = company.sudo().resource_calendar_id
        resource = self._tiktok_get_resource(company)
        if resource and (resource.calendar_id != default or not team.sudo().tiktok_calendar_id):
            # Odoo counts a person without a calendar as at work at any time.
            return resource.calendar_id.with_company(company), resource.tz
        return find_calendar(team, company), find_time_zone(team, company)

    def _tiktok_get_hours(self, company, team, ignore_absence=False):
        """Return the working hours of this user, with their time off.

        :param company: res.company
        :param team: crm.team of the lead, may be empty
        :param bool ignore_absence: whether the time off of a user who is absent now is left out
        :rtype: WorkingHours
        """
        resource = self._tiktok_get_resource(company)
        if ignore_absence and self._tiktok_filter_absent():
            resource = resource.browse()
        return WorkingHours(*self._tiktok_find_hours(company, team), resource)

    def _tiktok_is_working(self, company, team, now):
        """Tell whether this user is at work at that moment.

        :param company: res.company
        :param team: crm.team of the lead, may be empty
        :param datetime now: UTC
        :rtype: bool
        """
        return self._tiktok_get_hours(company, team).is_open(now)

    def _tiktok_filter_at_work(self, company, team):
        """Return the users who are at work now: each calendar is read once.

        Their own time off is not looked at: `_tiktok_filter_absent` does that in one query.

        :param company: res.company
        :param team: crm.team of the leads, may be empty
        :rtype: res.users
        """
        now, read = read_transaction_clock(self.env), {}
        for user in self:
            key = user._tiktok_find_hours(company, team)
            if key not in read:
                read[key] = WorkingHours(*key).is_open(now)
        return self.filtered(lambda user: read[user._tiktok_find_hours(company, team)])

    def _tiktok_add_working_time(self, company, team, now, minutes):
        """Return when so many minutes of this user's working time are over.

        The user's own time off does not count: the lead does not wait until it is over.

        :param company: res.company
        :param team: crm.team of the lead, may be empty
        :param datetime now: UTC
        :param int minutes: of work
        :rtype: datetime
        """
        hours = self._tiktok_get_hours(company, team, ignore_absence=True)
        return hours.add_seconds(now, minutes * 60)

    def _tiktok_get_local_date(self):
        """Return the current date in this user's time zone.

        :rtype: date
        """
        self.ensure_one()
        return fields.Date.context_today(self.with_context(tz=self.sudo().tz))

    # === WHO DID IT === #

    def _tiktok_localized_env(self):
        """Return an environment in this user's language: scheduled actions use OdooBot's.

        :rtype: odoo.api.Environment
        """
        return self.with_context(lang=self.sudo().lang).env

    def _tiktok_is_person(self):
        """Tell a colleague at work from OdooBot, a job, an automation rule or a visitor.

        :rtype: bool
        """
        user = self.sudo()
        by_rule = "__action_done" in self.env.context  # base_automation's mark
        return user.id != SUPERUSER_ID and user.active and user._is_internal() and not by_rule

    def _tiktok_find_writer(self, message):
        """Return the user who wrote a message: e-mail is posted by a job, all else by this user.

        :param message: mail.message
        :rtype: res.users
        """
        writers = message.sudo().author_id.user_ids.filtered(lambda user: not user.share)
        if message.message_type == "email" and writers:
            return writers[0]
        return self


class CrmTeam(models.Model):
    """Working hours, which members take leads, and which leads Odoo's assignment leaves alone."""

    _inherit = "crm.team"

    tiktok_calendar_id = fields.Many2one(
        "resource.calendar",
        "Working hours for TikTok leads",
        # A team of all companies can have the hours of one: they count for its leads only.
        domain="['|', ('company_id', '=', False), "
        "('company_id', 'in', company_id and [company_id] or allowed_company_ids)]",
        help="When the team answers leads: the time to call, reminders, reassignment and response "
        "figures count these hours only. Empty: the company's working hours. For a team that "
        "is always there, choose hours from 0:00 to 24:00 on each day.",
    )
    tiktok_tz = fields.Selection(
        _tz_get,
        "Time zone of the working hours",
        help="In which the team's hours are meant. Empty: the time zone of the working hours.",
    )

    def _get_lead_to_assign_domain(self):
        """Exclude tests, and the leads that `tiktok.assignment` assigns.

        Two jobs that assign the same lead would conflict.

        :return: a domain of crm.lead
        :rtype: list
        """
        domain = Domain(super()._get_lead_to_assign_domain()) & Domain("tiktok_is_test", "!=", True)
        assignment, companies = self.env["tiktok.assignment"], self.env["res.company"].sudo()
        by_rules_of = self.env.context.get("tiktok_rules")
        if by_rules_of:
            own = assignment._get_company_domain(companies.browse(by_rules_of))
            return list(
                domain & own & Domain("tiktok_unassigned_reason", "in", const.RULES_REASONS)
            )
        chosen = companies.search([("tiktok_assignment", "!=", "manual")])
        ours = Domain("tiktok_lead_uid", "!=", False) & assignment._get_company_domain(chosen)
        return list(domain & ~ours)

    def _tiktok_get_available_users(self, company):
        """Return the members who can take a lead now, in the order of the team.

        :param company: res.company of the lead
        :rtype: res.users
        """
        users = self._tiktok_get_members(company)
        return users - users._tiktok_filter_absent()

    def _tiktok_get_members(self, company):
        """Return the members who take leads of the company, absent ones included, in order.

        :param company: res.company
        :rtype: res.users
        """
        members = self.sudo().crm_team_member_ids.filtered(lambda m: not m.assignment_optout)
        return members.sorted("id").user_id._tiktok_filter_able(company)

    def _tiktok_find_rule_teams(self, company):
        """Return the teams to which Odoo's rules can give leads of a company.

        :param company: res.company
        :rtype: crm.team
        """
        domain = [("company_id", "in", (company.id, False)), ("assignment_optout", "=", False)]
        return self.search(domain).filtered(
            lambda team: team.assignment_max and (team.use_leads or team.use_opportunities)
        )

    def _tiktok_choose_by_domain(self, lead):
        """Return which of these teams Odoo's rules would choose: by domain, weighted by capacity.

        :param lead: crm.lead
        :rtype: crm.team
        """
        teams = self.filtered(
            lambda team: lead.filtered_domain(literal_eval(team.assignment_domain or "[]"))
        )
        weights = teams.mapped("assignment_max")
        return random.choices(teams, weights)[0] if teams else teams  # noqa: S311 - not a secret


class CrmTeamMember(models.Model):
    _inherit = "crm.team.member"

    def _get_assignment_quota(self, force_quota=False):
        """Return no capacity for TikTok leads to a member who can't get any now.

        That is who is absent, has no access to them, or has a domain that can't be evaluated.

        :param bool force_quota: ignore what was assigned already
        :return: how many leads the member may get
        :rtype: int
        """
        by_rules_of = self.env.context.get("tiktok_rules")
        if by_rules_of:
            company = self.env["res.company"].browse(by_rules_of)
            able = self.user_id._tiktok_filter_able(company)
            is_broken = self.id in self.env.context.get("tiktok_broken_rules", ())
            if is_broken or not able or able._tiktok_filter_absent():
                return 0
        return super()._get_assignment_quota(force_quota)
