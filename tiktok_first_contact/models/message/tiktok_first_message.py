import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import email_normalize

from odoo.addons.tiktok_leadgen.concurrency import (
    InterruptedAttemptsError,
    UnfinishedError,
    process_each,
    retry_on_serialization_failure,
)
from odoo.addons.tiktok_leadgen.working_hours import TeamHours

from ... import const
from ...lead_language import find_language

_logger = logging.getLogger(__name__)


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

    lead_id = fields.Many2one("crm.lead", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    channel = fields.Selection([("email", "E-mail")], required=True, readonly=True)
    state = fields.Selection(
        const.MESSAGE_STATES, "Status", required=True, readonly=True, default="waiting"
    )
    reason = fields.Selection(const.MESSAGE_REASONS, readonly=True)
    due_at = fields.Datetime("Due", required=True, readonly=True)
    sent_at = fields.Datetime("Sent on", readonly=True)

    _lead_uniq = models.UniqueIndex(
        "(lead_id, channel)", "A lead gets one first message in each channel."
    )
    _due_idx = models.Index("(due_at) WHERE state = 'waiting'")
    _recent_idx = models.Index("(company_id, channel, sent_at) WHERE state = 'sent'")

    # === QUEUE === #

    @api.model
    def _queue_messages(self, leads):
        """Queue the first messages of new leads.

        :param leads: crm.lead just created
        """
        vals_list, hours = [], TeamHours()
        for lead in leads.sudo():
            company = lead._tiktok_get_company()
            channels = company and company._tiktok_list_message_channels(lead.tiktok_form_id)
            if not channels or not self._is_writable_lead(lead):
                continue
            if not lead.lang_id:
                lead.with_context(tracking_disable=True).lang_id = find_language(lead)
            due_at = self._find_due_time(company, lead, hours)
            shared = {"lead_id": lead.id, "company_id": company.id, "due_at": due_at}
            vals_list += [{**shared, "channel": channel} for channel in channels]
        if vals_list:
            self.sudo().create(vals_list)
            self._trigger_job(min(vals["due_at"] for vals in vals_list))

    @api.model
    def _is_writable_lead(self, lead):
        """Tell whether a lead just came from its person: no test, no import, no recovered one.

        :param lead: crm.lead, with all rights
        :rtype: bool
        """
        event = lead.tiktok_event_id
        if lead.tiktok_is_test or event.source != "webhook":
            return False
        oldest = fields.Datetime.now() - timedelta(hours=const.MESSAGE_HOURS)
        return (lead.tiktok_submitted_at or event.received_at) >= oldest

    @api.model
    def _find_due_time(self, company, lead, hours):
        """Find when a lead is written to.

        :param company: res.company
        :param lead: crm.lead, with all rights
        :param TeamHours hours: of all leads
        :return: UTC
        :rtype: datetime
        """
        now = fields.Datetime.now()
        if company.sudo().tiktok_message_timing != "opening":
            return now
        return hours.get_hours(lead.team_id, company).find_opening(now)

    @api.model
    def _trigger_job(self, at):
        """Have the job run when the first message is due.

        :param datetime at: UTC
        """
        cron = self.env.ref(const.MESSAGE_CRON_XMLID, raise_if_not_found=False)
        if cron:
            cron.sudo()._tiktok_trigger(at)

    # === THE JOB === #

    @api.model
    @retry_on_serialization_failure
    def _cron_send_messages(self):
        """Send the messages that are due, the oldest first, and wake up for the next one."""
        waiting, now = [("state", "=", "waiting")], fields.Datetime.now()
        due = self.search([*waiting, ("due_at", "<=", now)], order="due_at, id")
        process_each(
            due,
            lambda message: message._send_message(),
            lambda message, error: message._handle_error(error),
            job=const.MESSAGE_JOB,
        )
        later = self.search([*waiting, ("due_at", ">", now)], order="due_at", limit=1)
        if later:
            self._trigger_job(later.due_at)

    def _send_message(self):
        """Put one message into Odoo's queue, or store why it is not sent.

        :raise UnfinishedError: if another transaction holds it
        """
        if not self.try_lock_for_update():
            raise UnfinishedError
        if self.state != "waiting":
            return
        reason = self._find_refusal() or getattr(self, f"_send_{self.channel}")()
        if reason:
            self.write({"state": "skipped", "reason": reason})
        else:
            self.write({"state": "sent", "sent_at": fields.Datetime.now(), "reason": False})

    def _handle_error(self, error):
        """Store that a message cannot be sent; it is not tried again.

        :param Exception error: of the attempt; its text may hold personal data
        """
        interrupted = isinstance(error, InterruptedAttemptsError)
        _logger.warning("TikTok first message %s: %s", self.id, type(error).__name__)
        self.write({"state": "failed", "reason": "interrupted" if interrupted else "error"})

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
        domain = [
            *(("company_id", "=", self.company_id.id), ("channel", "=", self.channel)),
            ("state", "=", "sent"),
            ("sent_at", ">", fields.Datetime.now() - timedelta(hours=const.MESSAGE_HOURS)),
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
        lead.message_mail_with_source(
            template.sudo(),
            author_id=(lead.user_id.partner_id or self.company_id.partner_id).id,
            auto_delete_keep_log=True,
            force_send=False,
        )
        return False
