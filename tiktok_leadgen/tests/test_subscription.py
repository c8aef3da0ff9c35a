from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tiktok.errors import NotAllowedError, RetryLaterError, TiktokError
from .fake_business_api import LIBRARY, ONE, TWO, BusinessCommon

LIBRARIES = (LIBRARY, "7600000000000000901")
SOMEBODY = "https://hooks.example.com/catch?secret=theirs"


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
            advertiser._subscribe()
        kinds = sorted(self.two.subscription_ids.mapped("kind"))
        self.assertEqual(kinds, ["other", "ours", "ours"])
        self.two._unsubscribe()
        self.one._subscriptions()
        self.assertEqual(self.one.subscription_ids.mapped("kind"), ["ours", "ours"])


@tagged("post_install", "-at_install")
class TestSubscription(BusinessCommon):
    """Subscriptions: ours are made, renewed and tidied, nobody else's is touched."""

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

    def test_receive_leads(self):
        self.advertiser.with_user(self.manager).action_subscribe()
        self.assertEqual(self.advertiser.leads_state, "on")
        row = self.tiktok.subscriptions[0]
        self.assertTrue(row["callback_url"].startswith(self.company.tiktok_webhook_url))
        self.assertEqual(row["subscribe_entity"], "LEAD")
        self.assertEqual(row["subscription_detail"]["advertiser_id"], ONE)
        self.assertNotIn("page_id", row["subscription_detail"])

    def test_what_tiktok_sends_there_is_ours(self):
        self.advertiser._subscribe()
        query = self.callbacks[0].partition("?")[2]
        self.assertIn(f"company_id={self.company.id}&token=", query)

    def test_twice_is_once(self):
        self.advertiser._subscribe()
        before = self.uids
        self.advertiser._subscribe()
        self.assertEqual(self.uids, before)

    def test_duplicates_go_and_others_stay(self):
        self.advertiser._subscribe()
        ours = self.uids
        theirs = self.put(SOMEBODY)
        self.put(self.callbacks[0])
        self.put(self.company.tiktok_webhook_url, page_id="7600000000000000456")
        self.advertiser._subscriptions()
        kinds = sorted(self.advertiser.subscription_ids.mapped("kind"))
        self.assertEqual(kinds, ["duplicate", "duplicate", "other", "ours"])
        self.assertTrue(self.advertiser.has_duplicates)
        self.advertiser._subscribe()
        self.assertEqual(self.uids, [*ours, theirs])

    def test_another_odoo_or_company_is_somebody_else(self):
        url = self.company.tiktok_webhook_url
        other = self.put(url.replace("://", "://other."))
        company = self.put(url.replace(f"company_id={self.company.id}&", "company_id=999999&"))
        self.advertiser._subscribe()
        self.advertiser._unsubscribe()
        self.assertEqual(self.uids, [other, company])

    def test_another_ad_account_is_left_alone(self):
        self.put(self.company.tiktok_webhook_url, advertiser_id=TWO)
        self.advertiser._subscriptions()
        self.assertFalse(self.advertiser.subscription_ids)

    def test_no_secret_is_kept(self):
        self.put(SOMEBODY)
        self.advertiser._subscribe()
        self.env.flush_all()
        self.env.cr.execute("SELECT array_agg(s::text) FROM tiktok_subscription s")
        stored = str(self.env.cr.fetchone())
        for secret in ("theirs", self.token, self.company.tiktok_webhook_token):
            self.assertNotIn(secret, stored)
        self.assertIn("https://hooks.example.com/catch", stored)

    def test_a_new_webhook_token_renews_it(self):
        self.advertiser._subscribe()
        before = self.uids
        self.company.with_user(self.manager).action_tiktok_new_token()
        self.look_after()
        self.assertEqual(len(self.uids), 1)
        self.assertNotEqual(self.uids, before)
        self.assertIn(self.company.tiktok_webhook_token, self.callbacks[0])

    def test_the_new_one_is_there_before_the_old_one_goes(self):
        self.advertiser._subscribe()
        self.company.tiktok_webhook_token = "a-new-fake-token"
        self.tiktok.calls.clear()
        self.advertiser._subscribe()
        changes = [
            path for path, _ in self.tiktok.calls if "/subscri" in path and "get" not in path
        ]
        self.assertEqual(changes, ["/subscription/subscribe/", "/subscription/unsubscribe/"])

    def test_where_tiktok_takes_no_second_one_the_old_one_goes_first(self):
        self.advertiser._subscribe()
        self.tiktok.subscriptions[0]["subscription_detail"]["access_token"] = "another"
        self.tiktok.refusals["/subscription/subscribe/"] = [40002]
        self.advertiser._subscribe()
        self.assertEqual(len(self.uids), 1)
        self.assertEqual(self.advertiser.leads_state, "on")

    def test_where_tiktok_takes_no_query_the_signature_must_do(self):
        self.tiktok.refusals["/subscription/subscribe/"] = [40002]
        self.advertiser._subscribe()
        self.assertNotIn("?", self.callbacks[0])
        self.assertEqual(self.advertiser.leads_state, "on")

    def test_a_subscription_that_vanished_is_said(self):
        self.advertiser._subscribe()
        self.tiktok.subscriptions.clear()
        self.advertiser._subscriptions()
        self.assertEqual(self.advertiser.leads_state, "lost")

    def test_chosen_forms_only(self):
        self.tiktok.add_form("7600000000000000456")
        self.tiktok.add_form("7600000000000000457", "Other")
        self.advertiser._sync_forms()
        self.advertiser.form_ids.filtered(lambda form: form.name == "Other").is_wanted = False
        self.advertiser._subscribe()
        self.advertiser.subscribe_to = "forms"
        self.advertiser._subscribe()
        details = [row["subscription_detail"] for row in self.tiktok.subscriptions]
        self.assertEqual([each["page_id"] for each in details], ["7600000000000000456"])
        self.assertEqual(self.advertiser.subscription_ids.about, "The form “Spring”")

    def test_new_forms_come_by_themselves_only_where_all_are_wanted(self):
        self.tiktok.add_form("7600000000000000456", "Chosen")
        self.advertiser.wants_leads = True
        self.look_after()
        self.advertiser.subscribe_to = "forms"
        self.tiktok.add_form("7600000000000000457", "New")
        self.make(page_id=7600000000000000458, page_name="By a lead", advertiser_id=int(ONE))
        self.tiktok.add_form("7600000000000000458", "By a lead")
        self.advertiser.sync_requested = True
        self.look_after()
        wanted = {form.name: form.is_wanted for form in self.advertiser.form_ids}
        self.assertEqual(wanted, {"Chosen": True, "New": False, "By a lead": False})
        details = [row["subscription_detail"] for row in self.tiktok.subscriptions]
        self.assertEqual([each["page_id"] for each in details], ["7600000000000000456"])
        self.advertiser.form_ids.is_wanted = True
        self.advertiser._subscribe()
        self.assertEqual(len(self.tiktok.subscriptions), 3)
        self.advertiser._sync_forms()
        self.assertEqual(self.advertiser.form_ids.mapped("is_wanted"), [True] * 3)

    def test_libraries_and_direct_messages(self):
        shared = {"library_id": LIBRARY, "library_name": "Shared", "advertiser_id": ONE}
        self.tiktok.libraries = [shared]
        self.advertiser._sync_forms()
        self.advertiser.with_messages = True
        self.advertiser._subscribe()
        details = [row["subscription_detail"] for row in self.tiktok.subscriptions]
        self.assertEqual(len(set(self.callbacks)), 3)  # TikTok may take an address once only
        self.assertIn(LIBRARY, [each.get("library_id") for each in details])
        self.assertIn("DIRECT_MESSAGE", [each["lead_source"] for each in details])
        self.assertEqual(self.advertiser.subscription_ids.mapped("kind"), ["ours", "ours", "ours"])

    def test_stop_receiving_ends_only_ours(self):
        theirs = self.put(SOMEBODY)
        self.advertiser._subscribe()
        self.advertiser.with_user(self.manager).action_unsubscribe()
        self.assertEqual(self.uids, [theirs])
        self.assertEqual(self.advertiser.leads_state, "off")
        self.look_after()
        self.assertEqual(self.uids, [theirs])

    def test_a_refusal_is_a_sentence(self):
        self.tiktok.refusals["/subscription/subscribe/"] = [40001]
        with self.assertRaisesRegex(UserError, "must be Admin"):
            self.advertiser.with_user(self.manager).action_subscribe()

    def press_receive(self):
        """Click Receive leads; return the notification."""
        action = self.advertiser.with_user(self.manager).action_subscribe()
        self.env.invalidate_all()
        return action["params"]

    def check_unconfirmed(self):
        """Check that a subscription that is not listed is not called one, and is found later."""
        told = self.press_receive()
        self.assertEqual(told["type"], "warning")
        self.assertIn("did not confirm", told["message"])
        found = self.advertiser
        self.assertEqual((found.leads_state, found.wants_leads), ("unconfirmed", True))
        self.tiktok.instead.clear()
        found._watch_alone()
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

    def test_a_dead_token_shows_itself_when_subscribing(self):
        self.tiktok.tokens.clear()
        self.meet_dead_token(self.advertiser._subscribe)
        self.assertTrue(self.advertiser.sudo().business_token_id.is_dead)


