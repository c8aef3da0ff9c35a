import types

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...tiktok import client
from ...tiktok.values import isolate
from ..fake_business_api import LIBRARY, ONE, TWO, BusinessCommon


@tagged("post_install", "-at_install")
class TestSubscriptionMany(BusinessCommon):
    """Requests for several ad accounts: Odoo stores what TikTok did."""

    def setUp(self):
        super().setUp()
        self.both = self.connect((ONE, TWO))
        self.both.wants_leads = False  # the tests click the buttons themselves
        self.one, self.two = self.both

    def press(self, name="subscribe", advertisers=None):
        """Click a button as the manager; return the notification."""
        advertisers = advertisers or self.both
        action = getattr(advertisers.with_user(self.manager), f"action_{name}")()
        self.env.invalidate_all()
        return action["params"]

    def check_warning(self, notification, *words):
        self.assertEqual((notification["type"], notification["sticky"]), ("warning", True))
        for word in words:
            self.assertIn(word, notification["message"])

    def slow_down(self, seconds):
        """Let each call take that long."""
        self.tiktok.calls.clear()
        clock = types.SimpleNamespace(monotonic=lambda: seconds * len(self.tiktok.calls))
        self.patch(client, "time", clock)

    def test_a_stopped_ad_account_is_not_reconciled_at_night(self):
        self.connect()._subscribe_to_leads()
        advertiser = self.ads.search([("advertiser_uid", "=", ONE)])
        runs = self.env["tiktok.reconciliation"]
        runs.search([]).unlink()
        advertiser.with_user(self.manager).action_unsubscribe()
        runs._cron_start_reconciliations()
        self.assertFalse(runs.search([("advertiser_id", "=", advertiser.id)]))
        advertiser.with_user(self.manager).action_subscribe()
        runs._cron_start_reconciliations()
        self.assertTrue(runs.search([("advertiser_id", "=", advertiser.id)]))

    def test_a_reconnected_ad_account_is_reconciled_at_night(self):
        self.press()
        self.one.with_user(self.manager).action_disconnect()
        self.connect((ONE,))
        runs = self.env["tiktok.reconciliation"]
        runs.search([]).unlink()
        runs._cron_start_reconciliations()
        self.assertIn(self.one, runs.search([]).advertiser_id)

    def test_everything_works(self):
        self.assertEqual(self.press()["type"], "success")
        self.assertEqual(self.both.mapped("leads_state"), ["on", "on"])

    def test_a_refusal_undoes_nothing_of_the_others(self):
        for closed, served in ((self.two, self.one), (self.one, self.two)):
            with self.subTest(closed=closed.name):
                self.tiktok.closed = {closed.advertiser_uid: 40001}
                told = self.press()
                self.check_warning(
                    told, f"{isolate(closed.name)}: TikTok does not allow", "must be an Admin"
                )
                self.assertNotIn(served.name, told["message"])
                self.assertEqual((served.wants_leads, served.leads_state), (True, "on"))
                self.assertEqual((closed.wants_leads, closed.leads_state), (False, "off"))
                served._unsubscribe_from_leads()

    def test_each_refused_ad_account_is_named_with_its_reason(self):
        self.tiktok.closed = {ONE: 40001, TWO: 40300}
        with self.assertRaises(UserError) as caught:
            self.press()
        one, two = str(caught.exception).split("\n")
        self.assertRegex(one, f"^{isolate('ACME One')}: TikTok does not allow")
        self.assertRegex(two, f"^{isolate('ACME Two')}: TikTok no longer knows this ad account")
        self.assertEqual(self.both.mapped("wants_leads"), [False, False])

    def test_a_disconnected_ad_account_is_named(self):
        self.two.sudo().business_token_id = False
        self.check_warning(self.press(), f"{isolate('ACME Two')}: ", "Click Connect")
        self.assertEqual(self.one.leads_state, "on")

    def test_a_refused_library_is_named_and_the_rest_stays(self):
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

    def test_a_selection_without_forms_is_explained(self):
        self.tiktok.add_form("7600000000000000456")
        self.one.subscribe_to = "forms"
        self.one._sync_forms()
        self.check_warning(self.press(advertisers=self.one), "No form is selected")
        self.one.form_ids.is_selected = True
        self.assertEqual(self.press(advertisers=self.one)["type"], "success")
        self.assertEqual(self.one.leads_state, "on")

    def test_all_ad_accounts_share_the_time_of_one_request(self):
        self.slow_down(3)
        self.check_warning(self.press(), f"{isolate('ACME Two')}: There was not enough time")
        self.assertEqual(len(self.tiktok.calls), 3)
        self.assertEqual(self.both.mapped("leads_state"), ["on", "off"])
        self.assertFalse(self.two.wants_leads)

    def test_accepted_subscriptions_are_stored_without_a_new_list(self):
        self.slow_down(4)
        self.assertEqual(self.press(advertisers=self.one)["type"], "success")
        self.assertEqual(len(self.tiktok.calls), 2)
        self.assertEqual((self.one.wants_leads, self.one.leads_state), (True, "on"))
        uid = self.tiktok.subscriptions[0]["subscription_id"]
        self.assertEqual(self.one.subscription_ids.subscription_uid, uid)

    def test_a_lost_answer_is_looked_up(self):
        subscribe = self.tiktok._subscription_subscribe
        self.tiktok._subscription_subscribe = lambda *args: (subscribe(*args) and 50000, {})
        self.assertEqual(self.press(advertisers=self.one)["type"], "success")
        self.assertEqual(self.one.leads_state, "on")
        self.assertEqual(len(self.tiktok.subscriptions), 1)

    def test_a_failed_stop_undoes_nothing_of_the_others(self):
        self.press()
        self.tiktok.refusals["/subscription/unsubscribe/"] = [0, 40001]
        self.check_warning(
            self.press("unsubscribe"), f"{isolate('ACME Two')}: ", "must be an Admin"
        )
        self.assertEqual(self.both.mapped("wants_leads"), [False, True])
        self.assertEqual(self.both.mapped("leads_state"), ["off", "on"])

    def test_ended_subscriptions_are_stored_without_a_new_list(self):
        self.press(advertisers=self.one)
        self.slow_down(4)
        self.press("unsubscribe", self.one)
        self.assertFalse(self.tiktok.subscriptions)
        self.assertEqual((self.one.wants_leads, self.one.leads_state), (False, "off"))

    def test_a_refresh_names_the_ad_accounts_that_failed(self):
        self.tiktok.refusals["/subscription/get/"] = [0, 40001]
        self.check_warning(
            self.press("refresh_subscriptions"), f"{isolate('ACME Two')}: ", "must be an Admin"
        )
        self.assertTrue(self.one.subscriptions_checked_at)
        self.assertFalse(self.two.subscriptions_checked_at)
