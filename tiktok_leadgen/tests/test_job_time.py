"""How long scheduled actions may take, and by which clock they wake."""

import types
from datetime import timedelta
from unittest.mock import patch

import requests

from odoo.tests import tagged

from .. import const
from ..job_time import find_job_limit, read_clock
from ..tiktok import client
from .common import wrong_clock
from .fake_business_api import ONE
from .job_common import RecordsCommon


@tagged("post_install", "-at_install")
class TestSlowTiktok(RecordsCommon):
    """TikTok takes 29 s for each answer: Odoo would end the process after 120 s."""

    seconds = 29

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        """Let the clock of the client go on before TikTok answers."""
        read = options["timeout"][1]
        cls.now += min(read, cls.seconds)
        if read < cls.seconds:
            raise requests.ReadTimeout
        return super()._request_handler(session, request, **options)

    def setUp(self):
        super().setUp()
        type(self).now = 1_000
        clock = types.SimpleNamespace(monotonic=lambda: type(self).now)
        patcher = patch.object(client, "time", clock)
        patcher.start()
        self.addCleanup(patcher.stop)

    def measure(self, xmlid):
        """Run an action and return how long TikTok took."""
        began = type(self).now
        self.run_cron(xmlid)
        return type(self).now - began

    def test_the_watchdog_stores_what_it_could_not_check_in_time(self):
        type(self).seconds = 0
        advertiser = self.connect_with_form("7600000000000000456")
        advertiser.reconciliation_ids.unlink()
        type(self).seconds = 29
        self.assertLessEqual(self.measure(const.WATCH_CRON_XMLID), const.RECORD_SECONDS)
        self.assertEqual(advertiser.health, "unchecked")
        self.assertTrue(advertiser.health_tried_at)

    def test_a_sync_that_takes_too_long_is_retried_later(self):
        advertiser = self.connect((ONE,))
        self.assertLessEqual(self.measure(const.ADS_CRON_XMLID), const.RECORD_SECONDS)
        self.assertTrue(advertiser.sync_error)
        self.assertGreater(advertiser.sync_next_at, read_clock(self.env))

    def test_the_questions_of_many_forms_are_fetched_in_several_runs(self):
        type(self).seconds = 6
        for number in range(6):
            self.tiktok.add_form(str(7_600_000_000_000_000_100 + number))
        advertiser = self.connect((ONE,))
        self.assertLessEqual(self.measure(const.ADS_CRON_XMLID), const.RECORD_SECONDS)
        self.assertFalse(advertiser.sync_next_at)
        for _again in range(8):
            self.assertLessEqual(self.measure(const.ADS_CRON_XMLID), const.RECORD_SECONDS)
            self.assertFalse(advertiser.sync_error)
        self.assertTrue(advertiser.sync_next_at)
        forms = advertiser.form_ids
        self.assertEqual(len(forms.filtered("question_ids")), 6)

    def test_a_record_has_less_time_than_odoo_gives_the_process(self):
        self.assertLess(const.RECORD_SECONDS, find_job_limit())


@tagged("post_install", "-at_install")
class TestJobClock(RecordsCommon):
    """What is due and when it wakes follows one clock: the database's."""

    def check_due(self, find_due, record, name):
        """Check when a record is due, whichever time Odoo has."""
        for hours in (-2, 2):
            with (
                self.subTest(name=name, hours=hours),
                wrong_clock(hours),
            ):
                record[name] = read_clock(self.env) - timedelta(minutes=30)
                self.assertIn(record, find_due())
                record[name] = read_clock(self.env) + timedelta(minutes=30)
                self.assertNotIn(record, find_due())

    def check_planned(self, plan, record, name, seconds):
        """Check for when something is planned, whichever time Odoo has."""
        for hours in (-2, 2):
            with (
                self.subTest(name=name, hours=hours),
                wrong_clock(hours),
            ):
                plan()
                wait = record[name] - read_clock(self.env)
                self.assertLess(abs(wait.total_seconds() - seconds), 0.2 * seconds + 5)

    def test_synchronization(self):
        advertiser = self.connect((ONE,))
        advertiser.sync_requested = False
        domain = advertiser._sync_domain
        self.check_due(lambda: advertiser.search(domain()), advertiser, "sync_next_at")
        self.check_planned(
            lambda: advertiser._record_sync(timedelta(hours=3)), advertiser, "sync_next_at", 10_800
        )

    def test_watchdog(self):
        advertiser = self.connect((ONE,))
        watchdog = self.env["tiktok.watchdog"]
        pause = timedelta(minutes=const.WATCH_PAUSE_MINUTES)
        for hours in (-2, 2):
            with (
                self.subTest(hours=hours),
                wrong_clock(hours),
            ):
                advertiser.health_tried_at = read_clock(self.env) - 2 * pause
                self.assertIn(advertiser, advertiser.search(watchdog._due_domain()))
                advertiser.health_tried_at = read_clock(self.env) - pause / 2
                self.assertNotIn(advertiser, advertiser.search(watchdog._due_domain()))

    def test_revocations(self):
        revocation = self.env["tiktok.revocation"].create(
            {"kind": "consent", "company_id": self.company.id}
        )
        tried = []
        self.patch(type(revocation), "_attempt_revocation", lambda each: tried.append(each.id))

        def find_due():
            tried.clear()
            self.run_cron(const.WATCH_CRON_XMLID)
            return revocation.browse(tried)

        self.check_due(find_due, revocation, "next_at")

        def plan():
            revocation.attempts = 0
            revocation._plan_next_attempt(ValueError(), "No.")

        self.check_planned(plan, revocation, "next_at", 60)

    def test_reconciliations(self):
        advertiser = self.connect((ONE,))
        runs = self.env["tiktok.reconciliation"]
        run = runs._start_for_advertisers(advertiser)
        run.state = "running"
        self.check_due(lambda: runs.search(runs._due_domain()), run, "next_at")
