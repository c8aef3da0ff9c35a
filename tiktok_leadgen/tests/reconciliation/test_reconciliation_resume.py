import os
from unittest.mock import patch

import requests

from odoo.exceptions import MissingError
from odoo.tests import TransactionCase, tagged
from odoo.tools import config

from ...models.reconciliation.tiktok_reconciliation_run import LONGEST_WAIT_FOR_FORMS
from ...tiktok import client
from ...tiktok.errors import AnswerLostError
from ...tiktok.export import LeadExport
from ..reconciliation_common import TASK, ReconciliationCommon


@tagged("post_install", "-at_install")
class TestReconciliationResume(ReconciliationCommon, TransactionCase):
    """A reconciliation that waits continues at its due time."""

    def test_a_download_ends_before_odoo_ends_the_job(self):
        seconds = []

        def download(export, *_args):
            seconds.append(client.seconds_left(900))
            raise AnswerLostError("TikTok's file comes too slowly.", "answer_lost")

        for cron, other, most in ((-1, 120, 90), (40, 120, 30), (0, 120, 900)):
            with (
                self.subTest(limit=cron),
                patch.dict(
                    config.options, {"limit_time_real_cron": cron, "limit_time_real": other}
                ),
                patch.object(LeadExport, "download", download),
            ):
                seconds.clear()
                self.reconcile().action_cancel()
                self.assertTrue(most - 5 < max(seconds) <= most, seconds)

    def planned(self):
        """Return when the scheduled action is triggered next."""
        cron = self.env.ref("tiktok_leadgen.ir_cron_backfill")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        return triggers.mapped("call_at")

    def run_job_once(self):
        """Run the scheduled action with no time left after its first step."""
        self.env["ir.cron.trigger"].search([]).unlink()
        with (
            patch("odoo.addons.base.models.ir_cron.MIN_TIME_PER_JOB", 0),
            self.enter_registry_test_mode(),
        ):
            self.env.ref("tiktok_leadgen.ir_cron_backfill").method_direct_trigger()
        self.env.invalidate_all()

    def test_one_that_is_deleted_during_its_step_does_not_end_the_job(self):
        run = self.runs._start_for_advertisers(self.advertiser)
        run._create_exports()
        export = run.export_ids[0]
        run.unlink()
        error = MissingError("The reconciliation was deleted.")
        self.assertEqual(run._store_step_error(export, error), 0)
        self.assertFalse(run.exists())

    def test_a_download_that_takes_the_whole_run_goes_on_at_its_due_time(self):
        self.tiktok.fail(TASK, requests.ReadTimeout("130 s"))
        run = self.runs._start_for_advertisers(self.advertiser)
        run._create_exports()
        run.export_ids[1:].unlink()
        self.run_job_once()
        self.assertEqual(run.state, "running")
        self.assertGreater(run.next_at, run.create_date)
        self.assertIn(run.next_at, self.planned())

    def test_what_waits_for_the_forms_goes_on_without_them(self):
        self.advertiser.sync_requested = True
        run = self.runs._start_for_advertisers(self.advertiser)
        self.run_job_once()
        self.assertEqual(run.state, "waiting")
        self.assertIn(run.create_date + LONGEST_WAIT_FOR_FORMS, self.planned())

    def test_a_download_under_way_is_not_cleaned_up(self):
        exports = self.env["tiktok.reconciliation.export"]
        folder = exports._get_folder()
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "999999999.part"
        path.write_bytes(b"half a file")
        self.addCleanup(path.unlink, missing_ok=True)
        exports._gc_files()
        self.assertTrue(path.exists())
        os.utime(path, (0, 0))
        exports._gc_files()
        self.assertFalse(path.exists())
