import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.tools import email_normalize

from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.addons.tiktok_leadgen.concurrency import (
    InterruptedAttemptsError,
    UnfinishedError,
    process_each,
    retry_on_serialization_failure,
)
from odoo.addons.tiktok_leadgen.const import MAIL_CRON_XMLID
from odoo.addons.tiktok_leadgen.job_time import backoff, read_transaction_clock
from odoo.addons.tiktok_leadgen.locks import lock_references
from odoo.addons.tiktok_leadgen.working_hours import TeamHours

from ... import const
from ...lead_language import find_language
from ...queue_conflict import undo_on_conflict

_logger = logging.getLogger(__name__)
# A server that does not answer; what Odoo refuses, such as a broken template, stays refused.
PASSING_ERRORS = (OSError, psycopg2.Error, MailDeliveryException)
NO_SERVER = "mail_smtp"  # of `failure_type`: nothing was sent


class TiktokFirstMessage(models.Model):
    """The first message of one lead in one channel: the unique row is why it is sent once.

    The row becomes Sent in the transaction that puts the message into Odoo's queue. A process that
    ends before its commit leaves both undone, so the message is neither lost nor sent twice.
    """

    _name = "tiktok.first.message"
    _description = "TikTok First Message"
    _inherit = ["tiktok.protected.mixin"]
    _order = "id desc"
    _rec_name = "channel"

    lead_id = fields.Many2one(
        "crm.lead", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    channel = fields.Selection([("email", "E-mail")], required=True, readonly=True)
    state = fields.Selection(
        const.MESSAGE_STATES, "Status", required=True, readonly=True, default="waiting"
    )
    reason = fields.Selection(const.MESSAGE_REASONS, readonly=True)
    due_at = fields.Datetime("Due", required=True, readonly=True)
    sent_at = fields.Datetime("Sent on", readonly=True)
    failure_count = fields.Integer("Failures", readonly=True)
    mail_message_id = fields.Many2one(
        "mail.message",
        "Message",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=fields.NO_ACCESS,
    )

    _lead_uniq = models.UniqueIndex(
        "(lead_id, channel)", "A lead gets one first message in each channel."
    )
    _due_idx = models.Index("(due_at) WHERE state = 'waiting'")
    _recent_idx = models.Index("(company_id, channel, sent_at) WHERE state = 'sent'")

    # === QUEUE === #

    @api.model
    def _queue_messages(self, leads):
        """Queue the first messages of new leads, and of those that a person released from a check.

        :param leads: crm.lead
        """
        vals_list, hours = [], TeamHours()
        leads = leads.sudo()
        for lead in leads.filtered(lambda lead: not lead.tiktok_first_message_ids):
            company = lead._tiktok_get_company()
            channels = company and company._tiktok_list_message_channels(lead.tiktok_form_id)
            if not channels or not self._is_writable_lead(lead):
                continue
            if not lead.lang_id:
                self._set_language(lead)
            due_at = self._find_due_time(company, lead, hours)
            shared = {"lead_id": lead.id, "company_id": company.id, "due_at": due_at}
            vals_list += [{**shared, "channel": channel} for channel in channels]
        if vals_list:
            self.sudo().create(vals_list)
            first = min(vals["due_at"] for vals in vals_list)
            self.env["ir.cron"]._tiktok_trigger_job(const.MESSAGE_CRON_XMLID, first)

    @api.model
    def _set_language(self, lead):
        """Set the language of a lead, unless another transaction holds the language.

        :param lead: crm.lead, with all rights
        """
        language = find_language(lead)
        if language and lock_references(self.env.cr, {("res_lang", language.id)}):
            lead.with_context(tracking_disable=True).lang_id = language

    @api.model
    def _is_writable_lead(self, lead):
        """Tell whether a lead just came from its person: no test, no import, no recovered one.

        :param lead: crm.lead, with all rights
        :rtype: bool
        """
        event = lead.tiktok_event_id
        if lead.tiktok_is_test or event.source != "webhook":
            return False
        return self._get_last_moment(lead) >= read_transaction_clock(self.env)

    @api.model
    def _get_last_moment(self, lead):
        """Return until when a lead can be written to for the first time.

        :param lead: crm.lead, with all rights
        :return: UTC
        :rtype: datetime
        """
        began = lead.tiktok_submitted_at or lead.tiktok_event_id.received_at or lead.create_date
        return began + timedelta(hours=const.MESSAGE_HOURS)

    @api.model
    def _find_due_time(self, company, lead, hours):
        """Find when a lead is written to.

        :param company: res.company
        :param lead: crm.lead, with all rights
        :param TeamHours hours: of all leads
        :return: UTC
        :rtype: datetime
        """
        now = read_transaction_clock(self.env)
        if company.sudo().tiktok_message_timing != "opening":
            return now
        return hours.get_hours(lead.team_id, company).find_opening(now)

    # === THE JOB === #

    @api.model
    @retry_on_serialization_failure
    def _cron_send_messages(self):
        """Send the messages that are due, the oldest first, and wake up for the next one."""
        waiting, now = [("state", "=", "waiting")], read_transaction_clock(self.env)
        due = self.search([*waiting, ("due_at", "<=", now)], order="due_at, id")
        process_each(
            due,
            lambda message: message._send_message(),
            lambda message, error: message._handle_error(error),
            job=const.MESSAGE_JOB,
        )
        later = self.search([*waiting, ("due_at", ">", now)], order="due_at", limit=1)
        if later:
            self.env["ir.cron"]._tiktok_trigger_job(const.MESSAGE_CRON_XMLID, later.due_at)

    def _send_message(self):
        """Put one message into Odoo's queue, or store why it is not sent.

        :raise UnfinishedError: if another transaction holds it
        """
        if not self.try_lock_for_update():
            raise UnfinishedError
        if self.state != "waiting":
            return
        reason, is_queued = self._find_refusal(), bool(self.mail_message_id)
        if is_queued:  # before, and it was not delivered
            getattr(self, f"_requeue_{self.channel}")(is_canceled=bool(reason))
        if not reason and not is_queued:
            reason = getattr(self, f"_send_{self.channel}")()
        if reason:
            self.write({"state": "skipped", "reason": reason})
            return
        now = read_transaction_clock(self.env)
        self.write({"state": "sent", "sent_at": now, "reason": False})

    def _handle_error(self, error):
        """Try a message again later if the reason may pass, else store that it cannot be sent.

        :param Exception error: of the attempt; its text may hold personal data
        """
        _logger.warning("TikTok first message %s: %s", self.id, type(error).__name__)
        if isinstance(error, PASSING_ERRORS):
            self._postpone_message()
        else:
            interrupted = isinstance(error, InterruptedAttemptsError)
            self.write({"state": "failed", "reason": "interrupted" if interrupted else "error"})

    def _postpone_message(self):
        """Try a message again after a longer wait each time, as long as the lead is new."""
        for message in self:
            number = message.failure_count + 1
            wait = backoff(number, const.FIRST_RETRY_SECONDS, const.LONGEST_RETRY_SECONDS)
            due_at = read_transaction_clock(self.env) + wait
            is_late = due_at > self._get_last_moment(message.lead_id)
            state = "failed" if is_late else "waiting"
            values = {"failure_count": number, "due_at": due_at, "state": state}
            message.write({**values, "reason": "server"})
            if not is_late:
                self.env["ir.cron"]._tiktok_trigger_job(const.MESSAGE_CRON_XMLID, due_at)

    @api.model
    def _handle_delivery(self, mail_messages, *, is_failed, may_pass):
        """Follow what became of first messages in Odoo's queues; any other message is none.

        :param mail_messages: mail.message that a queue worked on
        :param bool is_failed: whether they were not sent
        :param bool may_pass: whether a later attempt can succeed
        """
        own = self.sudo().search([("mail_message_id", "in", mail_messages.ids)])
        # Most are sent as they say. A user may have sent again what failed.
        changed = own.filtered(lambda message: (message.state == "sent") == is_failed)
        if not changed:
            return
        with undo_on_conflict(self.env):
            changed = changed.try_lock_for_update()
            if is_failed and may_pass:
                changed._postpone_message()
            elif is_failed:
                changed.write({"state": "failed", "reason": "server"})
            else:
                changed.write({"state": "sent", "reason": False})

    def _find_refusal(self):
        """Return why a message must not be sent.

        :return: a key of `const.MESSAGE_REASONS`, or False
        :rtype: str | bool
        """
        lead = self.lead_id
        if lead.tiktok_is_test or not lead._tiktok_filter_open():
            return "closed"
        if lead.tiktok_first_contact_at:
            return "contacted"
        if self.channel not in self.company_id._tiktok_list_message_channels(lead.tiktok_form_id):
            return "turned_off"
        return getattr(self, f"_find_{self.channel}_refusal")()

    # === E-MAIL === #

    def _find_email_refusal(self):
        """Return why the lead's address must not be written to.

        :rtype: str | bool
        """
        lead = self.lead_id
        address = lead.email_normalized or email_normalize(lead.email_from)
        if not address:
            return "no_address"
        if lead.is_blacklisted:
            return "opted_out"
        bounced = [("email_normalized", "=", address), ("message_bounce", ">", 0)]
        for model in ("crm.lead", "res.partner"):
            if self.env[model].with_context(active_test=False).search_count(bounced, limit=1):
                return "bounced"
        return self._has_recent("email_normalized", address) and "recent"

    def _has_recent(self, name, value):
        """Tell whether the person of another lead got such a message a short time ago.

        :param str name: of the field that tells the person
        :param str value: of the person
        :rtype: bool
        """
        since = read_transaction_clock(self.env) - timedelta(hours=const.MESSAGE_HOURS)
        domain = [
            *(("company_id", "=", self.company_id.id), ("channel", "=", self.channel)),
            *(("state", "=", "sent"), ("sent_at", ">", since)),
            *(("lead_id", "!=", self.lead_id.id), (f"lead_id.{name}", "=", value)),
        ]
        found = self.with_context(active_test=False).search(domain, limit=1)
        return bool(found)

    def _send_email(self):
        """Put the e-mail into the queue; the chatter shows it.

        :return: why it was not possible, False if it was
        :rtype: str | bool
        """
        lead = self.lead_id
        template = lead.tiktok_form_id.first_message_template_id
        template = template or self.company_id.tiktok_message_template_id
        template = template or self.env.ref(const.MESSAGE_TEMPLATE_XMLID, False)
        if not template:
            return "no_template"
        # Odoo would make a contact of each address.
        lead = lead.with_context(mail_composer_force_partners=False)
        mails = lead.message_mail_with_source(
            template.sudo(),
            author_id=(lead.user_id.partner_id or self.company_id.partner_id).id,
            auto_delete_keep_log=True,
            force_send=False,
        )
        self.mail_message_id = mails[:1].mail_message_id
        return False

    def _requeue_email(self, *, is_canceled):
        """Put the e-mail that was not delivered into the queue again, or give it up.

        :param bool is_canceled: whether it is given up
        """
        failed = self.sudo().mail_message_id.mail_ids.filtered(lambda m: m.state == "exception")
        if is_canceled:
            failed.cancel()
            return
        failed.mark_outgoing()
        queue = self.env.ref(MAIL_CRON_XMLID, raise_if_not_found=False)
        if queue:
            queue.sudo()._tiktok_trigger()


class MailMail(models.Model):
    """An e-mail whose sending tells its first message, or its alerts, how it went."""

    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Try first messages again where the mail server did not answer.

        :param list success_pids: as Odoo's
        :param list success_emails: as Odoo's
        :param str failure_reason: as Odoo's
        :param str failure_type: as Odoo's
        :return: what Odoo returns
        """
        self.env["tiktok.first.message"]._handle_delivery(
            self.sudo().mail_message_id,
            is_failed=bool(failure_type),
            may_pass=failure_type == NO_SERVER,
        )
        if failure_type == NO_SERVER:
            with undo_on_conflict(self.env):
                self.env["tiktok.lead.alert"]._handle_undelivered_mails(self)
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )
