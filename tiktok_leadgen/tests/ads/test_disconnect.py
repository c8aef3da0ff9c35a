from datetime import timedelta
from unittest.mock import patch

import requests

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ... import const
from ...tiktok.errors import RetryLaterError
from ..common import entry
from ..fake_business_api import ONE, TWO, BusinessCommon


@tagged("post_install", "-at_install")
class TestDisconnect(BusinessCommon):
    """Revocations that TikTok could not do immediately are retried."""

    def setUp(self):
        super().setUp()
        self.one, self.two = self.connect((ONE, TWO))
        for advertiser in (self.one, self.two):
            advertiser._subscribe_to_leads()

    @property
    def revocations(self):
        return self.env["tiktok.revocation"].sudo().search([])

    @property
    def subscribed(self):
        """Return the ad accounts whose leads TikTok sends."""
        rows = self.tiktok.subscriptions
        return sorted(row["subscription_detail"]["advertiser_id"] for row in rows)

    def disconnect(self, *advertisers, is_down=True):
        """Click Disconnect, while TikTok is down or not."""
        self.tiktok.down = requests.ConnectTimeout() if is_down else None
        for advertiser in advertisers:
            advertiser.with_user(self.manager).action_disconnect()
        self.tiktok.down = None
        self.env.invalidate_all()

    def retry(self):
        """Run the watchdog when the next attempts are due."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE tiktok_revocation SET next_at = now() - interval '1 second'")
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            self.env.ref(const.WATCH_CRON_XMLID).method_direct_trigger()
        self.env.invalidate_all()

    def lead_of(self, advertiser_uid):
        """Have TikTok send a lead of an ad account; return its event."""
        content = entry(advertiser_id=int(advertiser_uid))
        self.receive(content)
        self.process()
        return self.event(content["id"])

    def test_a_pending_disconnection_is_finished_when_tiktok_is_back(self):
        self.disconnect(self.one, self.two)
        self.assertEqual((self.one + self.two).mapped("state"), ["revoked"] * 2)
        self.assertFalse(self.env["tiktok.business.token"].search([]))
        self.assertEqual((len(self.tiktok.tokens), self.subscribed), (1, [ONE, TWO]))
        for advertiser in (self.one, self.two):
            found = advertiser.with_user(self.manager)
            self.assertTrue(found.is_disconnecting)
            self.assertIn("could not be reached", found.disconnect_reason)
            self.assertGreater(found.disconnect_next_at, fields.Datetime.now())
        self.retry()
        self.assertEqual((self.tiktok.tokens, self.subscribed), ({}, []))
        self.assertFalse(self.revocations)
        self.assertEqual((self.one + self.two).mapped("is_disconnecting"), [False] * 2)

    def test_the_next_attempt_is_triggered_and_waits_grow(self):
        self.disconnect(self.one, self.two)
        cron = self.env.ref(const.WATCH_CRON_XMLID)
        waits = []
        for _attempt in range(3):
            revocation = self.revocations.filtered(lambda each: each.kind == "consent")
            waits.append((revocation.next_at - fields.Datetime.now()).total_seconds())
            triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
            self.assertIn(revocation.next_at, triggers.mapped("call_at"))
            self.tiktok.down = requests.ConnectTimeout()
            self.retry()
        self.assertTrue(50 < waits[0] < 70 < waits[1] < 140 < waits[2] < 270, waits)
        self.tiktok.down = None
        self.retry()
        self.assertFalse(self.tiktok.tokens or self.revocations)

    def test_an_ad_account_is_deleted_after_it_was_disconnected_at_tiktok(self):
        self.disconnect(self.one, self.two)
        with self.assertRaisesRegex(UserError, "still disconnecting"), self.env.cr.savepoint():
            self.one.with_user(self.manager).unlink()
        self.retry()
        self.assertFalse(self.subscribed)
        self.one.with_user(self.manager).unlink()
        self.assertFalse(self.one.exists())

    def test_leads_received_meanwhile_are_ignored(self):
        self.disconnect(self.one)
        event = self.lead_of(ONE)
        self.assertEqual((event.state, event.reason), ("ignored", "disconnected"))
        self.assertFalse(event.lead_id)
        other = self.lead_of(TWO)
        self.assertEqual(other.state, "done")
        self.retry()
        self.assertEqual(self.lead_of(ONE).state, "done")  # pasted in Leads Center by a person

    def test_a_consent_used_by_others_stays(self):
        self.disconnect(self.one)
        self.assertEqual(self.two.state, "connected")
        self.retry()
        self.assertEqual((len(self.tiktok.tokens), self.subscribed), (1, [TWO]))
        self.assertEqual((self.one.is_disconnecting, self.two.leads_state), (False, "on"))

    def test_a_new_consent_is_not_ended(self):
        self.disconnect(self.one, self.two)
        old = set(self.tiktok.tokens)
        self.connect((ONE, TWO))
        for advertiser in (self.one, self.two):
            advertiser._subscribe_to_leads()
        self.assertFalse(self.one.is_disconnecting)
        self.assertEqual(self.lead_of(ONE).state, "done")
        self.retry()
        self.assertEqual(self.subscribed, [ONE, TWO])
        self.assertEqual(self.one.leads_state, "on")
        self.assertFalse(old & set(self.tiktok.tokens))
        self.assertEqual(len(self.tiktok.tokens), 1)

    def test_leads_that_a_user_receives_again_are_not_ended(self):
        before = list(self.tiktok.subscriptions)
        self.env["tiktok.revocation"]._plan_unsubscription(self.one, RetryLaterError("Later."))
        self.retry()
        self.assertFalse(self.revocations)
        self.assertEqual(self.tiktok.subscriptions, before)

    def test_a_token_granted_again_is_not_revoked(self):
        (token,) = self.tiktok.tokens
        self.disconnect(self.one, self.two)
        with patch.object(
            type(self.tiktok),
            "_oauth2_access_token",
            lambda fake, *_: (
                0,
                {"access_token": token, "advertiser_ids": fake.tokens[token], "scope": [4]},
            ),
        ):
            self.connect((ONE,))
        self.retry()
        self.assertEqual(list(self.tiktok.tokens), [token])
        self.assertFalse(self.revocations)
        self.assertEqual(self.one.state, "connected")

    def test_a_consent_revoked_at_tiktok_meanwhile_is_finished(self):
        self.disconnect(self.one, self.two)
        self.tiktok.tokens.clear()
        self.tiktok.subscriptions.clear()
        self.retry()
        self.assertFalse(self.revocations)

    def test_a_failing_revocation_stops_no_others(self):
        self.disconnect(self.one, self.two)

        def fail(*_args):
            raise ValueError("fake-business-token")

        with (
            patch.object(type(self.ads), "_end_subscriptions", fail),
            self.assertLogs("odoo.addons.tiktok_leadgen", "WARNING") as log,
        ):
            self.retry()
        self.assertFalse(self.tiktok.tokens)
        self.assertNotIn("fake-business-token", "".join(log.output))
        self.assertIn("ValueError", self.revocations.mapped("reason")[0])

    def test_the_token_is_sealed_and_hidden(self):
        self.disconnect(self.one, self.two)
        revocation = self.revocations.filtered("token_sealed")
        self.assertNotIn("fake-business-token", revocation.token_sealed)
        for user in (self.manager, self.salesman, self.env.ref("base.user_admin")):
            with self.subTest(user.login), self.assertRaises(AccessError):
                revocation.with_user(user).read(["token_sealed"])

    def unanswered(self):
        """Let a consent wait for the choice of companies for a day."""
        states = self.env["tiktok.oauth.state"]
        none = self.env["tiktok.account"]
        states._create_state(none, "https://odoo.example.com/", company=self.company)
        consent = states.search([], order="id desc", limit=1)
        grant = self.grant(advertisers=(ONE,))
        kept = {"access_token": grant.access_token, "advertiser_uids": [ONE], "scope": [4]}
        consent._store_tokens({**kept, "names": {ONE: "ACME One"}})
        consent.expires_at = fields.Datetime.now() - timedelta(days=2)
        return grant.access_token

    def test_a_consent_without_chosen_companies_is_revoked(self):
        token = self.unanswered()
        self.tiktok.down = requests.ConnectTimeout()
        self.env["tiktok.oauth.state"]._gc_states()
        self.retry()
        self.tiktok.down = None
        self.assertIn(token, self.tiktok.tokens)
        self.retry()
        self.assertNotIn(token, self.tiktok.tokens)
        self.assertEqual(len(self.tiktok.tokens), 1)
