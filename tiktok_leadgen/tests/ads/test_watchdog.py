from unittest.mock import patch

import requests

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..fake_business_api import TWO
from ..watchdog_common import WatchdogCommon


@tagged("post_install", "-at_install")
class TestWatchdog(WatchdogCommon):
    """Checks, repairs and alarms of the watchdog."""

    # === NO PROBLEM === #

    def test_everything_works(self):
        self.watch()
        self.check("ok")
        self.assertTrue(self.advertiser.health_checked_at)
        self.assertFalse(self.advertiser.activity_ids)
        self.assertFalse(self.mails)

    def test_an_unsubscribed_ad_account_needs_no_subscription(self):
        self.advertiser._unsubscribe_from_leads()
        self.watch()
        self.check("ok")
        self.assertFalse(self.tiktok.subscriptions)

    # === REPAIRS === #

    def test_a_missing_subscription_is_created_again(self):
        self.tiktok.subscriptions.clear()
        self.watch()
        self.check("repairing", "subscription", says="It was restored")
        self.assertEqual(len(self.tiktok.subscriptions), 1)
        self.assertEqual(self.advertiser.reconciliation_state, "waiting")
        self.watch()
        self.check("repairing", "subscription")
        self.finish_reconciliation(new_count=3)
        self.watch()
        self.check("ok")
        self.assertFalse(self.mails)

    def test_a_restored_subscription_is_recovered_although_another_one_is_refused(self):
        self.advertiser.with_messages = True
        self.tiktok.subscriptions.clear()
        self.tiktok.refusals["/subscription/subscribe/"] = [0, 40001]
        self.watch()
        self.check("broken", "admin", "reconnect", says="must be an Admin")
        self.assertEqual(self.advertiser.leads_state, "on")
        self.assertEqual(self.advertiser.reconciliation_state, "waiting")

    def test_our_duplicates_are_ended(self):
        self.tiktok.subscriptions.append({**self.tiktok.subscriptions[0], "subscription_id": "9"})
        self.watch()
        self.check("ok")
        self.assertEqual(len(self.tiktok.subscriptions), 1)

    # === ALARMS === #

    def test_an_invalid_token_is_notified_once(self):
        self.tiktok.tokens.clear()
        self.watch()
        self.check("broken", "token", "reconnect", says="Click Reconnect")
        self.assertEqual(self.advertiser.state, "revoked")
        self.watch()
        self.assertEqual(len(self.advertiser.activity_ids), 1)
        self.assertEqual(len(self.mails), 1)
        self.assertEqual(self.mails.notified_partner_ids, self.manager.partner_id)
        self.assertIn(f"/odoo/tiktok-ad-accounts/{self.advertiser.id}", self.mails.body)

    def test_the_alarm_is_in_the_language_of_who_reads_it(self):
        self.speak_arabic(self.manager)
        self.tiktok.tokens.clear()
        self.watch()
        self.check("broken", "token", "reconnect")
        for text in (
            *(self.advertiser.health_reason, self.advertiser.activity_ids.summary),
            *(self.mails.subject, self.mails.body),
        ):
            self.assert_arabic(text)

    def test_a_new_consent_clears_the_alarm(self):
        self.tiktok.tokens.clear()
        self.watch()
        self.connect()
        self.watch()
        self.assertIn(self.advertiser.health, ("ok", "repairing"))
        self.assertEqual(self.advertiser.state, "connected")
        self.assertEqual(len(self.tiktok.subscriptions), 1)
        self.finish_reconciliation()
        self.watch()
        self.check("ok")
        self.assertFalse(self.advertiser.activity_ids)
        self.assertFalse(self.advertiser.health_notified)

    def test_a_user_who_is_no_longer_admin_is_notified(self):
        self.tiktok.refusals["/lead/get/"] = [40301, 40301]
        self.watch()
        self.check("broken", "admin", "reconnect", says="must be an Admin")
        self.watch()
        self.assertEqual(len(self.advertiser.activity_ids), 1)
        self.assertEqual(len(self.mails), 1)
        self.watch()
        self.check("ok")
        self.assertFalse(self.advertiser.activity_ids)

    def test_a_refused_subscription_raises_an_alarm(self):
        self.tiktok.subscriptions.clear()
        self.tiktok.refusals["/subscription/subscribe/"] = [40002, 40002]
        self.watch()
        self.check("broken", "refused", "subscribe", says="TikTok rejected")
        self.advertiser.with_user(self.manager).action_fix()
        self.finish_reconciliation()
        self.watch()
        self.check("ok")
        self.assertFalse(self.advertiser.activity_ids)

    def test_missing_keys_raise_an_alarm(self):
        self.company.tiktok_app_id = False
        self.watch()
        self.check("broken", "refused", "subscribe", says="ID and secret")

    def test_another_problem_is_notified_too(self):
        self.tiktok.refusals["/lead/get/"] = [40301]
        self.watch()
        self.tiktok.tokens.clear()
        self.watch()
        self.assertEqual(len(self.mails), 2)
        self.assertEqual(len(self.advertiser.activity_ids), 1)

    def test_an_incomplete_reconciliation_raises_an_alarm(self):
        self.env["tiktok.reconciliation"]._start_for_advertisers(self.advertiser)
        self.finish_reconciliation("failed")
        self.watch()
        self.check("broken", "reconciliation", "reconcile", says="incomplete")
        self.advertiser.with_user(self.manager).action_fix()
        self.finish_reconciliation()
        self.watch()
        self.check("ok")

    def test_a_reconciliation_failing_each_night_is_notified_once(self):
        for _night in range(2):
            self.env["tiktok.reconciliation"]._start_for_advertisers(self.advertiser)
            self.watch()  # while it is under way
            self.finish_reconciliation("failed")
            self.watch()
            self.check("broken", "reconciliation", "reconcile", says="incomplete")
        self.assertEqual(len(self.mails), 1)
        self.assertFalse(self.recovery_messages())

    def recovery_messages(self):
        return self.advertiser.message_ids.filtered(lambda message: "arrive again" in message.body)

    def test_disconnecting_a_broken_ad_account_posts_no_recovery(self):
        self.tiktok.refusals["/lead/get/"] = [40301]
        self.watch()
        self.check("broken", "admin", "reconnect", says="must be an Admin")
        self.advertiser.with_user(self.manager).action_disconnect()
        self.watch()
        self.assertFalse(self.advertiser.health_notified)
        self.assertFalse(self.recovery_messages())

    def test_a_failing_connection_test_stops_no_checks(self):
        connection_test = self.env["tiktok.connection.test"].create(
            {"company_id": self.company.id, "began": 1}
        )
        with (
            patch.object(type(connection_test), "_finish_test", side_effect=ValueError("Ana")),
            self.assertLogs("odoo.addons.tiktok_leadgen", "WARNING") as log,
        ):
            self.watch()
        self.check("ok")
        self.assertEqual(connection_test.state, "failed")
        self.assertNotIn("Ana", "".join(log.output))

    # === TIKTOK IS DOWN === #

    def test_an_unreachable_tiktok_raises_an_alarm_after_hours(self):
        self.watch()
        self.tiktok.down = requests.ConnectTimeout()
        self.watch()
        self.check("unchecked", says="could not be checked")
        self.assertTrue(self.advertiser.health_unchecked_since)
        self.assertFalse(self.mails)
        self.age(health_unchecked_since=7)
        self.watch()
        self.check("broken", "unreachable", "reconcile", says="could not be checked")
        self.watch()
        self.assertEqual(len(self.mails), 1)
        self.tiktok.down = None
        self.watch()
        self.check("ok")
        self.assertFalse(self.advertiser.activity_ids)
        self.assertFalse(self.advertiser.health_unchecked_since)

    def test_a_broken_ad_account_stays_broken_while_tiktok_is_down(self):
        self.tiktok.refusals["/lead/get/"] = [40301]
        self.watch()
        self.tiktok.down = requests.ConnectTimeout()
        self.watch()
        self.check("broken", "admin", "reconnect", says="must be an Admin")
        self.assertEqual(len(self.mails), 1)

    def test_a_failing_check_stops_no_others(self):
        two = self.connect((TWO,))
        two.wants_leads = False  # nothing to restore
        self.tiktok.refusals["/page/get/"] = [50000, 0]
        self.watch()
        self.assertIn("could not be checked", self.advertiser.health_reason)
        self.assertEqual((two.health, two.health_reason), ("ok", False))

    # === SILENCE === #

    def test_a_form_with_few_leads_may_be_silent(self):
        self.submit(*range(100, 109))
        self.watch()
        self.check("ok")

    def test_a_night_is_no_silence(self):
        self.submit(*range(8, 14), *range(32, 38))
        self.watch()
        self.check("ok")

    def test_silence_starts_one_reconciliation(self):
        self.submit(*range(20, 32))
        self.watch()
        self.check("repairing", "silence", says="Spring")
        self.finish_reconciliation()
        self.watch()
        self.check("ok")
        self.assertEqual(len(self.advertiser.reconciliation_ids), 2)
        self.watch()
        self.assertEqual(len(self.advertiser.reconciliation_ids), 2)

    def test_leads_missed_in_silence_raise_an_alarm(self):
        self.submit(*range(20, 32))
        self.watch()
        self.finish_reconciliation(new_count=7)
        self.watch()
        self.check("broken", "undelivered", "reconcile", says="recovered them: 7.")
        self.advertiser.health_reconciliation_id.done_at = "2026-01-01"
        self.submit(0)
        self.watch()
        self.check("ok")

    # === THE BANNER === #

    def test_the_company_shows_the_problem_and_its_fix(self):
        self.tiktok.tokens.clear()
        self.watch()
        company = self.company.with_user(self.manager)
        self.assertEqual((company.tiktok_broken_count, company.tiktok_broken_fix), (1, "reconnect"))
        self.assertIn("ACME One", company.tiktok_broken_text)
        self.assertIn("/portal/auth", company.action_tiktok_fix()["url"])
        stranger = self.other_company.with_user(self.stranger)
        self.assertFalse(stranger.tiktok_broken_count)
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self.company.with_user(self.salesman).read(["tiktok_broken_text"])

    def test_the_banner_names_three_and_counts_the_others(self):
        company = self.company.with_user(self.manager)
        one = self.advertiser
        one.write({"health": "broken", "health_reason": "Look.", "health_fix": "reconcile"})
        self.assertFalse(company.tiktok_broken_others)
        for number, name in enumerate(("B two", "C three", "D four", "E five")):
            one.create(
                {
                    "name": name,
                    "advertiser_uid": f"76000000000000000{number}",
                    "company_id": self.company.id,
                    "health": "broken",
                }
            )
            company.invalidate_recordset()
            if number == 1:
                names = "\u2068B two\u2069, \u2068C three\u2069"
                self.assertEqual(
                    company.tiktok_broken_others, f"These also need attention: {names}"
                )
        self.assertEqual(company.tiktok_broken_text, "\u2068ACME One\u2069: Look.")
        self.assertEqual(
            company.tiktok_broken_others, f"These also need attention: {names} and 2 more"
        )
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self.company.with_user(self.salesman).read(["tiktok_broken_others"])

    def test_only_managers_can_request_a_check(self):
        for user in (self.salesman, self.stranger):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.advertiser.with_user(user).action_check_health()
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.advertiser.with_user(user).action_fix()
        self.advertiser.with_user(self.manager).action_check_health()
