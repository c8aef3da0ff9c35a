"""An ad account with a form, which the watchdog looks after."""

from datetime import timedelta

from odoo import fields

from .common import entry
from .fake_business_api import ONE, BusinessCommon

PAGE = "7600000000000000456"


class WatchdogCommon(BusinessCommon):
    """Runs the watchdog and looks at its verdict."""

    def setUp(self):
        super().setUp()
        self.advertiser = self.connect_with_form(PAGE)
        self.finish_comparison()

    def finish_comparison(self, state="done", **totals):
        """End what is being compared; tell what it brought."""
        run = self.advertiser.backfill_ids.filtered(lambda run: run.state == "waiting")
        part = {"backfill_id": run.id, "form_id": self.advertiser.form_ids[:1].id, "region": "rest"}
        self.env["tiktok.backfill.part"].create({**part, "state": "done", **totals})
        run._end(state, "No." if state == "failed" else False)

    def watch(self):
        """Run the scheduled action, as if an hour had passed."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE tiktok_advertiser SET health_tried_at = NULL")
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            self.env.ref("tiktok_leadgen.ir_cron_watchdog").method_direct_trigger()
        self.env.invalidate_all()

    def check(self, health, problem=False, fix=False, says=""):
        """Look at the verdict."""
        found = self.advertiser
        self.assertEqual(
            (found.health, found.health_problem, found.health_fix), (health, problem, fix)
        )
        self.assertIn(says, found.health_reason or "")

    @property
    def mails(self):
        domain = [("model", "=", "tiktok.advertiser"), ("message_type", "=", "user_notification")]
        mine = [("res_id", "=", self.advertiser.id), ("subject", "like", "TikTok leads of")]
        return self.env["mail.message"].search([*domain, *mine])

    def age(self, **fields_):
        """Let a moment of the ad account be some hours ago."""
        now = fields.Datetime.now()
        self.advertiser.write({name: now - timedelta(hours=h) for name, h in fields_.items()})

    def submit(self, *hours_ago):
        """Let leads of the form have come so long ago."""
        now = int(fields.Datetime.now().timestamp())
        times = [now - int(hours * 3600) for hours in hours_ago]
        made = [entry(page_id=int(PAGE), advertiser_id=int(ONE), create_time=t) for t in times]
        self.receive(*made)
        self.process()
