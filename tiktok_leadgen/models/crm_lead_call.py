from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models

from .. import const
from ..clash import survives_clashes

BUS_TYPE = "tiktok_new_lead"
BUS_MOST = 50  # ids in one notification; more are only counted


class CrmLead(models.Model):
    """A lead that waits is lost: who got it is told at once, reminded, and relieved of it."""

    _inherit = "crm.lead"

    tiktok_given_at = fields.Datetime(
        "Given to its salesperson",
        readonly=True,
        copy=False,
        help="When it came to the salesperson who has it now.",
    )
    tiktok_call_due_at = fields.Datetime(
        "Call by", readonly=True, copy=False, help="As the company's “Call within” says."
    )
    tiktok_call_minutes = fields.Integer(
        related="company_id.tiktok_call_minutes", groups="sales_team.group_sale_salesman"
    )
    tiktok_reminded = fields.Integer("TikTok reminders sent", readonly=True, copy=False)
    tiktok_remind_at = fields.Datetime(
        "Next TikTok reminder", readonly=True, copy=False, index="btree_not_null"
    )
    tiktok_handover_at = fields.Datetime(
        "Next TikTok hand-over", readonly=True, copy=False, index="btree_not_null"
    )
    tiktok_had_user_ids = fields.Many2many(
        "res.users",
        "crm_lead_tiktok_had_user_rel",
        string="Had it before",
        readonly=True,
        copy=False,
        help="Salespeople from whom it was handed over.",
    )

    # === GIVEN TO SOMEBODY === #

    def _tiktok_given(self):
        """Start the clocks of leads that just got another salesperson."""
        now = fields.Datetime.now()
        leads = self.sudo().with_context(tracking_disable=True)
        leads.filtered(lambda lead: not lead.tiktok_assigned_at).tiktok_assigned_at = now
        leads.filtered("tiktok_unassigned_reason").tiktok_unassigned_reason = False
        waiting = leads._tiktok_waiting()._tiktok_open()
        late = waiting._tiktok_late()
        late.tiktok_given_at = now
        late._tiktok_follow()
        waiting -= late
        groups = waiting.grouped(lambda lead: (lead._tiktok_company(), lead.user_id))
        for (company, user), of_user in groups.items():
            of_user.write(company._tiktok_call_values(user, now))
        waiting._tiktok_ask_for_call()

    def _tiktok_late(self):
        """Return those that TikTok's export brought days after: they ring no alarm.

        :rtype: crm.lead
        """
        return self.filtered(lambda lead: lead.sudo().tiktok_event_id._is_late())

    def _tiktok_open(self):
        return self.filtered(lambda lead: lead.active and lead.won_status == "pending")

    def _tiktok_ask_for_call(self, new=False):
        """Give the salesperson of each lead the activity “Call now”, and tell them.

        :param bool new: none of them can have the activity yet
        """
        urgent = self - self._tiktok_late()
        leads = urgent.filtered(
            lambda lead: lead.user_id and lead._tiktok_company().tiktok_call_minutes
        )
        activities = self.env["mail.activity"] if new else leads._tiktok_calls()
        for activity in activities:
            lead = leads.browse(activity.res_id)
            activity.write({"user_id": lead.user_id.id, "date_deadline": lead._tiktok_call_day()})
        leads -= leads.browse(activities.mapped("res_id"))
        quietly = self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True)
        quietly.create(leads._tiktok_prepare_calls())
        self._tiktok_follow()
        for user, of_user in urgent.grouped("user_id").items():
            if user != self.env.user:
                of_user._tiktok_bus(user, "new")

    def _tiktok_follow(self):
        """Have the salespeople see the answers: an activity subscribes by itself."""
        for user, leads in self.grouped("user_id").items():
            quiet = leads._tiktok_late()
            quiet |= leads.filtered(lambda lead: not lead._tiktok_company().tiktok_call_minutes)
            if user and quiet:
                quiet.message_subscribe(partner_ids=user.sudo().partner_id.ids)

    def _tiktok_prepare_calls(self):
        """Return the values of the activities, one for each lead.

        :rtype: list[dict]
        """
        if not self:
            return []
        kind = self.env.ref("mail.mail_activity_data_call", raise_if_not_found=False)
        shared = {
            "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
            "activity_type_id": kind and kind.id,
            "tiktok_call": True,
        }
        summaries = {user: user._tiktok_env()._("Call now: TikTok lead") for user in self.user_id}
        return [
            {
                **shared,
                "res_id": lead.id,
                "user_id": lead.user_id.id,
                "summary": summaries[lead.user_id],
                "date_deadline": lead._tiktok_call_day(),
            }
            for lead in self
        ]

    def _tiktok_call_day(self):
        """Return the day, where the salesperson lives, on which the call is due.

        :rtype: date
        """
        due = self.tiktok_call_due_at or fields.Datetime.now()
        zone = self.with_context(tz=self.user_id.sudo().tz or "UTC")
        return fields.Datetime.context_timestamp(zone, due).date()

    def _tiktok_calls(self):
        """Return the open activities “Call now” of these leads.

        :rtype: mail.activity
        """
        domain = [
            ("res_model", "=", "crm.lead"),
            ("res_id", "in", self.ids),
            ("tiktok_call", "=", True),
        ]
        activities = self.env["mail.activity"].sudo().search(domain)
        return activities.with_context(mail_activity_quick_update=True)

    def _tiktok_bus(self, user, kind, **values):
        """Let something pop up at a user.

        Only ids travel: the browser reads the leads as that user, who may have lost them since.

        :param user: res.users
        :param str kind: new, repeat, reminder, taken or contacted
        """
        ids = self.ids[:BUS_MOST]
        user.sudo()._bus_send(BUS_TYPE, {"kind": kind, "ids": ids, "count": len(self), **values})

    # === REMINDERS === #

    @api.model
    @survives_clashes
    def _cron_tiktok_speed(self):
        """Remind who has not called yet, and hand over what waits too long."""
        now = fields.Datetime.now()
        self._tiktok_in_batches(
            [("tiktok_remind_at", "<=", now)], lambda leads: leads._tiktok_remind(now)
        )
        self._tiktok_in_batches(
            [("tiktok_handover_at", "<=", now)], lambda leads: leads._tiktok_hand_over(now)
        )

    def _tiktok_remind(self, now):
        """Remind of each lead once, however many reminders are overdue."""
        waiting = self._tiktok_waiting()._tiktok_open().filtered("user_id")
        (self - waiting).tiktok_remind_at = False
        for lead in waiting:
            given = lead.tiktok_given_at or lead.tiktok_remind_at
            steps = const.REMINDER_MINUTES
            passed = [m for m in steps if given + timedelta(minutes=m) <= now]
            later = steps[len(passed) :]
            due = len(passed) > lead.tiktok_reminded
            lead.tiktok_remind_at = later and given + timedelta(minutes=later[0])
            if due:
                lead.tiktok_reminded = len(passed)
                lead._tiktok_send_reminder(passed[-1])

    def _tiktok_send_reminder(self, minutes):
        self.ensure_one()
        line = Markup("<p>%s</p>") % self.user_id._tiktok_env()._(
            "Reminder after %s min: nobody has contacted this lead yet.", minutes
        )
        for activity in self._tiktok_calls():
            activity.note = (activity.note or Markup()) + line
        self._tiktok_bus(self.user_id, "reminder", minutes=minutes)

    # === HAND-OVER === #

    def _tiktok_hand_over(self, now):
        """Give each lead to the next of its team who is at work; nobody gets one twice."""
        for lead in self:
            if not (lead._tiktok_waiting()._tiktok_open() and lead.user_id and lead.team_id):
                lead.tiktok_handover_at = False
            else:
                lead._tiktok_hand_over_one(now)

    def _tiktok_hand_over_one(self, now):
        company, old = self._tiktok_company(), self.user_id
        others = self.team_id._tiktok_members(company) - old - self.tiktok_had_user_ids
        if not company.tiktok_handover_minutes or not others:
            self.tiktok_handover_at = False
            return
        present = others - others._tiktok_away()
        at_work = present.filtered(lambda user: user._tiktok_works(company, now))
        if not at_work:
            self.tiktok_handover_at = now + timedelta(minutes=const.HANDOVER_RETRY_MINUTES)
            return
        taken = self.env["tiktok.turn"].sudo()._take(self.team_id, at_work, 1)
        new = self.env["res.users"].browse(taken)
        self.tiktok_had_user_ids |= old
        self.with_context(tracking_disable=True).user_id = new
        self._message_log(
            body=new._tiktok_env()._(
                "Handed over from %(old)s to %(new)s: no contact within %(minutes)s min.",
                old=old.name,
                new=new.name,
                minutes=company.tiktok_handover_minutes,
            )
        )
        self._tiktok_bus(old, "taken", name=new.name)
