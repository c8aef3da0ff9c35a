from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .fake_business_api import LIBRARY
from .watchdog_common import PAGE, WatchdogCommon


@tagged("post_install", "-at_install")
class TestWatchdogUndelivered(WatchdogCommon):
    """Leads that TikTok has and did not send."""

    def lose(self, *hours_ago, subscribed_hours=100):
        """Have the last comparison bring leads that TikTok should have sent."""
        self.advertiser.subscribed_since = fields.Datetime.now() - timedelta(hours=subscribed_hours)
        self.submit(*hours_ago)
        run = self.advertiser.backfill_id
        run.write({"state": "done", "done_at": fields.Datetime.now()})
        run.started_at = fields.Datetime.now() - timedelta(minutes=5)
        self.events.search([("page_uid", "=", PAGE)]).write({"source": "backfill"})

    def test_what_the_night_had_to_bring_is_told(self):
        self.lose(3, 5)
        self.watch()
        self.check("broken", "undelivered", "compare", says="brought them: 2.")
        self.submit(0)
        self.watch()
        self.check("ok")

    def test_what_tiktok_had_no_time_to_send_is_no_alarm(self):
        self.lose(0.5)
        self.watch()
        self.check("ok")

    def test_what_came_before_the_subscription_is_no_alarm(self):
        self.lose(30, subscribed_hours=20)
        self.watch()
        self.check("ok")

    def test_a_library_that_refuses_hides_nothing_else(self):
        self.advertiser.library_names = {LIBRARY: "Another's"}
        self.tiktok.closed[LIBRARY] = 40001
        self.tiktok.subscriptions.clear()
        self.watch()
        self.check("healing", "subscription")
        self.assertEqual(len(self.tiktok.subscriptions), 1)
        self.finish_comparison()
        self.watch()
        self.assertEqual(self.advertiser.health, "broken")
        self.assertNotEqual(self.advertiser.health_problem, "subscription")
        self.lose(3)
        self.watch()
        self.check("broken", "undelivered", "compare")
