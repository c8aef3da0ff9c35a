from odoo.tests import tagged

from odoo.addons.tiktok_first_contact.tests.common import ContactCommon

CRON = "ir_cron_send_first_messages"


@tagged("post_install", "-at_install")
class TestFirstSms(ContactCommon):
    """The first message as an SMS, once."""

    def setUp(self):
        super().setUp()
        self.company.tiktok_message_sms = True

    def texts(self, lead):
        """Return the SMS in the queue for a lead.

        :param lead: crm.lead
        :rtype: sms.sms
        """
        return self.env["sms.sms"].search([("number", "=", lead.phone_sanitized)])

    def test_sent_once_and_shown_in_the_chatter(self):
        lead = self.new_lead()
        for _run in range(2):
            self.run_own_cron(CRON)
        text = self.texts(lead)
        self.assertEqual(len(text), 1)
        self.assertIn(lead.contact_name.split()[0], text.body)
        self.assertEqual(text.state, "outgoing")
        self.assertIn(text.mail_message_id, lead.message_ids)
        self.assertFalse(lead.tiktok_first_contact_at)

    def test_beside_the_email(self):
        self.company.tiktok_message_email = True
        lead = self.new_lead()
        self.run_own_cron(CRON)
        self.assertEqual(set(lead.tiktok_first_message_ids.mapped("channel")), {"email", "sms"})
        self.assertEqual(set(lead.tiktok_first_message_ids.mapped("state")), {"sent"})

    def test_not_to_who_opted_out_or_has_no_valid_number(self):
        lead = self.new_lead()
        self.env["phone.blacklist"]._add([lead.phone_sanitized])
        wrong = self.new_lead(answers={"name": "Ana", "phone_number": "12"})
        self.run_own_cron(CRON)
        self.assertEqual(lead.tiktok_first_message_ids.reason, "opted_out")
        self.assertEqual(wrong.tiktok_first_message_ids.reason, "no_address")
        self.assertFalse(self.texts(lead))

    def test_form_without_messages(self):
        lead = self.new_lead()
        lead.tiktok_form_id.first_message = "off"
        self.run_own_cron(CRON)
        self.assertEqual(lead.tiktok_first_message_ids.reason, "turned_off")

    def test_form_has_its_own_template(self):
        lead = self.new_lead()
        template = self.env["sms.template"].create(
            {
                "name": "Own",
                "body": "Only this form",
                "model_id": self.env.ref("crm.model_crm_lead").id,
            }
        )
        lead.tiktok_form_id.first_sms_template_id = template
        self.run_own_cron(CRON)
        self.assertEqual(self.texts(lead).body, "Only this form")
