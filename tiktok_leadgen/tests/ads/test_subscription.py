from odoo.exceptions import UserError
from odoo.tests import tagged

from ...tiktok.errors import NotAllowedError, RetryLaterError, TiktokError
from ..fake_business_api import LIBRARY, ONE, TWO, BusinessCommon

LIBRARIES = (LIBRARY, "7600000000000000901")
OTHER_PROGRAM = "https://hooks.example.com/catch?secret=theirs"


@tagged("post_install", "-at_install")
class TestSubscriptionCompanies(BusinessCommon):
    """Ad accounts of another company than the one whose app the consent was given to."""

    def setUp(self):
        super().setUp()
        self.manager.company_ids += self.other_company
        choices = {TWO: self.other_company.id}
        self.one, self.two = self.connect((ONE, TWO), **choices)

    def receive_and_stop(self):
        """Receive the leads of both and stop those of the other company."""
        for advertiser in (self.one, self.two):
            advertiser.with_user(self.manager).action_subscribe()
            self.assertEqual(advertiser.leads_state, "on")
        one, two = self.tiktok.subscriptions
        self.assertTrue(one["callback_url"].startswith(self.company.tiktok_webhook_url))
        self.assertTrue(two["callback_url"].startswith(self.other_company.tiktok_webhook_url))
        self.two.with_user(self.manager).action_unsubscribe()
        self.assertEqual(self.tiktok.subscriptions, [one])
        calls = [params for path, params in self.tiktok.calls if path.startswith("/subscription/")]
        self.assertEqual({params["app_id"] for params in calls}, {"7000"})

    def test_a_company_without_an_app_receives_leads(self):
        self.receive_and_stop()

    def test_the_token_is_never_sent_with_the_keys_of_another_app(self):
        keys = {"tiktok_app_id": "8000", "tiktok_app_secret": "other-fake-app-secret"}
        self.other_company.write(keys)
        self.receive_and_stop()

    def test_each_company_ends_only_its_own(self):
        shared = {"library_id": LIBRARY, "library_name": "Shared", "advertiser_id": ""}
        self.tiktok.libraries = [shared]
        for advertiser in (self.one, self.two):
            advertiser._sync_forms()
            advertiser._subscribe_to_leads()
        kinds = sorted(self.two.subscription_ids.mapped("kind"))
        self.assertEqual(kinds, ["other", "ours", "ours"])
        self.two._unsubscribe_from_leads()
        self.one._refresh_subscriptions()
        self.assertEqual(self.one.subscription_ids.mapped("kind"), ["ours", "ours"])


