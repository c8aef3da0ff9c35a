from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.fields import Domain

from .. import const
from ..clash import survives_clashes

OPEN = [("user_id", "=", False), ("won_status", "=", "pending"), ("tiktok_is_test", "=", False)]


class CrmLead(models.Model):
    """Who gets a lead that came."""

    _inherit = "crm.lead"

    tiktok_unassigned_reason = fields.Selection(
        [
            ("no_team", "No sales team to choose from"),
            ("no_members", "The sales team has no members"),
            ("nobody", "Everybody of the team is out of office or paused"),
            ("user_away", "The salesperson is out of office"),
            ("user_gone", "The salesperson has no access any more"),
            ("rules", "Odoo's rules have not chosen yet"),
            ("quota", "Odoo's rules found nobody: capacity is used up, or no domain fits"),
        ],
        "Not assigned because",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="It is tried again every few minutes.",
    )

    # === ON ARRIVAL === #

    @api.model
    def _tiktok_assign_values(self, company, vals_list):
        """Say in the values of new leads who gets them: much cheaper than to write it afterwards.

        :param company: res.company
        :param list vals_list: for `create`; changed in place
        """
        real = [vals for vals in vals_list if not vals.get("tiktok_is_test")]
        forms = self.env["tiktok.form"].browse(
            {vals.get("tiktok_form_id") for vals in real} - {False, None}
        )
        by_form = {form.id: form for form in forms}
        nobody = self.env["tiktok.form"]
        groups = defaultdict(list)
        for vals in real:
            groups[by_form.get(vals.get("tiktok_form_id"), nobody)].append(vals)
        for form, of_form in groups.items():
            self._tiktok_apply_form(company, form, of_form)
        chosen, followers = self._tiktok_keep_owners(
            company, [vals for vals in real if not vals.get("user_id")]
        )
        by_choice = defaultdict(list)
        for vals in chosen:
            fixed = by_form.get(vals.get("tiktok_form_id"), nobody).user_id
            by_choice[vals.get("team_id"), fixed].append(vals)
        for (team_id, fixed), alike in by_choice.items():
            self._tiktok_choose_values(
                company, self.env["crm.team"].browse(team_id or ()), fixed, alike
            )
        self._tiktok_copy_choice(followers)
        self._tiktok_plan_values(company, real)

    @api.model
    def _tiktok_apply_form(self, company, form, vals_list):
        """Write team and tags of a form into the values of its leads."""
        team = form.team_id
        if (
            not team
            and company._tiktok_assigns()
            and not all(vals.get("team_id") for vals in vals_list)
        ):
            team = self._tiktok_team(company, test=True)  # one must be there to choose from
        use_leads = self.env.user.has_group("crm.group_use_lead")
        values = {
            "team_id": team.id,
            "stage_id": self._stage_find(team_id=team.id, domain=[("fold", "=", False)]).id,
            "type": "lead" if use_leads and team.use_leads else "opportunity",
        }
        tags = [Command.link(tag_id) for tag_id in form.tag_ids.ids]
        for vals in vals_list:
            if team and vals.get("team_id") != team.id:
                vals.update(values)
            if tags:
                vals["tag_ids"] = [*(vals.get("tag_ids") or []), *tags]

    @api.model
    def _tiktok_choose_values(self, company, team, fixed, vals_list):
        user_ids, reason = company._tiktok_choose(team, fixed, len(vals_list))
        for vals, user_id in zip(vals_list, user_ids, strict=False):
            vals["user_id"] = user_id
        for vals in vals_list[len(user_ids) :]:
            vals["tiktok_unassigned_reason"] = reason

    @api.model
    def _tiktok_plan_values(self, company, vals_list):
        """Start the clocks of those that got a salesperson."""
        now = fields.Datetime.now()
        of_user = {}
        for vals in vals_list:
            user_id = vals.get("user_id")
            if user_id and user_id not in of_user:
                user = self.env["res.users"].browse(user_id)
                of_user[user_id] = company._tiktok_call_values(user, now)
            if user_id:
                event = self.env["tiktok.event"].browse(vals.get("tiktok_event_id") or ())
                clocks = {"tiktok_given_at": now} if event._is_late() else of_user[user_id]
                vals.update(clocks, tiktok_assigned_at=now)

    def _tiktok_arrived(self):
        """Tell the salespeople of new leads, and have Odoo's rules look at the others."""
        given = self.filtered(lambda lead: lead.user_id and not lead.tiktok_is_test)
        given._tiktok_ask_for_call(new=True)
        self._tiktok_wake_rules()

    def _tiktok_wake_rules(self):
        """Have Odoo's rules look at those that wait for them."""
        if any(lead.tiktok_unassigned_reason == "rules" for lead in self):
            cron = self.env.ref(const.ASSIGN_CRON_XMLID, False)
            if cron:
                cron._tiktok_trigger()

    # === AGAIN AND AGAIN === #

    @api.model
    @survives_clashes
    def _cron_tiktok_assign(self):
        """Try again what could not be assigned; have Odoo's rules choose where they should."""
        waits = Domain(OPEN) & Domain("tiktok_unassigned_reason", "!=", False)
        by_rules = self._tiktok_by_rules_domain()
        self._tiktok_in_batches(waits & ~by_rules, lambda leads: leads._tiktok_assign())
        self._tiktok_assign_by_rules(waits & by_rules)

    def _tiktok_place(self):
        """Put leads that were taken for tests where they would have come to: team, stage, tags."""
        for lead in self._tiktok_open().filtered(lambda lead: not lead.user_id):
            form = lead.tiktok_form_id
            team = form.team_id or lead._tiktok_team(lead._tiktok_company())
            if team and lead.team_id != team:
                stage = lead._stage_find(team_id=team.id, domain=[("fold", "=", False)])
                lead.write({"team_id": team.id, "stage_id": stage.id})
            lead.tag_ids += form.tag_ids

    def _tiktok_assign_late(self):
        """Do what else happens on arrival for leads that were taken for tests."""
        leads = self._tiktok_open()
        given = leads.filtered("user_id")
        given._tiktok_given()
        (leads - given)._tiktok_assign()
        leads._tiktok_wake_rules()

    def _tiktok_assign(self, company=None):
        """Give leads that have no salesperson one, or say why not.

        :param company: res.company of leads that may have none themselves
        """
        own = self.env["res.company"]
        groups = self.grouped(
            lambda x: (x._tiktok_company() or company or own, x.team_id, x.tiktok_form_id)
        )
        for (of_company, team, form), leads in groups.items():
            if of_company:
                leads._tiktok_assign_alike(of_company, team, form)

    def _tiktok_assign_alike(self, company, team, form):
        if not team and company._tiktok_assigns():
            self.team_id = team = self._tiktok_team(company, test=True)
        vals_list = [
            {
                "email_from": lead.email_from,
                "phone": lead.phone_sanitized,
                "team_id": team.id,
                "tiktok_form_id": form.id,
            }
            for lead in self
        ]
        chosen, followers = self._tiktok_keep_owners(company, vals_list)
        if chosen:
            self._tiktok_choose_values(company, team, form.user_id, chosen)
        self._tiktok_copy_choice(followers)
        self._tiktok_write_choice(team, vals_list)

    def _tiktok_write_choice(self, team, vals_list):
        """Write who was chosen for each of these leads, or why there is no one.

        :param team: crm.team
        :param list[dict] vals_list: with the choice, one for each lead
        """
        by_user, by_reason = defaultdict(self.browse), defaultdict(self.browse)
        for lead, vals in zip(self, vals_list, strict=True):
            if vals.get("user_id"):
                by_user[vals["user_id"]] |= lead
            elif lead.tiktok_unassigned_reason != vals["tiktok_unassigned_reason"]:
                by_reason[vals["tiktok_unassigned_reason"]] |= lead
        for user_id, leads in by_user.items():
            # With its team: CRM would move it to a team of the salesperson's.
            values = {"user_id": user_id, **({"team_id": team.id} if team else {})}
            leads.with_context(tracking_disable=True).write(values)
        for reason, leads in by_reason.items():
            leads.write({"tiktok_unassigned_reason": reason})

    def _tiktok_company(self):
        """Return whose lead it is: one that got a contact may have no company, its form has.

        :rtype: res.company
        """
        return self.company_id or self.tiktok_form_id.company_id
