from markupsafe import Markup

from odoo import fields, models

from .. import const
from .res_company_overview import MANAGERS

_TABLE = Markup(
    '<table class="table table-sm mb-0 w-auto"><thead><tr>%s</tr></thead><tbody>%s</tbody></table>'
)
_NUMBER = "text-end"
_HEAD = Markup('<th class="fw-normal text-muted %s">%s</th>')
_ROW = Markup(
    '<tr><td class="pe-4"><bdi>%s</bdi> %s</td><td class="text-end">%s</td>'
    '<td class="text-end">%s</td></tr>'
)
_BADGE = Markup('<span class="badge rounded-pill %s">%s</span>')
SHARED = {"compute": "_compute_tiktok_turns", "groups": MANAGERS}


class ResCompany(models.Model):
    """Who gets the next lead, and what stands in the way: for the company's page."""

    _inherit = "res.company"

    tiktok_turns = fields.Html("Who gets the next lead", sanitize=False, **SHARED)
    tiktok_assignment_hint = fields.Char("What to know of this choice", **SHARED)
    tiktok_unassigned_count = fields.Integer("Without a salesperson", **SHARED)

    # === COMPUTE METHODS === #

    def _compute_tiktok_turns(self):
        allowed = self.env.su or self.env.user.has_group(MANAGERS)
        for company in self:
            known = allowed and company._origin
            company.tiktok_turns = known and company._tiktok_turns_table()
            company.tiktok_assignment_hint = known and company._tiktok_assignment_sentence()
            company.tiktok_unassigned_count = known and company._tiktok_count_unassigned()

    def _tiktok_count_unassigned(self):
        return (
            self.env["crm.lead"]
            .sudo()
            .search_count(
                [
                    ("company_id", "=", self._origin.id),
                    ("tiktok_unassigned_reason", "!=", False),
                    ("user_id", "=", False),
                    ("won_status", "=", "pending"),
                ]
            )
        )

    def _tiktok_assignment_sentence(self):
        """Say what stands in the way of the company's choice, or what it means.

        :rtype: str | bool
        """
        job = self.env.ref(const.ASSIGN_CRON_XMLID, raise_if_not_found=False)
        if self.tiktok_assignment != "manual" and not (job and job.sudo().active):
            return self.env._(
                "The scheduled action that assigns leads later is switched off: what can't be "
                "assigned on arrival waits for a person."
            )
        if self.tiktok_assignment != "rules":
            return False
        if not self.env["crm.lead"]._is_rule_based_assignment_activated():
            return self.env._(
                "Rule-Based Assignment is off in the settings of CRM: turn it on to give each "
                "salesperson a domain and a capacity. Until then each gets one lead a day."
            )
        return self.env._(
            "Odoo's rules are applied to each TikTok lead as it comes, and again every few minutes "
            "to those nobody could take; whether Odoo's own job is automatic does not matter."
        )

    def _tiktok_turns_table(self):
        """Return the members of the team in the order in which they get the next leads.

        :rtype: Markup | bool
        """
        company = self._origin.sudo()
        if company.tiktok_assignment not in ("round_robin", "least_busy"):
            return False
        team = company.env["crm.lead"]._tiktok_team(company, test=True)
        users = team.crm_team_member_ids.sorted("id").user_id
        if not users:
            return False
        able = team._tiktok_available(company)
        loads, today = users._tiktok_open_leads(), company._tiktok_assigned_today(users)
        order = company._tiktok_order(team, users, able, loads)
        rows = [
            _ROW
            % (
                user.name,
                self._tiktok_turn_badge(user, able, place),
                today[user.id],
                loads[user.id],
            )
            for place, user in enumerate(order)
        ]
        numbers = (self.env._("today"), self.env._("open"))
        head = [_HEAD % ("", team.name), *(_HEAD % (_NUMBER, label) for label in numbers)]
        return _TABLE % (Markup().join(head), Markup().join(rows))

    def _tiktok_order(self, team, users, able, loads):
        """Sort members as the next leads would find them; who gets none comes last."""
        turns = self.env["tiktok.turn"]._of_team(team)
        by_load = self.tiktok_assignment == "least_busy"
        return users.sorted(
            lambda user: (
                user not in able,
                loads[user.id] if by_load else 0,
                turns.get(user.id, 0),
                users.ids.index(user.id),
            )
        )

    def _tiktok_turn_badge(self, user, able, place):
        if user in able:
            return _BADGE % ("text-bg-success", self.env._("next")) if not place else ""
        if user in user._tiktok_away():
            return _BADGE % ("text-bg-warning", self.env._("out of office"))
        if user not in user._tiktok_able(self):
            return _BADGE % ("text-bg-danger", self.env._("no access"))
        return _BADGE % ("text-bg-secondary", self.env._("paused"))

    def _tiktok_assigned_today(self, users):
        """Return how many TikTok leads each of these got since the day began.

        :rtype: dict[int, int]
        """
        domain = [
            ("company_id", "=", self.id),
            ("tiktok_given_at", ">=", self._tiktok_today()),
            ("user_id", "in", users.ids),
        ]
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        groups = leads._read_group(domain, ["user_id"], ["__count"])
        return {**dict.fromkeys(users.ids, 0), **{user.id: count for user, count in groups}}

    # === ACTION METHODS === #

    def action_tiktok_view_unassigned(self):
        """Open the leads that nobody has, grouped by the reason."""
        self.ensure_one()
        self._tiktok_check_reader()
        action = self.env["ir.actions.actions"]._for_xml_id("tiktok_leadgen.crm_lead_action_tiktok")
        action["domain"] = [
            ("company_id", "=", self.id),
            ("tiktok_unassigned_reason", "!=", False),
            ("user_id", "=", False),
        ]
        action["context"] = {"create": False, "group_by": "tiktok_unassigned_reason"}
        return action