@tagged("post_install", "-at_install")
class TestSubscription(BusinessCommon):
    """Our subscriptions are created, renewed and ended; those of third parties stay."""

    def setUp(self):
        super().setUp()
        self.advertiser = self.connect()
        self.token = next(iter(self.tiktok.tokens))

    def put(self, callback, token=None, **detail):
        """Let TikTok have a subscription."""
        detail = {"advertiser_id": ONE, "lead_source": "INSTANT_FORM", **detail}
        detail["access_token"] = token or self.token
        uid = str(900 + len(self.tiktok.subscriptions))
        row = {"subscription_id": uid, "callback_url": callback, "subscription_detail": detail}
        self.tiktok.subscriptions.append(row)
        return uid

    @property
    def uids(self):
        return [row["subscription_id"] for row in self.tiktok.subscriptions]

    @property
    def callbacks(self):
        return [row["callback_url"] for row in self.tiktok.subscriptions]

    def test_leads_are_subscribed(self):
        self.advertiser.with_user(self.manager).action_subscribe()
        self.assertEqual(self.advertiser.leads_state, "on")
        row = self.tiktok.subscriptions[0]
        self.assertTrue(row["callback_url"].startswith(self.company.tiktok_webhook_url))
        self.assertEqual(row["subscribe_entity"], "LEAD")
        self.assertEqual(row["subscription_detail"]["advertiser_id"], ONE)
        self.assertNotIn("page_id", row["subscription_detail"])

    def test_subscriptions_of_this_odoo_are_ours(self):
        self.advertiser._subscribe_to_leads()
        query = self.callbacks[0].partition("?")[2]
        self.assertIn(f"company_id={self.company.id}&token=", query)

    def test_subscribing_twice_creates_one_subscription(self):
        self.advertiser._subscribe_to_leads()
        before = self.uids
        self.advertiser._subscribe_to_leads()
        self.assertEqual(self.uids, before)

    def test_duplicates_end_and_third_party_subscriptions_stay(self):
        self.advertiser._subscribe_to_leads()
        ours = self.uids
        theirs = self.put(OTHER_PROGRAM)
        self.put(self.callbacks[0])
        self.put(self.company.tiktok_webhook_url, page_id="7600000000000000456")
        self.advertiser._refresh_subscriptions()
        kinds = sorted(self.advertiser.subscription_ids.mapped("kind"))
        self.assertEqual(kinds, ["duplicate", "duplicate", "other", "ours"])
        self.assertTrue(self.advertiser.has_duplicates)
        self.advertiser._subscribe_to_leads()
        self.assertEqual(self.uids, [*ours, theirs])

    def test_another_odoo_or_company_is_a_third_party(self):
        url = self.company.tiktok_webhook_url
        other = self.put(url.replace("://", "://other."))
        company = self.put(url.replace(f"company_id={self.company.id}&", "company_id=999999&"))
        self.advertiser._subscribe_to_leads()
        self.advertiser._unsubscribe_from_leads()
        self.assertEqual(self.uids, [other, company])

    def test_subscriptions_of_another_ad_account_stay(self):
        self.put(self.company.tiktok_webhook_url, advertiser_id=TWO)
        self.advertiser._refresh_subscriptions()
        self.assertFalse(self.advertiser.subscription_ids)

    def test_no_secret_is_stored(self):
        self.put(OTHER_PROGRAM)
        self.advertiser._subscribe_to_leads()
        self.env.flush_all()
        self.env.cr.execute("SELECT array_agg(s::text) FROM tiktok_subscription s")
        stored = str(self.env.cr.fetchone())
        for secret in ("theirs", self.token, self.company.tiktok_webhook_token):
            self.assertNotIn(secret, stored)
        self.assertIn("https://hooks.example.com/catch", stored)

    def test_a_new_webhook_token_renews_it(self):
        self.advertiser._subscribe_to_leads()
        before = self.uids
        self.company.with_user(self.manager).action_tiktok_new_token()
        self.look_after()
        self.assertEqual(len(self.uids), 1)
        self.assertNotEqual(self.uids, before)
        self.assertIn(self.company.tiktok_webhook_token, self.callbacks[0])

    def test_the_new_subscription_exists_before_the_old_one_ends(self):
        self.advertiser._subscribe_to_leads()
        self.company.tiktok_webhook_token = "a-new-fake-token"
        self.tiktok.calls.clear()
        self.advertiser._subscribe_to_leads()
        changes = [
            path for path, _ in self.tiktok.calls if "/subscri" in path and "get" not in path
        ]
        self.assertEqual(changes, ["/subscription/subscribe/", "/subscription/unsubscribe/"])

    def test_the_old_subscription_ends_first_if_tiktok_accepts_no_second(self):
        self.advertiser._subscribe_to_leads()
        self.tiktok.subscriptions[0]["subscription_detail"]["access_token"] = "another"
        self.tiktok.refusals["/subscription/subscribe/"] = [40002]
        self.advertiser._subscribe_to_leads()
        self.assertEqual(len(self.uids), 1)
        self.assertEqual(self.advertiser.leads_state, "on")

    def test_the_bare_url_is_used_if_tiktok_accepts_no_query(self):
        self.tiktok.refusals["/subscription/subscribe/"] = [40002]
        self.advertiser._subscribe_to_leads()
        self.assertNotIn("?", self.callbacks[0])
        self.assertEqual(self.advertiser.leads_state, "on")

    def test_a_missing_subscription_is_shown(self):
        self.advertiser._subscribe_to_leads()
        self.tiktok.subscriptions.clear()
        self.advertiser._refresh_subscriptions()
        self.assertEqual(self.advertiser.leads_state, "lost")

    def test_only_chosen_forms_are_subscribed(self):
        self.tiktok.add_form("7600000000000000456")
        self.tiktok.add_form("7600000000000000457", "Other")
        self.advertiser._sync_forms()
        self.advertiser.form_ids.filtered(lambda form: form.name == "Other").is_selected = False
        self.advertiser._subscribe_to_leads()
        self.advertiser.subscribe_to = "forms"
        self.advertiser._subscribe_to_leads()
        details = [row["subscription_detail"] for row in self.tiktok.subscriptions]
        self.assertEqual([each["page_id"] for each in details], ["7600000000000000456"])
        self.assertEqual(
            self.advertiser.subscription_ids.target_name, "The form “\u2068Spring\u2069”"
        )

    def test_new_forms_are_subscribed_only_if_all_are(self):
        self.tiktok.add_form("7600000000000000456", "Chosen")
        self.advertiser.wants_leads = True
        self.look_after()
        self.advertiser.subscribe_to = "forms"
        self.tiktok.add_form("7600000000000000457", "New")
        self.make(page_id=7600000000000000458, page_name="By a lead", advertiser_id=int(ONE))
        self.tiktok.add_form("7600000000000000458", "By a lead")
        self.advertiser.sync_requested = True
        self.look_after()
        wanted = {form.name: form.is_selected for form in self.advertiser.form_ids}
        self.assertEqual(wanted, {"Chosen": True, "New": False, "By a lead": False})
        details = [row["subscription_detail"] for row in self.tiktok.subscriptions]
        self.assertEqual([each["page_id"] for each in details], ["7600000000000000456"])
        self.advertiser.form_ids.is_selected = True
        self.advertiser._subscribe_to_leads()
        self.assertEqual(len(self.tiktok.subscriptions), 3)
        self.advertiser._sync_forms()
        self.assertEqual(self.advertiser.form_ids.mapped("is_selected"), [True] * 3)

    def test_libraries_and_direct_messages_are_subscribed(self):
        shared = {"library_id": LIBRARY, "library_name": "Shared", "advertiser_id": ONE}
        self.tiktok.libraries = [shared]
        self.advertiser._sync_forms()
        self.advertiser.with_messages = True
        self.advertiser._subscribe_to_leads()
        details = [row["subscription_detail"] for row in self.tiktok.subscriptions]
        self.assertEqual(len(set(self.callbacks)), 3)  # TikTok may take an address once only
        self.assertIn(LIBRARY, [each.get("library_id") for each in details])
        self.assertIn("DIRECT_MESSAGE", [each["lead_source"] for each in details])
        self.assertEqual(self.advertiser.subscription_ids.mapped("kind"), ["ours", "ours", "ours"])

    def test_stop_receiving_ends_only_our_subscriptions(self):
        theirs = self.put(OTHER_PROGRAM)
        self.advertiser._subscribe_to_leads()
        self.advertiser.with_user(self.manager).action_unsubscribe()
        self.assertEqual(self.uids, [theirs])
        self.assertEqual(self.advertiser.leads_state, "off")
        self.look_after()
        self.assertEqual(self.uids, [theirs])

    def test_a_refusal_is_explained(self):
        self.tiktok.refusals["/subscription/subscribe/"] = [40001]
        with self.assertRaisesRegex(UserError, "must be an Admin"):
            self.advertiser.with_user(self.manager).action_subscribe()

    def press_receive(self):
        """Click Receive leads; return the notification."""
        action = self.advertiser.with_user(self.manager).action_subscribe()
        self.env.invalidate_all()
        return action["params"]

    def check_unconfirmed(self):
        """Check that an unlisted subscription is unconfirmed, and found later."""
        told = self.press_receive()
        self.assertEqual(told["type"], "warning")
        self.assertIn("did not confirm", told["message"])
        found = self.advertiser
        self.assertEqual((found.leads_state, found.wants_leads), ("unconfirmed", True))
        self.tiktok.instead.clear()
        self.env["tiktok.watchdog"]._check_advertiser(found)
        self.assertEqual((found.leads_state, len(self.uids)), ("on", 1))

    def test_a_subscription_without_an_id_is_found_by_listing(self):
        for data in (None, {}, {"subscription_id": None}):
            with self.subTest(data=data):
                self.tiktok.subscriptions.clear()
                self.tiktok.instead["/subscription/subscribe/"] = data
                self.assertEqual(self.press_receive()["type"], "success")
                self.assertEqual(self.advertiser.leads_state, "on")
                self.assertEqual(self.advertiser.subscription_ids.subscription_uid, *self.uids)

    def test_a_subscription_without_an_id_that_is_not_listed_is_unconfirmed(self):
        self.tiktok.instead["/subscription/subscribe/"] = {}
        self.tiktok.instead["/subscription/get/"] = {"subscriptions": []}
        self.check_unconfirmed()

    def test_a_subscription_without_an_id_and_without_a_list_is_unconfirmed(self):
        self.tiktok.instead["/subscription/subscribe/"] = {}
        self.tiktok.refusals["/subscription/get/"] = [0, 50000]
        self.check_unconfirmed()

    def test_a_subscription_that_is_not_listed_is_unconfirmed(self):
        self.tiktok.instead["/subscription/get/"] = {"subscriptions": []}
        self.check_unconfirmed()

    def test_an_invalid_token_is_detected_when_subscribing(self):
        self.tiktok.tokens.clear()
        self.meet_dead_token(self.advertiser._subscribe_to_leads)
        self.assertTrue(self.advertiser.sudo().business_token_id.is_dead)


