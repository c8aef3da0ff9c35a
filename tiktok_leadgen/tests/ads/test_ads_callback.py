import urllib.parse

import requests

from odoo import fields
from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged

from ... import const
from ..fake_business_api import ONE, TWO, BusinessCommon, response


@tagged("post_install", "-at_install")
class TestAdsCallback(BusinessCommon, HttpCase):
    """The callback of the consent page for ad accounts."""

    def setUp(self):
        super().setUp()
        self.manager.password = "tiktok_manager"
        self.authenticate("tiktok_manager", "tiktok_manager")

    def begin(self, user=None):
        """Click Connect TikTok Ads; return the state in TikTok's URL."""
        action = self.company.with_user(user or self.manager).action_tiktok_connect_ads()
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(action["url"]).query))
        self.assertEqual(query["app_id"], "7000")
        self.assertTrue(query["redirect_uri"].endswith(const.BUSINESS_CALLBACK_ROUTE))
        return query["state"]

    def come_back(self, route=const.BUSINESS_CALLBACK_ROUTE, **params):
        response = self.url_open(f"{route}?{urllib.parse.urlencode(params)}", allow_redirects=False)
        self.env.invalidate_all()
        return response

    def connected(self):
        ads = self.ads.search([("company_id", "in", (self.company + self.other_company).ids)])
        return sorted(ads.filtered(lambda each: each.state == "connected").mapped("advertiser_uid"))

    def refused(self, response, words, status=400):
        self.assertEqual(response.status_code, status)
        self.assertIn(words, response.text)
        self.assertNotIn("Traceback", response.text)
        self.assertFalse(self.connected())

    def test_one_consent_connects_all_ad_accounts(self):
        response = self.come_back(state=self.begin(), auth_code="fake-code", code="fake-code")
        self.assertEqual(response.status_code, 303)
        self.assertTrue(response.headers["Location"].endswith("/odoo/tiktok-ad-accounts"))
        self.assertEqual(self.connected(), [ONE, TWO])

    def test_a_single_connected_ad_account_is_opened(self):
        self.tiktok.codes["fake-code"] = [ONE]
        response = self.come_back(state=self.begin(), auth_code="fake-code")
        advertiser = self.ads.search([("advertiser_uid", "=", ONE)])
        self.assertTrue(response.headers["Location"].endswith(f"/{advertiser.id}"))

    def begin_on_page(self):
        """Click Save and Connect on the page TikTok; return the state in TikTok's URL."""
        page = self.company.with_user(self.manager)
        action = page.action_tiktok_save_and_connect("7000", "fake-new-secret")
        self.assertTrue(self.company.has_tiktok_app_secret)
        return urllib.parse.parse_qs(urllib.parse.urlsplit(action["url"]).query)["state"][0]

    def test_consent_from_the_page_leads_back_and_receives_immediately(self):
        response = self.come_back(state=self.begin_on_page(), auth_code="fake-code")
        self.assertTrue(response.headers["Location"].endswith("/odoo/tiktok"))
        connected = self.ads.search([("company_id", "=", self.company.id)])
        self.assertEqual(connected.mapped("wants_leads"), [True, True])

    def test_denied_consent_from_the_page_leads_back(self):
        response = self.come_back(state=self.begin_on_page(), error="access_denied")
        self.refused(response, "Back to Odoo")
        self.assertIn('href="/odoo/tiktok"', response.text)

    def test_stopped_ad_account_stays_stopped_after_a_consent(self):
        self.come_back(state=self.begin(), auth_code="fake-code")
        advertiser = self.ads.search([("advertiser_uid", "=", ONE)])
        advertiser.write({"wants_leads": False, "is_stopped": True})
        self.tiktok.codes["again"] = [ONE]
        self.come_back(state=self.begin(), auth_code="again")
        self.assertFalse(advertiser.wants_leads)

    def test_code_replaces_auth_code_and_the_slash_is_optional(self):
        route = const.BUSINESS_CALLBACK_ROUTE.rstrip("/")
        self.come_back(route, state=self.begin(), code="fake-code")
        self.assertEqual(self.connected(), [ONE, TWO])

    def test_auth_code_is_preferred_to_code(self):
        self.come_back(state=self.begin(), auth_code="fake-code", code="another")
        self.assertEqual(self.connected(), [ONE, TWO])

    def test_a_state_works_once(self):
        state = self.begin()
        self.come_back(state=state, auth_code="fake-code")
        self.tiktok.codes["again"] = [ONE]
        self.assertIn("only once", self.come_back(state=state, auth_code="again").text)
        self.assertIn("again", self.tiktok.codes)

    def test_an_unknown_state_is_rejected(self):
        self.refused(
            self.come_back(state="made-up", auth_code="fake-code"), "Unknown authorization"
        )
        self.refused(self.come_back(), "Unknown authorization")

    def test_a_login_kit_state_connects_no_ad_account(self):
        self.company.write({"tiktok_client_key": "k", "tiktok_client_secret": "fake-secret"})
        account = self.env["tiktok.account"].create(
            {"name": "A", "company_id": self.company.id, "user_id": self.manager.id}
        )
        state = account.with_user(self.manager)._start_authorization()[1]
        self.refused(self.come_back(state=state, auth_code="fake-code"), "Unknown authorization")
        answer = self.come_back(const.OAUTH_CALLBACK_ROUTE, state=self.begin(), code="fake-code")
        self.refused(answer, "Unknown authorization")

    def test_an_expired_state_is_rejected(self):
        state = self.begin()
        consent = self.env["tiktok.oauth.state"]._find_by_state(state)
        consent.expires_at = fields.Datetime.subtract(fields.Datetime.now(), minutes=1)
        self.refused(self.come_back(state=state, auth_code="fake-code"), "ten minutes")

    def test_the_state_of_another_user_is_rejected(self):
        other = new_test_user(
            self.env,
            "tiktok_manager_2",
            "tiktok_leadgen.tiktok_leadgen_group_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        answer = self.come_back(state=self.begin(other), auth_code="fake-code")
        self.refused(answer, "Started by another user", 403)

    def test_a_logged_out_user_is_sent_to_the_login(self):
        state = self.begin()
        self.logout()
        answer = self.come_back(state=state, auth_code="fake-code")
        self.refused(answer, "Log in", 401)
        self.assertIn("tiktok-business", answer.text)

    def test_a_user_who_is_no_longer_manager_is_rejected(self):
        state = self.begin()
        group = self.env.ref("tiktok_leadgen.tiktok_leadgen_group_manager")
        self.manager.group_ids -= group
        answer = self.come_back(state=state, auth_code="fake-code")
        self.refused(answer, "Ask a TikTok administrator", 403)

    def test_a_denied_consent_is_explained(self):
        answer = self.come_back(state=self.begin(), error="access_denied")
        self.refused(answer, "Permission was not granted")

    def test_a_refusal_of_tiktok_is_explained(self):
        for code, words in (
            (40110, "already used or took too long"),
            (40101, "Compare the Business app"),
            (40113, "Compare the Business app"),
            (40001, "Ad Account Information"),
            (50000, "TikTok does not respond"),
            (40100, "TikTok does not respond"),
            (40002, "message: \u2068No.\u2069"),
            (49999, "message: \u2068No.\u2069"),
        ):
            with self.subTest(code=code):
                self.tiktok.refusals["/oauth2/access_token/"] = [code]
                answer = self.come_back(state=self.begin(), auth_code="fake-code")
                self.refused(answer, words)
                self.assertIn("req-1", answer.text)

    def test_an_unreachable_tiktok_is_explained(self):
        state = self.begin()
        self.tiktok.down = requests.ConnectTimeout()
        answer = self.come_back(state=state, auth_code="fake-code")
        self.refused(answer, "TikTok does not respond")

    def test_an_answer_of_another_server_is_explained(self):
        page = requests.Response()
        page.status_code, page._content = 404, b"<html>404 page not found"
        strangers = [page, response({"detail": "Not Found"}, 404), response({"hello": 1})]
        for stranger in strangers:
            with self.subTest(stranger=stranger.content):
                self.tiktok.stranger = None
                state = self.begin()
                self.tiktok.stranger = stranger
                answer = self.come_back(state=state, auth_code="fake-code")
                self.refused(answer, "This is not TikTok")
                self.assertIn("check the TikTok URLs in the", answer.text)
                self.assertNotIn("Nothing is wrong", answer.text)

    def test_a_consent_without_ad_accounts_is_explained(self):
        self.tiktok.codes["fake-code"] = []
        answer = self.come_back(state=self.begin(), auth_code="fake-code")
        self.refused(answer, "No ad account was selected")

    def test_ad_accounts_without_names_are_connected(self):
        self.tiktok.refusals["/oauth2/advertiser/get/"] = [40001]
        self.come_back(state=self.begin(), auth_code="fake-code")
        self.assertEqual(self.connected(), [ONE, TWO])

    def test_an_ad_account_of_another_company_is_refused(self):
        held = {"name": "X", "advertiser_uid": TWO, "company_id": self.other_company.id}
        self.ads.create({**held, "state": "revoked"})
        answer = self.come_back(state=self.begin(), auth_code="fake-code")
        self.assertIn("another company of this database uses it: \u2068ACME Two\u2069", answer.text)
        self.assertEqual(self.connected(), [ONE])

    def test_a_draft_of_another_company_reserves_nothing(self):
        theirs = {"name": "X", "advertiser_uid": ONE, "company_id": self.other_company.id}
        draft = self.ads.create(theirs)
        self.come_back(state=self.begin(), auth_code="fake-code")
        self.assertEqual(self.connected(), [ONE, TWO])
        self.assertEqual(draft.state, "draft")

    def test_the_draft_of_the_company_is_connected(self):
        draft = self.ads.create({"name": "X", "advertiser_uid": ONE, "company_id": self.company.id})
        self.come_back(state=self.begin(), auth_code="fake-code")
        self.assertEqual(draft.state, "connected")

    def test_missing_app_keys_are_explained(self):
        state = self.begin()
        self.company.tiktok_app_secret = False
        answer = self.come_back(state=state, auth_code="fake-code")
        self.refused(answer, "ID and secret")

    def use_unusable_key(self):
        """Let the encryption key be none, as after a wrong change of the server's settings."""
        self.company.tiktok_app_secret = False
        self.setting("TIKTOK_APP_SECRET", "fake-app-secret")
        self.setting("INTEGRATION_ENCRYPTION_KEY", "hunter2")

    def test_a_consent_that_can_not_be_stored_is_revoked(self):
        for refused in ([], [50000]):
            for companies in (self.company, self.company + self.other_company):
                with self.subTest(companies=companies, refused=refused):
                    self.tiktok.codes["fake-code"] = [ONE, TWO]
                    self.manager.company_ids = companies
                    state = self.begin()
                    self.use_unusable_key()
                    self.tiktok.refusals["/oauth2/advertiser/get/"] = list(refused)
                    answer = self.come_back(state=state, auth_code="fake-code")
                    self.refused(answer, "not a Fernet key")
                    self.assertFalse(self.tiktok.tokens)
                    self.setting("INTEGRATION_ENCRYPTION_KEY", "A" * 43 + "=")

    def test_a_stored_consent_that_can_not_be_opened_is_revoked_once_the_key_is_back(self):
        self.manager.company_ids += self.other_company
        self.come_back(state=self.begin(), auth_code="fake-code")
        consent = self.env["tiktok.oauth.state"].search([], order="id desc", limit=1)
        self.use_unusable_key()
        form = {"csrf_token": Request.csrf_token(self), "consent_id": consent.id}
        answer = self.url_open(const.BUSINESS_CONFIRM_ROUTE, data=form, allow_redirects=False)
        self.assertIn("not a Fernet key", answer.text)
        self.env.invalidate_all()
        consent.expires_at = fields.Datetime.subtract(fields.Datetime.now(), days=2)
        consent._gc_states()
        self.assertTrue(consent.exists())
        self.assertTrue(self.tiktok.tokens)
        self.setting("INTEGRATION_ENCRYPTION_KEY", "A" * 43 + "=")
        consent._gc_states()
        with self.enter_registry_test_mode():
            self.env.ref("tiktok_leadgen.ir_cron_watchdog").method_direct_trigger()
        self.assertFalse(consent.exists() or self.tiktok.tokens)

    def test_the_user_chooses_among_several_companies(self):
        self.manager.company_ids += self.other_company
        page = self.come_back(state=self.begin(), auth_code="fake-code")
        self.assertEqual(page.status_code, 200)
        self.assertFalse(self.connected())
        self.assertIn("ACME Two", page.text)
        self.assertNotIn("fake-business-token", page.text)
        consent = self.env["tiktok.oauth.state"].search([], order="id desc", limit=1)
        form = {
            "csrf_token": Request.csrf_token(self),
            "consent_id": consent.id,
            f"company_{ONE}": self.company.id,
            f"company_{TWO}": self.other_company.id,
        }
        answer = self.url_open(const.BUSINESS_CONFIRM_ROUTE, data=form, allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        self.env.invalidate_all()
        found = self.ads.search([("advertiser_uid", "in", (ONE, TWO))])
        companies = {each.advertiser_uid: each.company_id for each in found}
        self.assertEqual(companies, {ONE: self.company, TWO: self.other_company})
        again = self.url_open(const.BUSINESS_CONFIRM_ROUTE, data=form, allow_redirects=False)
        self.assertIn("only once", again.text)
        self.assertFalse(consent.sudo().tokens_sealed)

    def test_a_company_of_other_users_leaves_the_ad_account_out(self):
        self.manager.company_ids += self.other_company
        self.come_back(state=self.begin(), auth_code="fake-code")
        third = self.env["res.company"].create({"name": "Third"})
        consent = self.env["tiktok.oauth.state"].search([], order="id desc", limit=1)
        form = {
            "csrf_token": Request.csrf_token(self),
            "consent_id": consent.id,
            f"company_{ONE}": third.id,
            f"company_{TWO}": "nonsense",
        }
        self.url_open(const.BUSINESS_CONFIRM_ROUTE, data=form, allow_redirects=False)
        self.env.invalidate_all()
        self.assertFalse(self.ads.search([("advertiser_uid", "in", (ONE, TWO))]))
        self.look_after()
        with self.enter_registry_test_mode():
            self.env.ref(const.WATCH_CRON_XMLID).method_direct_trigger()
        self.assertFalse(self.tiktok.tokens)  # revoked: no ad account uses it
