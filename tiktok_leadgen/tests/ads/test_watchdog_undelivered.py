from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..fake_business_api import LIBRARY
from ..watchdog_common import PAGE, WatchdogCommon


@tagged("post_install", "-at_install")
class TestWatchdogUndelivered(WatchdogCommon):
    """Leads that TikTok has and did not send."""

    def recover(self, *hours_ago, subscribed_hours=100):
        """Have the last reconciliation recover leads that TikTok should have sent."""
        self.advertiser.subscribed_since = fields.Datetime.now() - timedelta(hours=subscribed_hours)
        self.submit(*hours_ago)
        run = self.advertiser.reconciliation_id
        run.write({"state": "done", "done_at": fields.Datetime.now()})
        run.started_at = fields.Datetime.now() - timedelta(minutes=5)
        self.events.search([("page_uid", "=", PAGE)]).write({"source": "backfill"})

    def test_undelivered_leads_raise_an_alarm(self):
        self.recover(3, 5)
        self.watch()
        self.check("broken", "undelivered", "reconcile", says="recovered them: 2.")
        self.submit(0)
        self.watch()
        self.check("ok")

    def test_late_leads_raise_no_alarm(self):
        self.recover(0.5)
        self.watch()
        self.check("ok")

    def test_leads_before_the_subscription_raise_no_alarm(self):
        self.recover(30, subscribed_hours=20)
        self.watch()
        self.check("ok")

    def test_a_refused_library_hides_no_other_problem(self):
        self.advertiser.library_names = {LIBRARY: "Another's"}
        self.tiktok.closed[LIBRARY] = 40001
        self.tiktok.subscriptions.clear()
        self.watch()
        self.check("repairing", "subscription")
        self.assertEqual(len(self.tiktok.subscriptions), 1)
        self.finish_reconciliation()
        self.watch()
        self.assertEqual(self.advertiser.health, "broken")
        self.assertNotEqual(self.advertiser.health_problem, "subscription")
        self.recover(3)
        self.watch()
        self.check("broken", "undelivered", "reconcile")
