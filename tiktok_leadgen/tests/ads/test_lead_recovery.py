from unittest.mock import patch

from odoo.tests import tagged

from ..watchdog_common import WatchdogCommon


@tagged("post_install", "-at_install")
class TestLeadRecovery(WatchdogCommon):
    """Leads that were missed before TikTok restored a subscription are recovered."""

    def check_recovered(self):
        """Check that the watchdog starts one reconciliation."""
        self.assertEqual(len(self.tiktok.subscriptions), 1)
        self.assertTrue(self.advertiser.sudo().is_recovery_due)
        self.watch()
        self.check("repairing", "subscription", says="It was restored")
        self.assertEqual(self.advertiser.reconciliation_state, "waiting")
        self.assertFalse(self.advertiser.sudo().is_recovery_due)
        self.finish_reconciliation(new_count=3)
        self.watch()
        self.check("ok")
        self.assertEqual(self.advertiser.reconciliation_state, "done")

    def test_a_restored_subscription_that_could_not_be_stored(self):
        self.tiktok.subscriptions.clear()
        subscriptions = type(self.env["tiktok.subscription"])
        with (
            patch.object(subscriptions, "_store_classified", side_effect=ValueError("Ana")),
            self.assertLogs("odoo.addons.tiktok_leadgen", "WARNING"),
        ):
            self.watch()
        self.check("unchecked", says="could not be checked")
        self.check_recovered()

    def test_a_subscription_that_the_sync_restored(self):
        before = self.advertiser.reconciliation_ids
        self.tiktok.subscriptions.clear()
        self.advertiser.sync_requested = True
        self.look_after()  # recovery does not wait for the watchdog
        self.assertEqual(len(self.tiktok.subscriptions), 1)
        self.assertEqual(self.advertiser.reconciliation_state, "waiting")
        self.assertFalse(self.advertiser.sudo().is_recovery_due)
        self.finish_reconciliation(new_count=3)
        self.watch()
        self.check("ok")
        self.assertEqual(len(self.advertiser.reconciliation_ids - before), 1)

    def test_a_sync_that_restores_nothing_recovers_nothing(self):
        self.advertiser.sync_requested = True
        self.look_after()
        self.company.with_user(self.manager).action_tiktok_new_token()  # renews the subscription
        self.look_after()
        self.assertEqual(self.advertiser.leads_state, "on")
        self.assertFalse(self.advertiser.sudo().is_recovery_due)
