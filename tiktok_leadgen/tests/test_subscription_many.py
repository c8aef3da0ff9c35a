import types

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tiktok import client
from .fake_business_api import LIBRARY, ONE, TWO, BusinessCommon


@tagged("post_install", "-at_install")
class TestSubscriptionMany(BusinessCommon):
    """What is asked for several ad accounts at once: Odoo keeps what TikTok did."""

    def setUp(self):
        super().setUp()
        self.both = self.connect((ONE, TWO))
        self.one, self.two = self.both

    def press(self, name="subscribe", advertisers=None):
        """Press a button as the manager does; return the notification."""
        advertisers = advertisers or self.both
        action = getattr(advertisers.with_user(self.manager), f"action_{name}")()
        self.env.invalidate_all()
        return action["params"]

    def check_warning(self, told, *words):
        self.assertEqual((told["type"], told["sticky"]), ("warning", True))
        for word in words:
            self.assertIn(word, told["message"])

    def slow_down(self, seconds):
        """Let each call take that long."""
        self.tiktok.calls.clear()
        clock = types.SimpleNamespace(monotonic=lambda: seconds * len(self.tiktok.calls))
        self.patch(client, "time", clock)

    def test_who_stopped_gets_no_leads_by_night_either(self):
        self.connect()._subscribe()
        advertiser = self.ads.search([("advertiser_uid", "=", ONE)])
        runs = self.env["tiktok.backfill"]
        runs.search([]).unlink()
        advertiser.with_user(self.manager).action_unsubscribe()
        runs._cron_compare()
        self.assertFalse(runs.search([("advertiser_id", "=", advertiser.id)]))
        advertiser.with_user(self.manager).action_subscribe()
        runs._cron_compare()
        self.assertTrue(runs.search([("advertiser_id", "=", advertiser.id)]))

    def test_who_connects_again_is_compared_by_night_again(self):
        self.press()
        self.one.with_user(self.manager).action_disconnect()
        self.connect((ONE,))
        runs = self.env["tiktok.backfill"]
        runs.search([]).unlink()
        runs._cron_compare()
        self.assertIn(self.one, runs.search([]).advertiser_id)

    def test_all_is_well(self):
        self.assertEqual(self.press()["type"], "success")
        self.assertEqual(self.both.mapped("leads_state"), ["on", "on"])

    def test_a_refusal_takes_nothing_back_of_the_others(self):
        for closed, served in ((self.two, self.one), (self.one, self.two)):
            with self.subTest(closed=closed.name):
                self.tiktok.closed = {closed.advertiser_uid: 40001}
                told = self.press()
                self.check_warning(told, f"{closed.name}: TikTok does not allow", "must be Admin")
                self.assertNotIn(served.name, told["message"])
                self.assertEqual((served.wants_leads, served.leads_state), (True, "on"))
                self.assertEqual((closed.wants_leads, closed.leads_state), (False, "off"))
                served._unsubscribe()

    def test_where_all_are_refused_each_is_named_with_its_reason(self):
        self.tiktok.closed = {ONE: 40001, TWO: 40300}
        with self.assertRaises(UserError) as caught:
            self.press()
        one, two = str(caught.exception).split("\n")
        self.assertRegex(one, "^ACME One: TikTok does not allow")
        self.assertRegex(two, "^ACME Two: TikTok does not know this ad account")
        self.assertEqual(self.both.mapped("wants_leads"), [False, False])

    def test_what_is_missing_in_odoo_is_a_refusal_too(self):
        self.two.sudo().business_token_id = False
        self.check_warning(self.press(), "ACME Two: ", "Press Connect")
        self.assertEqual(self.one.leads_state, "on")

    def test_a_library_that_is_refused_is_named_and_the_rest_is_kept(self):
        shared = {"library_id": LIBRARY, "library_name": "Shared", "advertiser_id": ONE}
        self.tiktok.libraries = [shared]
        self.one._sync_forms()
        self.tiktok.closed[LIBRARY] = 40001
        told = self.press(advertisers=self.one)
        self.check_warning(told, f"All forms of library {LIBRARY}: TikTok does not allow")
        self.assertEqual((self.one.wants_leads, self.one.leads_state), (True, "on"))
        self.tiktok.closed.clear()
        self.assertEqual(self.press(advertisers=self.one)["type"], "success")
        self.assertEqual(self.one.subscription_ids.mapped("kind"), ["ours", "ours"])

    def test_nothing_is_promised_where_no_form_is_chosen(self):
        self.tiktok.add_form("7600000000000000456")
        self.one.subscribe_to = "forms"
        self.one._sync_forms()
        self.check_warning(self.press(advertisers=self.one), "No form is chosen")
        self.one.form_ids.is_wanted = True
        self.assertEqual(self.press(advertisers=self.one)["type"], "success")
        self.assertEqual(self.one.leads_state, "on")

    def test_all_of_them_have_the_time_of_one_request(self):
        self.slow_down(3)
        self.check_warning(self.press(), "ACME Two: There was no time left")
        self.assertEqual(len(self.tiktok.calls), 3)
        self.assertEqual(self.both.mapped("leads_state"), ["on", "off"])
        self.assertFalse(self.two.wants_leads)

    def test_what_tiktok_took_is_kept_though_it_can_not_be_looked_at_any_more(self):
        self.slow_down(4)
        self.assertEqual(self.press(advertisers=self.one)["type"], "success")
        self.assertEqual(len(self.tiktok.calls), 2)
        self.assertEqual((self.one.wants_leads, self.one.leads_state), (True, "on"))
        uid = self.tiktok.subscriptions[0]["subscription_id"]
        self.assertEqual(self.one.subscription_ids.subscription_uid, uid)

    def test_an_answer_that_got_lost_is_looked_up(self):
        subscribe = self.tiktok._subscription_subscribe
        self.tiktok._subscription_subscribe = lambda *args: (subscribe(*args) and 50000, {})
        self.assertEqual(self.press(advertisers=self.one)["type"], "success")
        self.assertEqual(self.one.leads_state, "on")
        self.assertEqual(len(self.tiktok.subscriptions), 1)

    def test_stopping_takes_nothing_back_either(self):
        self.press()
        self.tiktok.refusals["/subscription/unsubscribe/"] = [0, 40001]
        self.check_warning(self.press("unsubscribe"), "ACME Two: ", "must be Admin")
        self.assertEqual(self.both.mapped("wants_leads"), [False, True])
        self.assertEqual(self.both.mapped("leads_state"), ["off", "on"])

    def test_what_was_stopped_stays_so_though_it_can_not_be_looked_at_any_more(self):
        self.press(advertisers=self.one)
        self.slow_down(4)
        self.press("unsubscribe", self.one)
        self.assertFalse(self.tiktok.subscriptions)
        self.assertEqual((self.one.wants_leads, self.one.leads_state), (False, "off"))

    def test_looking_names_what_could_not_be_looked_at(self):
        self.tiktok.refusals["/subscription/get/"] = [0, 40001]
        self.check_warning(self.press("look"), "ACME Two: ", "must be Admin")
        self.assertTrue(self.one.looked_at)
        self.assertFalse(self.two.looked_at)
