from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ...tiktok import crypto
from ...tiktok.errors import ReconnectError, RetryLaterError, SealError, WrongRequestError
from ..common import freeze_clock
from ..common_account import DAY, SCOPES, AccountCommon

BEGAN = fields.Datetime.to_datetime("2026-09-20 11:00:00")


@tagged("post_install", "-at_install")
class TestToken(AccountCommon):
    def at(self, seconds):
        """Freeze the time so many seconds after the consent."""
        return freeze_clock(BEGAN + timedelta(seconds=seconds))

    def connect_at_start(self, life):
        with self.at(0):
            self.connect(life)

    def test_when_a_caller_renews_the_token(self):
        cases = [  # life of the access token, seconds since the consent, renewed
            (7_200, 0, False),
            (7_200, 7_139, False),
            (7_200, 7_140, True),
            (7_200, 7_200, True),
            (7_200, 90 * DAY, True),
            (DAY, 7_200, False),
            (DAY, DAY - 61, False),
            (DAY, DAY - 60, True),
            (40, 19, False),  # half of a short life is enough, or each use would renew it
            (40, 20, True),
        ]
        for life, seconds, renewed in cases:
            with self.subTest(life=life, seconds=seconds):
                self.connect_at_start(life)
                number, refreshed = self.kit._number, len(self.kit.refreshed)
                with self.at(seconds):
                    self.assertEqual(self.valid(), f"act.fake{number + renewed}")
                    self.assertEqual(self.valid(), f"act.fake{number + renewed}")
                self.assertEqual(len(self.kit.refreshed) - refreshed, int(renewed))

    def test_cron_renews_long_before_expiry(self):
        for life, quiet, renewed in ((7_200, 4_790, 4_800), (DAY, 57_590, 57_600), (600, 290, 300)):
            with self.subTest(life=life):
                self.connect_at_start(life)
                number = self.kit._number
                with self.at(quiet):
                    self.renew()
                self.assertEqual(self.kit._number, number)
                with self.at(renewed):
                    self.renew()
                    self.renew()
                self.assertEqual(self.kit._number, number + 1)

    def test_token_is_always_valid_during_a_day(self):
        self.connect_at_start(7_200)
        for seconds in range(0, DAY, 600):
            with self.at(seconds):
                self.renew()
                token = (
                    self.env["tiktok.token"].sudo().search([("account_id", "=", self.account.id)])
                )
                self.assertGreater(token.access_expires_at, fields.Datetime.now())
        self.assertEqual(len(self.kit.refreshed), DAY // 4_800 - 1)

    def test_crash_during_renewal_schedules_one_activity(self):
        self.connect_at_start(7_200)
        tokens = type(self.env["tiktok.token"])
        with self.at(DAY):
            with (
                patch.object(tokens, "_prepare_token_values", side_effect=KeyboardInterrupt),
                self.assertRaises(KeyboardInterrupt),
            ):
                self.valid()
            self.assertEqual(len(self.kit.refreshed), 1)
            for _again in range(3):
                self.renew()
                with self.assertRaises(ReconnectError):
                    self.valid()
        self.assertEqual(len(self.kit.refreshed), 1, "a spent token is not sent again and again")
        self.assertEqual(self.account.state, "expired")
        self.assertEqual(len(self.activities), 1)
        self.assertEqual(self.activities.user_id, self.manager)

    def test_revoked_token_found_by_a_caller(self):
        self.connect_at_start(7_200)
        self.kit.down = ReconnectError("The user took it back.", "access_denied")
        with self.at(DAY), self.enter_registry_test_mode():
            for _again in range(2):
                self.assertTrue(self.refused_access())
        self.env.invalidate_all()
        self.assertEqual(self.account.state, "expired")
        self.assertEqual(len(self.activities), 1)

    def refused_access(self):
        """Ask for the token as a caller; Odoo's assertRaises would roll back what is committed."""
        try:
            self.account._get_access_token()
        except ReconnectError:
            return True
        return False

    def test_rejected_access_token_is_renewed_once(self):
        self.connect()
        with self.enter_registry_test_mode():
            tokens = self.env["tiktok.token"]
            for _again in range(2):  # the second caller had the old one too
                access = tokens._get_valid_token(self.account, refused="act.fake1")
                self.assertEqual(access, "act.fake2")
        self.assertEqual(self.kit.refreshed, ["rft.fake1"])

    def test_rejected_access_token_is_not_returned(self):
        self.connect()
        self.down()
        with self.enter_registry_test_mode(), self.assertRaises(RetryLaterError):
            self.env["tiktok.token"]._get_valid_token(self.account, refused="act.fake1")

    def test_renewal_updates_granted_permissions(self):
        self.account.scope_ids = self.account._find_scopes(SCOPES)
        for given, left in ((SCOPES, SCOPES), (SCOPES[:1], SCOPES[:1]), ((), SCOPES)):
            with self.subTest(given=given):
                self.kit.scopes = SCOPES
                self.connect_at_start(7_200)
                self.kit.scopes = given
                with self.at(DAY):
                    self.valid()
                self.env.invalidate_all()
                self.assertEqual(self.account.granted_scope_ids.mapped("name"), list(left))
                self.assertEqual(len(self.account.missing_scope_ids), 2 - len(left))

    def test_which_accounts_are_renewed(self):
        self.connect_at_start(7_200)
        self.account.active = False
        with self.at(DAY):
            self.renew()
        self.assertEqual(len(self.kit.refreshed), 1, "an archived account stays connected")
        self.account._mark_expired()
        with self.at(2 * DAY):
            self.renew()
        self.assertEqual(len(self.kit.refreshed), 1, "an expired one waits for a person")

    def test_expiry_schedules_one_activity(self):
        self.connect()
        self.account._mark_expired()
        self.account._mark_expired()
        self.assertEqual(len(self.activities), 1)
        self.account.sync_error = "TikTok rejected the request."
        self.account._connect_account(self.kit.make())
        self.assertEqual(self.account.state, "connected")
        self.assertFalse(self.activities)
        self.assertFalse(self.account.sync_error)

    def test_expiry_without_a_responsible(self):
        self.connect()
        self.account.user_id = False
        self.account._mark_expired()
        self.assertEqual(self.activities.user_id, self.manager)

    def test_only_managers_are_notified_of_expiry(self):
        self.company.tiktok_responsible_id = self.salesman
        for user in (self.salesman, self.stranger, self.env.ref("base.public_user")):
            with self.subTest(user=user.login):
                self.activities.unlink()
                self.account.user_id = user
                self.connect()
                self.account._mark_expired()
                self.assertEqual(self.activities.user_id, self.manager)

    def test_domain_of_the_responsible(self):
        said = self.account.fields_get(["user_id"])["user_id"]["domain"]
        domain = safe_eval(said, {"company_id": self.company.id})
        found = self.env["res.users"].search(domain)
        self.assertIn(self.manager, found)
        self.assertFalse(found & (self.salesman | self.stranger))

    def test_tiktok_down_while_the_token_is_valid(self):
        self.connect_at_start(7_200)
        self.down()
        with self.at(7_170):
            self.assertEqual(self.valid(), "act.fake1")
            self.renew()
        self.assertFalse(self.account.sync_error)
        with self.at(7_770):
            with self.assertRaises(RetryLaterError):
                self.valid()
            self.renew()
            self.assertIn("Try again", self.account.sync_error)
            self.assertEqual(self.account.state, "connected")
            self.kit.down = None
            self.assertEqual(self.valid(), "act.fake2")

    def test_wrong_app_keys_do_not_expire_the_account(self):
        self.connect_at_start(7_200)
        self.kit.down = WrongRequestError("Client secret is incorrect.", "invalid_client")
        with self.at(DAY):
            self.renew()
        self.assertEqual(self.account.state, "connected")
        self.assertIn("app keys", self.account.sync_error)

    def test_refusal_of_an_expired_refresh_token(self):
        cases = [  # what TikTok says, days since the consent, what becomes of the account
            (WrongRequestError("Invalid request.", "invalid_request"), 1, "connected"),
            (WrongRequestError("Invalid request.", "invalid_request"), 180, "expired"),
            (WrongRequestError("Client secret is incorrect.", "invalid_client"), 180, "connected"),
            (RetryLaterError("TikTok has a problem.", "http_503"), 180, "connected"),
        ]
        for error, days, state in cases:
            with self.subTest(error=error.code, days=days):
                self.kit.down = None
                self.connect_at_start(7_200)
                self.kit.down = error
                with self.at(days * DAY):
                    self.renew()
                self.assertEqual(self.account.state, state)

    def test_one_failing_account_does_not_stop_the_others(self):
        self.connect_at_start(7_200)
        other = self.account.copy({"company_id": self.other_company.id})
        other._connect_account(
            self.kit.make("open-2")
        )  # the first one's refresh token is an old one now
        with self.at(DAY):
            self.renew()
        self.assertEqual(self.account.state, "expired")
        self.assertEqual(other.state, "connected")

    def test_disconnect_revokes_the_consent(self):
        self.connect()
        with self.enter_registry_test_mode():
            self.account.action_disconnect()
        self.assertEqual(self.kit.revoked, ["act.fake1"])
        self.assert_tokens_deleted()

    def test_disconnect_when_tiktok_is_down(self):
        self.connect_at_start(7_200)
        self.down()
        with self.at(DAY), self.enter_registry_test_mode():
            self.account.action_disconnect()
        self.assert_tokens_deleted()

    def test_disconnect_with_another_encryption_key(self):
        self.connect()
        self.setting("INTEGRATION_ENCRYPTION_KEY", crypto.make_key())
        with self.enter_registry_test_mode():
            self.account.action_disconnect()
        self.assert_tokens_deleted()

    def test_disconnect_keeps_a_consent_of_another_company(self):
        self.connect()
        other = self.account.copy({"company_id": self.other_company.id})
        other._connect_account(self.kit.make())
        with self.enter_registry_test_mode():
            self.account.action_disconnect()
        self.assertFalse(self.kit.revoked)
        self.assert_tokens_deleted()
        self.assertEqual(other.state, "connected")

    def test_disconnect_at_tiktok_does_not_revoke(self):
        self.connect()
        self.account._disconnect_account("1")
        self.assertFalse(self.kit.revoked)
        self.assertEqual(self.account.removed_reason, "1")
        self.assert_tokens_deleted(reason="1")

    def assert_tokens_deleted(self, reason="here"):
        self.env.invalidate_all()
        self.assertEqual(self.account.state, "disconnected")
        self.assertEqual(self.account.removed_reason, reason)
        tokens = self.env["tiktok.token"].sudo()
        self.assertFalse(tokens.search([("account_id", "=", self.account.id)]))

    def test_connected_account_can_not_be_deleted_or_moved(self):
        self.connect()
        with self.assertRaises(UserError):
            self.account.unlink()
        with self.assertRaises(UserError):
            self.account.company_id = self.other_company


@tagged("post_install", "-at_install")
class TestKeys(AccountCommon):
    """The keys that encrypt."""

    def setUp(self):
        super().setUp()
        # What other tests and the demo sealed with the key file is not meant here.
        self.env["tiktok.token"].sudo().search([]).unlink()
        self.env["tiktok.webhook.token"].sudo().search([]).unlink()
        self.env["res.company"].search([]).write(
            {"tiktok_client_secret": False, "tiktok_app_secret": False}
        )
        self.old, self.new = crypto.make_key(), crypto.make_key()
        self.setting("INTEGRATION_ENCRYPTION_KEY", self.old)
        self.connect()
        self.company.tiktok_client_secret = "client-secret"

    def test_rotating_the_key(self):
        self.setting("INTEGRATION_ENCRYPTION_KEY", f"{self.new},{self.old}")
        self.assertEqual(self.valid(), "act.fake1")
        self.assertEqual(self.env["tiktok.secrets"]._reseal_secrets(), (3, 0))
        self.env.flush_all()
        self.setting("INTEGRATION_ENCRYPTION_KEY", self.new)
        self.assertEqual(self.valid(), "act.fake1")
        self.assertEqual(self.company._tiktok_get_developer_app()[1], "client-secret")
        self.assertFalse(self.env["tiktok.secrets"]._count_lost_secrets())

    def test_missing_key_shows_a_message(self):
        self.setting("INTEGRATION_ENCRYPTION_KEY", self.new)
        refused = self.assertRaisesRegex(UserError, "another encryption key")
        with self.enter_registry_test_mode(), refused:
            self.account.action_sync()
        with self.assertRaises(SealError):
            self.valid()
        self.renew()
        self.assertIn("another encryption key", self.account.sync_error)
        self.assertEqual(self.account.state, "connected")
        self.assertEqual(self.env["tiktok.secrets"]._reseal_secrets(), (0, 3))
        self.assertEqual(self.env["tiktok.secrets"]._count_lost_secrets(), 3)

    def test_restored_key_decrypts_again(self):
        self.setting("INTEGRATION_ENCRYPTION_KEY", self.new)
        self.renew()
        self.setting("INTEGRATION_ENCRYPTION_KEY", self.old)
        self.assertEqual(self.valid(), "act.fake1")

    def test_invalid_key_shows_a_message(self):
        self.setting("INTEGRATION_ENCRYPTION_KEY", "not-a-key")
        with self.enter_registry_test_mode(), self.assertRaisesRegex(UserError, "Fernet"):
            self.account.action_sync()
        with self.assertRaisesRegex(UserError, "Fernet"):
            self.company.tiktok_client_secret = "another"
