from odoo.tests import tagged

from ..watchdog_common import PAGE, WatchdogCommon


@tagged("post_install", "-at_install")
class TestAnswerShape(WatchdogCommon):
    """A successful answer without its documented data is an error."""

    def reconcile(self):
        """Reconcile with TikTok; return the reconciliation."""
        self.advertiser.last_sync_at = False
        run = self.env["tiktok.reconciliation"]._start_for_advertisers(self.advertiser)
        self.advertiser.sync_requested = False
        with self.enter_registry_test_mode():
            self.env.ref("tiktok_leadgen.ir_cron_backfill").method_direct_trigger()
        self.env.invalidate_all()
        return run

    def test_a_missing_list_of_forms_is_an_error(self):
        for data in (None, {}, {"list": None}, {"list": [{"title": "Spring"}]}):
            with self.subTest(data=data):
                self.tiktok.instead["/page/get/"] = data
                self.advertiser.sync_requested = True
                self.look_after()
                self.assertEqual(self.advertiser.form_ids.mapped("status"), ["published"])
                self.assertIn("could not be read", self.advertiser.sync_error)

    def test_a_reconciliation_without_a_list_of_forms_is_retried(self):
        self.tiktok.instead["/page/get/"] = None
        run = self.reconcile()
        self.assertEqual(run.state, "waiting")
        self.assertIn("could not be read", run.error)
        self.assertFalse(self.advertiser.reconciled_at)

    def test_a_reconciliation_without_forms_is_explained(self):
        self.tiktok.forms.clear()
        run = self.reconcile()
        self.assertEqual(run.state, "done")
        self.assertIn("no form", run.status_text)

    def test_a_missing_list_of_subscriptions_is_an_error(self):
        self.tiktok.instead["/subscription/get/"] = None
        self.watch()
        self.assertIn("could not be checked", self.advertiser.health_reason)
        self.assertEqual(self.advertiser.leads_state, "on")
        self.assertEqual(len(self.tiktok.subscriptions), 1)

    def test_missing_questions_are_fetched_again(self):
        self.advertiser.form_ids.questions_at = False
        self.tiktok.instead["/lead/field/get/"] = {"meta_data": {"page_id": PAGE}}
        self.advertiser.sync_requested = True
        self.look_after()
        self.assertIn("are not known yet", self.advertiser.sync_error)
        self.assertFalse(self.advertiser.form_ids.questions_at)

    def test_a_probe_without_data_is_no_success(self):
        for path in ("/page/get/", "/lead/get/"):
            with self.subTest(path=path):
                self.tiktok.instead = {path: None}
                self.watch()
                self.assertIn("could not be checked", self.advertiser.health_reason or "")
