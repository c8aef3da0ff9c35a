import json
from unittest.mock import patch

from odoo.tests import tagged

from ...tiktok import crypto, signature
from ...webhook_authenticator import WebhookAuthenticator
from ..common import APP_SECRET, TiktokHttpCommon, body, entry, next_uid

RIGHT, WRONG, MISSING = None, "0" * 64, ""
YES, BAD, NO = True, "wrong", None


@tagged("post_install", "-at_install")
class TestWebhookAuthentication(TiktokHttpCommon):
    """What verifies a delivery: the token, TikTok's signature, or both."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.tiktok_app_secret = APP_SECRET

    def deliver(self, header, token=True, name="Zoë 😀"):
        uid = next_uid()
        content = body(entry(uid, answers={"name": name}))
        response = self.post_signed(content, header, token=token)
        self.assertEqual(response.status_code, 200)
        return self.event(uid)

    def assert_policy(self, policy, cases):
        self.company.tiktok_signature_policy = policy
        for token, header, state, verification, signed, reason in cases:
            with self.subTest(token=token, header=header):
                event = self.deliver(header, token)
                found = (event.state, event.verification, event.signature, event.reason)
                self.assertEqual(found, (state, verification, signed, reason))
                self.process()
                self.assertEqual(bool(event.lead_id), state == "pending" or verification != "none")

    def test_policy_token_accepts_either_and_stores_a_wrong_signature(self):
        self.assert_policy(
            "token",
            [
                (YES, RIGHT, "pending", "both", "right", False),
                (YES, WRONG, "pending", "token", "wrong", False),
                (YES, MISSING, "pending", "token", "missing", False),
                (BAD, RIGHT, "pending", "signature", "right", False),
                (NO, RIGHT, "pending", "signature", "right", False),
                (BAD, WRONG, "quarantined", "none", "wrong", "wrong_token"),
                (BAD, MISSING, "quarantined", "none", "missing", "wrong_token"),
                (NO, WRONG, "quarantined", "none", "wrong", "no_token"),
                (NO, MISSING, "quarantined", "none", "missing", "no_token"),
            ],
        )

    def test_policy_signature_takes_nothing_but_the_signature(self):
        self.assert_policy(
            "signature",
            [
                (YES, RIGHT, "pending", "both", "right", False),
                (NO, RIGHT, "pending", "signature", "right", False),
                (YES, WRONG, "quarantined", "none", "wrong", "wrong_signature"),
                (YES, MISSING, "quarantined", "none", "missing", "no_signature"),
                (NO, MISSING, "quarantined", "none", "missing", "no_signature"),
            ],
        )

    def test_policy_both_wants_both(self):
        self.assert_policy(
            "both",
            [
                (YES, RIGHT, "pending", "both", "right", False),
                (BAD, RIGHT, "quarantined", "none", "right", "wrong_token"),
                (NO, RIGHT, "quarantined", "none", "right", "no_token"),
                (YES, WRONG, "quarantined", "none", "wrong", "wrong_signature"),
                (YES, MISSING, "quarantined", "none", "missing", "no_signature"),
            ],
        )

    def test_without_a_secret_the_token_is_enough_and_a_required_signature_is_missing(self):
        self.company.tiktok_app_secret = False
        event = self.deliver(RIGHT)
        self.assertEqual((event.verification, event.signature), ("token", "unchecked"))
        for policy in ("signature", "both"):
            self.company.tiktok_signature_policy = policy
            event = self.deliver(RIGHT)
            self.assertEqual((event.state, event.reason), ("quarantined", "no_secret"))

    def test_a_secret_sealed_with_another_key_is_said_and_the_token_still_counts(self):
        token = self.company.tiktok_webhook_token
        self.setting("INTEGRATION_ENCRYPTION_KEY", crypto.make_key())
        event = self.deliver(RIGHT, token)
        self.assertEqual((event.verification, event.signature), ("token", "unchecked"))
        self.company.tiktok_signature_policy = "signature"
        event = self.deliver(RIGHT)
        self.assertEqual((event.state, event.reason), ("quarantined", "unreadable_secret"))

    def test_a_key_that_is_none_is_said_the_same_way(self):
        token = self.company.tiktok_webhook_token
        self.setting("INTEGRATION_ENCRYPTION_KEY", "hunter2")
        self.company.tiktok_signature_policy = "both"
        event = self.deliver(RIGHT, token)
        self.assertEqual((event.state, event.reason), ("quarantined", "unreadable_secret"))

    def test_after_a_rotation_of_the_key_the_secret_still_opens(self):
        old, new = crypto.make_key(), crypto.make_key()
        self.setting("INTEGRATION_ENCRYPTION_KEY", old)
        self.company.tiktok_app_secret = APP_SECRET
        self.setting("INTEGRATION_ENCRYPTION_KEY", f"{new},{old}")
        self.assertEqual(self.deliver(RIGHT, NO).verification, "signature")

    def test_the_secret_of_the_environment_checks_where_the_company_has_none(self):
        self.company.tiktok_app_secret = False
        self.setting("TIKTOK_APP_SECRET", APP_SECRET)
        self.assertEqual(self.deliver(RIGHT, NO).verification, "signature")
        self.company.tiktok_app_secret = "another"
        self.assertEqual(self.deliver(RIGHT, NO).state, "quarantined")

    def test_the_body_is_escaped_once_however_many_secrets_are_tried(self):
        self.other_company.tiktok_app_secret = "another"
        raw = json.dumps(body(entry(answers={"name": "Zoë"})), ensure_ascii=False).encode()
        with patch.object(signature, "escape_unicode", wraps=signature.escape_unicode) as escape:
            authenticator = WebhookAuthenticator(self.env, raw, "", WRONG)
            for company in (self.company, self.other_company):
                self.assertEqual(authenticator.authenticate(company.id).signature, "wrong")
        self.assertEqual(escape.call_count, 1)

    def test_the_secret_of_another_company_proves_nothing(self):
        self.other_company.tiktok_app_secret = "another"
        raw = json.dumps(body(entry())).encode()
        header = signature.sign_open(raw, "another")
        self.post(None, raw=raw, headers={"X-Open-Signature": header}, token=None)
        event = self.events.search([("company_id", "=", self.company.id)])
        self.assertEqual((event.state, event.signature), ("quarantined", "wrong"))

    def test_the_signature_is_checked_over_the_raw_and_over_the_escaped_body(self):
        raw = json.dumps(body(entry(answers={"name": "Zoë 😀"})), ensure_ascii=False).encode()
        key = APP_SECRET.encode()
        headers = [
            signature._hexdigest(key, raw).decode(),
            signature._hexdigest(key, signature.escape_unicode(raw)).decode(),
        ]
        self.assertNotEqual(*headers)
        for header in headers:
            self.assertEqual(self.deliver_raw(raw, header).verification, "signature")
            self.assertFalse(self.deliver_raw(raw + b" ", header).verification == "signature")

    def deliver_raw(self, raw, header):
        self.events.search([("company_id", "=", self.company.id)]).unlink()
        self.post(None, raw=raw, headers={"X-Open-Signature": header}, token=None)
        return self.events.search([("company_id", "=", self.company.id)])

    def test_a_body_beyond_utf_8_with_a_signature_is_answered(self):
        event = self.deliver_raw(b"Zo\xeb", "f" * 64)
        self.assertEqual((event.state, event.kind), ("quarantined", "unreadable"))

    def test_a_header_beyond_ascii_is_wrong_and_nothing_more(self):
        event = self.deliver_raw(b"{}", "é".encode())
        self.assertEqual((event.state, event.signature), ("quarantined", "wrong"))

    def test_the_app_of_the_company_that_gave_the_consent_signs_too(self):
        holder = self.other_company
        holder.write(
            {"tiktok_app_secret": "another-fake-secret", "tiktok_signature_policy": "both"}
        )
        token = self.env["tiktok.business.token"].create({"company_id": self.company.id})
        advertiser = self.env["tiktok.advertiser"].create(
            {"name": "Branch", "advertiser_uid": "7163948356417550055", "company_id": holder.id}
        )
        advertiser.sudo().write({"state": "connected", "business_token_id": token.id})
        query = f"company_id={holder.id}&token={holder.tiktok_webhook_token}"
        for secret, state in ((APP_SECRET, "pending"), ("fake-made-up", "quarantined")):
            uid = next_uid()
            raw = json.dumps(body(entry(uid, advertiser_id=7163948356417550055))).encode()
            header = signature.sign_open(raw, secret)
            self.post(None, raw=raw, headers={"X-Open-Signature": header}, query=query)
            event = self.events.search([("lead_uid", "=", str(uid))])
            self.assertEqual((event.company_id, event.state), (holder, state))
        advertiser.sudo().write({"state": "revoked"})
        uid = next_uid()
        raw = json.dumps(body(entry(uid, advertiser_id=7163948356417550055))).encode()
        self.post(
            None,
            raw=raw,
            headers={"X-Open-Signature": signature.sign_open(raw, APP_SECRET)},
            query=query,
        )
        event = self.events.search([("lead_uid", "=", str(uid))])
        self.assertEqual(event.signature, "wrong")

    def test_a_form_can_not_be_signed(self):
        raw = b"name=Ana&email=ana%40example.com"
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Open-Signature": signature.sign_open(b"", APP_SECRET),
        }
        self.post(None, raw=raw, headers=headers, token=None)
        event = self.events.search([("company_id", "=", self.company.id)])
        self.assertEqual((event.state, event.signature), ("quarantined", "missing"))

    def test_a_wrong_signature_beside_a_right_token_is_counted_for_the_administrator(self):
        self.deliver(RIGHT)
        self.assertEqual(self.company.tiktok_wrong_signature_count, 0)
        self.deliver(WRONG)
        self.company.invalidate_recordset()
        self.assertEqual(self.company.tiktok_wrong_signature_count, 1)