@tagged("post_install", "-at_install")
class TestRefusedTargets(BusinessCommon):
    """What TikTok refuses of an ad account keeps nothing else of it away."""

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
        """Subscribe and return the error; `assertRaises` would take back what it wrote."""
        try:
            self.advertiser._subscribe()
        except TiktokError as error:
            return error
        return self.fail("Nobody noticed that TikTok refused.")

    def test_a_library_that_is_refused_keeps_nothing_else_away(self):
        self.tiktok.closed[LIBRARY] = 40001
        self.assertIsInstance(self.refuse(), NotAllowedError)
        self.assertEqual(self.owners, [ONE, LIBRARIES[1]])
        self.assertEqual(self.advertiser.leads_state, "on")

    def test_what_is_wrong_with_the_ad_account_is_said_first(self):
        self.tiktok.closed = {LIBRARY: 40001, ONE: 40301}
        self.assertEqual(self.refuse().code, "40301")
        self.assertEqual(self.owners, [LIBRARIES[1]])

    def test_an_old_one_stays_where_no_new_one_could_be_made(self):
        self.advertiser._subscribe()
        self.company.tiktok_webhook_token = "a-new-fake-token"
        self.tiktok.closed[LIBRARY] = 40001
        self.refuse()
        old = [row for row in self.tiktok.subscriptions if "a-new-" not in row["callback_url"]]
        self.assertEqual([row["subscription_detail"]["library_id"] for row in old], [LIBRARY])
        self.assertEqual(len(self.owners), 3)

    def test_a_tiktok_that_says_wait_is_asked_no_more(self):
        self.tiktok.refusals["/subscription/subscribe/"] = [40100]
        self.assertIsInstance(self.refuse(), RetryLaterError)
        self.assertEqual(len(self.tiktok.asked("/subscription/subscribe/")), 1)

    def test_a_dead_token_ends_it_at_once(self):
        self.tiktok.tokens.clear()
        self.meet_dead_token(self.advertiser._subscribe)
        self.assertEqual(len(self.tiktok.asked("/subscription/subscribe/")), 1)
