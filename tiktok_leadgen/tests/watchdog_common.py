"""An ad account with a form that the watchdog checks."""

from datetime import timedelta

from odoo import fields

from .common import entry
from .fake_business_api import ONE, BusinessCommon

PAGE = "7600000000000000456"


class WatchdogCommon(BusinessCommon):
    """Runs the watchdog and checks its results."""

    def setUp(self):
        super().setUp()
        self.advertiser = self.connect_with_form(PAGE)
        self.finish_reconciliation()

    def finish_reconciliation(self, state="done", **totals):
        """Finish the open reconciliation, with what it recovered."""
        run = self.advertiser.reconciliation_ids.filtered(lambda run: run.state == "waiting")
        values = {"form_id": self.advertiser.form_ids[:1].id, "region": "rest", "state": "done"}
        exports = self.env["tiktok.reconciliation.export"]
        exports.create({"reconciliation_id": run.id, **values, **totals})
        run._end_reconciliation(state, "No." if state == "failed" else False)

    def watch(self):
        """Run the scheduled action, as if an hour had passed."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE tiktok_advertiser SET health_tried_at = NULL")
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            self.env.ref("tiktok_leadgen.ir_cron_watchdog").method_direct_trigger()
        self.env.invalidate_all()

    def check(self, health, problem=False, fix=False, says=""):
        """Check the stored result."""
        found = self.advertiser
        self.assertEqual(
            (found.health, found.health_problem, found.health_fix), (health, problem, fix)
        )
        self.assertIn(says, found.health_reason or "")

    @property
    def mails(self):
        domain = [("model", "=", "tiktok.advertiser"), ("message_type", "=", "user_notification")]
        mine = [("res_id", "=", self.advertiser.id), ("body", "like", "/odoo/tiktok-ad-accounts/")]
        return self.env["mail.message"].search([*domain, *mine])

    def age(self, **fields_):
        """Set datetimes of the ad account to some hours ago."""
        now = fields.Datetime.now()
        self.advertiser.write({name: now - timedelta(hours=h) for name, h in fields_.items()})

    def submit(self, *hours_ago):
        """Receive leads of the form, submitted some hours ago."""
        now = int(fields.Datetime.now().timestamp())
        times = [now - int(hours * 3600) for hours in hours_ago]
        made = [entry(page_id=int(PAGE), advertiser_id=int(ONE), create_time=t) for t in times]
        self.receive(*made)
        self.process()
