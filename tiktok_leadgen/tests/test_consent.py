import contextlib
import urllib.parse
from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo import fields
from odoo.http import Request
from odoo.tests import tagged

from .. import const
from .api_common import ApiCommon
from .fake_open_api import PROFILE, TOKENS


@tagged("post_install", "-at_install")
class TestConsent(ApiCommon):
    """The way back from TikTok's consent page."""

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
        state = states._begin(account, "https://odoo.example.com/", "verifier")
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
        """Return the access tokens that were given back."""
        bodies = (request.body for request in self.asked("/v2/oauth/revoke/"))
        return [urllib.parse.parse_qs(body)["token"][0] for body in bodies]

    @contextlib.contextmanager
    def clashing(self, times):
        """Let the account's connection meet another transaction so many times."""
        accounts = type(self.env["tiktok.account"])
        connect, left = accounts._connect, iter(range(times))

        def clash(account, tokens):
            connect(account, tokens)
            if next(left, None) is not None:
                raise psycopg2.errors.DeadlockDetected

        with patch.object(accounts, "_connect", clash):
            yield

    # === ANOTHER TRANSACTION === #

    def test_a_deadlock_costs_nothing(self):
        with self.clashing(1):
            self.come_back(self.draft)
        self.assertEqual(self.draft.state, "connected")
        self.assertEqual(self.draft.username, PROFILE["username"])
        self.assertFalse(self.revoked())

    def test_what_can_not_be_kept_is_given_back(self):
        with self.clashing(99):
            said = self.come_back(self.draft)
        self.assertIn("Another change was under way", said)
        self.assertEqual(self.draft.state, "draft")
        self.assertEqual(self.revoked(), ["act.oid_new"])

    def test_a_replacement_that_can_not_be_kept_leaves_the_one_before(self):
        self.assertIn("Shall the other one take its place?", self.come_back(self.account))
        with self.clashing(99):
            said = self.decide("replace")
        self.assertIn("Another change was under way", said)
        self.assertEqual(self.account.open_id, "oid_Brand")
        self.assertEqual(self.account.state, "connected")
        self.assertEqual(self.revoked(), ["act.oid_new"])

    def test_the_same_user_s_own_consent_is_not_given_back(self):
        with self.clashing(99):
            self.come_back(self.account, "oid_Brand")
        self.assertEqual(self.account.state, "connected")
        self.assertFalse(self.revoked())

    def test_a_replacement(self):
        self.come_back(self.account)
        self.decide("replace")
        self.assertEqual(self.account.open_id, "oid_new")
        self.assertEqual(self.revoked(), ["act.first"])

    def test_no_replacement(self):
        self.come_back(self.account)
        self.decide("keep")
        self.assertEqual(self.account.open_id, "oid_Brand")
        self.assertEqual(self.revoked(), ["act.oid_new"])

    # === THE SAME TIKTOK USER TWICE === #

    def test_a_connected_twin_keeps_the_consent(self):
        said = self.come_back(self.draft, "oid_Brand")
        self.assertIn("is connected already", said)
        self.assertFalse(self.revoked())

    def test_a_disconnected_twin_is_to_be_connected_again(self):
        for state in ("disconnected", "expired"):
            with self.subTest(state=state):
                self.account.state = state
                said = self.come_back(self.draft, "oid_Brand")
                self.assertNotIn("connected already", said)
                self.assertIn("“Brand”. Open that one and connect it again.", said)
                self.assertEqual(self.revoked().pop(), "act.oid_Brand")
        self.assertEqual(self.draft.state, "draft")

    def test_an_archived_twin_is_to_be_restored(self):
        self.account.active = False
        self.assertIn("Unarchive that one", self.come_back(self.draft, "oid_Brand"))
        self.assertFalse(self.revoked(), "it is connected all the same")
        self.account.state = "disconnected"
        self.assertIn("Unarchive that one", self.come_back(self.draft, "oid_Brand"))
        self.assertEqual(self.revoked(), ["act.oid_Brand"])

    def test_a_consent_that_another_company_lives_on_is_kept(self):
        self.account.state = "disconnected"
        self.make_account(self.other_company, "Brand")
        self.come_back(self.draft, "oid_Brand")
        self.assertFalse(self.revoked())

    # === NOBODY ANSWERS === #

    def test_there_is_time_to_answer(self):
        late = fields.Datetime.now() + timedelta(seconds=30)
        states = type(self.env["tiktok.oauth.state"])
        keep = states._keep_tokens

        def keep_late(state, values):
            state.expires_at = late
            keep(state, values)

        with patch.object(states, "_keep_tokens", keep_late):
            self.come_back(self.account)
        self.assertGreater(self.waiting().expires_at, late + timedelta(minutes=9))

    def test_a_consent_that_nobody_answers_for_is_given_back(self):
        self.come_back(self.account)
        self.waiting().expires_at -= timedelta(days=2)
        with self.enter_registry_test_mode():
            self.env["tiktok.oauth.state"]._gc_states()
        self.assertFalse(self.waiting())
        self.assertEqual(self.revoked(), ["act.oid_new"])
        self.assertEqual(self.account.state, "connected")

    def test_what_can_not_be_given_back_is_forgotten(self):
        self.come_back(self.account)
        self.waiting().write({"expires_at": "2026-01-01", "tokens_sealed": "of another key"})
        self.env["tiktok.oauth.state"]._gc_states()
        self.assertFalse(self.waiting())
        self.assertFalse(self.revoked())

    def waiting(self):
        """Return what waits for an answer."""
        return self.env["tiktok.oauth.state"].search([("tokens_sealed", "!=", False)])
