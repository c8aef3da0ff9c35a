from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ... import const
from ...tiktok.values import isolate
from ..lead.tiktok_person import COLUMNS

# Assignments that keep a known person's salesperson; with the others, a user or a setting decides.
KEEPING_ASSIGNMENTS = ("round_robin", "least_busy", "rules", "claim")


class TiktokLeadOwner(models.AbstractModel):
    """Keep each person with one salesperson, and reassign leads whose salesperson is missing."""

    _name = "tiktok.lead.owner"
    _description = "TikTok Lead Owner"

    # === THE SALESPERSON OF A KNOWN PERSON === #

    @api.model
    def _find_other_leads(self, lead):
        """Return the other open leads of a lead's person in its company.

        :param lead: crm.lead, with the rights to search for all of them
        :rtype: crm.lead
        """
        lead.ensure_one()
        if not lead.tiktok_lead_uid or lead.tiktok_is_test:
            return lead.browse()
        company = lead._tiktok_get_company()
        others = lead.search(
            self.env["tiktok.person"]._lead_domain(lead)
            & Domain("company_id", "in", [company.id, False])
            & Domain("id", "!=", lead._origin.id)
            & Domain("tiktok_is_test", "=", False)
            & Domain("won_status", "=", "pending"),
            limit=const.MOST_OTHER_LEADS,
        )
        # One that lost its company belongs to the company of its form.
        return others.filtered(
            lambda other: other._tiktok_get_company() in (company, company.browse())
        )

    @api.model
    def _assign_known_owners(self, company, vals_list):
        """Assign new leads of known persons to the salespeople of their earlier leads.

        :param company: res.company
        :param list[dict] vals_list: of leads without a salesperson, with team and form; changed in
            place
        :return: values for which a salesperson is still to be chosen; and values that must follow
            one of these, as pairs: the same person submitted twice
        :rtype: tuple[list[dict], list[tuple[dict, dict]]]
        """
        if company.tiktok_assignment not in KEEPING_ASSIGNMENTS or not vals_list:
            return vals_list, []
        keys_list = self.env["tiktok.person"]._find_person_keys(company, vals_list)
        owners = self._find_known_owners(company, set().union(*keys_list))
        available = self._filter_available_owners(company, owners)
        first, chosen, followers = {}, [], []
        for vals, keys in zip(vals_list, keys_list, strict=True):
            if self._has_fixed_owner(vals):
                chosen.append(vals)
                continue
            users = self._filter_team_owners(vals, available)
            vals["user_id"] = self._get_newest_owner(keys, owners, users)
            leader = next((first[key] for key in keys if key in first), None)
            if leader and leader.get("team_id") != vals.get("team_id"):
                leader = None
            if leader and not vals["user_id"]:
                followers.append((vals, leader))
            elif not vals["user_id"]:
                chosen.append(vals)
            first.update(dict.fromkeys(keys, leader or vals))
        return chosen, followers

    @api.model
    def _copy_leader_choice(self, followers):
        """Copy the salesperson, or the reason why there is none, of the lead that each follows.

        :param list[tuple[dict, dict]] followers: of `_assign_known_owners`; changed in place
        """
        for vals, leader in followers:
            for name in ("user_id", "tiktok_unassigned_reason"):
                vals[name] = leader.get(name) or False

    @api.model
    def _find_known_owners(self, company, keys):
        """Find the salespeople who have leads of each key, in one query.

        :param company: res.company
        :param set keys: of `tiktok.person._find_person_keys`
        :return: by key the ids of users, each with whether a lead is open and the newest lead's id
        :rtype: dict[tuple, dict[int, tuple[bool, int]]]
        """
        self.env["crm.lead"].flush_model()
        parts = [
            SQL(
                """SELECT %(kind)s AS kind, %(column)s::varchar AS value, lead.user_id,
                          bool_or(lead.active AND won_status = 'pending'), max(lead.id)
                     FROM crm_lead lead
                     LEFT JOIN tiktok_form form ON form.id = lead.tiktok_form_id
                    WHERE %(column)s = ANY(%(values)s) AND tiktok_is_test IS NOT TRUE
                      AND lead.user_id IS NOT NULL
                      AND COALESCE(lead.company_id, form.company_id, %(company)s) = %(company)s
                    GROUP BY %(column)s, lead.user_id""",
                kind=kind,
                column=SQL.identifier("lead", column),
                company=company.id,
                values=[value for k, value in keys if k == kind],
            )
            for kind, column in COLUMNS.items()
            if any(k == kind for k, _value in keys)
        ]
        owners = {}
        for kind, value, user_id, is_open, lead_id in (
            self.env.execute_query(SQL(" UNION ALL ").join(parts)) if parts else ()
        ):
            key = (kind, int(value) if kind == "partner" else value)
            owners.setdefault(key, {})[user_id] = (is_open, lead_id)
        return owners

    @api.model
    def _filter_available_owners(self, company, owners):
        """Return the owners who can take a lead now, without waiting for a lock.

        :param company: res.company
        :param dict owners: of `_find_known_owners`
        :rtype: res.users
        """
        users = self.env["res.users"].browse({user for found in owners.values() for user in found})
        able = users._tiktok_filter_able(company) if users else users
        return (able - able._tiktok_filter_absent())._tiktok_filter_unlocked() if able else able

    @api.model
    def _has_fixed_owner(self, vals):
        """Tell whether a lead goes to one salesperson, also that of a known person.

        :param dict vals: of the lead
        :rtype: bool
        """
        return bool(self.env["tiktok.assignment"]._get_fixed_user(vals))

    @api.model
    def _has_fixed_team(self, vals):
        """Tell whether a lead must stay in its team: the form's own, or that of an answer.

        :param dict vals: of the lead
        :rtype: bool
        """
        form = self.env["tiktok.form"].browse(vals.get("tiktok_form_id") or ())
        return bool(vals.get("tiktok_answer_team_id") or form.team_id)

    @api.model
    def _filter_team_owners(self, vals, users):
        """Return the users who take leads of a team; a lead of a fixed team stays in it.

        :param dict vals: of the lead
        :param users: res.users
        :rtype: res.users
        """
        team = self.env["crm.team"].sudo().browse(vals.get("team_id") or ())
        members = team.crm_team_member_ids
        paused = members.filtered("assignment_optout").user_id
        users -= paused
        return users & members.user_id if self._has_fixed_team(vals) else users

    @api.model
    def _get_newest_owner(self, keys, owners, users):
        """Return the salesperson of a person's newest lead, an open one if there is any.

        :param set keys: of the person
        :param dict owners: of `_find_known_owners`
        :param users: res.users who can take a lead
        :return: the id of a user, or False
        :rtype: int | bool
        """
        ranks = [
            (rank, user_id)
            for key in keys
            for user_id, rank in owners.get(key, {}).items()
            if user_id in users.ids
        ]
        return max(ranks)[1] if ranks else False

    # === LEADS THAT WERE HELD === #

    @api.model
    def _assign_released_leads(self, leads):
        """Assign leads that a person released from a check, as new ones are.

        :param leads: crm.lead that are open; those with a salesperson keep theirs
        """
        assignment = self.env["tiktok.assignment"]
        waiting = leads.filtered(lambda lead: not lead.user_id)
        assignment._assign_leads(waiting)
        assignment._trigger_rules_job(waiting)

    # === REASSIGNMENT === #

    @api.model
    def _replace_missing_owners(self, leads, company):
        """Assign leads whose salesperson left, or that have none, as new ones are assigned.

        :param leads: crm.lead with a repeat submission
        :param company: res.company that got the submission
        """
        able = leads.user_id._tiktok_filter_able(company)
        orphans = leads.filtered(lambda lead: lead.user_id not in able)
        for lead in orphans.filtered("user_id"):
            # Without a salesperson CRM would remove the company.
            lead.write({"user_id": False, "company_id": lead._tiktok_get_company().id})
        self.env["tiktok.assignment"]._assign_leads(orphans, company)

    @api.model
    def _get_responsible_user(self, lead, company):
        """Return who must act on a repeat submission: salesperson, team leader or responsible.

        :param lead: crm.lead
        :param company: res.company that got the submission
        :rtype: res.users
        """
        lead.ensure_one()
        for user in (lead.user_id, lead.team_id.sudo().user_id):
            if user._tiktok_filter_able(company):
                return user
        return company._tiktok_get_responsible()

    @api.model
    def _reassign_overdue_leads(self, leads, now):
        """Reassign leads without a first contact to the next team member at work.

        :param leads: crm.lead whose reassignment is due
        :param datetime now: UTC
        """
        for lead in leads:
            waiting = lead._tiktok_filter_uncontacted()._tiktok_filter_open()
            if waiting and lead.user_id and lead.team_id:
                self._reassign_one_lead(lead, now)
            else:
                lead.tiktok_reassign_at = False

    @api.model
    def _handle_exhausted_team(self, lead, company):
        """Notify the salesperson again, the last one: each member of the team had the lead.

        :param lead: crm.lead
        :param company: res.company
        """
        minutes = company.tiktok_reassign_minutes
        notification = self.env["tiktok.lead.notification"]
        notification._send_lead_popup(lead, lead.user_id, "reminder", minutes=minutes)

    @api.model
    def _reassign_one_lead(self, lead, now):
        """Reassign one lead, unless each member of the team had it or none is at work.

        :param lead: crm.lead
        :param datetime now: UTC
        """
        company, old = lead._tiktok_get_company(), lead.user_id
        others = lead.team_id._tiktok_get_members(company) - old - lead.tiktok_previous_user_ids
        if not company.tiktok_reassign_minutes or not others:
            lead.tiktok_reassign_at = False
            if company.tiktok_reassign_minutes:
                self._handle_exhausted_team(lead, company)
            return
        present = others - others._tiktok_filter_absent()
        at_work = present.filtered(lambda user: user._tiktok_is_working(company, lead.team_id, now))
        if not at_work:
            lead.tiktok_reassign_at = now + timedelta(minutes=const.REASSIGN_RETRY_MINUTES)
            return
        user_ids = self.env["tiktok.round.robin"].sudo()._assign_next(lead.team_id, at_work, 1)
        if not user_ids:
            lead.tiktok_reassign_at = now + timedelta(minutes=const.REASSIGN_RETRY_MINUTES)
            return
        new = self.env["res.users"].browse(user_ids)
        lead.tiktok_previous_user_ids |= old
        lead.with_context(tracking_disable=True).user_id = new
        lead._message_log(
            body=new._tiktok_localized_env()._(
                "Reassigned from %(old)s to %(new)s: no contact within %(minutes)s min.",
                old=isolate(old.name),
                new=isolate(new.name),
                minutes=company.tiktok_reassign_minutes,
            )
        )
        self.env["tiktok.lead.notification"]._send_lead_popup(
            lead, old, "reassigned", name=new.name
        )
