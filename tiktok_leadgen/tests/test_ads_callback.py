import urllib.parse

import requests

from odoo import fields
from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged

from .. import const
from .fake_business_api import ONE, TWO, BusinessCommon, response


@tagged("post_install", "-at_install")
class TestAdsCallback(BusinessCommon, HttpCase):
    """TikTok sends the browser back: what becomes of it."""

    def setUp(self):
        super().setUp()
        self.manager.password = "tiktok_manager"
        self.authenticate("tiktok_manager", "tiktok_manager")

    def begin(self, user=None):
        """Press Connect TikTok Ads; return the state in TikTok's address."""
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

    def test_one_consent_brings_all(self):
        response = self.come_back(state=self.begin(), auth_code="fake-code", code="fake-code")
        self.assertEqual(response.status_code, 303)
        self.assertTrue(response.headers["Location"].endswith("/odoo/tiktok-ad-accounts"))
        self.assertEqual(self.connected(), [ONE, TWO])

    def test_one_ad_account_is_opened(self):
        self.tiktok.codes["fake-code"] = [ONE]
        response = self.come_back(state=self.begin(), auth_code="fake-code")
        advertiser = self.ads.search([("advertiser_uid", "=", ONE)])
        self.assertTrue(response.headers["Location"].endswith(f"/{advertiser.id}"))

    def test_code_stands_in_for_auth_code_and_the_slash_may_miss(self):
        route = const.BUSINESS_CALLBACK_ROUTE.rstrip("/")
        self.come_back(route, state=self.begin(), code="fake-code")
        self.assertEqual(self.connected(), [ONE, TWO])

    def test_auth_code_wins(self):
        self.come_back(state=self.begin(), auth_code="fake-code", code="another")
        self.assertEqual(self.connected(), [ONE, TWO])

    def test_a_state_works_once(self):
        state = self.begin()
        self.come_back(state=state, auth_code="fake-code")
        self.tiktok.codes["again"] = [ONE]
        self.assertIn("works once", self.come_back(state=state, auth_code="again").text)
        self.assertIn("again", self.tiktok.codes)

    def test_a_state_nobody_knows(self):
        self.refused(self.come_back(state="made-up", auth_code="fake-code"), "not known")
        self.refused(self.come_back(), "not known")

    def test_a_state_of_an_account_is_none_of_an_ad_account(self):
        self.company.write({"tiktok_client_key": "k", "tiktok_client_secret": "fake-secret"})
        account = self.env["tiktok.account"].create(
            {"name": "A", "company_id": self.company.id, "user_id": self.manager.id}
        )
        state = account.with_user(self.manager)._begin_consent()[1]
        self.refused(self.come_back(state=state, auth_code="fake-code"), "not known")
        answer = self.come_back(const.OAUTH_CALLBACK_ROUTE, state=self.begin(), code="fake-code")
        self.refused(answer, "not known")

    def test_too_late(self):
        state = self.begin()
        consent = self.env["tiktok.oauth.state"]._find(state)
        consent.expires_at = fields.Datetime.subtract(fields.Datetime.now(), minutes=1)
        self.refused(self.come_back(state=state, auth_code="fake-code"), "ten minutes")

    def test_another_user(self):
        other = new_test_user(
            self.env,
            "tiktok_manager_2",
            "tiktok_leadgen.tiktok_leadgen_group_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        answer = self.come_back(state=self.begin(other), auth_code="fake-code")
        self.refused(answer, "Another user began this", 403)

    def test_nobody_logged_in(self):
        state = self.begin()
        self.logout()
        answer = self.come_back(state=state, auth_code="fake-code")
        self.refused(answer, "Log in", 401)
        self.assertIn("tiktok-business", answer.text)

    def test_a_manager_no_more(self):
        state = self.begin()
        group = self.env.ref("tiktok_leadgen.tiktok_leadgen_group_manager")
        self.manager.group_ids -= group
        answer = self.come_back(state=state, auth_code="fake-code")
        self.refused(answer, "Ask a TikTok administrator", 403)

    def test_denied(self):
        answer = self.come_back(state=self.begin(), error="access_denied")
        self.refused(answer, "Permission was not given")

    def test_what_tiktok_refuses_is_a_sentence(self):
        for code, words in (
            (40110, "did not take the login"),
            (40101, "does not know these app keys"),
            (40113, "does not know these app keys"),
            (40001, "Ad Account Information"),
            (50000, "TikTok does not answer"),
            (40100, "TikTok does not answer"),
            (40002, "It says: No."),
            (49999, "It says: No."),
        ):
            with self.subTest(code=code):
                self.tiktok.refusals["/oauth2/access_token/"] = [code]
                answer = self.come_back(state=self.begin(), auth_code="fake-code")
                self.refused(answer, words)
                self.assertIn("req-1", answer.text)

    def test_tiktok_is_down(self):
        state = self.begin()
        self.tiktok.down = requests.ConnectTimeout()
        answer = self.come_back(state=state, auth_code="fake-code")
        self.refused(answer, "TikTok does not answer")

    def test_something_else_answers_at_the_address(self):
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
                self.assertIn("TikTok addresses in the server", answer.text)
                self.assertNotIn("Nothing is wrong", answer.text)

    def test_no_ad_account(self):
        self.tiktok.codes["fake-code"] = []
        answer = self.come_back(state=self.begin(), auth_code="fake-code")
        self.refused(answer, "No ad account was chosen")

    def test_names_that_can_not_be_read_stop_nothing(self):
        self.tiktok.refusals["/oauth2/advertiser/get/"] = [40001]
        self.come_back(state=self.begin(), auth_code="fake-code")
        self.assertEqual(self.connected(), [ONE, TWO])

    def test_held_by_another_company(self):
        held = {"name": "X", "advertiser_uid": TWO, "company_id": self.other_company.id}
        self.ads.create({**held, "state": "revoked"})
        answer = self.come_back(state=self.begin(), auth_code="fake-code")
        self.assertIn("another company of this database has it: ACME Two", answer.text)
        self.assertEqual(self.connected(), [ONE])

    def test_a_number_typed_in_another_company_reserves_nothing(self):
        theirs = {"name": "X", "advertiser_uid": ONE, "company_id": self.other_company.id}
        draft = self.ads.create(theirs)
        self.come_back(state=self.begin(), auth_code="fake-code")
        self.assertEqual(self.connected(), [ONE, TWO])
        self.assertEqual(draft.state, "draft")

    def test_the_draft_of_the_company_is_connected(self):
        draft = self.ads.create({"name": "X", "advertiser_uid": ONE, "company_id": self.company.id})
        self.come_back(state=self.begin(), auth_code="fake-code")
        self.assertEqual(draft.state, "connected")

    def test_keys_that_went(self):
        state = self.begin()
        self.company.tiktok_app_secret = False
        answer = self.come_back(state=state, auth_code="fake-code")
        self.refused(answer, "ID and secret")

    def test_several_companies_are_asked_for(self):
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
        self.assertIn("done already", again.text)
        self.assertFalse(consent.sudo().tokens_sealed)

    def test_a_company_one_is_not_in_leaves_it_out(self):
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
        self.assertFalse(self.tiktok.tokens)  # given back: nobody lives on it
