from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .. import const
from .res_company import SALES_MANAGERS


class ResCompany(models.Model):
    """Who gets the company's TikTok leads, and how soon somebody must call."""

    _inherit = "res.company"

    tiktok_assignment = fields.Selection(
        [
            ("manual", "By hand"),
            ("fixed", "Always the same salesperson"),
            ("round_robin", "In turn"),
            ("least_busy", "Who has the fewest open leads"),
            ("rules", "By Odoo's rules"),
        ],
        "Assignment of TikTok leads",
        default="manual",
        required=True,
        groups=SALES_MANAGERS,
        help="In turn: one after the other in the team. By Odoo's rules: domains, capacity and "
        "preferences of Rule-Based Assignment. Who is out of office or paused gets none.",
    )
    tiktok_user_id = fields.Many2one(
        "res.users",
        "Salesperson of TikTok leads",
        domain="[('share', '=', False), ('company_ids', 'in', id)]",
        groups=SALES_MANAGERS,
    )
    tiktok_call_minutes = fields.Integer(
        "Call within (minutes)",
        default=const.CALL_MINUTES,
        groups=SALES_MANAGERS,
        help="The salesperson gets an activity “Call now” for each lead. 0: none.",
    )
    tiktok_remind = fields.Boolean(
        "Remind the salesperson",
        default=True,
        groups=SALES_MANAGERS,
        help="After 5, 15 and 60 minutes without a call, a message or a move of the stage.",
    )
    tiktok_handover_minutes = fields.Integer(
        "Hand over after (minutes)",
        groups=SALES_MANAGERS,
        help="Without a first contact after so many minutes of working time, the lead goes to the "
        "next of the team who is at work; each gets it once. 0: never.",
    )

    _tiktok_call_minutes_positive = models.Constraint(
        "CHECK(tiktok_call_minutes >= 0 AND tiktok_handover_minutes >= 0)",
        "A time to call can't be less than 0 minutes.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("tiktok_assignment", "tiktok_user_id")
    def _check_tiktok_user(self):
        for company in self.sudo():  # who makes a company may have no access to Sales
            user = company.tiktok_user_id
            if company.tiktok_assignment == "fixed" and not user:
                raise ValidationError(
                    self.env._("Choose the salesperson who gets the TikTok leads.")
                )
            if user and company not in user.sudo().company_ids:
                raise ValidationError(
                    self.env._(
                        "%(user)s has no access to %(company)s.",
                        user=user.name,
                        company=company.name,
                    )
                )

    @api.constrains("tiktok_team_id")
    def _check_tiktok_team(self):
        for company in self.sudo():
            if company.tiktok_team_id.company_id not in (company, company.browse()):
                raise ValidationError(
                    self.env._(
                        "The sales team %(team)s belongs to another company. Choose a team of "
                        "%(company)s.",
                        team=company.tiktok_team_id.name,
                        company=company.name,
                    )
                )

    # === BUSINESS METHODS === #

    def _tiktok_assigns(self):
        """Tell whether we choose the salesperson ourselves.

        :rtype: bool
        """
        return self.tiktok_assignment in const.OWN_ASSIGNMENT

    def _tiktok_choose(self, team, fixed, count):
        """Choose who gets so many leads.

        :param team: crm.team
        :param fixed: res.users, who gets all of them whatever the company's choice
        :param int count: how many leads
        :return: user ids, fewer than leads if nobody can take them; and why, a key of
            `tiktok_unassigned_reason`
        :rtype: tuple
        """
        self.ensure_one()
        if not fixed and self.tiktok_assignment == "fixed":
            fixed = self.tiktok_user_id
        if fixed:
            if not fixed._tiktok_able(self):
                return [], "user_gone"
            return ([], "user_away") if fixed._tiktok_away() else (fixed.ids * count, False)
        if self.tiktok_assignment == "rules":
            return [], "rules"
        if not self._tiktok_assigns():
            return [], False
        return self._tiktok_choose_member(team, count)

    def _tiktok_choose_member(self, team, count):
        if not team:
            return [], "no_team"
        if not team.sudo().crm_team_member_ids:
            return [], "no_members"
        users = team._tiktok_available(self)
        if not users:
            return [], "nobody"
        users = users._tiktok_unlocked() or users
        loads = self.tiktok_assignment == "least_busy" and users._tiktok_open_leads()
        return self.env["tiktok.turn"].sudo()._take(team, users, count, loads or None), False

    def _tiktok_call_values(self, user, now):
        """Return what a lead knows of the call that its new salesperson owes.

        :param user: res.users
        :rtype: dict
        """
        minutes, handover = self.tiktok_call_minutes, self.tiktok_handover_minutes
        first = now + timedelta(minutes=const.REMINDER_MINUTES[0])
        return {
            "tiktok_given_at": now,
            "tiktok_unassigned_reason": False,
            "tiktok_call_due_at": minutes and now + timedelta(minutes=minutes),
            "tiktok_reminded": 0,
            "tiktok_remind_at": self.tiktok_remind and first,
            "tiktok_handover_at": handover and user._tiktok_after(self, now, handover),
        }
