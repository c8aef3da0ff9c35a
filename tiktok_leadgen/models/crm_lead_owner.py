from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .. import const
from .crm_lead_repeat import COLUMNS

KEEPS_OWNER = ("round_robin", "least_busy", "rules")  # else a person or a setting chose already


class CrmLead(models.Model):
    """A known person keeps their salesperson, and salespeople see who else has the person."""

    _inherit = "crm.lead"

    tiktok_owner_ids = fields.Many2many(
        "res.users",
        compute="_compute_tiktok_owner_ids",
        string="Salespeople of this person's other leads",
    )
    tiktok_other_lead_count = fields.Integer(
        "Other open leads of this person",
        compute="_compute_tiktok_owner_ids",
        help="By e-mail, phone or contact, also those you cannot open.",
    )

    # === COMPUTE METHODS === #

    def _compute_tiktok_owner_ids(self):
        """Tell names and a number alone: the reader may not open the leads of colleagues."""
        for lead in self:
            others = lead.sudo()._tiktok_other_leads()
            lead.tiktok_owner_ids = others.user_id.filtered(lambda user: user != self.env.user)
            lead.tiktok_other_lead_count = len(others)

    def _tiktok_other_leads(self):
        """Return the other open leads of this lead's person in its company.

        :rtype: crm.lead
        """
        self.ensure_one()
        if not self.tiktok_lead_uid or self.tiktok_is_test:
            return self.browse()
        company = self._tiktok_company()
        others = self.search(
            self._tiktok_same_person()
            & Domain("company_id", "in", [company.id, False])
            & Domain("id", "!=", self._origin.id)
            & Domain("tiktok_is_test", "=", False)
            & Domain("won_status", "=", "pending"),
            limit=const.MOST_OTHER_LEADS,
        )
        # One that lost its company is of the company of its form.
        return others.filtered(lambda other: other._tiktok_company() in (company, company.browse()))

    # === THE SALESPERSON OF A KNOWN PERSON === #

    @api.model
    def _tiktok_keep_owners(self, company, vals_list):
        """Give new leads of known persons to the salespeople who have these persons.

        :param company: res.company
        :param list[dict] vals_list: of leads without a salesperson, with team and form; changed in
            place
        :return: values for which a salesperson is still to be chosen; and values that must follow
            one of these, as pairs: the same person submitted twice
        :rtype: tuple[list[dict], list[tuple[dict, dict]]]
        """
        if company.tiktok_assignment not in KEEPS_OWNER or not vals_list:
            return vals_list, []
        keys_list = self._tiktok_person_keys(company, vals_list)
        owners = self._tiktok_find_owners(company, set().union(*keys_list))
        able = self._tiktok_able_owners(company, owners)
        first, chosen, followers = {}, [], []
        for vals, keys in zip(vals_list, keys_list, strict=True):
            form = self.env["tiktok.form"].browse(vals.get("tiktok_form_id") or ())
            if form.user_id:
                chosen.append(vals)
                continue
            users = self._tiktok_team_owners(vals.get("team_id"), form, able)
            vals["user_id"] = self._tiktok_newest_owner(keys, owners, users)
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
    def _tiktok_copy_choice(self, followers):
        """Give each lead to the salesperson of the lead that it follows, if it has one.

        :param list[tuple[dict, dict]] followers: of `_tiktok_keep_owners`
        """
        for vals, leader in followers:
            for name in ("user_id", "tiktok_unassigned_reason"):
                vals[name] = leader.get(name) or False

    @api.model
    def _tiktok_find_owners(self, company, keys):
        """Find who has leads of each key, and how much this says, in one query.

        :param set keys: of `_tiktok_person_keys`
        :return: by key the ids of users, each with whether a lead is open and the newest lead's id
        :rtype: dict[tuple, dict[int, tuple[bool, int]]]
        """
        self.flush_model()
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
    def _tiktok_able_owners(self, company, owners):
        """Return those of the owners who can take a lead now, without waiting for a lock.

        :param dict owners: of `_tiktok_find_owners`
        :rtype: res.users
        """
        users = self.env["res.users"].browse({user for found in owners.values() for user in found})
        able = users._tiktok_able(company) if users else users
        return (able - able._tiktok_away())._tiktok_unlocked() if able else able

    @api.model
    def _tiktok_team_owners(self, team_id, form, users):
        """Return those of the users who take leads of a team: a form's own team keeps to itself.

        :param int team_id: of the lead
        :param form: tiktok.form
        :param users: res.users
        :rtype: res.users
        """
        members = self.env["crm.team"].sudo().browse(team_id or ()).crm_team_member_ids
        paused = members.filtered("assignment_optout").user_id
        users -= paused
        return users & members.user_id if form.team_id else users

    @api.model
    def _tiktok_newest_owner(self, keys, owners, users):
        """Return who has the newest lead of a person, an open one if there is any.

        :param set keys: of the person
        :param dict owners: of `_tiktok_find_owners`
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
