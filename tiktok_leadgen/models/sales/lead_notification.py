from markupsafe import Markup

from odoo import api, fields, models

from ... import const
from ...concurrency import process_in_batches, retry_on_serialization_failure
from ...job_time import read_transaction_clock
from ...lead_clocks import prepare_clock_values
from ...working_hours import TeamHours

BUS_TYPE = "tiktok_new_lead"
MAX_BUS_IDS = 50  # in one notification; more are only counted
CALL_TYPE = "mail.mail_activity_data_call"
EMAIL_TYPE = "mail.mail_activity_data_email"
CONTACT_CATEGORIES = {"phonecall": "call", "meeting": "activity"}


class TiktokLeadNotification(models.AbstractModel):
    """Notify salespeople of their leads: clocks, call activities, pop-ups and reminders."""

    _name = "tiktok.lead.notification"
    _description = "TikTok Lead Notification"

    # === CLOCKS === #

    @api.model
    def _start_lead_clocks(self, leads):
        """Start the clocks of leads that were just assigned to another salesperson.

        :param leads: crm.lead
        """
        now = read_transaction_clock(self.env)
        leads = leads.sudo().with_context(tracking_disable=True)
        leads.filtered(lambda lead: not lead.tiktok_assigned_at).tiktok_assigned_at = now
        leads.filtered("tiktok_unassigned_reason").tiktok_unassigned_reason = False
        waiting = leads._tiktok_filter_uncontacted()._tiktok_filter_open()
        late = waiting._tiktok_filter_late()
        late.tiktok_last_assigned_at = now
        self._subscribe_salespeople(late)
        waiting -= late
        hours = TeamHours()
        groups = waiting.grouped(
            lambda lead: (lead._tiktok_get_company(), lead.team_id, lead.user_id)
        )
        for (company, team, user), alike in groups.items():
            of_team = hours.get_hours(team, company)
            alike.write(prepare_clock_values(company, team, user, now, of_team))
        self._schedule_first_calls(waiting)

    @api.model
    def _fill_clock_values(self, company, vals_list):
        """Start the clocks of new leads that have a salesperson.

        :param company: res.company
        :param list[dict] vals_list: of the leads; changed in place
        """
        now, hours = read_transaction_clock(self.env), TeamHours()
        prepared = {}
        for vals in vals_list:
            user_id = vals.get("user_id")
            if not user_id:
                continue
            key = (vals.get("team_id") or False, user_id)
            if key not in prepared:
                team = self.env["crm.team"].browse(vals.get("team_id") or ())
                user = self.env["res.users"].browse(user_id)
                of_team = hours.get_hours(team, company)
                prepared[key] = prepare_clock_values(company, team, user, now, of_team)
            event = self.env["tiktok.event"].browse(vals.get("tiktok_event_id") or ())
            clocks = {"tiktok_last_assigned_at": now} if event._is_late() else prepared[key]
            vals.update(clocks, tiktok_assigned_at=now)

    # === CALL ACTIVITIES === #

    @api.model
    def _schedule_first_calls(self, leads, new=False):
        """Schedule the activity “Call now” for the salesperson of each lead, and notify them.

        :param leads: crm.lead; late ones are skipped
        :param bool new: none of them can have the activity yet
        """
        urgent = leads - leads._tiktok_filter_late()
        to_call = urgent.filtered(
            lambda lead: lead.user_id and lead._tiktok_get_company().tiktok_call_minutes
        )
        activities = leads.env["mail.activity"] if new else self._search_call_activities(to_call)
        for activity in activities:
            lead = leads.browse(activity.res_id)
            day = self._get_call_due_date(lead)
            activity.write({"user_id": lead.user_id.id, "date_deadline": day})
        to_call -= to_call.browse(activities.mapped("res_id"))
        self._create_activities(self._prepare_call_activities(to_call), leads.env)
        self._subscribe_salespeople(leads)
        for user, of_user in urgent.grouped("user_id").items():
            if user != self.env.user:
                self._send_lead_popup(of_user, user, "new")

    @api.model
    def _subscribe_salespeople(self, leads):
        """Subscribe the salespeople of leads that get no activity, which would subscribe them.

        :param leads: crm.lead
        """
        for user, of_user in leads.grouped("user_id").items():
            silent = of_user._tiktok_filter_late()
            silent |= of_user.filtered(
                lambda lead: not lead._tiktok_get_company().tiktok_call_minutes
            )
            if user and silent:
                silent.message_subscribe(partner_ids=user.sudo().partner_id.ids)

    @api.model
    def _prepare_call_activities(self, leads):
        """Return the values of the activities “Call now”, one for each lead.

        :param leads: crm.lead
        :rtype: list[dict]
        """
        if not leads:
            return []
        kind = self.env.ref(CALL_TYPE, raise_if_not_found=False)
        shared = {
            "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
            "activity_type_id": kind and kind.id,
            "tiktok_call": True,
        }
        summaries = {
            user: user._tiktok_localized_env()._("Call now: TikTok lead") for user in leads.user_id
        }
        return [
            {
                **shared,
                "res_id": lead.id,
                "user_id": lead.user_id.id,
                "summary": summaries[lead.user_id],
                "date_deadline": self._get_call_due_date(lead),
            }
            for lead in leads
        ]

    @api.model
    def _create_activities(self, vals_list, env):
        """Create activities without a notification by e-mail.

        :param list[dict] vals_list: of mail.activity
        :param odoo.api.Environment env: of the leads
        """
        activities = env["mail.activity"].sudo()
        activities.with_context(mail_activity_quick_update=True).create(vals_list)

    @api.model
    def _get_call_due_date(self, lead):
        """Return the day on which the call is due, in the salesperson's time zone.

        :param lead: crm.lead
        :rtype: date
        """
        due = lead.tiktok_call_due_at or read_transaction_clock(self.env)
        zone = lead.with_context(tz=lead.user_id.sudo().tz or "UTC")
        return fields.Datetime.context_timestamp(zone, due).date()

    @api.model
    def _search_call_activities(self, leads):
        """Return the open activities “Call now” of leads.

        :param leads: crm.lead
        :rtype: mail.activity
        """
        domain = [
            ("res_model", "=", "crm.lead"),
            ("res_id", "in", leads.ids),
            ("tiktok_call", "=", True),
        ]
        activities = leads.env["mail.activity"].sudo().search(domain)
        return activities.with_context(mail_activity_quick_update=True)

    # === POP-UPS === #

    @api.model
    def _send_lead_popup(self, leads, user, kind, **values):
        """Show a pop-up about leads to a user, wherever in Odoo they are.

        Only ids are sent: the browser reads the leads with the rights of that user, who may have
        lost them since.

        :param leads: crm.lead
        :param user: res.users
        :param str kind: new, repeat, reminder, reassigned, contacted or closed, or another addon's
        :param values: further values of the message
        """
        self._send_bus_popup(leads, user, kind, **values)

    @api.model
    def _send_bus_popup(self, leads, user, kind, **values):
        """Send the message of a pop-up to the browsers of a user, as `_send_lead_popup`.

        :param leads: crm.lead
        :param user: res.users
        :param str kind: of the pop-up
        :param values: further values of the message
        """
        ids = leads.ids[:MAX_BUS_IDS]
        payload = {"kind": kind, "ids": ids, "count": len(leads), **values}
        user.sudo()._bus_send(BUS_TYPE, payload)

    # === REMINDERS AND REASSIGNMENT === #

    @api.model
    @retry_on_serialization_failure
    def _cron_follow_up_leads(self):
        """Send due reminders, and reassign leads that had no first contact in time."""
        now = read_transaction_clock(self.env)
        owners = self.env["tiktok.lead.owner"]
        self._process_due_leads("tiktok_remind_at", now, self._remind_salespeople)
        self._process_due_leads("tiktok_reassign_at", now, owners._reassign_overdue_leads)

    @api.model
    def _process_due_leads(self, name, now, work):
        """Process the leads for which something is due.

        :param str name: of the field that holds when it is due
        :param datetime now: UTC
        :param work: called with some of the leads and now
        """
        process_in_batches(
            self.env["crm.lead"],
            [(name, "<=", now)],
            lambda leads: work(leads, now),
            self.env["tiktok.assignment"]._log_refused_lead,
            const.ASSIGN_BATCH,
            job=name,
        )

    @api.model
    def _remind_salespeople(self, leads, now):
        """Send one reminder for each lead, however many are overdue.

        :param leads: crm.lead whose reminder is due
        :param datetime now: UTC
        """
        waiting = leads._tiktok_filter_uncontacted()._tiktok_filter_open().filtered("user_id")
        (leads - waiting).tiktok_remind_at = False
        steps, team_hours = const.REMINDER_MINUTES, TeamHours()
        for lead in waiting:
            assigned_at = lead.tiktok_last_assigned_at or lead.tiktok_remind_at
            hours = team_hours.get_hours(lead.team_id, lead._tiktok_get_company())
            passed = [m for m in steps if hours.add_seconds(assigned_at, m * 60) <= now]
            later = steps[len(passed) :]
            due = len(passed) > lead.tiktok_reminded
            lead.tiktok_remind_at = later and hours.add_seconds(assigned_at, later[0] * 60)
            if due:
                lead.tiktok_reminded = len(passed)
                self._send_reminder(lead, passed[-1])

    @api.model
    def _send_reminder(self, lead, minutes):
        """Write a reminder on the activity “Call now” of a lead, and show it as a pop-up.

        :param lead: crm.lead
        :param int minutes: since it was assigned
        """
        line = Markup("<p>%s</p>") % lead.user_id._tiktok_localized_env()._(
            "Reminder after %s min: this lead has not been contacted yet.", minutes
        )
        for activity in self._search_call_activities(lead):
            activity.note = (activity.note or Markup()) + line
        self._send_lead_popup(lead, lead.user_id, "reminder", minutes=minutes)

    # === REPEAT SUBMISSIONS === #

    @api.model
    def _schedule_repeat_calls(self, leads, company):
        """Schedule a call for a repeat submission on leads, and notify who must make it.

        A call that is planned for later, or for a former colleague, reaches no one today.

        :param leads: crm.lead
        :param company: res.company that got the submission
        """
        kind = self.env.ref(CALL_TYPE, raise_if_not_found=False)
        leads, owners = leads.filtered("active"), self.env["tiktok.lead.owner"]
        receivers = {lead: owners._get_responsible_user(lead, company) for lead in leads}
        model_id = self.env["ir.model"]._get_id("crm.lead")
        vals_list = [
            {
                "res_model_id": model_id,
                "res_id": lead.id,
                "activity_type_id": kind.id,
                "user_id": user.id,
                "date_deadline": user._tiktok_get_local_date(),
                "summary": user._tiktok_localized_env()._("Repeat submission of a TikTok form"),
            }
            for lead, user in receivers.items()
            if kind and user and not self._is_call_due(lead, kind, user)
        ]
        self._create_activities(vals_list, leads.env)
        for user in set(receivers.values()):
            if user and user != self.env.user:
                of_user = leads.filtered(lambda lead, who=user: receivers[lead] == who)
                self._send_lead_popup(of_user, user, "repeat")

    @api.model
    def _is_call_due(self, lead, kind, user):
        """Tell whether a user has a call of a lead to make today or earlier.

        :param lead: crm.lead
        :param kind: mail.activity.type of calls
        :param user: res.users
        :rtype: bool
        """
        today = user._tiktok_get_local_date()
        return bool(
            lead.sudo().activity_ids.filtered(
                lambda activity: (
                    activity.active
                    and activity.activity_type_id == kind
                    and activity.user_id == user
                    and activity.date_deadline <= today
                )
            )
        )


class MailActivity(models.Model):
    _name = "mail.activity"
    _inherit = ["mail.activity", "tiktok.protected.mixin"]

    tiktok_call = fields.Boolean("Call of a TikTok lead", readonly=True)

    def _action_done(self, feedback=False, attachment_ids=None):
        """Notice a first contact in a call, an e-mail or a meeting that a person has done.

        :param str feedback: of the user
        :param list attachment_ids: of the feedback
        :return: the posted messages and the activities that come next
        :rtype: tuple
        """
        email = self.env.ref(EMAIL_TYPE, raise_if_not_found=False)
        done = {}
        for activity in self.filtered(lambda activity: activity.res_model == "crm.lead"):
            kind = activity.activity_type_id
            how = "message" if kind == email else CONTACT_CATEGORIES.get(kind.category)
            if how:
                done.setdefault(how, []).append(activity.res_id)
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        for how, lead_ids in done.items():
            self.env["crm.lead"].browse(lead_ids).exists()._tiktok_register_contact(how)
        return result
