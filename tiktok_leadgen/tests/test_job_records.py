"""One record never holds up the others, in each scheduled action that calls TikTok."""

import contextlib
from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo.tests import tagged

from .. import const
from ..job_time import read_clock
from .common_account import AccountCommon
from .fake_business_api import ONE, TWO
from .job_common import RecordsCommon

MOST = const.MAX_INTERRUPTED_ATTEMPTS
NAMES_CRON_XMLID = "tiktok_leadgen.ir_cron_refresh_names"
MAPPING_CRON_XMLID = "tiktok_leadgen.ir_cron_apply_mapping"
PAST = "2026-01-01 00:00:00"


@tagged("post_install", "-at_install")
class TestRecordOrder(RecordsCommon, AccountCommon):
    """What was tried last comes last, what is killed each time is given up."""

    def check_order(self, job, xmlid, records, method, model=None):
        """Check the order of two due records: with time for one, and interrupted ones."""
        first, second = records
        seen, seconds = self.spy(model or records._name, method)
        self.triggers(xmlid)
        with patch("odoo.addons.base.models.ir_cron.MIN_TIME_PER_JOB", 0):
            for _again in range(3):
                self.run_cron(xmlid)
                # The rest runs right away, after the other scheduled actions.
                self.assertLessEqual(min(self.triggers(xmlid)), read_clock(self.env))
        self.assertEqual(seen, [first.id, second.id, first.id])
        self.assertLessEqual(max(seconds), const.RECORD_SECONDS)
        self.assertEqual(self.env["tiktok.job.attempt"]._find_interrupted(job), {})
        self.interrupt(job, second, 1)
        seen.clear()
        self.run_cron(xmlid)
        self.assertEqual(seen, [first.id, second.id])
        self.interrupt(job, first, MOST)
        seen.clear()
        with contextlib.suppress(AssertionError), self.assertLogs("odoo.addons.tiktok_leadgen"):
            self.run_cron(xmlid)
        self.assertEqual(seen, [second.id])
        self.assertEqual(self.env["tiktok.job.attempt"]._find_interrupted(job), {})

    def check_waiting(self, job, xmlid, records, method, model=None):
        """Check that what stays due runs again a little later, not immediately."""
        self.spy(model or records._name, method)
        self.triggers(xmlid)
        self.run_cron(xmlid)
        soon = read_clock(self.env) + timedelta(seconds=const.CONFLICT_SECONDS / 2)
        self.assertGreater(min(self.triggers(xmlid)), soon)
        progress = self.env["ir.cron.progress"].search(
            [("cron_id", "=", self.env.ref(xmlid).id)], order="id desc", limit=1
        )
        self.assertEqual((progress.remaining, progress.timed_out_counter), (0, 0))

    def test_ad_accounts_that_are_checked(self):
        ads = self.connect((ONE, TWO))
        case = ("tiktok.watchdog", const.WATCH_CRON_XMLID, ads)
        self.check_order(*case, "_judge_advertiser", "tiktok.watchdog")
        self.assertIn("Odoo stopped each time", ads[0].health_reason)
        self.check_waiting(*case, "_judge_advertiser", "tiktok.watchdog")

    def test_ad_accounts_that_are_synchronized(self):
        ads = self.connect((ONE, TWO))
        case = ("tiktok.advertiser", const.ADS_CRON_XMLID, ads)
        self.check_order(*case, "_sync_with_tiktok")
        self.assertIn("Odoo stopped each time", ads[0].sync_error)
        ads.sync_requested = True
        self.check_waiting(*case, "_sync_with_tiktok")

    def make_accounts(self):
        self.env["tiktok.token"].sudo().search([]).unlink()
        self.account._connect_account(self.kit.make("open-1"))
        other = self.account.copy({"name": "Other"})
        other._connect_account(self.kit.make("open-2"))
        return self.account | other

    def test_accounts_that_are_synchronized(self):
        accounts = self.make_accounts()
        case = ("tiktok.account", const.SYNC_CRON_XMLID, accounts)
        self.check_order(*case, "_sync_account")
        self.assertIn("Odoo stopped each time", accounts[0].sync_error)
        accounts.sync_requested = True
        self.check_waiting(*case, "_sync_account")

    def test_tokens_that_are_renewed(self):
        accounts = self.make_accounts()
        tokens = self.env["tiktok.token"].sudo().search([], order="id")
        tokens.access_expires_at = PAST
        case = ("tiktok.token", const.REFRESH_CRON_XMLID, tokens)
        self.check_order(*case, "_refresh_token", "tiktok.account")
        self.assertIn("Odoo stopped each time", accounts[0].token_problem)
        self.check_waiting(*case, "_refresh_token", "tiktok.account")

    def test_revocations(self):
        values = {"kind": "consent", "company_id": self.company.id, "next_at": PAST}
        revocations = self.env["tiktok.revocation"].create([values, values])
        case = ("tiktok.revocation", const.WATCH_CRON_XMLID, revocations)
        self.check_order(*case, "_attempt_revocation")
        self.assertIn("Odoo stopped each time", revocations[0].reason)
        revocations.next_at = PAST
        self.check_waiting(*case, "_attempt_revocation")

    def test_connection_tests(self):
        values = {"company_id": self.company.id, "began": 1}
        tests = self.env["tiktok.connection.test"].create([values, values]).sorted()
        case = ("tiktok.connection.test", const.WATCH_CRON_XMLID, tests)
        self.check_order(*case, "_update_steps")
        self.assertEqual(tests.mapped("state"), ["failed", "running"])

    def test_names_of_campaigns(self):
        shared = {"company_id": self.company.id, "kind": "ad", "is_stale": True}
        entities = self.env["tiktok.ad.entity"].create(
            [{**shared, "uid": uid, "name": "New", "named_at": PAST} for uid in ("1", "2")]
        )
        case = ("tiktok.ad.entity", NAMES_CRON_XMLID, entities)
        self.check_order(*case, "_refresh_lead_names")
        self.check_waiting(*case, "_refresh_lead_names")

    def test_mappings_that_are_applied(self):
        forms = self.env["tiktok.form"].create(
            [{"name": uid, "page_uid": uid, "company_id": self.company.id} for uid in ("11", "12")]
        )
        runs = self.env["tiktok.mapping.run"].create([{"form_id": form.id} for form in forms])
        case = ("tiktok.mapping.run", MAPPING_CRON_XMLID, runs)
        self.check_order(*case, "_process_next_batch")
        self.assertEqual(runs.mapped("state"), ["done", "running"])

    def test_reconciliations_share_the_time(self):
        ads = self.connect((ONE, TWO))
        self.env["tiktok.reconciliation"].search([]).unlink()
        runs = self.env["tiktok.reconciliation"]._start_for_advertisers(ads).sorted("id")
        ads.sync_requested = False
        seen = []
        self.patch(type(runs), "_create_exports", lambda run: seen.append(run.id))
        with patch("odoo.addons.base.models.ir_cron.MIN_TIME_PER_JOB", 0):
            for _again in range(4):
                self.run_cron(const.RECONCILIATION_CRON_XMLID)
        self.assertEqual(seen, [*runs.ids, *runs.ids])

    def test_a_reconciliation_that_waits_for_a_lock_leaves_the_time_to_the_others(self):
        ads = self.connect((ONE, TWO))
        self.env["tiktok.reconciliation"].search([]).unlink()
        held, other = self.env["tiktok.reconciliation"]._start_for_advertisers(ads).sorted("id")
        ads.sync_requested = False
        seen = []

        def create_exports(run):
            seen.append(run.id)
            if run == held:
                raise psycopg2.errors.LockNotAvailable
            run.write({"state": "running", "next_at": read_clock(run.env) + timedelta(hours=1)})

        self.patch(type(held), "_create_exports", create_exports)
        self.triggers(const.RECONCILIATION_CRON_XMLID)
        self.run_cron(const.RECONCILIATION_CRON_XMLID)
        self.assertEqual(seen, [held.id, other.id])
        soon = read_clock(self.env) + timedelta(seconds=const.CONFLICT_SECONDS / 2)
        self.assertGreater(min(self.triggers(const.RECONCILIATION_CRON_XMLID)), soon)

    def test_what_another_job_creates_meanwhile_is_found_by_a_second_attempt(self):
        once, always = self.connect((ONE, TWO))
        failures, seen = {once.id: 1, always.id: 2}, []

        def sync(advertiser):
            seen.append(advertiser.id)
            if seen.count(advertiser.id) <= failures[advertiser.id]:
                raise psycopg2.errors.UniqueViolation
            return False

        self.patch(type(once), "_sync_with_tiktok", sync)
        with self.assertLogs("odoo.addons.tiktok_leadgen", "WARNING") as log:
            self.run_cron(const.ADS_CRON_XMLID)
        self.assertEqual(seen, [once.id, always.id] * 2)
        self.assertFalse(once.sync_error)
        self.assertIn("UniqueViolation", always.sync_error)
        self.assertEqual(len(log.output), 1)

    def test_a_kind_of_work_that_takes_all_the_time_leaves_the_next_run_to_another(self):
        tests = self.env["tiktok.connection.test"].create(
            {"company_id": self.company.id, "began": 1}
        )
        advertiser = self.connect((ONE,))
        busy, _seconds = self.spy("tiktok.connection.test", "_update_steps")
        checked, _seconds = self.spy("tiktok.watchdog", "_judge_advertiser")
        with patch("odoo.addons.base.models.ir_cron.MIN_TIME_PER_JOB", 0):
            for _again in range(4):
                self.run_cron(const.WATCH_CRON_XMLID)
        self.assertEqual((busy, checked), (tests.ids * 2, advertiser.ids * 2))
