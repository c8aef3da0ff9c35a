import json
import secrets
from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.tests.common_speed import seconds

from .. import const
from .common import NOW, ContactCommon

CRON = "ir_cron_send_alerts"
LOGGER = "odoo.addons.tiktok_first_contact"


@tagged("post_install", "-at_install")
class TestAlert(ContactCommon):
    """A salesperson without an open browser knows of a lead all the same."""

    def setUp(self):
        super().setUp()
        for user in self.sellers:
            user.email = f"{user.login}@example.com"

    def mails(self, user):
        """Return the e-mails to a user.

        :param user: res.users
        :rtype: mail.mail
        """
        mails = self.env["mail.mail"].search([("message_type", "=", "user_notification")])
        return mails.filtered(lambda mail: user.email in (mail.email_to or ""))

    def open_browser(self, user, moment=NOW):
        """Have a user's browser report itself.

        :param user: res.users
        :param datetime moment: of its last report
        """
        self.env["mail.presence"].create(
            {"user_id": user.id, "status": "online", "last_poll": moment}
        )

    def add_device(self, user):
        """Have a user turn on push notifications on a phone.

        :param user: res.users
        """
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("mail.web_push_vapid_private_key", "fake-private")
        parameters.set_param("mail.web_push_vapid_public_key", "fake-public")
        self.env["mail.push.device"].create(
            {
                "partner_id": user.partner_id.id,
                "endpoint": "https://push.example.com/1",
                "keys": json.dumps({"p256dh": "fake", "auth": "fake"}),
            }
        )

    def test_email_to_who_has_no_open_browser(self):
        lead = self.new_lead()
        self.run_own_cron(CRON)
        mail = self.mails(self.ana)
        self.assertEqual(len(mail), 1)
        self.assertIn(lead.contact_name, mail.subject)
        self.assertIn(f"res_id={lead.id}", mail.body_html)
        self.assertFalse(mail.mail_message_id.model)
        self.run_own_cron(CRON)
        self.assertEqual(len(self.mails(self.ana)), 1)

    def test_no_email_to_who_has_an_open_browser(self):
        self.open_browser(self.ana)
        self.new_lead()
        self.run_own_cron(CRON)
        self.assertFalse(self.mails(self.ana))

    def test_browser_that_vanished_counts_as_closed(self):
        self.open_browser(self.ana, NOW - timedelta(minutes=5))
        self.new_lead()
        self.run_own_cron(CRON)
        self.assertTrue(self.mails(self.ana))

    def test_push_to_each_device(self):
        self.open_browser(self.ana)
        self.add_device(self.ana)
        lead = self.new_lead()
        self.run_own_cron(CRON)
        push = self.env["mail.push"].search([])
        self.assertEqual(len(push), 1)
        payload = json.loads(push.payload)
        self.assertIn(lead.contact_name, payload["title"])
        self.assertEqual(payload["options"]["data"], {"model": "crm.lead", "res_id": lead.id})

    def test_both_can_be_turned_off(self):
        self.add_device(self.ana)
        self.company.write({"tiktok_alert_push": False, "tiktok_alert_email": False})
        self.new_lead()
        self.run_own_cron(CRON)
        self.assertFalse(self.mails(self.ana) or self.env["mail.push"].search([]))
        self.assertFalse(self.env["tiktok.lead.alert"].search([("user_id", "=", self.ana.id)]))

    def test_many_leads_are_one_email(self):
        self.company.write({"tiktok_assignment": "fixed", "tiktok_user_id": self.ana.id})
        self.make_many(25, create_time=seconds(NOW))
        self.run_own_cron(CRON)
        mail = self.mails(self.ana)
        self.assertEqual(len(mail), 1)
        self.assertIn("25", mail.subject)
        self.assertEqual(mail.body_html.count("res_id="), 20)

    def test_night_waits_for_the_morning(self):
        self.frozen.move_to(NOW.replace(hour=23))
        self.make(create_time=seconds(NOW.replace(hour=23)))
        self.run_own_cron(CRON)
        self.assertFalse(self.mails(self.ana))
        self.assertFalse(self.get_popups(self.ana, "new"))
        self.frozen.move_to(NOW.replace(day=21, hour=8))
        self.run_own_cron(CRON)
        self.assertEqual(len(self.mails(self.ana)), 1)
        self.assertEqual(len(self.get_popups(self.ana, "new")), 1)

    def test_reminder_of_the_night_tells_in_the_morning_how_long_it_waited(self):
        lead = self.new_lead()
        lead.tiktok_reminded = 2
        self.frozen.move_to(NOW.replace(hour=23))
        notification = self.env["tiktok.lead.notification"]
        notification._send_lead_popup(lead, self.ana, "reminder", minutes=15)
        self.assertFalse(self.get_popups(self.ana, "reminder"))
        self.frozen.move_to(NOW.replace(day=21, hour=8))
        self.run_own_cron(CRON)
        self.assertEqual(self.get_popups(self.ana, "reminder")[0]["minutes"], 15)

    def test_lead_that_was_contacted_meanwhile_alerts_no_one(self):
        lead = self.new_lead()
        self.set_outcome(lead, "reached")
        self.run_own_cron(CRON)
        self.assertFalse(self.mails(self.ana))

    # === WHAT GOES WRONG === #

    def break_titles(self, lead):
        """Have each title that names a lead fail, until the returned patch is stopped.

        :param lead: crm.lead
        :return: the patch
        """
        alerts = self.env.registry["tiktok.lead.alert"]
        describe = alerts._describe_leads

        def refuse_lead(model, user, leads, kind):
            if lead in leads:
                raise ValueError("a title with " + lead.contact_name)
            return describe(model, user, leads, kind)

        broken = patch.object(alerts, "_describe_leads", refuse_lead)
        broken.start()
        return broken

    def test_alert_that_fails_holds_up_no_other_and_is_tried_again(self):
        self.company.write({"tiktok_assignment": "fixed", "tiktok_user_id": self.ana.id})
        bad, good = self.new_lead(), self.new_lead()
        broken = self.break_titles(bad)
        with self.assertLogs(LOGGER, "WARNING") as log:
            self.run_own_cron(CRON)
        self.assertNotIn(bad.contact_name, "".join(log.output))
        [mail] = self.mails(self.ana)
        self.assertIn(good.contact_name, mail.subject)
        alert = self.env["tiktok.lead.alert"].search([("lead_id", "=", bad.id)])
        self.assertFalse(alert.done_at)
        self.assertGreater(alert.due_at, NOW)
        broken.stop()
        self.frozen.move_to(alert.due_at)
        self.run_own_cron(CRON)
        self.assertIn(bad.contact_name, (self.mails(self.ana) - mail).subject)

    def test_alert_that_always_fails_is_given_up(self):
        lead = self.new_lead()
        self.addCleanup(self.break_titles(lead).stop)
        alert = self.env["tiktok.lead.alert"].search([("lead_id", "=", lead.id)])
        with self.assertLogs(LOGGER, "WARNING"):
            for _failure in range(const.MOST_ALERT_FAILURES):
                self.assertFalse(alert.done_at)
                self.frozen.move_to(max(alert.due_at, NOW))
                self.run_own_cron(CRON)
        self.assertTrue(alert.done_at)

    def test_email_that_found_no_server_is_sent_again_and_nothing_else(self):
        self.add_device(self.ana)
        self.new_lead()
        self.run_own_cron(CRON)
        first, alert = self.mails(self.ana), self.env["tiktok.lead.alert"].search([], limit=1)
        server = type(self.env["ir.mail_server"])
        with (
            patch.object(server, "_connect__", side_effect=ConnectionRefusedError()),
            self.assertLogs(LOGGER, "WARNING"),
        ):
            first.send()
        self.assertFalse(alert.done_at)
        self.frozen.move_to(alert.due_at)
        self.run_own_cron(CRON)
        self.assertTrue(alert.done_at)
        self.assertFalse(first.exists())
        self.assertEqual(len(self.mails(self.ana)), 1)
        self.assertEqual(len(self.env["mail.push"].search([])), 1)

    def test_no_alert_of_a_lead_that_the_user_may_no_longer_read(self):
        lead = self.new_lead()
        self.env["tiktok.lead.alert"]._queue_alerts(lead, self.boris, "repeat")
        self.run_own_cron(CRON)
        self.assertFalse(self.mails(self.boris))
        self.assertTrue(self.mails(self.ana))

    def test_long_name_is_shortened(self):
        self.add_device(self.ana)
        words = " ".join(secrets.token_hex(4) for _word in range(600))
        self.new_lead().contact_name = words
        self.run_own_cron(CRON)
        self.assertLess(len(self.mails(self.ana).subject), 200)
        self.assertLess(len(self.env["mail.push"].search([]).payload), 3990)

    def test_team_leader_hears_of_a_lead_that_each_member_had(self):
        self.company.tiktok_reassign_minutes = 20
        self.team.user_id = self.manager
        self.manager.email = "leader@example.com"
        lead = self.new_lead()
        for minutes in (20, 40, 60):
            self.later(minutes)
        self.assertEqual(len(lead.tiktok_previous_user_ids), 2)
        self.assertEqual(len(self.get_popups(self.manager, "escalated")), 1)
        self.assertIn(self.manager, lead.activity_ids.user_id)
        self.run_own_cron(CRON)
        self.assertEqual(len(self.mails(self.manager)), 1)