@tagged("post_install", "-at_install")
class TestRefusedTargets(BusinessCommon):
    """A refused subscription stops no other one of the ad account."""

    def setUp(self):
        super().setUp()
        self.advertiser = self.connect()
        names = {"library_name": "Shared", "advertiser_id": ONE}
        self.tiktok.libraries = [{"library_id": uid, **names} for uid in LIBRARIES]
        self.advertiser._sync_forms()

    @property
    def owners(self):
        """Return whose leads are subscribed, in the order they were."""
        details = [row["subscription_detail"] for row in self.tiktok.subscriptions]
        return [each.get("library_id") or each["advertiser_id"] for each in details]

    def refuse(self):
        """Subscribe and return the error; `assertRaises` would roll its changes back."""
        try:
            self.advertiser._subscribe_to_leads()
        except TiktokError as error:
            return error
        return self.fail("No error was raised.")

    def test_a_refused_library_stops_no_other_subscriptions(self):
        self.tiktok.closed[LIBRARY] = 40001
        self.assertIsInstance(self.refuse(), NotAllowedError)
        self.assertEqual(self.owners, [ONE, LIBRARIES[1]])
        self.assertEqual(self.advertiser.leads_state, "on")

    def test_a_scheduled_action_stores_what_tiktok_accepted_beside_a_refusal(self):
        self.tiktok.closed[LIBRARY] = 40001
        self.look_after()
        self.assertIn("must be an Admin", self.advertiser.sync_error)
        self.assertEqual(self.advertiser.leads_state, "on")

    def test_the_error_of_the_ad_account_is_raised_first(self):
        self.tiktok.closed = {LIBRARY: 40001, ONE: 40301}
        self.assertEqual(self.refuse().code, "40301")
        self.assertEqual(self.owners, [LIBRARIES[1]])

    def test_an_old_subscription_stays_if_the_new_one_is_refused(self):
        self.advertiser._subscribe_to_leads()
        self.company.tiktok_webhook_token = "a-new-fake-token"
        self.tiktok.closed[LIBRARY] = 40001
        self.refuse()
        old = [row for row in self.tiktok.subscriptions if "a-new-" not in row["callback_url"]]
        self.assertEqual([row["subscription_detail"]["library_id"] for row in old], [LIBRARY])
        self.assertEqual(len(self.owners), 3)

    def test_no_request_follows_when_tiktok_asks_to_wait(self):
        self.tiktok.refusals["/subscription/subscribe/"] = [40100]
        self.assertIsInstance(self.refuse(), RetryLaterError)
        self.assertEqual(len(self.tiktok.asked("/subscription/subscribe/")), 1)

    def test_an_invalid_token_stops_all_requests(self):
        self.tiktok.tokens.clear()
        self.meet_dead_token(self.advertiser._subscribe_to_leads)
        self.assertEqual(len(self.tiktok.asked("/subscription/subscribe/")), 1)
