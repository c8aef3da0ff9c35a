from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.tiktok_leadgen.const import NO_CONTACT_CONTEXT
from odoo.addons.tiktok_leadgen.job_time import read_transaction_clock
from odoo.addons.tiktok_leadgen.working_hours import TeamHours, find_time_zone

from ... import const
from ...contact_merge import MERGED, find_number
from ...retry_pattern import find_next_try

CALL_TYPE = "mail.mail_activity_data_call"
TODO_TYPE = "mail.mail_activity_data_todo"


class CrmLead(models.Model):
    """One tap, one outcome: calls and WhatsApp messages to a lead, and what follows from them."""

    _inherit = "crm.lead"

    tiktok_attempt_ids = fields.One2many(
        "tiktok.contact.attempt", "lead_id", "Contact attempts", readonly=True
    )
    tiktok_open_attempt_id = fields.Many2one(
        "tiktok.contact.attempt",
        "Attempt without an outcome",
        compute="_compute_tiktok_open_attempt_id",
    )
    tiktok_next_try_at = fields.Datetime("Next try", readonly=True, copy=False)
    tiktok_try_remind_at = fields.Datetime(
        "Reminder of the next try", readonly=True, copy=False, index="btree_not_null"
    )
    tiktok_is_wrong_number = fields.Boolean("Wrong number", readonly=True, copy=False)

    @api.depends("tiktok_attempt_ids.outcome")
    @api.depends_context("uid")
    def _compute_tiktok_open_attempt_id(self):
        self.tiktok_open_attempt_id = False
        leads = self.filtered("tiktok_lead_uid")
        if not leads.ids:
            return
        since = read_transaction_clock(self.env) - timedelta(hours=const.OPEN_HOURS)
        domain = [("lead_id", "in", leads.ids), ("user_id", "=", self.env.uid)]
        recent = [("outcome", "=", False), ("started_at", ">=", since)]
        attempts = self.env["tiktok.contact.attempt"].search([*domain, *recent], order="id")
        for attempt in attempts:
            attempt.lead_id.tiktok_open_attempt_id = attempt

    def write(self, vals):
        """Take the mark of a wrong number away with the number.

        :param dict vals: as in `BaseModel.write`
        :return: what Odoo returns
        """
        leads = self.sudo().filtered("tiktok_is_wrong_number") if "phone" in vals else ()
        numbers = {lead: find_number(lead) for lead in leads}
        result = super().write(vals)
        for lead, number in numbers.items():
            # A merge marks the lead before it writes the number.
            if number and number != find_number(lead):
                lead.tiktok_is_wrong_number = False
        return result

    def _tiktok_register_contact(self, how, user=None):
        """Forget the next try of leads whose clock stops: a message or a done activity made it.

        :param str how: one of `tiktok_first_contact_how`
        :param user: res.users who did it, by default the current one
        :return: nothing, as the method that it extends
        """
        planned = self._tiktok_filter_uncontacted().filtered("tiktok_next_try_at")
        result = super()._tiktok_register_contact(how, user)
        reached = planned.filtered("tiktok_first_contact_at")
        reached.with_context(tracking_disable=True).write(
            dict.fromkeys(("tiktok_next_try_at", "tiktok_try_remind_at"), False)
        )
        return result

    def _merge_get_fields_specific(self):
        """Keep the next try that comes first, and the mark of the number that stays.

        :return: by the name of a field, the function that merges it
        :rtype: dict
        """
        return {**super()._merge_get_fields_specific(), **MERGED}

    def _merge_dependences(self, opportunities):
        """Have the attempts and first messages of merged leads belong to the one that stays.

        :param opportunities: crm.lead that are merged into this one
        :return: what CRM returns
        """
        received = opportunities.sudo().filtered("tiktok_lead_uid")  # no other lead has any
        if received:
            received.tiktok_attempt_ids.write({"lead_id": self.id})
            self._tiktok_merge_first_messages(received)
        return super()._merge_dependences(opportunities)

    # === ACTION METHODS === #

    def action_tiktok_start_attempt(self, channel="call"):
        """Log that the current user calls a lead or writes to it; a claimable one becomes theirs.

        :param str channel: call or whatsapp
        :return: what the bar shows
        :rtype: dict
        :raise UserError: if the lead is not from TikTok
        """
        self.ensure_one()
        self.check_access("write")
        if not self.tiktok_lead_uid:
            raise UserError(self.env._("Outcomes are for leads from TikTok."))
        if self._tiktok_filter_claimable():
            self._tiktok_claim()
        lead = self.sudo()
        attempt = lead.tiktok_attempt_ids.create(
            {
                "lead_id": lead.id,
                "company_id": lead._tiktok_get_company().id,
                "user_id": self.env.uid,
                "channel": channel,
                "started_at": read_transaction_clock(self.env),
            }
        )
        return self._tiktok_describe_attempt(attempt)

    def action_tiktok_set_outcome(self, outcome=None):
        """Set the outcome of the current user's last attempt, and do what follows from it.

        :param str outcome: of `const.OUTCOMES`
        :return: what the bar shows
        :rtype: dict
        :raise UserError: if there is no such outcome, or no attempt waits for one
        """
        self.ensure_one()
        self.check_access("write")
        attempt = self._tiktok_get_newest_attempt([("user_id", "=", self.env.uid)])
        if outcome not in dict(const.OUTCOMES) or not attempt or attempt.outcome:
            raise UserError(self.env._("No call or message of yours waits for an outcome."))
        lead = self.sudo().with_context(tracking_disable=True)
        activities = self.env["tiktok.lead.notification"]._search_call_activities(lead)
        attempt._remember_lead(activities)
        attempt.write({"outcome": outcome, "outcome_at": read_transaction_clock(self.env)})
        getattr(lead, f"_tiktok_apply_{outcome}")(attempt, activities)
        attempt.after = attempt._read_lead()
        return self._tiktok_describe_attempt(attempt)

    def action_tiktok_undo_outcome(self):
        """Take back the outcome that the current user just set: the bar asks again.

        :return: what the bar shows
        :rtype: dict
        :raise UserError: if it is too late
        """
        self.ensure_one()
        self.check_access("write")
        attempt = self._tiktok_get_newest_attempt([])
        if attempt.user_id != self.env.user or not attempt._is_undoable():
            raise UserError(self.env._("The outcome can no longer be undone. Change the lead."))
        self._message_log(body=self._tiktok_describe_outcome(attempt, is_undone=True))
        attempt._restore_lead()
        return self._tiktok_describe_attempt(attempt)

    # === OUTCOMES === #

    def _tiktok_apply_reached(self, attempt, activities):
        """Stop the clock, and complete the planned calls.

        :param attempt: tiktok.contact.attempt
        :param activities: mail.activity of the calls that are planned
        """
        self._tiktok_register_contact(const.CONTACT_TYPES[attempt.channel])
        self._tiktok_close_calls(attempt, activities)

    def _tiktok_apply_no_answer(self, attempt, activities):
        """Plan the next try by the company's pattern, at a time when the team works.

        :param attempt: tiktok.contact.attempt
        :param activities: mail.activity of the calls that are planned
        """
        company, now = self._tiktok_get_company(), read_transaction_clock(self.env)
        moment = find_next_try(
            company.tiktok_retry_pattern or const.RETRY_PATTERN,
            attempt._count_failures(),
            TeamHours().get_hours(self.team_id, company),
            now,
            find_time_zone(self.team_id, company),
        )
        planned = {"tiktok_next_try_at": moment or False, "tiktok_try_remind_at": moment or False}
        limit = company.tiktok_reassign_minutes
        if limit and self.user_id and self.tiktok_reassign_at:
            # The salesperson has tried: the lead is reassigned if the next try is not made.
            planned["tiktok_reassign_at"] = moment and self.user_id._tiktok_add_working_time(
                company, self.team_id, moment, limit
            )
        self.write({**planned, "tiktok_remind_at": False})
        if moment:
            self._tiktok_plan_call(attempt, activities)
            self._message_log(body=self._tiktok_describe_outcome(attempt))
        else:
            self._tiktok_close_calls(attempt, activities)
            self._tiktok_plan_decision(attempt)

    def _tiktok_apply_wrong_number(self, attempt, activities):
        """Mark the phone number, so that no one calls it again.

        :param attempt: tiktok.contact.attempt
        :param activities: mail.activity of the calls that are planned
        """
        self.write(
            {
                "tiktok_is_wrong_number": True,
                **dict.fromkeys(("tiktok_next_try_at", "tiktok_try_remind_at"), False),
                "tiktok_remind_at": False,
            }
        )
        self._tiktok_close_calls(attempt, activities)

    def _tiktok_apply_not_interested(self, attempt, activities):
        """Stop the clock, as the person was reached, and mark the lead as lost.

        :param attempt: tiktok.contact.attempt
        :param activities: mail.activity of the calls that are planned
        """
        self._tiktok_apply_reached(attempt, activities)
        reason = self._tiktok_get_company()._tiktok_find_lost_reason()
        self.action_set_lost(lost_reason_id=reason.id)

    # === HELPERS === #

    def _tiktok_get_newest_attempt(self, domain):
        """Return the newest attempt of a lead.

        :param list domain: further conditions
        :return: tiktok.contact.attempt, with all rights
        """
        attempts = self.env["tiktok.contact.attempt"].sudo()
        return attempts.search([("lead_id", "=", self.id), *domain], limit=1)

    def _tiktok_plan_call(self, attempt, activities):
        """Move the planned call to the day of the next try, or plan one.

        :param attempt: tiktok.contact.attempt
        :param activities: mail.activity of the calls that are planned
        """
        user = self.user_id or self.env.user
        zone = self.with_context(tz=user.sudo().tz or "UTC")
        day = fields.Datetime.context_timestamp(zone, self.tiktok_next_try_at).date()
        if activities:
            activities.write({"date_deadline": day})
            return
        summary = user._tiktok_localized_env()._("Call again: TikTok lead")
        self._tiktok_plan_activity(attempt, CALL_TYPE, summary, day, tiktok_call=True)

    def _tiktok_plan_decision(self, attempt):
        """Ask the salesperson to decide about a lead that never answers.

        :param attempt: tiktok.contact.attempt
        """
        user = self.user_id or self.env.user
        summary = user._tiktok_localized_env()._(
            "No answer to any call: write to the person or mark the lead as lost"
        )
        self._tiktok_plan_activity(attempt, TODO_TYPE, summary, user._tiktok_get_local_date())

    def _tiktok_plan_activity(self, attempt, kind, summary, day, **values):
        """Plan an activity of the salesperson, or of the current user where there is none.

        :param attempt: tiktok.contact.attempt
        :param str kind: XML ID of the type
        :param str summary: in the user's language
        :param date day: when it is due
        :param values: further values of mail.activity
        """
        found = self.env.ref(kind, raise_if_not_found=False)
        values = {
            "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
            "res_id": self.id,
            "activity_type_id": found and found.id,
            "user_id": (self.user_id or self.env.user).id,
            "date_deadline": day,
            "summary": summary,
            "tiktok_attempt_id": attempt.id,
            **values,
        }
        self.env["tiktok.lead.notification"]._create_activities([values], self.env)

    def _tiktok_close_calls(self, attempt, activities):
        """Complete the planned calls with the outcome, which alone is no first contact.

        :param attempt: tiktok.contact.attempt
        :param activities: mail.activity of the calls that are planned
        """
        self.write(dict.fromkeys(("tiktok_next_try_at", "tiktok_try_remind_at"), False))
        text = self._tiktok_describe_outcome(attempt)
        if activities:
            activities.with_context(**{NO_CONTACT_CONTEXT: True})._action_done(feedback=text)
        else:
            self._message_log(body=text)

    def _tiktok_describe_outcome(self, attempt, is_undone=False):
        """Return an outcome in words, for the chatter.

        :param attempt: tiktok.contact.attempt
        :param bool is_undone: whether it is taken back
        :rtype: str
        """
        known = attempt._fields
        channel, outcome = (
            dict(known[name]._description_selection(self.env))[attempt[name]]
            for name in ("channel", "outcome")
        )
        if is_undone:
            return self.env._(
                "%(channel)s: %(outcome)s was undone.", channel=channel, outcome=outcome
            )
        return self.env._("%(channel)s: %(outcome)s", channel=channel, outcome=outcome)

    def _tiktok_describe_attempt(self, attempt):
        """Return what the bar shows of an attempt.

        :param attempt: tiktok.contact.attempt
        :rtype: dict
        """
        lead = attempt.lead_id
        return {
            "id": lead.id,
            "name": lead.contact_name or lead.partner_name or lead.name,
            "channel": attempt.channel,
            "outcome": attempt.outcome,
            "next_try_at": fields.Datetime.to_string(lead.tiktok_next_try_at) or False,
        }
