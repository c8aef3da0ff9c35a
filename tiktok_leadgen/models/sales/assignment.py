import logging
from collections import defaultdict

from odoo import Command, api, models
from odoo.fields import Domain

from ... import const
from ...assignment_rules import assign_by_rules
from ...concurrency import process_in_batches, retry_on_serialization_failure
from ...live_updates import notify_pages

_logger = logging.getLogger(__name__)

OPEN_DOMAIN = [
    *(("user_id", "=", False), ("won_status", "=", "pending")),
    ("tiktok_is_test", "=", False),
]


class TiktokAssignment(models.AbstractModel):
    """Assign TikTok leads: manually, fixed, round robin, least busy or by Odoo's rules.

    Odoo's own scheduled assignment knows neither who is out of office nor who may work for the
    lead's company, and it is inactive by default. So its rules are applied here, to TikTok leads
    only.
    """

    _name = "tiktok.assignment"
    _description = "TikTok Assignment"

    # === ON ARRIVAL === #

    @api.model
    def _assign_new_values(self, company, vals_list):
        """Set salesperson, team and clocks of new leads: much cheaper than a write afterwards.

        :param company: res.company
        :param list[dict] vals_list: for `create`; changed in place
        """
        real = [vals for vals in vals_list if not vals.get("tiktok_is_test")]
        forms = self.env["tiktok.form"].browse(
            {vals.get("tiktok_form_id") for vals in real} - {False, None}
        )
        by_form = {form.id: form for form in forms}
        no_form = self.env["tiktok.form"]
        groups = defaultdict(list)
        for vals in real:
            groups[by_form.get(vals.get("tiktok_form_id"), no_form)].append(vals)
        for form, of_form in groups.items():
            self._apply_form_settings(company, form, of_form)
        routed = self._route_new_values(company, real)
        self._choose_owners(company, [vals for vals in routed if not vals.get("user_id")])
        self.env["tiktok.lead.notification"]._fill_clock_values(company, real)

    @api.model
    def _route_new_values(self, _company, vals_list):
        """Return the values of new leads that get a salesperson: all of them.

        Addons choose teams and salespeople by their own rules here, or hold leads for a person to
        decide; those are in `_get_held_domain`.

        :param _company: res.company
        :param list[dict] vals_list: of leads that are no tests, with their form's team; changed in
            place by addons
        :rtype: list[dict]
        """
        return vals_list

    @api.model
    def _get_held_domain(self):
        """Return which leads wait for a person's decision before they get a salesperson: none.

        :rtype: Domain
        """
        return Domain.FALSE

    @api.model
    def _choose_owners(self, company, vals_list):
        """Set the salesperson of leads: of a known person, else the fixed one, else the next one.

        :param company: res.company
        :param list[dict] vals_list: of leads without a salesperson; changed in place
        """
        owners = self.env["tiktok.lead.owner"]
        chosen, followers = owners._assign_known_owners(company, vals_list)
        by_choice = defaultdict(list)
        for vals in chosen:
            by_choice[vals.get("team_id"), self._get_fixed_user(vals)].append(vals)
        for (team_id, fixed), alike in by_choice.items():
            team = self.env["crm.team"].browse(team_id or ())
            self._fill_salespeople(company, team, fixed, alike)
        owners._copy_leader_choice(followers)

    @api.model
    def _get_fixed_user(self, vals):
        """Return the salesperson whom a lead's form names, unless an answer chose a team.

        :param dict vals: of the lead
        :return: res.users, may be empty
        """
        if vals.get("tiktok_answer_team_id"):
            return self.env["res.users"]
        return self.env["tiktok.form"].browse(vals.get("tiktok_form_id") or ()).user_id

    @api.model
    def _apply_form_settings(self, company, form, vals_list):
        """Set the team and the tags of a form on its leads.

        :param company: res.company
        :param form: tiktok.form, may be empty
        :param list[dict] vals_list: of the form's leads; changed in place
        """
        leads, team = self.env["crm.lead"], form.team_id
        if (
            not team
            and company._tiktok_chooses_salesperson()
            and not all(vals.get("team_id") for vals in vals_list)
        ):
            # A member is chosen from a team only.
            team = leads._tiktok_find_team(company, test=True)
        use_leads = self.env.user.has_group("crm.group_use_lead")
        values = {
            "team_id": team.id,
            "stage_id": leads._stage_find(team_id=team.id, domain=[("fold", "=", False)]).id,
            "type": "lead" if use_leads and team.use_leads else "opportunity",
        }
        tags = [Command.link(tag_id) for tag_id in form.tag_ids.ids]
        for vals in vals_list:
            if team and not vals.get("tiktok_answer_team_id") and vals.get("team_id") != team.id:
                vals.update(values)
            if tags:
                vals["tag_ids"] = [*(vals.get("tag_ids") or []), *tags]

    @api.model
    def _fill_salespeople(self, company, team, fixed, vals_list):
        """Set the salesperson of leads of one team, or the reason why there is none.

        :param company: res.company
        :param team: crm.team
        :param fixed: res.users of the form, may be empty
        :param list[dict] vals_list: of the leads; changed in place
        """
        user_ids, reason = self._choose_salespeople(company, team, fixed, len(vals_list))
        for vals, user_id in zip(vals_list, user_ids, strict=False):
            vals["user_id"] = user_id
        for vals in vals_list[len(user_ids) :]:
            vals["tiktok_unassigned_reason"] = reason

    @api.model
    def _complete_new_leads(self, leads):
        """Notify the salespeople of new leads, and trigger Odoo's rules for the others.

        :param leads: crm.lead just created
        """
        assigned = leads.filtered(lambda lead: lead.user_id and not lead.tiktok_is_test)
        self.env["tiktok.lead.notification"]._schedule_first_calls(assigned, new=True)
        self._trigger_rules_job(leads)

    @api.model
    def _trigger_rules_job(self, leads):
        """Trigger the scheduled action for leads that wait for Odoo's rules.

        :param leads: crm.lead
        """
        if any(lead.tiktok_unassigned_reason == "rules" for lead in leads):
            self.env["ir.cron"]._tiktok_trigger_job(const.ASSIGN_CRON_XMLID)

    # === RETRIES === #

    @api.model
    @retry_on_serialization_failure
    def _cron_assign_leads(self):
        """Assign the leads that could not be assigned on arrival."""
        waiting = Domain(OPEN_DOMAIN) & Domain("tiktok_unassigned_reason", "!=", False)
        by_rules = self._get_rules_domain()
        process_in_batches(
            self.env["crm.lead"],
            waiting & ~by_rules,
            self._assign_leads,
            self._log_refused_lead,
            const.ASSIGN_BATCH,
            job=self._name,
        )
        assign_by_rules(self.env, waiting & by_rules)

    @api.model
    def _log_refused_lead(self, record, error):
        """Log that Odoo refuses a change of one lead, or of a company's; the others go on.

        :param record: crm.lead or res.company
        :param Exception error: what was raised; its text may hold personal data
        """
        _logger.warning("TikTok: %s %s refused: %s", record._name, record.id, type(error).__name__)

    @api.model
    def _assign_leads(self, leads, company=None):
        """Assign leads without a salesperson, or write why it is not possible.

        :param leads: crm.lead
        :param company: res.company of leads that may have none themselves
        """
        no_company = self.env["res.company"]
        groups = leads.grouped(
            lambda x: (
                x._tiktok_get_company() or company or no_company,
                x.team_id,
                x.tiktok_form_id,
            )
        )
        for (of_company, team, form), alike in groups.items():
            if of_company:
                self._assign_similar_leads(alike, of_company, team, form)

    @api.model
    def _assign_similar_leads(self, leads, company, team, form):
        """Assign leads of one company, team and form.

        :param leads: crm.lead
        :param company: res.company
        :param team: crm.team, may be empty
        :param form: tiktok.form, may be empty
        """
        notify_pages(company)
        if not team and company._tiktok_chooses_salesperson():
            leads.team_id = team = leads._tiktok_find_team(company, test=True)
        vals_list = [self._read_assignment_values(lead, team, form) for lead in leads]
        self._choose_owners(company, vals_list)
        self._write_assignment(leads, team, vals_list)

    @api.model
    def _read_assignment_values(self, lead, team, form):
        """Return what decides who gets a lead that is here already.

        :param lead: crm.lead
        :param team: crm.team, may be empty
        :param form: tiktok.form, may be empty
        :return: values as those of a new lead
        :rtype: dict
        """
        return {
            "email_from": lead.email_from,
            "phone": lead.phone_sanitized,
            "team_id": team.id,
            "tiktok_answer_team_id": lead.tiktok_answer_team_id.id,
            "tiktok_form_id": form.id,
        }

    @api.model
    def _write_assignment(self, leads, team, vals_list):
        """Write the chosen salesperson of each lead, or why there is none.

        :param leads: crm.lead
        :param team: crm.team
        :param list[dict] vals_list: with the choice, one for each lead
        """
        by_user, by_reason = defaultdict(leads.browse), defaultdict(leads.browse)
        for lead, vals in zip(leads, vals_list, strict=True):
            if vals.get("user_id"):
                by_user[vals["user_id"]] |= lead
            elif lead.tiktok_unassigned_reason != vals["tiktok_unassigned_reason"]:
                by_reason[vals["tiktok_unassigned_reason"]] |= lead
        for user_id, of_user in by_user.items():
            # With its team: CRM would move it to a team of the salesperson's.
            values = {"user_id": user_id, **({"team_id": team.id} if team else {})}
            of_user.with_context(tracking_disable=True).write(values)
        for reason, unassigned in by_reason.items():
            unassigned.write({"tiktok_unassigned_reason": reason})

    # === THE CHOICE === #

    @api.model
    def _choose_salespeople(self, company, team, fixed, count):
        """Choose the salespeople of some leads.

        :param company: res.company
        :param team: crm.team
        :param fixed: res.users who gets all of them whatever the company's setting, may be empty
        :param int count: how many leads
        :return: ids of users, fewer than leads if no one is available; and the reason, a key of
            `tiktok_unassigned_reason`
        :rtype: tuple[list[int], str | bool]
        """
        company.ensure_one()
        if not fixed and company.tiktok_assignment == "fixed":
            fixed = company.tiktok_user_id
        if fixed:
            if not fixed._tiktok_filter_able(company):
                return [], "user_gone"
            return (
                ([], "user_away") if fixed._tiktok_filter_absent() else (fixed.ids * count, False)
            )
        if company.tiktok_assignment == "rules":
            return [], "rules"
        if not company._tiktok_chooses_salesperson():
            return [], False
        return self._choose_team_members(company, team, count)

    @api.model
    def _choose_team_members(self, company, team, count):
        """Choose the members of a team who get the next leads, round robin or least busy.

        :param company: res.company
        :param team: crm.team, may be empty
        :param int count: how many leads
        :return: as `_choose_salespeople`
        :rtype: tuple[list[int], str | bool]
        """
        if not team:
            return [], "no_team"
        if not team.sudo().crm_team_member_ids:
            return [], "no_members"
        users = team._tiktok_get_available_users(company)
        if not users:
            return [], "none_available"
        # A member at work first: no one is called at night while a colleague is on duty.
        users = users._tiktok_filter_at_work(company, team) or users
        users = users._tiktok_filter_unlocked() or users
        by_load = company.tiktok_assignment == "least_busy"
        loads = users._tiktok_count_open_leads() if by_load else None
        return self.env["tiktok.round.robin"].sudo()._assign_next(team, users, count, loads), False

    # === ODOO'S ASSIGNMENT RULES === #

    @api.model
    def _get_rules_domain(self):
        """Return the domain of leads that wait for Odoo's rules, in companies that use them.

        :rtype: Domain
        """
        wanted = [("tiktok_assignment", "=", "rules")]
        companies = self.env["res.company"].sudo().search(wanted)
        return self._get_company_domain(companies) & Domain(
            "tiktok_unassigned_reason", "in", const.RULES_REASONS
        )

    @api.model
    def _get_company_domain(self, companies):
        """Return the domain of companies' leads: one that lost its company has its form's.

        :param companies: res.company
        :rtype: Domain
        """
        by_form = Domain("tiktok_form_id.company_id", "in", companies.ids)
        lost = Domain("company_id", "=", False) & by_form
        return Domain("company_id", "in", companies.ids) | lost
