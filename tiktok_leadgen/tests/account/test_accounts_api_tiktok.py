import json

import requests

from odoo.tests import tagged

from ... import const
from ...tiktok import client
from ...tiktok.errors import ReconnectError
from ..api_common import ApiCommon
from ..fake_open_api import OK, PROFILE, TOKENS

PAST = "2026-01-01 00:00:00"

VIDEOS = [{"id": "7080213458555737986", "title": "One"}, {"id": "7080213458555737987"}]


@tagged("post_install", "-at_install")
class TestAccountsApiTiktok(ApiCommon):
    """Answers of the API that depend on TikTok."""

    def test_profile_has_tiktok_field_names(self):
        self.assertEqual(self.call_api(self.path("tiktok-profile/")), PROFILE)
        self.assertEqual(
            self.asked("/v2/user/info/")[0].headers["Authorization"], "Bearer act.first"
        )

    def test_sync_stores_the_profile(self):
        shown = self.call_api(self.path("sync/"), {})
        self.assertEqual((shown["username"], shown["display_name"]), ("acme", "ACME"))
        self.assertTrue(shown["last_sync_at"])
        self.assertEqual(self.account.follower_count, 1200)

    def test_videos_are_paginated(self):
        data = {"videos": VIDEOS, "cursor": 1643332803000, "has_more": True}
        self.tiktok_says("/v2/video/list/", {"data": data, "error": OK})
        self.assertEqual(self.call_api(self.path("tiktok-videos/")), data)
        self.call_api(self.path("tiktok-videos/?cursor=1643332803000&max_count=5"))
        asked = [json.loads(request.body) for request in self.asked("/v2/video/list/")]
        self.assertEqual(asked, [{"max_count": 20}, {"max_count": 5, "cursor": 1643332803000}])

    def test_invalid_video_page_is_refused(self):
        queries = ("max_count=0", "max_count=21", "max_count=x", "cursor=-1", "cursor=x")
        for query in (*queries, "cursor=99999999999999999999", "max_count=", "cursor=1.5"):
            with self.subTest(query=query):
                self.refusal(self.path(f"tiktok-videos/?{query}"), status=422)
        self.assertFalse(self.calls)

    def test_status_of_tiktok_errors(self):
        refusals = [
            ("rate_limit_exceeded", 429, 429),
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

    def test_retry_after_is_forwarded(self):
        path = "/v2/user/info/"
        self.tiktok_refuses(path, "rate_limit_exceeded", 429, {"Retry-After": "17"})
        self.refusal(self.path("tiktok-profile/"), status=429)
        self.assertEqual(self.answer.headers["Retry-After"], "17")
        self.tiktok_refuses(path, "internal_error", 503)
        self.refusal(self.path("tiktok-profile/"), status=503)
        self.assertEqual(self.answer.headers["Retry-After"], str(const.API_RETRY_SECONDS))

    def test_unreachable_or_unreadable_tiktok(self):
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

    def test_missing_encryption_key_names_no_file(self):
        self.setting("INTEGRATION_ENCRYPTION_KEY", "not a key")
        self.assertEqual(self.refusal(self.path("tiktok-profile/"), status=503), "sealed")

    def test_expired_token_is_renewed_during_request(self):
        token = self.env["tiktok.token"].search([("account_id", "=", self.account.id)])
        token.access_expires_at = PAST
        self.assertEqual(self.call_api(self.path("tiktok-profile/")), PROFILE)
        self.assertEqual(
            self.asked("/v2/user/info/")[0].headers["Authorization"], "Bearer act.fresh"
        )

    def test_token_ended_early_is_renewed_during_request(self):
        self.tiktok_takes_only("act.fresh")
        self.assertEqual(self.call_api(self.path("tiktok-profile/")), PROFILE)
        self.assertEqual(len(self.asked("/v2/oauth/token/")), 1)
        self.assertEqual(self.account.state, "connected")

    def test_revoked_consent_expires_the_account_once(self):
        """Over HTTP tests/api sees it: here a refusal rolls back what was committed beside it."""
        refused = {"error": "invalid_grant", "error_description": "No.", "log_id": "1"}
        for path in ("/v2/user/info/", "/v2/video/list/"):
            self.tiktok_refuses(path, "access_token_invalid", 401)
        for number, (name, tokens) in enumerate(
            (
                ("_request_profile", refused),
                ("_request_video_page", refused),
                ("_request_video_page", TOKENS),  # and the new one is refused too
            )
        ):
            with self.subTest(name=name, number=number):
                account = self.make_account(self.company, f"Dead {number}")
                self.env.flush_all()
                self.tiktok_says("/v2/oauth/token/", tokens)
                for _again in range(2):
                    self.assertTrue(self.is_refused(getattr(account, name)))
                self.env.invalidate_all()
                self.assertEqual(account.state, "expired")
                self.assertEqual(len(account.activity_ids), 1)

    def is_refused(self, request):
        """Request as a caller does; Odoo's assertRaises would roll back what is committed."""
        try:
            request()
        except ReconnectError:
            return True
        return False

    def test_temporary_renewal_error_expires_nothing(self):
        self.tiktok_takes_only("act.fresh")
        self.tiktok_says("/v2/oauth/token/", "<html>", 503)
        self.refusal(self.path("tiktok-profile/"), status=503)
        self.assertEqual(self.account.state, "connected")
        self.assertFalse(self.account.activity_ids)

    def tiktok_takes_only(self, access_token):
        """Let TikTok refuse every other access token."""
        cls, right = type(self), f"Bearer {access_token}"
        answers = cls.answers
        refused = {"code": "access_token_invalid", "message": "No.", "log_id": "1"}

        class Answers(dict):
            def __getitem__(self, path):
                header = cls.calls[-1][1].headers.get("Authorization", right)
                return answers[path] if header == right else (401, {"error": refused}, {})

        cls.answers = Answers()
        self.tiktok_says = lambda path, content, status=200: answers.update(
            {path: (status, content, {})}
        )

    def test_request_respects_its_deadline(self):
        token = self.env["tiktok.token"].search([("account_id", "=", self.account.id)])
        for what, content in (
            ("tiktok-profile/", None),
            ("tiktok-videos/", None),
            ("sync/", {}),
            ("disconnect/", {}),
        ):
            token.access_expires_at = PAST
            self.timeouts.clear()
            data = {"videos": [], "has_more": False}
            self.tiktok_says("/v2/video/list/", {"data": data, "error": OK})
            self.call_api(self.path(what), content)
            self.assertEqual(len(self.timeouts), 2, what)
            self.assertLess(max(max(pair) for pair in self.timeouts), client.REQUEST_SECONDS)

    def test_unexpected_error_reveals_nothing(self):
        def fail(*_args):
            raise RuntimeError("act.first")

        self.patch(type(self.account), "_request_profile", fail)
        with self.assertLogs("odoo.http", "ERROR"):
            self.refusal(self.path("tiktok-profile/"), status=500)
