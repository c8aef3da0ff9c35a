import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import requests

from odoo import fields
from odoo.http import _generate_routing_rules
from odoo.tests import tagged
from odoo.tools import file_open

from .. import const
from ..tiktok.login import SCOPES, Tokens
from .common import TiktokHttpCommon
from .fake_open_api import OK, PROFILE, FakeOpenApi

VIDEOS = [{"id": "7080213458555737986", "title": "One"}, {"id": "7080213458555737987"}]


@tagged("post_install", "-at_install")
class TestAccountsApi(FakeOpenApi, TiktokHttpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"tiktok_client_key": "ck_demo", "tiktok_client_secret": "cs_demo"})
        cls.account = cls.make_account(cls.company, "Brand")
        cls.keys = {
            user: cls.env["res.users.apikeys"]
            .with_user(user)
            ._generate("rpc", "Program", fields.Datetime.now() + timedelta(days=1))
            for user in (cls.manager, cls.stranger, cls.salesman)
        }

    @classmethod
    def make_account(cls, company, name, **values):
        values = {"name": name, "company_id": company.id, **values}
        account = cls.env["tiktok.account"].create(values)
        account._connect(Tokens(f"oid_{name}", SCOPES, "act.first", 86400, "rft.first", 999999))
        return account

    def ask(self, path="", content=None, *, user=None, method=None, status=200, **headers):
        """Call the API as a program of a user, by default the manager.

        :param content: posted as JSON; None for a GET
        """
        key = self.keys[user or self.manager]
        headers = {"Authorization": f"Bearer {key}", **headers}
        if content is not None:
            headers.setdefault("Content-Type", "application/json")
        raw = content if isinstance(content, (bytes, type(None))) else json.dumps(content).encode()
        url = f"{const.ACCOUNTS_ROUTE}{path}"
        response = self.url_open(url, data=raw, headers=headers, method=method)
        self.assertEqual(response.status_code, status, response.text)
        self.assertEqual(response.headers["Content-Type"].partition(";")[0], "application/json")
        self.env.invalidate_all()
        self.answer = response
        return response.json()

    def refusal(self, *args, status, **kwargs):
        """Call it where it must refuse; return the code of the refusal."""
        content = self.ask(*args, status=status, **kwargs)
        self.assertEqual(content.keys(), {"error"})
        self.assertEqual(content["error"].keys(), {"code", "message"})
        for secret in ("act.", "rft.", "cs_demo", "Traceback", "psycopg2"):
            self.assertNotIn(secret, self.answer.text)
        return content["error"]["code"]

    def path(self, what="", account=None):
        return f"{(account or self.account).id}/{what}"

    # === WHO MAY === #

    def test_nobody_and_a_wrong_key_are_refused(self):
        for header in ("", "Bearer wrong", "Basic YTpi", "Bearer"):
            with self.subTest(header=header):
                headers = {"Authorization": header} if header else {}
                response = self.url_open(const.ACCOUNTS_ROUTE, headers=headers)
                self.assertEqual(response.status_code, 401)
                self.assertEqual(response.json()["error"]["code"], "unauthorized")

    def test_without_the_right_it_is_forbidden(self):
        for path, content in (("", None), ("", {"platform": "tiktok", "name": "x"})):
            code = self.refusal(path, content, user=self.salesman, status=403)
            self.assertEqual(code, "forbidden")
        self.refusal(self.path(), user=self.salesman, status=403)

    def test_who_may_only_read_can_not_change(self):
        self.salesman.group_ids += self.env.ref("sales_team.group_sale_manager")
        self.assertEqual(self.ask(self.path(), user=self.salesman)["name"], "Brand")
        for what in ("connect/", "sync/", "disconnect/"):
            code = self.refusal(self.path(what), {}, user=self.salesman, status=403)
            self.assertEqual(code, "forbidden")

    def test_another_companys_account_is_not_there(self):
        for what in ("", "tiktok-profile/", "tiktok-videos/"):
            code = self.refusal(self.path(what), user=self.stranger, status=404)
            self.assertEqual(code, "not_found")
        for what in ("connect/", "sync/", "disconnect/"):
            self.refusal(self.path(what), {}, user=self.stranger, status=404)
        self.assertEqual(self.ask(user=self.stranger)["total"], 0)
        self.assertEqual(self.account.state, "connected")
        self.assertFalse(self.calls)

    def test_what_is_no_id_is_not_there(self):
        for text in ("0", "-1", "abc", "99999999999999999999", "1.5", "²"):
            with self.subTest(text=text):
                self.assertEqual(self.refusal(f"{text}/", status=404), "not_found")

    def test_a_session_must_post_json(self):
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

    def test_no_other_site_is_let_in(self):
        url = f"{self.base_url()}{const.ACCOUNTS_ROUTE}"
        headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
        response = self.opener.options(url, headers=headers, timeout=20)
        self.assertNotIn("Access-Control-Allow-Origin", response.headers)

    def test_a_wrong_method_is_refused_in_json(self):
        code = self.refusal(self.path(), {}, method="DELETE", status=405)
        self.assertEqual(code, "method_not_allowed")
        self.assertIn("GET", self.answer.headers["Allow"])

    # === ACCOUNTS === #

    def test_an_account_is_made_and_read(self):
        made = self.ask("", {"platform": "tiktok", "name": " Café "}, status=201)
        self.assertEqual((made["name"], made["status"]), ("Café", "draft"))
        self.assertEqual(made["company_id"], self.company.id)
        self.assertEqual(self.ask(f"{made['id']}/"), made)
        self.assertEqual(self.ask(str(made["id"])), made)

    def test_what_an_account_shows(self):
        shown = self.ask(self.path())
        self.assertEqual(shown["platform"], "tiktok")
        self.assertEqual(shown["open_id"], "oid_Brand")
        self.assertEqual(sorted(shown["scopes"]), sorted(SCOPES))
        self.assertRegex(shown["connected_at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertNotIn("act.first", self.answer.text)

    def test_what_is_posted_is_looked_at(self):
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
            {**right, "name": "a\ud800b"},
            {**right, "company_id": None},
            {**right, "company_id": True},
            {**right, "company_id": "1"},
            {**right, "state": "connected"},
        ]
        for content in wrong:
            with self.subTest(content=content):
                self.refusal("", content, status=422)

    def test_a_company_may_be_chosen_among_ones_own(self):
        content = {"platform": "tiktok", "name": "x", "company_id": self.other_company.id}
        self.assertEqual(self.refusal("", content, status=404), "not_found")
        self.manager.company_ids += self.other_company
        self.assertEqual(self.ask("", content, status=201)["company_id"], self.other_company.id)

    def test_pages(self):
        for n in range(4):
            self.make_account(self.company, f"Page {n}")
        names, offset = [], 0
        while True:
            page = self.ask(f"?limit=2&offset={offset}")
            self.assertEqual((page["total"], page["limit"], page["offset"]), (5, 2, offset))
            if not page["accounts"]:
                break
            names += [account["name"] for account in page["accounts"]]
            offset += 2
        self.assertEqual(names, ["Brand", *(f"Page {n}" for n in range(4))])

    def test_a_wrong_page_is_refused(self):
        for query in ("limit=0", "limit=501", "limit=x", "limit=", "offset=-1", "offset=²"):
            with self.subTest(query=query):
                self.refusal(f"?{query}", status=422)

    # === CONNECTING === #

    def test_connect_gives_the_address_of_the_consent(self):
        made = self.ask("", {"platform": "tiktok", "name": "x"}, status=201)
        consent = self.ask(f"{made['id']}/connect/", {})
        query = parse_qs(urlsplit(consent["authorization_url"]).query)
        self.assertEqual(query["client_key"], ["ck_demo"])
        self.assertEqual(query["state"], [consent["state"]])
        state = self.env["tiktok.oauth.state"]._find(consent["state"])
        self.assertEqual(state.user_id, self.manager)
        self.assertNotIn("cs_demo", self.answer.text)

    def test_a_key_may_post_nothing(self):
        self.assertIn("state", self.ask(self.path("connect/"), method="POST"))

    def test_connect_without_keys_says_what_is_missing(self):
        self.company.tiktok_client_key = False
        self.assertEqual(self.refusal(self.path("connect/"), {}, status=409), "not_ready")

    def test_disconnect_gives_back_and_forgets(self):
        shown = self.ask(self.path("disconnect"), {})
        self.assertEqual((shown["status"], shown["status_reason"]), ("disconnected", "here"))
        self.assertIn("token=act.first", self.asked("/v2/oauth/revoke/")[0].body)
        self.assertFalse(self.env["tiktok.token"].search([("account_id", "=", self.account.id)]))
        self.assertEqual(self.ask(self.path("disconnect/"), {})["status"], "disconnected")
        self.assertEqual(len(self.asked("/v2/oauth/revoke/")), 1)

    def test_disconnect_works_while_tiktok_is_down(self):
        self.tiktok_says("/v2/oauth/revoke/", requests.ConnectionError())
        self.assertEqual(self.ask(self.path("disconnect/"), {})["status"], "disconnected")

    def test_what_is_not_connected_says_so(self):
        draft = self.env["tiktok.account"].create({"name": "x", "company_id": self.company.id})
        for what in ("tiktok-profile/", "tiktok-videos/"):
            code = self.refusal(self.path(what, draft), status=409)
            self.assertEqual(code, "not_connected")
        for what in ("sync/", "disconnect/"):
            self.refusal(self.path(what, draft), {}, status=409)
        self.account._expire()
        self.assertEqual(self.refusal(self.path("tiktok-profile/"), status=409), "reconnect")

    # === WHAT TIKTOK SAYS === #

    def test_a_profile_has_tiktoks_own_names(self):
        self.assertEqual(self.ask(self.path("tiktok-profile/")), PROFILE)
        self.assertEqual(
            self.asked("/v2/user/info/")[0].headers["Authorization"], "Bearer act.first"
        )

    def test_sync_writes_the_profile(self):
        shown = self.ask(self.path("sync/"), {})
        self.assertEqual((shown["username"], shown["display_name"]), ("acme", "ACME"))
        self.assertTrue(shown["last_sync_at"])
        self.assertEqual(self.account.follower_count, 1200)

    def test_videos_by_pages(self):
        data = {"videos": VIDEOS, "cursor": 1643332803000, "has_more": True}
        self.tiktok_says("/v2/video/list/", {"data": data, "error": OK})
        self.assertEqual(self.ask(self.path("tiktok-videos/")), data)
        self.ask(self.path("tiktok-videos/?cursor=1643332803000&max_count=5"))
        asked = [json.loads(request.body) for request in self.asked("/v2/video/list/")]
        self.assertEqual(asked, [{"max_count": 20}, {"max_count": 5, "cursor": 1643332803000}])

    def test_a_wrong_page_of_videos_is_refused(self):
        queries = ("max_count=0", "max_count=21", "max_count=x", "cursor=-1", "cursor=x")
        for query in (*queries, "cursor=99999999999999999999", "max_count=", "cursor=1.5"):
            with self.subTest(query=query):
                self.refusal(self.path(f"tiktok-videos/?{query}"), status=422)
        self.assertFalse(self.calls)

    def test_tiktoks_refusals(self):
        refusals = [
            ("rate_limit_exceeded", 429, 429),
            ("access_token_invalid", 401, 409),
            ("scope_not_authorized", 401, 409),
            ("scope_permission_missed", 400, 409),
            ("invalid_params", 400, 502),
            ("internal_error", 500, 503),
        ]
        for code, given, status in refusals:
            with self.subTest(code=code):
                self.tiktok_refuses("/v2/user/info/", code, given)
                self.refusal(self.path("tiktok-profile/"), status=status)
                self.refusal(self.path("sync/"), {}, status=status)

    def test_the_time_to_wait_is_passed_on(self):
        path = "/v2/user/info/"
        self.tiktok_refuses(path, "rate_limit_exceeded", 429, {"Retry-After": "17"})
        self.refusal(self.path("tiktok-profile/"), status=429)
        self.assertEqual(self.answer.headers["Retry-After"], "17")
        self.tiktok_refuses(path, "internal_error", 503)
        self.refusal(self.path("tiktok-profile/"), status=503)
        self.assertEqual(self.answer.headers["Retry-After"], str(const.API_RETRY_SECONDS))

    def test_what_can_not_be_reached_or_read(self):
        for content, status in (
            (requests.ConnectTimeout(), 503),
            (requests.ReadTimeout(), 503),
            ("<html>", 502),
            ("[]", 502),
            ({"data": {}, "error": OK}, 502),
        ):
            with self.subTest(content=content):
                self.tiktok_says("/v2/user/info/", content)
                self.refusal(self.path("tiktok-profile/"), status=status)

    def test_a_lost_encryption_key_names_no_file(self):
        self.setting("INTEGRATION_ENCRYPTION_KEY", "not a key")
        self.assertEqual(self.refusal(self.path("tiktok-profile/"), status=503), "sealed")

    def test_an_ended_token_is_renewed_on_the_way(self):
        token = self.env["tiktok.token"].search([("account_id", "=", self.account.id)])
        token.access_expires_at = fields.Datetime.now()
        self.assertEqual(self.ask(self.path("tiktok-profile/")), PROFILE)
        self.assertEqual(
            self.asked("/v2/user/info/")[0].headers["Authorization"], "Bearer act.fresh"
        )

    def test_what_nobody_foresaw_says_nothing(self):
        def fail(*_args):
            raise RuntimeError("act.first")

        self.patch(type(self.account), "_fetch_profile", fail)
        with self.assertLogs("odoo.http", "ERROR"):
            self.refusal(self.path("tiktok-profile/"), status=500)

    # === THE DESCRIPTION === #

    def test_each_route_is_described_and_the_other_way_round(self):
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
