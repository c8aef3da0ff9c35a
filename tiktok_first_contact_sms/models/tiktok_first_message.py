from odoo import fields, models

TEMPLATE = "tiktok_first_contact_sms.sms_template_lead_received"


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
        lead._message_sms_with_template(
            template=template.sudo(), sms_numbers=[lead.phone_sanitized], put_in_queue=True
        )
        return False
