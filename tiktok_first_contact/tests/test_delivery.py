"""What becomes of a first message in Odoo's queue while a mail server is away."""

import smtplib
from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.tests.common_speed import seconds

from .common import NOW, ContactCommon

CRON = "ir_cron_send_first_messages"
LOGGER = "odoo.addons.tiktok_first_contact"


@tagged("post_install", "-at_install")
class TestDelivery(ContactCommon):
    """A message is lost neither with its mail server nor sent twice."""

    def setUp(self):
        super().setUp()
        self.company.tiktok_message_email = True
        self.lead = self.make(create_time=seconds(NOW))
        self.message = self.lead.tiktok_first_message_ids

    def mail(self):
        """Return the e-mail of the message.

        :rtype: mail.mail
        """
        return self.message.mail_message_id.mail_ids

    def fail_queue(self):
        """Have Odoo send its queue while no mail server answers."""
        server = type(self.env["ir.mail_server"])
        with patch.object(server, "_connect__", side_effect=ConnectionRefusedError()):
            self.mail().send()

    def test_mail_server_that_was_away_is_asked_again(self):
        self.run_own_cron(CRON)
        first = self.mail()
        self.fail_queue()
        self.assertEqual((self.message.state, self.message.reason), ("waiting", "server"))
        self.assertGreater(self.message.due_at, NOW)
        self.assertEqual(first.state, "exception")
        self.run_own_cron(CRON)  # not before it is due
        self.assertEqual(self.message.state, "waiting")
        self.frozen.move_to(self.message.due_at)
        self.run_own_cron(CRON)
        self.assertEqual((self.mail(), first.state), (first, "outgoing"))
        self.assertEqual((self.message.state, self.message.reason), ("sent", False))

    def test_each_wait_is_longer_and_the_last_one_is_over_after_a_day(self):
        waits = []
        for _attempt in range(100):
            self.run_own_cron(CRON)
            self.fail_queue()
            if self.message.state == "failed":
                break
            waits.append((self.message.due_at - self.env.cr.now()).total_seconds())
            self.frozen.move_to(self.message.due_at)
        self.assertEqual((self.message.state, self.message.reason), ("failed", "server"))
        self.assertLess(waits[0] * 20, waits[-1])
        self.assertAlmostEqual(sum(waits), 24 * 3600, delta=2 * 3600)

    def test_address_that_the_server_refuses_is_final(self):
        self.run_own_cron(CRON)
        self.mail()._postprocess_sent_message([], [], "refused", "mail_email_invalid")
        self.assertEqual((self.message.state, self.message.reason), ("failed", "server"))

    def test_salesperson_who_was_faster_meanwhile(self):
        self.run_own_cron(CRON)
        first = self.mail()
        self.fail_queue()
        self.set_outcome(self.lead, "reached")
        self.frozen.move_to(self.message.due_at)
        self.run_own_cron(CRON)
        self.assertEqual((self.message.state, self.message.reason), ("skipped", "contacted"))
        self.assertEqual(first.state, "cancel")

    def test_what_a_user_sent_again_is_not_sent_twice(self):
        self.run_own_cron(CRON)
        self.fail_queue()
        mail = self.mail()
        mail.mark_outgoing()
        mail._postprocess_sent_message([], [])
        self.assertEqual(self.message.state, "sent")
        self.frozen.move_to(self.message.due_at)
        self.run_own_cron(CRON)
        own = [("model", "=", "crm.lead"), ("res_id", "=", self.lead.id)]
        self.assertFalse(self.env["mail.mail"].search(own) - mail)

    def test_error_that_may_pass_is_tried_again(self):
        messages = self.env.registry["tiktok.first.message"]
        for number, error in enumerate((smtplib.SMTPServerDisconnected(), TimeoutError()), 1):
            with (
                patch.object(messages, "_send_email", side_effect=error),
                self.assertLogs(LOGGER, "WARNING"),
            ):
                self.run_own_cron(CRON)
            self.assertEqual((self.message.state, self.message.failure_count), ("waiting", number))
            self.frozen.move_to(self.message.due_at + timedelta(seconds=1))
        self.run_own_cron(CRON)
        self.assertEqual(self.message.state, "sent")
        self.assertEqual(len(self.mail()), 1)
