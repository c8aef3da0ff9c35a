import requests

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ... import const
from ...tiktok.errors import ReconnectError
from ..fake_business_api import LIBRARY, ONE, TWO, BusinessCommon


@tagged("post_install", "-at_install")
class TestAdvertiser(BusinessCommon):
    """Connecting, revoking and disconnecting ad accounts."""

    @property
    def tokens(self):
        return self.env["tiktok.business.token"].sudo().search([])

    def test_all_ad_accounts_of_a_consent_share_one_token(self):
        one, two = self.connect((ONE, TWO))
        self.assertEqual((one.state, two.state), ("connected", "connected"))
        self.assertEqual(one.company_id, self.company)
        self.assertEqual(one.name, "ACME One")
        self.assertEqual(one.user_id, self.manager)
        self.assertEqual(len(self.tokens), 1)
        self.assertEqual(one.consent_count, 2)

    def test_no_user_can_read_the_token(self):
        advertiser = self.connect()
        token = advertiser.sudo().business_token_id
        self.assertNotIn("fake-business-token", token.token_sealed)
        for user in (self.manager, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                token.with_user(user).read(["token_sealed"])
            with self.assertRaises(AccessError):
                advertiser.with_user(user).read(["business_token_id"])

    def test_an_ad_account_of_another_company_is_not_moved(self):
        theirs = self.ads.create(
            {"name": "X", "advertiser_uid": TWO, "company_id": self.other_company.id}
        )
        theirs.state = "revoked"
        grant = self.grant()
        ads = self.ads.with_user(self.manager).sudo()
        connected, refused = ads._connect_advertisers(self.company, grant, self.tiktok.names, {})
        self.assertEqual(connected.advertiser_uid, ONE)
        self.assertEqual(refused, ["ACME Two"])
        self.assertEqual(theirs.state, "revoked")

    def test_a_consent_connects_ad_accounts_of_two_companies(self):
        self.manager.company_ids += self.other_company
        one, two = self.connect((ONE, TWO), **{TWO: self.other_company.id})
        self.assertEqual((one.company_id, two.company_id), (self.company, self.other_company))
        self.assertEqual(len(self.tokens), 1)

    def test_an_ad_account_left_out_is_not_created(self):
        self.assertEqual(self.connect((ONE, TWO), **{TWO: 0}).advertiser_uid, ONE)

    def test_a_draft_becomes_connected(self):
        mapped = self.ads.create(
            {"name": "Manual", "advertiser_uid": ONE, "company_id": self.company.id}
        )
        self.assertEqual(self.connect(), mapped)
        self.assertEqual((mapped.state, mapped.name), ("connected", "ACME One"))

    def test_an_invalid_token_revokes_its_ad_accounts_once(self):
        ads = self.connect((ONE, TWO))
        self.tiktok.tokens.clear()
        self.meet_dead_token(ads[0]._sync_forms)
        self.assertEqual(ads.mapped("state"), ["revoked", "revoked"])
        self.assertEqual(ads.mapped("removed_reason"), ["taken", "taken"])
        self.look_after()
        self.assertEqual([len(each.activity_ids) for each in ads], [1, 1])
        self.assertEqual(ads[0].activity_ids.user_id, self.manager)
        with self.assertRaises(ReconnectError):
            ads[0]._get_business_client()

    def test_a_new_consent_removes_the_activity_and_renews_subscriptions(self):
        advertiser = self.connect()
        advertiser._subscribe_to_leads()
        self.tiktok.tokens.clear()
        self.look_after()
        self.assertEqual(advertiser.state, "revoked")
        self.connect()
        self.look_after()
        self.assertEqual(advertiser.state, "connected")
        self.assertFalse(advertiser.activity_ids)
        self.assertEqual(advertiser.leads_state, "on")
        detail = [s["subscription_detail"]["access_token"] for s in self.tiktok.subscriptions]
        self.assertEqual(detail, list(self.tiktok.tokens))
        self.assertEqual(len(self.tokens), 1)

    def test_a_consent_of_one_user_keeps_the_alarm_of_another(self):
        bobs = self.connect((TWO,), user=self.env.ref("base.user_admin"))
        anas = self.connect((ONE,))
        self.tiktok.tokens.clear()
        self.look_after()
        self.assertEqual((anas + bobs).mapped("removed_reason"), ["taken", "taken"])
        self.connect((ONE,))
        self.assertEqual((anas.state, bobs.removed_reason), ("connected", "taken"))

    def test_an_unused_token_is_deleted(self):
        self.connect()
        self.connect()
        self.assertEqual(len(self.tiktok.tokens), 2)
        self.look_after()
        self.assertEqual(len(self.tokens), 1)
        with self.enter_registry_test_mode():
            self.env.ref(const.WATCH_CRON_XMLID).method_direct_trigger()
        self.assertEqual(len(self.tiktok.tokens), 1)

    def test_the_last_disconnected_ad_account_revokes_the_consent(self):
        one, two = self.connect((ONE, TWO))
        one.with_user(self.manager).action_disconnect()
        self.assertEqual((one.state, two.state), ("revoked", "connected"))
        self.assertTrue(self.tiktok.tokens)
        two.with_user(self.manager).action_disconnect()
        self.assertFalse(self.tiktok.tokens)
        self.assertFalse(self.tokens)

    def test_disconnect_all_revokes_the_consent(self):
        one, two = self.connect((ONE, TWO))
        one.with_user(self.manager).action_disconnect_all()
        self.assertEqual((one.state, two.state), ("revoked", "revoked"))
        self.assertFalse(self.tiktok.tokens)

    def test_an_ad_account_is_disconnected_while_tiktok_is_down(self):
        advertiser = self.connect()
        advertiser._subscribe_to_leads()
        self.tiktok.down = requests.ConnectTimeout()
        advertiser.with_user(self.manager).action_disconnect()
        self.assertEqual((advertiser.state, advertiser.removed_reason), ("revoked", "here"))
        self.assertFalse(self.tokens)
        self.assertFalse(advertiser.activity_ids)

    def test_users_without_rights_can_not_change_it(self):
        advertiser = self.connect()
        for action in (
            "connect",
            "disconnect",
            "disconnect_all",
            "subscribe",
            "sync",
            "refresh_subscriptions",
        ):
            for user in (self.stranger, self.salesman):
                with self.subTest(action=action, user=user.login), self.assertRaises(AccessError):
                    getattr(advertiser.with_user(user), f"action_{action}")()
        with self.assertRaises(AccessError):
            self.company.with_user(self.stranger).action_tiktok_connect_ads()
        self.assertEqual(advertiser.state, "connected")

    def test_a_connected_ad_account_can_not_be_deleted_or_moved(self):
        advertiser = self.connect()
        with self.assertRaises(UserError):
            advertiser.unlink()
        with self.assertRaises(UserError):
            advertiser.company_id = self.other_company
        with self.assertRaises(UserError):
            advertiser.advertiser_uid = TWO
        with self.assertRaisesRegex(UserError, "Disconnect it, then archive"):
            advertiser.action_archive()

    def test_missing_keys_are_explained_before_connecting(self):
        self.company.tiktok_app_id = False
        action = self.company.with_user(self.manager).action_tiktok_connect_ads()
        self.assertIn("Enter the ID and secret", action["params"]["message"])
        self.assertEqual(action["params"]["next"]["res_model"], "res.company")


@tagged("post_install", "-at_install")
class TestForms(BusinessCommon):
    """Forms that are created automatically."""

    def setUp(self):
        super().setUp()
        self.advertiser = self.connect()

    def form(self, uid):
        return self.env["tiktok.form"].search(
            [("page_uid", "=", uid), ("company_id", "=", self.company.id)]
        )

    def test_a_form_appears_with_its_questions(self):
        self.tiktok.add_form("7600000000000000456")
        self.look_after()
        form = self.form("7600000000000000456")
        self.assertEqual((form.name, form.status), ("Spring", "published"))
        self.assertEqual(form.advertiser_id, self.advertiser)
        self.assertEqual(form.preview_url, "https://ads.tiktok.com/preview/1")
        self.assertEqual(str(form.published_at), "2026-01-02 00:00:00")
        names = {question.name: question.target for question in form.question_ids}
        self.assertEqual(
            names, {"name": "name", "phone_number": "phone_number", "What is your budget?": False}
        )
        self.assertEqual(self.advertiser.form_count, 1)
        self.assertFalse(self.advertiser.sync_error)

    def test_a_numeric_form_id_is_the_same_form(self):
        self.make(page_id=7600000000000000456, advertiser_id=int(ONE))
        self.tiktok.add_form(7600000000000000456, "Summer")
        self.look_after()
        self.assertEqual(self.form("7600000000000000456").name, "Summer")

    def test_questions_known_from_a_lead_are_not_duplicated(self):
        self.make(page_id=7600000000000000456, answers={"name": "Ana", "phone_number": "1"})
        self.tiktok.add_form("7600000000000000456")
        self.look_after()
        names = self.form("7600000000000000456").question_ids.mapped("name")
        self.assertEqual(sorted(names), ["What is your budget?", "name", "phone_number"])

    def test_a_sync_without_changes_writes_nothing(self):
        for number in range(5):
            self.tiktok.add_form(str(7600000000000000456 + number))
        self.look_after()
        self.assertEqual(len(self.tiktok.asked("/lead/field/get/")), 5)
        before = self.form("7600000000000000456").write_date
        self.advertiser._sync_forms()
        self.env.flush_all()
        self.assertEqual(len(self.tiktok.asked("/lead/field/get/")), 5)
        self.assertEqual(self.form("7600000000000000456").write_date, before)

    def test_questions_of_a_changed_form_are_fetched_again(self):
        row = self.tiktok.add_form("7600000000000000456")
        self.look_after()
        row["update_time"] = "2099-01-01 00:00:00"
        self.tiktok.labels.append("Anything else?")
        self.advertiser._sync_forms()
        self.assertIn(
            "Anything else?", self.form("7600000000000000456").question_ids.mapped("name")
        )

    def test_a_form_missing_at_tiktok_is_marked_and_stays(self):
        self.tiktok.add_form("7600000000000000456")
        self.look_after()
        self.tiktok.forms.clear()
        self.advertiser._sync_forms()
        self.assertEqual(self.form("7600000000000000456").status, "gone")

    def test_the_older_question_endpoint_is_the_fallback(self):
        self.tiktok.add_form("7600000000000000456")
        self.tiktok.refusals["/lead/field/get/"] = [40001]
        self.look_after()
        self.assertEqual(len(self.form("7600000000000000456").question_ids), 3)

    def test_forms_of_libraries_are_synced(self):
        other = {"library_id": "1", "library_name": "Not ours", "advertiser_id": TWO}
        ours = {"library_id": LIBRARY, "library_name": "Shared", "advertiser_id": ONE}
        self.tiktok.libraries = [ours, other]
        self.tiktok.add_form("7600000000000000456", owner=LIBRARY)
        self.look_after()
        self.assertEqual(self.advertiser.library_names, {LIBRARY: "Shared"})
        self.assertEqual(self.form("7600000000000000456").library_uid, LIBRARY)
        asked = self.tiktok.asked("/lead/field/get/")
        self.assertEqual(asked[0]["library_id"], LIBRARY)
        self.assertNotIn("advertiser_id", asked[0])

    def test_a_forbidden_library_stops_no_other_forms(self):
        self.tiktok.libraries = [
            {"library_id": LIBRARY, "library_name": "Shared", "advertiser_id": ONE}
        ]
        self.tiktok.add_form("7600000000000000456", owner=LIBRARY)
        self.look_after()
        self.tiktok.add_form("7600000000000000457")
        self.tiktok.refusals["/page/get/"] = [0, 40001]
        self.advertiser._request_sync()
        self.look_after()
        self.assertEqual(self.form("7600000000000000456").status, "published")
        self.assertEqual(self.form("7600000000000000457").status, "published")
        self.assertIn("must be an Admin", self.advertiser.sync_error)

    def test_a_failed_sync_is_explained_in_the_language_of_who_reads_it(self):
        self.speak_arabic(self.manager)
        self.tiktok.refusals["/page/get/"] = [50002] * 9
        self.advertiser._request_sync()
        self.look_after()
        self.assert_arabic(self.advertiser.sync_error)

    def test_hidden_questions_of_a_form_stop_no_other_forms(self):
        for number in range(3):
            self.tiktok.add_form(str(7600000000000000456 + number))
        for path in ("/lead/field/get/", "/page/field/get/"):
            self.tiktok.refusals[path] = [40002]
        self.advertiser.wants_leads = True
        self.look_after()
        self.assertEqual(self.advertiser.form_count, 3)
        unread = self.advertiser.form_ids.filtered(lambda form: not form.questions_at)
        self.assertEqual(len(unread), 1)
        self.assertIn(unread.name, self.advertiser.sync_error)
        self.assertTrue(self.tiktok.subscriptions)
        self.advertiser._request_sync()
        self.look_after()
        self.assertTrue(unread.questions_at)
        self.assertFalse(self.advertiser.sync_error)

    def test_an_app_without_access_to_libraries_syncs_forms(self):
        self.tiktok.add_form("7600000000000000456")
        self.tiktok.refusals["/page/library/get/"] = [40001]
        self.look_after()
        self.assertTrue(self.form("7600000000000000456"))

    def test_a_missing_permission_is_explained(self):
        self.tiktok.refusals["/page/get/"] = [40001]
        self.look_after()
        self.assertIn("must be an Admin", self.advertiser.sync_error)
        self.assertIn("req-1", self.advertiser.sync_error)
        self.assertEqual(self.advertiser.state, "connected")

    def test_a_busy_tiktok_is_retried_soon(self):
        self.tiktok.refusals["/page/get/"] = [50000]
        self.look_after()
        self.assertIn("Try again in a few minutes", self.advertiser.sync_error)
        self.assertTrue(self.advertiser.sync_next_at)
        self.advertiser._request_sync()
        self.look_after()
        self.assertFalse(self.advertiser.sync_error)

    def test_a_failing_ad_account_stops_no_others(self):
        two = self.connect((TWO,))
        self.tiktok.add_form("7600000000000000456", owner=TWO)
        self.tiktok.forms[ONE] = [{"page_id": "1", "title": "X", "update_time": []}]
        self.tiktok.refusals["/page/get/"] = [40002]
        self.look_after()
        self.assertTrue(self.advertiser.sync_error or two.sync_error)
        self.assertTrue(self.form("7600000000000000456") or self.form("1"))

    def test_forms_stay_in_the_company_of_their_ad_account(self):
        self.tiktok.add_form("7600000000000000456")
        self.make(page_id=7600000000000000456, company=self.other_company)
        self.look_after()
        theirs = self.env["tiktok.form"].search([("company_id", "=", self.other_company.id)])
        self.assertFalse(theirs.advertiser_id)
        self.assertTrue(self.form("7600000000000000456"))

    def test_direct_messages_are_represented_by_a_form(self):
        lead = self.make(
            lead_source="DIRECT_MESSAGE",
            page_id=0,
            page_name="",
            advertiser_id=int(ONE),
            answers={"Name": "Ana", "Email": "ana@example.com"},
        )
        form = lead.tiktok_form_id
        self.assertEqual(
            (form.lead_source, form.advertiser_id), ("DIRECT_MESSAGE", self.advertiser)
        )
        self.assertEqual(form.name, "Direct messages to ACME Ads")
        self.assertEqual(lead.email_from, "ana@example.com")
        self.look_after()
        self.assertFalse(form.status)
