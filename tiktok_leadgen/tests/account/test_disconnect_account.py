from odoo.tests import tagged

from ..common_account import AccountCommon


@tagged("post_install", "-at_install")
class TestDisconnectAccount(AccountCommon):
    """The consent of a TikTok account that could not be revoked immediately is revoked later."""

    def retry(self):
        """Run the watchdog when the next attempt is due."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE tiktok_revocation SET next_at = now() - interval '1 second'")
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            self.env.ref("tiktok_leadgen.ir_cron_watchdog").method_direct_trigger()
        self.env.invalidate_all()

    def disconnect_while_down(self):
        """Disconnect while TikTok is down; it is up again afterwards."""
        self.down()
        with self.enter_registry_test_mode():
            self.account.action_disconnect()
        self.env.invalidate_all()
        tokens = self.env["tiktok.token"].sudo()
        self.assertFalse(tokens.search([("account_id", "=", self.account.id)]))
        self.assertEqual(self.account.state, "disconnected")
        self.assertTrue(self.account.with_user(self.manager).is_disconnecting)
        self.assertIn("http_503", self.account.disconnect_reason)
        self.retry()
        self.assertFalse(self.kit.revoked)
        self.kit.down = None

    def test_revocation_is_retried_until_tiktok_responds(self):
        self.connect()
        self.disconnect_while_down()
        self.retry()
        self.assertEqual(self.kit.revoked, ["act.fake1"])
        self.assertFalse(self.account.is_disconnecting)

    def test_revocation_renews_an_expired_token(self):
        self.connect()
        self.disconnect_while_down()
        self.kit.ended = ["act.fake1"]
        self.retry()
        self.assertEqual((self.kit.refreshed, self.kit.revoked), (["rft.fake1"], ["act.fake2"]))
        self.assertFalse(self.env["tiktok.revocation"].sudo().search([]))

    def test_reconnection_cancels_the_revocation(self):
        self.connect()
        self.disconnect_while_down()
        self.connect()
        self.retry()
        self.assertFalse(self.kit.revoked or self.account.is_disconnecting)
