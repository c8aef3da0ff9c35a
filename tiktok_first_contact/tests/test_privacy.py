import json

from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.person_export import export_leads

from .common import ContactCommon


@tagged("post_install", "-at_install")
class TestPrivacy(ContactCommon):
    """Calls, first messages and alerts of a person are exported, and what names them is erased."""

    def setUp(self):
        super().setUp()
        self.company.tiktok_message_email = True
        self.ana.email = "seller@example.com"
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("mail.web_push_vapid_private_key", "fake-private")
        parameters.set_param("mail.web_push_vapid_public_key", "fake-public")
        self.env["mail.push.device"].create(
            {
                "partner_id": self.ana.partner_id.id,
                "endpoint": "https://push.example.com/1",
                "keys": json.dumps({"p256dh": "fake", "auth": "fake"}),
            }
        )
        self.lead = self.new_lead()
        self.run_own_cron("ir_cron_send_first_messages")
        self.run_own_cron("ir_cron_send_alerts")
        self.set_outcome(self.lead, "no_answer")

    def find_named(self):
        """Return what still has the name of the person, in Odoo's queues.

        :rtype: list[str]
        """
        name = self.name
        mails = self.env["mail.mail"].search([])
        texts = [f"{mail.subject} {mail.body_html}" for mail in mails]
        texts += [push.payload for push in self.env["mail.push"].search([])]
        return [text for text in texts if name in text]

    def test_queues_are_erased_with_the_lead(self):
        self.name = self.lead.contact_name
        self.assertEqual(len(self.find_named()), 2)  # the e-mail to the salesperson, and the push
        self.env["tiktok.privacy"]._erase_leads(self.lead.sudo())
        self.assertFalse(self.find_named())
        self.assertFalse(self.env["tiktok.lead.alert"].search([("lead_id", "=", self.lead.id)]))
        self.assertTrue(self.lead.tiktok_attempt_ids and self.lead.tiktok_first_message_ids)

    def test_file_has_calls_messages_and_alerts(self):
        [held] = export_leads(self.lead.sudo())
        [attempt], [message] = held["contact_attempts"], held["first_messages"]
        self.assertEqual((attempt["channel"], attempt["outcome"]), ("call", "no_answer"))
        self.assertEqual((message["channel"], message["status"]), ("email", "sent"))
        self.assertEqual([alert["kind"] for alert in held["alerts"]], ["new"])
