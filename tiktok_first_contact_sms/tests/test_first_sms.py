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

    def fail_text(self, text, failure_type):
        """Have Odoo's SMS service refuse an SMS.

        :param text: sms.sms
        :param str failure_type: of sms.sms
        """
        text.write({"state": "error", "failure_type": failure_type})
        text._handle_call_result_hook([])

    def test_service_that_did_not_answer_is_asked_again(self):
        lead = self.new_lead()
        self.run_own_cron(CRON)
        text, message = self.texts(lead), lead.tiktok_first_message_ids
        self.fail_text(text, "sms_server")
        self.assertEqual((message.state, message.reason), ("waiting", "server"))
        self.frozen.move_to(message.due_at)
        self.run_own_cron(CRON)
        self.assertEqual((self.texts(lead), text.state), (text, "outgoing"))
        self.assertEqual(message.state, "sent")
        self.fail_text(text, "sms_number_format")
        self.assertEqual((message.state, message.reason), ("failed", "server"))

    def test_number_and_text_are_erased_with_the_lead(self):
        lead = self.new_lead()
        self.run_own_cron(CRON)
        text = self.texts(lead)
        self.assertTrue(text)
        self.env["tiktok.privacy"]._erase_leads(lead.sudo())
        self.assertFalse(text.exists())
