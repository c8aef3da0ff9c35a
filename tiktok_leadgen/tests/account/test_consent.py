import contextlib
import urllib.parse
from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo import fields
from odoo.exceptions import UserError
from odoo.http import Request
from odoo.tests import tagged

from ... import const
from ..api_common import ApiCommon
from ..fake_open_api import PROFILE, TOKENS


@tagged("post_install", "-at_install")
class TestConsent(ApiCommon):
    """The callback after TikTok's consent page."""

    def setUp(self):
        super().setUp()
        self.draft = self.env["tiktok.account"].create(
            {"name": "Draft", "company_id": self.company.id, "user_id": self.manager.id}
        )
        self.authenticate("tiktok_manager", "tiktok_manager")

    def come_back(self, account, open_id="oid_new"):
        """Agree at TikTok as one of its users, and return to Odoo."""
        given = {**TOKENS, "open_id": open_id, "access_token": f"act.{open_id}"}
        self.tiktok_says("/v2/oauth/token/", given)
        states = self.env["tiktok.oauth.state"].with_user(self.manager)
        state = states._create_state(account, "https://odoo.example.com/", "verifier")
        self.env.flush_all()
        query = urllib.parse.urlencode({"code": "fake", "state": state})
        return self.said(self.url_open(f"{const.OAUTH_CALLBACK_ROUTE}?{query}"))

    def decide(self, answer):
        """Answer the question of another TikTok account."""
        consent = self.env["tiktok.oauth.state"].search([], order="id desc", limit=1)
        return self.said(
            self.url_open(
                const.OAUTH_CONFIRM_ROUTE,
                data={
                    "consent_id": consent.id,
                    "answer": answer,
                    "csrf_token": Request.csrf_token(self),
                },
            )
        )

    def said(self, response):
        self.assertNotIn("Traceback", response.text)
        self.env.invalidate_all()
        return response.text

    def revoked(self):
        """Return the access tokens that were revoked."""
        bodies = (request.body for request in self.asked("/v2/oauth/revoke/"))
        return [urllib.parse.parse_qs(body)["token"][0] for body in bodies]

    @contextlib.contextmanager
    def conflicting(self, times):
        """Let the account's connection meet another transaction so many times."""
        accounts = type(self.env["tiktok.account"])
        connect, left = accounts._connect_account, iter(range(times))

        def conflict(account, tokens):
            connect(account, tokens)
            if next(left, None) is not None:
                raise psycopg2.errors.DeadlockDetected

        with patch.object(accounts, "_connect_account", conflict):
            yield

    # === ANOTHER TRANSACTION === #

    def test_deadlock_is_retried(self):
        with self.conflicting(1):
            self.come_back(self.draft)
        self.assertEqual(self.draft.state, "connected")
        self.assertEqual(self.draft.username, PROFILE["username"])
        self.assertFalse(self.revoked())

    def test_consent_that_can_not_be_stored_is_revoked(self):
        with self.conflicting(99):
            said = self.come_back(self.draft)
        self.assertIn("Another change is in progress", said)
        self.assertEqual(self.draft.state, "draft")
        self.assertEqual(self.revoked(), ["act.oid_new"])

    def test_consent_that_can_not_be_sealed_is_revoked(self):
        accounts, error = type(self.env["tiktok.account"]), UserError("No key fits.")
        with patch.object(accounts, "_connect_account", side_effect=error):
            self.assertIn("No key fits.", self.come_back(self.draft))
            self.assertEqual(self.revoked(), ["act.oid_new"])
            with (
                patch.object(accounts, "_revoke_unused_tokens", side_effect=error),
                self.assertLogs("odoo.addons.tiktok_leadgen.controllers.oauth", "WARNING") as logs,
            ):
                self.assertIn("No key fits.", self.come_back(self.draft))
        self.assertIn("stays valid at TikTok", logs.output[0])
        self.assertEqual(self.draft.state, "draft")

    def test_failed_replacement_keeps_the_connection(self):
        self.assertIn("Replace it with the other one?", self.come_back(self.account))
        with self.conflicting(99):
            said = self.decide("replace")
        self.assertIn("Another change is in progress", said)
        self.assertEqual(self.account.open_id, "oid_Brand")
        self.assertEqual(self.account.state, "connected")
        self.assertEqual(self.revoked(), ["act.oid_new"])

    def test_failed_reconnection_does_not_revoke(self):
        with self.conflicting(99):
            self.come_back(self.account, "oid_Brand")
        self.assertEqual(self.account.state, "connected")
        self.assertFalse(self.revoked())

    def test_replacement_revokes_the_previous_consent(self):
        self.come_back(self.account)
        self.decide("replace")
        self.assertEqual(self.account.open_id, "oid_new")
        self.assertEqual(self.revoked(), ["act.first"])

    def test_rejected_replacement_revokes_the_new_consent(self):
        self.come_back(self.account)
        self.decide("keep")
        self.assertEqual(self.account.open_id, "oid_Brand")
        self.assertEqual(self.revoked(), ["act.oid_new"])

    # === THE SAME TIKTOK USER TWICE === #

    def test_connected_duplicate_keeps_the_consent(self):
        said = self.come_back(self.draft, "oid_Brand")
        self.assertIn("already connected", said)
        self.assertFalse(self.revoked())

    def test_disconnected_duplicate_must_be_reconnected(self):
        for state in ("disconnected", "expired"):
            with self.subTest(state=state):
                self.account.state = state
                said = self.come_back(self.draft, "oid_Brand")
                self.assertNotIn("already connected", said)
                self.assertIn("“\u2068Brand\u2069”. Open that account and reconnect it.", said)
                self.assertEqual(self.revoked().pop(), "act.oid_Brand")
        self.assertEqual(self.draft.state, "draft")

    def test_archived_duplicate_must_be_unarchived(self):
        self.account.active = False
        self.assertIn("Unarchive that account", self.come_back(self.draft, "oid_Brand"))
        self.assertFalse(self.revoked(), "it is connected all the same")
        self.account.state = "disconnected"
        self.assertIn("Unarchive that account", self.come_back(self.draft, "oid_Brand"))
        self.assertEqual(self.revoked(), ["act.oid_Brand"])

    def test_consent_used_by_another_company_is_not_revoked(self):
        self.account.state = "disconnected"
        self.make_account(self.other_company, "Brand")
        self.come_back(self.draft, "oid_Brand")
        self.assertFalse(self.revoked())

    # === UNANSWERED === #

    def test_answer_has_ten_minutes_from_the_question(self):
        late = fields.Datetime.now() + timedelta(seconds=30)
        states = type(self.env["tiktok.oauth.state"])
        store = states._store_tokens

        def store_late(state, values):
            state.expires_at = late
            store(state, values)

        with patch.object(states, "_store_tokens", store_late):
            self.come_back(self.account)
        self.assertGreater(self.waiting().expires_at, late + timedelta(minutes=9))

    def test_unanswered_consent_is_revoked(self):
        self.come_back(self.account)
        self.waiting().expires_at -= timedelta(days=2)
        with self.enter_registry_test_mode():
            self.env["tiktok.oauth.state"]._gc_states()
        self.assertFalse(self.waiting())
        self.assertEqual(self.revoked(), ["act.oid_new"])
        self.assertEqual(self.account.state, "connected")

    def test_unanswered_consent_that_can_not_be_decrypted(self):
        self.come_back(self.account)
        self.waiting().write({"expires_at": "2026-01-01", "tokens_sealed": "of another key"})
        self.env["tiktok.oauth.state"]._gc_states()
        self.assertFalse(self.waiting())
        self.assertFalse(self.revoked())

    def test_a_consent_that_waits_is_revoked_before_its_account_is_deleted(self):
        self.come_back(self.account)
        self.account.state = "disconnected"
        with self.enter_registry_test_mode():
            self.account.with_user(self.manager).unlink()
        self.assertFalse(self.waiting())
        self.assertEqual(self.revoked(), ["act.oid_new"])

    def waiting(self):
        """Return what waits for an answer."""
        return self.env["tiktok.oauth.state"].search([("tokens_sealed", "!=", False)])
