import json
from urllib.parse import parse_qs, urlsplit

import requests

from odoo.http import _generate_routing_rules
from odoo.tests import tagged
from odoo.tools import file_open

from ... import const
from ...tiktok.login import SCOPES, compute_challenge
from ..api_common import ApiCommon


@tagged("post_install", "-at_install")
class TestAccountsApi(ApiCommon):
    """Access to accounts over the API."""

    # === WHO MAY === #

    def test_missing_login_and_wrong_key_are_refused(self):
        for header in ("", "Bearer wrong", "Basic YTpi", "Bearer"):
            with self.subTest(header=header):
                headers = {"Authorization": header} if header else {}
                response = self.url_open(const.ACCOUNTS_ROUTE, headers=headers)
                self.assertEqual(response.status_code, 401)
                self.assertEqual(response.json()["error"]["code"], "unauthorized")

    def test_user_without_access_is_forbidden(self):
        for path, content in (("", None), ("", {"platform": "tiktok", "name": "x"})):
            code = self.refusal(path, content, user=self.salesman, status=403)
            self.assertEqual(code, "forbidden")
        self.refusal(self.path(), user=self.salesman, status=403)

    def test_reader_can_not_write(self):
        self.salesman.group_ids += self.env.ref("sales_team.group_sale_manager")
        self.assertEqual(self.call_api(self.path(), user=self.salesman)["name"], "Brand")
        for what in ("connect/", "sync/", "disconnect/"):
            code = self.refusal(self.path(what), {}, user=self.salesman, status=403)
            self.assertEqual(code, "forbidden")

    def test_account_of_another_company_is_not_found(self):
        for what in ("", "tiktok-profile/", "tiktok-videos/"):
            code = self.refusal(self.path(what), user=self.stranger, status=404)
            self.assertEqual(code, "not_found")
        for what in ("connect/", "sync/", "disconnect/"):
            self.refusal(self.path(what), {}, user=self.stranger, status=404)
        self.assertEqual(self.call_api(user=self.stranger)["total"], 0)
        self.assertEqual(self.account.state, "connected")
        self.assertFalse(self.calls)

    def test_invalid_id_is_not_found(self):
        for text in ("0", "-1", "abc", "99999999999999999999", "1.5", "²"):
            with self.subTest(text=text):
                self.assertEqual(self.refusal(f"{text}/", status=404), "not_found")

    def test_session_must_post_json(self):
        self.authenticate("tiktok_manager", "tiktok_manager")
        forms = [
            {"Content-Type": "application/x-www-form-urlencoded"},
            {"Content-Type": "text/plain"},
            {"Content-Type": "multipart/form-data; boundary=x"},
            {},
        ]
        for path in ("", *(self.path(f"{what}/") for what in ("connect", "sync", "disconnect"))):
            for headers in forms:
                url = f"{self.base_url()}{const.ACCOUNTS_ROUTE}{path}"
                response = self.opener.post(url, data=b"{}", headers=headers, timeout=20)
                self.assertEqual(response.status_code, 415, response.text)
                self.assertEqual(response.json()["error"]["code"], "not_json")
        self.env.invalidate_all()
        self.assertEqual(self.account.state, "connected")
        headers = {"Content-Type": "application/json; charset=utf-8"}
        url = f"{const.ACCOUNTS_ROUTE}{self.path('disconnect/')}"
        response = self.url_open(url, data=b"{}", headers=headers)
        self.assertEqual(response.json()["status"], "disconnected")

    def test_cross_site_requests_are_refused(self):
        url = f"{self.base_url()}{const.ACCOUNTS_ROUTE}"
        headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
        response = self.opener.options(url, headers=headers, timeout=20)
        self.assertNotIn("Access-Control-Allow-Origin", response.headers)

    def test_wrong_method_is_refused_in_json(self):
        code = self.refusal(self.path(), {}, method="DELETE", status=405)
        self.assertEqual(code, "method_not_allowed")
        self.assertIn("GET", self.answer.headers["Allow"])

    # === ACCOUNTS === #

    def test_create_and_read_account(self):
        made = self.call_api("", {"platform": "tiktok", "name": " Café "}, status=201)
        self.assertEqual((made["name"], made["status"]), ("Café", "draft"))
        self.assertEqual(made["company_id"], self.company.id)
        self.assertEqual(self.call_api(f"{made['id']}/"), made)
        self.assertEqual(self.call_api(str(made["id"])), made)

    def test_fields_of_an_account(self):
        shown = self.call_api(self.path())
        self.assertEqual(shown["platform"], "tiktok")
        self.assertEqual(shown["open_id"], "oid_Brand")
        self.assertEqual(sorted(shown["scopes"]), sorted(SCOPES))
        self.assertRegex(shown["connected_at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertNotIn("act.first", self.answer.text)

    def test_posted_values_are_validated(self):
        right = {"platform": "tiktok", "name": "x"}
        wrong = [
            {},
            [],
            b"{",
            b"\xff",
            b"[" * 60_000,
            {**right, "platform": "meta"},
            {**right, "platform": ["tiktok"]},
            {**right, "name": ""},
            {**right, "name": " "},
            {**right, "name": 7},
            {**right, "name": "x" * 201},
            {**right, "name": "a\x00b"},
            {**right, "name": "a\nb"},
            {**right, "name": "\u3000"},
            {**right, "name": "a\ud800b"},
            {**right, "company_id": None},
            {**right, "company_id": True},
            {**right, "company_id": "1"},
            {**right, "state": "connected"},
        ]
        for content in wrong:
            with self.subTest(content=content):
                self.refusal("", content, status=422)

    def test_company_must_be_one_of_the_user(self):
        content = {"platform": "tiktok", "name": "x", "company_id": self.other_company.id}
        self.assertEqual(self.refusal("", content, status=404), "not_found")
        self.manager.company_ids += self.other_company
        self.assertEqual(
            self.call_api("", content, status=201)["company_id"], self.other_company.id
        )

    def test_list_is_paginated(self):
        for n in range(4):
            self.make_account(self.company, f"Page {n}")
        names, offset = [], 0
        while True:
            page = self.call_api(f"?limit=2&offset={offset}")
            self.assertEqual((page["total"], page["limit"], page["offset"]), (5, 2, offset))
            if not page["accounts"]:
                break
            names += [account["name"] for account in page["accounts"]]
            offset += 2
        self.assertEqual(names, ["Brand", *(f"Page {n}" for n in range(4))])

    def test_invalid_page_is_refused(self):
        for query in (
            "limit=0",
            "limit=501",
            "limit=x",
            "limit=",
            "offset=-1",
            "offset=²",
            "limit=1&limit=2",
        ):
            with self.subTest(query=query):
                self.refusal(f"?{query}", status=422)

    # === CONNECTING === #

    def test_connect_returns_the_authorization_url(self):
        made = self.call_api("", {"platform": "tiktok", "name": "x"}, status=201)
        consent = self.call_api(f"{made['id']}/connect/", {})
        query = parse_qs(urlsplit(consent["authorization_url"]).query)
        self.assertEqual(query["client_key"], ["ck_demo"])
        self.assertEqual(query["state"], [consent["state"]])
        state = self.env["tiktok.oauth.state"]._find_by_state(consent["state"])
        self.assertEqual(state.user_id, self.manager)
        self.assertNotIn("cs_demo", self.answer.text)

    def test_setting_selects_the_challenge_encoding(self):
        made = self.call_api("", {"platform": "tiktok", "name": "x"}, status=201)
        for setting, pattern in (("", r"^[0-9a-f]{64}$"), ("base64url", r"^[\w-]{43}$")):
            with self.subTest(setting=setting):
                self.setting("TIKTOK_PKCE_ENCODING", setting)
                consent = self.call_api(f"{made['id']}/connect/", {})
                query = parse_qs(urlsplit(consent["authorization_url"]).query)
                self.assertRegex(query["code_challenge"][0], pattern)
                state = self.env["tiktok.oauth.state"]._find_by_state(consent["state"])
                verifier = self.env["tiktok.secrets"]._open_secret(state.verifier_sealed)
                challenge = compute_challenge(verifier, setting or "hex")
                self.assertEqual(query["code_challenge"], [challenge])

    def test_api_key_may_post_an_empty_body(self):
        self.assertIn("state", self.call_api(self.path("connect/"), method="POST"))

    def test_connect_without_app_keys(self):
        self.company.tiktok_client_key = False
        self.assertEqual(self.refusal(self.path("connect/"), {}, status=409), "not_ready")

    def test_disconnect_revokes_and_deletes_tokens(self):
        shown = self.call_api(self.path("disconnect"), {})
        self.assertEqual((shown["status"], shown["status_reason"]), ("disconnected", "here"))
        self.assertIn("token=act.first", self.asked("/v2/oauth/revoke/")[0].body)
        self.assertFalse(self.env["tiktok.token"].search([("account_id", "=", self.account.id)]))
        self.assertEqual(self.call_api(self.path("disconnect/"), {})["status"], "disconnected")
        self.assertEqual(len(self.asked("/v2/oauth/revoke/")), 1)

    def test_disconnect_works_while_tiktok_is_down(self):
        self.tiktok_says("/v2/oauth/revoke/", requests.ConnectionError())
        self.assertEqual(self.call_api(self.path("disconnect/"), {})["status"], "disconnected")

    def test_account_that_is_not_connected(self):
        draft = self.env["tiktok.account"].create({"name": "x", "company_id": self.company.id})
        for what in ("tiktok-profile/", "tiktok-videos/"):
            code = self.refusal(self.path(what, draft), status=409)
            self.assertEqual(code, "not_connected")
        for what in ("sync/", "disconnect/"):
            self.refusal(self.path(what, draft), {}, status=409)
        self.account._mark_expired()
        self.assertEqual(self.refusal(self.path("tiktok-profile/"), status=409), "reconnect")

    # === THE DESCRIPTION === #

    def test_openapi_describes_each_route(self):
        with file_open("tiktok_leadgen/static/openapi.json") as described:
            paths = json.load(described)["paths"]
        known = {
            (path.replace("{account_id}", "<account_id>"), method.upper())
            for path, methods in paths.items()
            for method in methods
        }
        served = {
            (url, method)
            for url, endpoint in _generate_routing_rules(["tiktok_leadgen"], nodb_only=False)
            for method in endpoint.routing["methods"]
            if url.startswith(const.ACCOUNTS_ROUTE)
            and url.endswith("/")
            and not url.startswith(const.OAUTH_ROUTES)
        }
        self.assertEqual(known, served)
