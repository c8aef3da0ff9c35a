from odoo import fields, models

TEMPLATE = "tiktok_first_contact_sms.sms_template_lead_received"
SMS_CRON_XMLID = "sms.ir_cron_sms_scheduler_action"
# What a later attempt can send: the service is back, or someone bought credit.
PASSING_FAILURES = ("sms_server", "sms_credit", "sms_acc")


class TiktokFirstMessage(models.Model):
    """The first message as an SMS, through Odoo's queue of SMS."""

    _inherit = "tiktok.first.message"

    channel = fields.Selection(selection_add=[("sms", "SMS")], ondelete={"sms": "cascade"})

    def _find_sms_refusal(self):
        """Return why the lead's number must not be written to.

        :return: a key of `reason`, or False
        :rtype: str | bool
        """
        lead = self.lead_id
        if not lead.phone_sanitized or lead.tiktok_phone_issue or lead.tiktok_is_wrong_number:
            return "no_address"
        if lead.phone_sanitized_blacklisted:
            return "opted_out"
        return self._has_recent("phone_sanitized", lead.phone_sanitized) and "recent"

    def _send_sms(self):
        """Put the SMS into the queue; the chatter shows it.

        :return: why it was not possible, False if it was
        :rtype: str | bool
        """
        lead = self.lead_id
        template = lead.tiktok_form_id.first_sms_template_id
        template = template or self.company_id.tiktok_sms_template_id
        template = template or self.env.ref(TEMPLATE, False)
        if not template:
            return "no_template"
        self.mail_message_id = lead._message_sms_with_template(
            template=template.sudo(), sms_numbers=[lead.phone_sanitized], put_in_queue=True
        )
        return False

    def _requeue_sms(self, *, is_canceled):
        """Put the SMS that was not sent into the queue again, or give it up.

        :param bool is_canceled: whether it is given up
        """
        texts = self.env["sms.sms"].sudo()
        failed = texts.search(
            [("mail_message_id", "=", self.sudo().mail_message_id.id), ("state", "=", "error")]
        )
        if is_canceled:
            failed.action_set_canceled()
            return
        failed.action_set_outgoing()
        queue = self.env.ref(SMS_CRON_XMLID, raise_if_not_found=False)
        if queue:
            queue.sudo()._tiktok_trigger()


class SmsSms(models.Model):
    """An SMS whose sending tells its first message how it went."""

    _inherit = "sms.sms"

    def _handle_call_result_hook(self, results):
        """Try first messages again where the SMS service did not answer.

        :param list results: as Odoo's
        :return: what Odoo returns
        """
        failed = self.filtered(lambda text: text.state == "error")
        passing = failed.filtered(lambda text: text.failure_type in PASSING_FAILURES)
        handle = self.env["tiktok.first.message"]._handle_delivery
        handle(passing.mail_message_id, is_failed=True, may_pass=True)
        handle((failed - passing).mail_message_id, is_failed=True, may_pass=False)
        handle((self - failed).mail_message_id, is_failed=False, may_pass=False)
        return super()._handle_call_result_hook(results)
