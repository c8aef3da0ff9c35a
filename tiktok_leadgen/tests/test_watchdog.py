from unittest.mock import patch

import requests

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .fake_business_api import TWO
from .watchdog_common import WatchdogCommon


@tagged("post_install", "-at_install")
class TestWatchdog(WatchdogCommon):
    """What the watchdog finds, mends and tells."""

    # === ALL IS WELL === #

    def test_all_is_well(self):
        self.watch()
        self.check("ok")
        self.assertTrue(self.advertiser.health_checked_at)
        self.assertFalse(self.advertiser.activity_ids)
        self.assertFalse(self.mails)

    def test_who_wants_no_leads_needs_no_subscription(self):
        self.advertiser._unsubscribe()
        self.watch()
        self.check("ok")
        self.assertFalse(self.tiktok.subscriptions)

    # === HEALING === #

    def test_a_missing_subscription_is_made_again(self):
        self.tiktok.subscriptions.clear()
        self.watch()
        self.check("healing", "subscription", says="is there again")
        self.assertEqual(len(self.tiktok.subscriptions), 1)
        self.assertEqual(self.advertiser.backfill_state, "waiting")
        self.watch()
        self.check("healing", "subscription")
        self.finish_comparison(new_count=3)
        self.watch()
        self.check("ok")
        self.assertFalse(self.mails)

    def test_our_duplicates_go(self):
        self.tiktok.subscriptions.append({**self.tiktok.subscriptions[0], "subscription_id": "9"})
        self.watch()
        self.check("ok")
        self.assertEqual(len(self.tiktok.subscriptions), 1)

    # === WHAT NEEDS SOMEBODY === #

    def test_a_dead_token_is_told_once(self):
        self.tiktok.tokens.clear()
        self.watch()
        self.check("broken", "token", "reconnect", says="Press Reconnect")
        self.assertEqual(self.advertiser.state, "revoked")
        self.watch()
        self.assertEqual(len(self.advertiser.activity_ids), 1)
        self.assertEqual(len(self.mails), 1)
        self.assertEqual(self.mails.notified_partner_ids, self.manager.partner_id)
        self.assertIn(f"/odoo/tiktok-ad-accounts/{self.advertiser.id}", self.mails.body)

    def test_a_new_consent_clears_it(self):
        self.tiktok.tokens.clear()
        self.watch()
        self.connect()
        self.watch()
        self.assertIn(self.advertiser.health, ("ok", "healing"))
        self.assertEqual(self.advertiser.state, "connected")
        self.assertEqual(len(self.tiktok.subscriptions), 1)
        self.finish_comparison()
        self.watch()
        self.check("ok")
        self.assertFalse(self.advertiser.activity_ids)
        self.assertFalse(self.advertiser.health_told)

    def test_who_is_admin_no_more(self):
        self.tiktok.refusals["/lead/get/"] = [40301, 40301]
        self.watch()
        self.check("broken", "admin", "reconnect", says="must be Admin")
        self.watch()
        self.assertEqual(len(self.advertiser.activity_ids), 1)
        self.assertEqual(len(self.mails), 1)
        self.watch()
        self.check("ok")
        self.assertFalse(self.advertiser.activity_ids)

    def test_a_subscription_that_is_refused(self):
        self.tiktok.subscriptions.clear()
        self.tiktok.refusals["/subscription/subscribe/"] = [40002, 40002]
        self.watch()
        self.check("broken", "refused", "subscribe", says="TikTok does not take")
        self.advertiser.with_user(self.manager).action_mend()
        self.finish_comparison()
        self.watch()
        self.check("ok")
        self.assertFalse(self.advertiser.activity_ids)

    def test_keys_that_are_missing(self):
        self.company.tiktok_app_id = False
        self.watch()
        self.check("broken", "refused", "subscribe", says="ID and secret")

    def test_another_problem_is_told_too(self):
        self.tiktok.refusals["/lead/get/"] = [40301]
        self.watch()
        self.tiktok.tokens.clear()
        self.watch()
        self.assertEqual(len(self.mails), 2)
        self.assertEqual(len(self.advertiser.activity_ids), 1)

    def test_an_incomplete_comparison(self):
        self.env["tiktok.backfill"]._ask(self.advertiser)
        self.finish_comparison("failed")
        self.watch()
        self.check("broken", "comparison", "compare", says="incomplete")
        self.advertiser.with_user(self.manager).action_mend()
        self.finish_comparison()
        self.watch()
        self.check("ok")

    def test_a_comparison_that_fails_each_night_is_told_once(self):
        for _night in range(2):
            self.env["tiktok.backfill"]._ask(self.advertiser)
            self.watch()  # while it is under way
            self.finish_comparison("failed")
            self.watch()
            self.check("broken", "comparison", "compare", says="incomplete")
        self.assertEqual(len(self.mails), 1)
        self.assertFalse(self.says_well())

    def says_well(self):
        return self.advertiser.message_ids.filtered(lambda message: "come again" in message.body)

    def test_who_disconnects_a_broken_one_is_not_told_that_leads_come(self):
        self.tiktok.refusals["/lead/get/"] = [40301]
        self.watch()
        self.check("broken", "admin", "reconnect", says="must be Admin")
        self.advertiser.with_user(self.manager).action_disconnect()
        self.watch()
        self.assertFalse(self.advertiser.health_told)
        self.assertFalse(self.says_well())

    def test_a_proof_that_can_not_be_tidied_stops_nobody(self):
        proof = self.env["tiktok.proof"].create({"company_id": self.company.id, "began": 1})
        with (
            patch.object(type(proof), "_finish", side_effect=ValueError("Ana")),
            self.assertLogs("odoo.addons.tiktok_leadgen", "WARNING") as log,
        ):
            self.watch()
        self.check("ok")
        self.assertEqual(proof.state, "failed")
        self.assertNotIn("Ana", "".join(log.output))

    # === TIKTOK IS DOWN === #

    def test_tiktok_down_is_no_alarm_for_hours(self):
        self.watch()
        self.tiktok.down = requests.ConnectTimeout()
        self.watch()
        self.check("unchecked", says="could not be checked")
        self.assertTrue(self.advertiser.health_unchecked_since)
        self.assertFalse(self.mails)
        self.age(health_unchecked_since=7)
        self.watch()
        self.check("broken", "unreachable", "compare", says="could not be checked")
        self.watch()
        self.assertEqual(len(self.mails), 1)
        self.tiktok.down = None
        self.watch()
        self.check("ok")
        self.assertFalse(self.advertiser.activity_ids)
        self.assertFalse(self.advertiser.health_unchecked_since)

    def test_what_is_broken_stays_so_while_tiktok_is_down(self):
        self.tiktok.refusals["/lead/get/"] = [40301]
        self.watch()
        self.tiktok.down = requests.ConnectTimeout()
        self.watch()
        self.check("broken", "admin", "reconnect", says="must be Admin")
        self.assertEqual(len(self.mails), 1)

    def test_one_never_stops_the_others(self):
        two = self.connect((TWO,))
        self.tiktok.refusals["/page/get/"] = [50000, 0]
        self.watch()
        self.assertIn("could not be checked", self.advertiser.health_reason)
        self.assertEqual((two.health, two.health_reason), ("ok", False))

    # === SILENCE === #

    def test_a_form_with_no_rhythm_may_be_silent(self):
        self.submit(*range(100, 109))
        self.watch()
        self.check("ok")

    def test_a_night_is_no_silence(self):
        self.submit(*range(8, 14), *range(32, 38))
        self.watch()
        self.check("ok")

    def test_silence_is_compared_once(self):
        self.submit(*range(20, 32))
        self.watch()
        self.check("healing", "silence", says="Spring")
        self.finish_comparison()
        self.watch()
        self.check("ok")
        self.assertEqual(len(self.advertiser.backfill_ids), 2)
        self.watch()
        self.assertEqual(len(self.advertiser.backfill_ids), 2)

    def test_what_silence_hid_is_told(self):
        self.submit(*range(20, 32))
        self.watch()
        self.finish_comparison(new_count=7)
        self.watch()
        self.check("broken", "undelivered", "compare", says="brought them: 7.")
        self.advertiser.health_backfill_id.done_at = "2026-01-01"
        self.submit(0)
        self.watch()
        self.check("ok")

    # === THE BANNER === #

    def test_the_company_says_it_with_the_button(self):
        self.tiktok.tokens.clear()
        self.watch()
        company = self.company.with_user(self.manager)
        self.assertEqual((company.tiktok_broken_count, company.tiktok_broken_fix), (1, "reconnect"))
        self.assertIn("ACME One", company.tiktok_broken_text)
        self.assertIn("/portal/auth", company.action_tiktok_mend()["url"])
        stranger = self.other_company.with_user(self.stranger)
        self.assertFalse(stranger.tiktok_broken_count)
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self.company.with_user(self.salesman).read(["tiktok_broken_text"])

    def test_the_banner_names_three_and_counts_the_others(self):
        company = self.company.with_user(self.manager)
        one = self.advertiser
        one.write({"health": "broken", "health_reason": "Look.", "health_fix": "compare"})
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
                self.assertEqual(company.tiktok_broken_others, "Need you, too: B two, C three")
        self.assertEqual(company.tiktok_broken_text, "ACME One: Look.")
        self.assertEqual(company.tiktok_broken_others, "Need you, too: B two, C three and 2 more")
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self.company.with_user(self.salesman).read(["tiktok_broken_others"])

    def test_only_who_may_can_ask(self):
        for user in (self.salesman, self.stranger):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.advertiser.with_user(user).action_check_health()
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.advertiser.with_user(user).action_mend()
        self.advertiser.with_user(self.manager).action_check_health()
