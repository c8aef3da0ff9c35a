from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.tests.fake_business_api import ONE

from ... import const
from ..spend_common import AD, CHECK, DOWNLOAD, OTHER_AD, REPORT, TASK, SpendCommon


@tagged("post_install", "-at_install")
class TestFetchHistory(SpendCommon):
    """The 13 months before the connection: a file, then what the file lacks."""

    def setUp(self):
        super().setUp()
        for days_ago in (1, 29, 30, 31, 200, 390):
            self.tiktok.spend_on(self.day(days_ago), f"{days_ago}.01")

    def test_13_months_are_fetched_once(self):
        advertiser = self.connect_ads()
        self.fetch()
        self.assertEqual(self.sum_spend(), 30.02)
        self.assertEqual(advertiser.spend_stage, "history")
        self.fetch(times=2, cron=const.SPEND_CRON_XMLID)
        self.assertEqual(self.sum_spend(), 681.06)
        self.assertEqual(advertiser.spend_stage, "done")
        self.assertEqual(len(self.tiktok.asked(DOWNLOAD)), 1)
        self.fetch_all()
        self.assertEqual(len(self.tiktok.asked(TASK)), 1)

    def test_deleted_ads_that_the_file_lacks_are_fetched(self):
        self.tiktok.spend_on(self.day(200), "3.00", ad=OTHER_AD)
        self.tiktok.deleted.add(OTHER_AD)
        self.connect_ads()
        self.fetch_all()
        self.assertEqual(self.sum_spend(ad_uid=OTHER_AD), 3.0)
        self.assertEqual(self.sum_spend(), 684.06)

    def test_without_a_file_windows_are_fetched(self):
        for case in ("FAILED", "CANCELED"):
            with self.subTest(case=case):
                self.spend.search([]).sudo().unlink()
                self.tiktok.task_ends = case
                advertiser = self.connect_ads()
                advertiser.sudo().write({"spend_checked_from": False, "is_spend_file_read": False})
                self.fetch_all()
                self.assertEqual(self.sum_spend(), 681.06)
                self.assertEqual(advertiser.spend_stage, "done")

    def test_a_refused_or_broken_file_is_none(self):
        cases = ((TASK, 40001), (CHECK, 40007), (DOWNLOAD, 40000), (None, b"no file"))
        for path, answer in cases:
            with self.subTest(path=path):
                self.spend.search([]).sudo().unlink()
                self.tiktok.refusals = {path: [answer]} if path else {}
                self.tiktok.file_content = None if path else answer
                advertiser = self.connect_ads()
                advertiser.sudo().write({"spend_checked_from": False, "is_spend_file_read": False})
                self.fetch_all()
                self.assertEqual(self.sum_spend(), 681.06)

    def test_a_task_that_never_ends_is_given_up(self):
        self.tiktok.task_ends = "PROCESSING"
        advertiser = self.connect_ads()
        self.fetch_all()
        self.assertEqual(advertiser.spend_stage, "history")
        long_ago = timedelta(seconds=const.TASK_LONGEST_SECONDS + 60)
        advertiser.sudo().spend_task_at = fields.Datetime.now() - long_ago
        self.fetch(cron=const.SPEND_CRON_XMLID)
        self.assertEqual(self.sum_spend(), 681.06)

    def test_a_file_that_no_run_is_long_enough_for_is_given_up(self):
        advertiser = self.connect_ads()
        self.fetch()
        store = type(advertiser)._store_history_file
        self.patch(type(advertiser), "_store_history_file", lambda *args: store(*args) and False)
        self.fetch(times=3, cron=const.SPEND_CRON_XMLID)
        self.assertEqual(advertiser.spend_stage, "history")
        long_ago = timedelta(seconds=const.TASK_LONGEST_SECONDS + 60)
        advertiser.sudo().spend_task_at = fields.Datetime.now() - long_ago
        self.fetch(cron=const.SPEND_CRON_XMLID)
        self.assertEqual(advertiser.spend_stage, "done")
        self.assertEqual(self.sum_spend(), 681.06)

    def test_a_waiting_task_asks_for_nothing_else(self):
        self.tiktok.task_ends = "PROCESSING"
        self.connect_ads()
        self.fetch()
        before = len(self.tiktok.asked(REPORT))
        self.fetch(cron=const.SPEND_CRON_XMLID)
        self.assertEqual(len(self.tiktok.asked(REPORT)), before)
        self.assertEqual(len(self.tiktok.asked(CHECK)), 1)

    def test_a_run_out_of_time_goes_on_where_it_was(self):
        self.tiktok.task_ends = "FAILED"
        advertiser = self.connect_ads()
        self.fetch()
        checks = []

        def commit(each):
            checks.append(each.spend_checked_from)
            return 0 if len(checks) == 4 else 1

        self.patch(type(advertiser), "_commit_spend_step", commit)
        self.fetch(cron=const.SPEND_CRON_XMLID)
        reached = advertiser.spend_checked_from
        self.assertEqual(advertiser.spend_stage, "check")
        self.assertGreater(reached, advertiser.spend_from)
        self.assertTrue(0 < advertiser.spend_progress < 100)
        self.fetch(cron=const.SPEND_CRON_XMLID)
        self.assertEqual(advertiser.spend_stage, "done")
        self.assertEqual(self.sum_spend(), 681.06)

    def test_windows_respect_the_limit_of_tiktok(self):
        self.tiktok.task_ends = "FAILED"
        self.connect_ads()
        self.fetch_all()
        for asked in self.tiktok.asked(REPORT):
            first, last = (fields.Date.to_date(asked[n]) for n in ("start_date", "end_date"))
            self.assertLess((last - first).days, 30)
            self.assertEqual(asked["page_size"], "1000")
        self.assertTrue(self.tiktok.asked(REPORT))
        self.assertTrue(self.spend.search([("advertiser_id.advertiser_uid", "=", ONE)]))
        self.assertEqual(self.sum_spend(ad_uid=AD), 681.06)

    def test_the_last_days_are_fetched_while_earlier_months_wait(self):
        self.tiktok.task_ends = "PROCESSING"
        advertiser = self.connect_ads()
        self.fetch()
        self.tiktok.spend_on(self.day(1), "7.00")
        self.fetch()
        self.assertEqual(self.sum_spend(date=self.day(1)), 7.0)
        self.assertEqual(advertiser.spend_stage, "history")
        self.assertEqual(len(self.tiktok.asked(TASK)), 1)
