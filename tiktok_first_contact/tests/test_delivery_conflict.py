"""A first message that another transaction changes while Odoo's queue sends it."""

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.tiktok_leadgen.tests.common import CommittedCommon, next_uid


@tagged("post_install", "-at_install")
class TestDeliveryConflict(CommittedCommon):
    """What the mail server took is not sent a second time."""

    def setUp(self):
        super().setUp()
        with self.cursor() as env:
            company = {"company_id": env.ref("base.main_company").id}
            lead = env["crm.lead"].create(
                {**company, "name": "Ana", "tiktok_lead_uid": str(next_uid())}
            )
            mail = env["mail.mail"].create(
                {"model": "crm.lead", "res_id": lead.id, "auto_delete": False}
            )
            message = env["tiktok.first.message"].create(
                {
                    **company,
                    "lead_id": lead.id,
                    "channel": "email",
                    "due_at": "2026-01-01",
                    "mail_message_id": mail.mail_message_id.id,
                }
            )
            self.lead_id, self.mail_id, self.message_id = lead.id, mail.id, message.id
        self.addCleanup(self.remove_lead)

    def remove_lead(self):
        """Delete the lead that was committed; its messages go with it."""
        with self.cursor() as env:
            env["mail.mail"].browse(self.mail_id).unlink()
            self.delete_leads(env, [self.lead_id])

    def send_while_changed(self, state):
        """Have Odoo's queue send the e-mail while another transaction writes to its first message.

        :return: the state of the e-mail
        """
        with self.cursor() as env:
            env["tiktok.first.message"].browse(self.message_id).state = state
            env["mail.mail"].browse(self.mail_id).state = "outgoing"
        with self.cursor() as queue:
            mail = queue["mail.mail"].browse(self.mail_id)
            mail.state = "sent"
            queue.flush_all()
            with self.cursor() as other:
                other["tiktok.first.message"].browse(self.message_id).failure_count += 1
            mail._postprocess_sent_message([], [])
        with self.cursor() as env:
            return env["mail.mail"].browse(self.mail_id).state

    @mute_logger("odoo.sql_db")
    def test_a_sent_mail_stays_sent(self):
        self.assertEqual(self.send_while_changed("sent"), "sent")
        with self.assertLogs("odoo.addons.tiktok_first_contact", "WARNING") as logs:
            self.assertEqual(self.send_while_changed("failed"), "sent")
        self.assertIn("SerializationFailure", logs.output[0])
