import contextlib
import urllib.parse

import psycopg2

from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.tests.api_common import ApiCommon
from odoo.addons.tiktok_leadgen.tests.fake_open_api import TOKENS
from odoo.addons.tiktok_leadgen.tiktok.errors import ReconnectError


@tagged("post_install", "-at_install")
class TestShortRoutes(ApiCommon):
    """The short addresses of the company's publishing account."""

    def call(self, path, user=None, status=200, **options):
        headers = {"Authorization": f"Bearer {self.keys[user]}"} if user else {}
        answer = self.url_open(path, headers=headers, allow_redirects=False, **options)
        self.assertEqual(answer.status_code, status, answer.text)
        for secret in ("act.", "rft.", "cs_demo", "Traceback"):
            self.assertNotIn(secret, answer.text)
        self.env.invalidate_all()
        return answer

    def test_administrator_is_redirected_to_the_consent_page(self):
        for path in ("/tiktok/auth-url", "/tiktok/auth-url/"):
            said = self.call(path, self.manager).json()
            self.assertEqual(said.keys(), {"authorization_url", "state"})
            self.assertIn(said["state"], said["authorization_url"])
        for path in ("/tiktok/auth", "/tiktok/auth/"):
            answer = self.call(path, self.manager, 302)
            self.assertIn("/v2/auth/authorize", answer.headers["Location"])

    def test_other_users_are_refused(self):
        for path in ("/tiktok/auth", "/tiktok/auth-url", "/tiktok/refresh-token"):
            self.assertEqual(self.call(path, status=401).json()["error"]["code"], "unauthorized")
            refused = self.call(path, self.salesman, 403).json()
            self.assertEqual(refused["error"]["code"], "forbidden")

    def test_missing_account_is_explained(self):
        self.make_account(self.company, "Second")
        refused = self.call("/tiktok/auth-url", self.manager, 409).json()
        self.assertEqual(refused["error"]["code"], "no_account")
        self.company.tiktok_publish_account_id = self.account
        self.call("/tiktok/auth-url", self.manager)

    def test_account_of_another_company_is_not_found(self):
        self.call(f"/tiktok/auth-url?company_id={self.other_company.id}", self.manager, 404)

    def test_consent_returns_to_the_short_route(self):
        self.setting("TIKTOK_SHORT_CALLBACK", "1")
        self.account._disconnect_account()
        self.account.open_id = TOKENS["open_id"]
        self.authenticate("tiktok_manager", "tiktok_manager")
        self.env.cr.flush()
        url = self.url_open("/tiktok/auth-url").json()["authorization_url"]
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
        self.assertTrue(query["redirect_uri"].endswith("/tiktok/callback"))
        callback = f"/tiktok/callback?code=fake&state={query['state']}"
        answer = self.url_open(callback, allow_redirects=False)
        self.assertEqual(answer.status_code, 303, answer.text)
        self.assertIn(f"/tiktok-accounts/{self.account.id}", answer.headers["Location"])
        self.env.invalidate_all()
        self.assertEqual(self.account.state, "connected")
        sent = urllib.parse.parse_qs(self.asked("/v2/oauth/token/")[0].body)
        self.assertEqual(sent["redirect_uri"], [query["redirect_uri"]])

    def test_callback_with_unknown_state_is_refused(self):
        answer = self.url_open("/tiktok/callback/?code=fake&state=made-up")
        self.assertEqual(answer.status_code, 401)  # TikTok's visitor logs in first

    def test_tokens_are_renewed_and_not_returned(self):
        said = self.call("/tiktok/refresh-token", self.manager).json()
        self.assertEqual(len(self.asked("/v2/oauth/token/")), 1)
        self.assertEqual(said["status"], "connected")
        self.assertTrue(said["access_expires_at"].endswith("Z"))
        self.assertEqual(self.account._get_access_token(), TOKENS["access_token"])

    def test_concurrent_requests_renew_once(self):
        tokens = type(self.env["tiktok.token"])
        renew, calls = tokens._get_token_in, []

        def renew_too_late(*args, **options):
            calls.append(args)
            access = renew(*args, **options)
            if len(calls) == 1:
                raise psycopg2.errors.SerializationFailure
            return access

        self.patch(tokens, "_get_token_in", renew_too_late)
        self.call("/tiktok/refresh-token", self.manager)
        self.assertEqual(len(calls), 2)
        self.assertEqual(len(self.asked("/v2/oauth/token/")), 1)

    def test_failed_renewal_keeps_the_token(self):
        self.tiktok_refuses("/v2/oauth/token/", "internal_error", 500)
        self.call("/tiktok/refresh-token", self.manager, 503)
        self.assertEqual(self.account._get_access_token(), "act.first")

    def test_refused_renewal_is_reported(self):
        refusal = {"error": "invalid_grant", "error_description": "Refresh token is invalid."}
        self.tiktok_says("/v2/oauth/token/", refusal, 400)
        said = self.call("/tiktok/refresh-token", self.manager, 409).json()
        self.assertEqual(said["error"]["code"], "invalid_grant")

    def test_refused_renewal_expires_the_account(self):
        self.tiktok_says("/v2/oauth/token/", {"error": "invalid_grant"}, 400)
        with contextlib.suppress(ReconnectError):  # assertRaises would roll back its changes
            self.env["tiktok.token"]._force_renewal(self.account)
            self.fail("It was not refused.")
        self.env.invalidate_all()
        self.assertEqual(self.account.state, "expired")

    def test_cross_site_post_is_refused(self):
        self.authenticate("tiktok_manager", "tiktok_manager")
        self.call("/tiktok/refresh-token", status=415, data={"a": "form"})

    def test_cross_site_link_is_refused(self):
        self.authenticate("tiktok_manager", "tiktok_manager")
        for headers in (
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},  # a neighbour below the same domain
            {"Sec-Fetch-Site": "cross-site", "Referer": self.base_url()},
            {"Referer": "https://evil.example.com/page"},
            {"Origin": "https://evil.example.com"},
            {"Origin": "null"},
        ):
            for path in ("/tiktok/refresh-token", "/tiktok/refresh-token/"):
                with self.subTest(headers=headers, path=path):
                    answer = self.url_open(path, headers=headers)
                    self.assertEqual(answer.status_code, 403)
                    self.assertEqual(answer.json()["error"]["code"], "other_site")
        self.assertFalse(self.asked("/v2/oauth/token/"))

    def test_typed_url_renews_the_tokens(self):
        self.authenticate("tiktok_manager", "tiktok_manager")
        for headers in (
            {"Sec-Fetch-Site": "none"},
            {"Sec-Fetch-Site": "same-origin"},
            {"Referer": f"{self.base_url()}/odoo"},
        ):
            answer = self.url_open("/tiktok/refresh-token", headers=headers)
            self.assertEqual(answer.status_code, 200, answer.text)
        self.assertEqual(len(self.asked("/v2/oauth/token/")), 3)

    def test_public_status_tells_only_whether_it_is_connected(self):
        company = self.env.ref("base.public_user").company_id
        account = self.make_account(company, "Public brand")
        company.tiktok_publish_account_id = account
        self.assertEqual(self.call("/tiktok/status").json(), {"connected": True})
        account._disconnect_account()
        self.assertEqual(self.call("/tiktok/status/").json(), {"connected": False})
        company.tiktok_publish_account_id = False
        account.active = False
        self.assertEqual(self.call("/tiktok/status").json(), {"connected": False})
