from datetime import timedelta
from unittest.mock import patch

import requests

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.job_time import find_job_limit, read_clock
from odoo.addons.tiktok_leadgen.tests.fake_business_api import ONE, TWO
from odoo.addons.tiktok_leadgen.tiktok import client

from ... import const
from ..spend_common import AD, OTHER_AD, REPORT, SpendCommon


@tagged("post_install", "-at_install")
class TestFetchSpend(SpendCommon):
    """The nightly fetch: each ad and day once, as TikTok corrects it."""

    def test_what_ads_cost_is_stored(self):
        self.tiktok.spend_on(self.day(1), "42.70", onsite_form="6")
        self.tiktok.spend_on(self.day(1), "0.30", ad=OTHER_AD)
        advertiser = self.connect_ads()
        self.fetch()
        row = self.spend.search([("ad_uid", "=", AD)])
        self.assertEqual((row.date, row.spend), (self.day(1), 42.70))
        self.assertEqual((row.impressions, row.clicks, row.tiktok_lead_count), (100, 10, 6))
        self.assertEqual(row.currency_id.name, "EUR")
        self.assertEqual(row.company_id, self.company)
        names = (row.campaign_id.name, row.adgroup_id.name, row.ad_id.name)
        self.assertEqual(names, ("Spring", "Lookalike", "Video 7"))
        self.assertEqual(row.ad_id.advertiser_id, advertiser)
        self.assertEqual(self.sum_spend(), 43.0)
        self.assertFalse(advertiser.spend_error)
        self.assertEqual(advertiser.spend_until, self.day())

    def test_a_night_longer_than_a_run_goes_on_where_it_was(self):
        for days_ago in (1, 12, 29):
            self.tiktok.spend_on(self.day(days_ago), "5.00")
        self.tiktok.other_spend[ONE, str(self.day(12))] = 700
        advertiser = self.connect_ads()
        self.patch(type(advertiser), "_commit_spend_step", lambda _self: 0)  # no time is left
        for stored in (5.0, 10.0):
            self.fetch(cron=const.SPEND_CRON_XMLID)
            self.assertEqual((self.sum_spend(), advertiser.spend_stage), (stored, "recent"))
        self.fetch(cron=const.SPEND_CRON_XMLID)
        self.assertEqual((self.sum_spend(), advertiser.spend_stage), (15.0, "history"))
        self.assertEqual(advertiser.other_spend, 7.0)

    def test_a_second_fetch_changes_nothing(self):
        self.tiktok.spend_on(self.day(1), "42.70")
        self.connect_ads()
        self.fetch()
        rows = self.spend.search([])
        self.fetch()
        self.assertEqual(self.spend.search([]), rows)
        self.assertEqual(self.sum_spend(), 42.70)

    def test_a_correction_overwrites_the_day(self):
        self.tiktok.spend_on(self.day(29), "41.00", onsite_form="-")
        self.connect_ads()
        self.fetch()
        self.tiktok.spend_on(self.day(29), "42.70", onsite_form="2")
        self.fetch()
        row = self.spend.search([])
        self.assertEqual((row.spend, row.tiktok_lead_count), (42.70, 2))

    def test_what_was_corrected_to_nothing_is_deleted(self):
        self.tiktok.spend_on(self.day(1), "5.00")
        self.tiktok.spend_on(self.day(1), "7.00", ad=OTHER_AD)
        self.connect_ads()
        self.fetch()
        del self.tiktok.spend[ONE, OTHER_AD, str(self.day(1))]
        self.fetch()
        self.assertEqual(self.sum_spend(), 5.0)

    def test_a_report_that_lacks_ads_deletes_nothing(self):
        """Above 20,000 ads TikTok leaves out the oldest without an error."""
        self.tiktok.spend_on(self.day(1), "5.00")
        self.tiktok.spend_on(self.day(1), "7.00", ad=OTHER_AD)
        advertiser = self.connect_ads()
        self.fetch()
        del self.tiktok.spend[ONE, OTHER_AD, str(self.day(1))]
        self.tiktok.other_spend[ONE, str(self.day(1))] = 700
        self.fetch()
        self.assertEqual(self.sum_spend(), 12.0)
        self.assertEqual(advertiser.other_spend, 7.0)

    def test_an_empty_report_deletes_nothing(self):
        self.tiktok.spend_on(self.day(1), "5.00")
        self.connect_ads()
        self.fetch()
        self.tiktok.spend.clear()
        self.fetch()
        self.assertEqual(self.sum_spend(), 5.0)

    def test_a_day_is_final_after_its_correction(self):
        for days_ago in (0, 3):
            self.tiktok.spend_on(self.day(days_ago), "1.00")
        self.connect_ads()
        self.fetch()
        final = {row.date: row.is_corrected for row in self.spend.search([])}
        self.assertEqual(final, {self.day(): False, self.day(3): True})

    def test_all_pages_are_read(self):
        ads = [str(1809876543300000 + number) for number in range(1005)]
        for ad in ads:
            self.tiktok.spend_on(self.day(1), "0.01", ad=ad)
        self.connect_ads()
        self.fetch()
        self.assertEqual(self.spend.search_count([]), 1005)
        self.assertEqual(self.sum_spend(), 10.05)

    def test_names_follow_at_the_ads(self):
        self.tiktok.spend_on(self.day(1), "1.00")
        self.connect_ads()
        self.fetch()
        self.tiktok.spend_on(self.day(1), "1.00", campaign_name="Summer", ad_name="-")
        self.fetch()
        row = self.spend.search([])
        self.assertEqual((row.campaign_id.name, row.ad_id.name), ("Summer", "Video 7"))

    def test_an_ad_without_a_name_is_called_by_its_id(self):
        self.tiktok.spend_on(self.day(1), "1.00", ad_name="-")
        self.connect_ads()
        self.fetch()
        self.assertEqual(self.spend.search([]).ad_id.name, AD)

    def test_after_an_absence_the_missed_days_are_fetched(self):
        self.tiktok.spend_on(self.day(50), "9.00")
        advertiser = self.connect_ads()
        self.fetch()
        self.assertEqual(self.sum_spend(), 0)
        advertiser.sudo().spend_until = self.day(45)
        self.fetch()
        self.assertEqual(self.sum_spend(), 9.0)

    # === ERRORS === #

    def test_one_bad_ad_account_stops_no_other(self):
        self.tiktok.spend_on(self.day(1), "5.00", account=ONE)
        self.tiktok.spend_on(self.day(1), "7.00", account=TWO)
        first, second = self.connect_ads(ONE, TWO)
        self.tiktok.refusals[REPORT] = [40001]
        self.fetch()
        self.assertEqual(self.sum_spend(), 7.0)
        self.assertTrue(first.spend_error)
        self.assertFalse(second.spend_error)
        self.assertEqual(first.state, "connected")
        self.fetch()
        self.assertEqual(self.sum_spend(), 12.0)
        self.assertFalse(first.spend_error)

    def test_an_unexpected_error_stops_no_other(self):
        self.tiktok.spend_on(self.day(1), "7.00", account=TWO)
        first, second = self.connect_ads(ONE, TWO)
        store = type(self.env["tiktok.advertiser"])._store_account_info

        def fail(advertiser, account):
            if advertiser == first:
                raise ZeroDivisionError
            store(advertiser, account)

        self.patch(type(first), "_store_account_info", fail)
        with self.assertLogs("odoo.addons.tiktok_ads", "WARNING"):
            self.fetch()
        self.assertEqual(self.sum_spend(), 7.0)
        self.assertIn("ZeroDivisionError", first.spend_error)
        self.assertFalse(second.spend_error)

    def test_tiktok_that_is_down_is_asked_again_soon(self):
        advertiser = self.connect_ads()
        self.tiktok.down = requests.ConnectionError("gone")
        self.fetch()
        soon = fields.Datetime.now() + timedelta(seconds=2 * const.RETRY_SECONDS)
        self.assertTrue(advertiser.spend_error)
        self.assertLess(advertiser.spend_next_at, soon)

    def test_a_dead_token_ends_the_connection(self):
        advertiser = self.connect_ads()
        self.tiktok.tokens.clear()
        self.fetch()
        self.assertEqual(advertiser.state, "revoked")

    def test_a_report_that_cannot_be_read_is_an_error(self):
        self.tiktok.spend_on(self.day(1), "5.00")
        advertiser = self.connect_ads()
        self.fetch()
        self.tiktok.spend_on(self.day(1), "five")
        with patch.object(self.tiktok, "_sum_accounts", return_value=[]):
            self.fetch()
        self.assertTrue(advertiser.spend_error)
        self.assertEqual(self.sum_spend(), 5.0)

    def test_amounts_of_another_currency_are_refused(self):
        self.tiktok.spend_on(self.day(1), "5.00", currency="USD")
        advertiser = self.connect_ads()
        self.fetch()
        self.assertFalse(self.spend.search([]))
        self.assertTrue(advertiser.spend_error)

    def test_interrupted_attempts_come_to_an_end(self):
        advertiser = self.connect_ads()
        self.env.cr.execute(
            """INSERT INTO tiktok_job_attempt (job, record_id, attempts, started_at)
               VALUES (%s, %s, 3, now())""",
            [const.SPEND_JOB, advertiser.id],
        )
        self.fetch()
        self.assertIn("Odoo stopped", advertiser.spend_error)
        self.fetch()
        self.assertFalse(advertiser.spend_error)

    # === BUTTON AND QUERIES === #

    def test_the_button_fetches_in_the_background(self):
        advertiser = self.connect_ads()
        self.fetch_all()
        self.assertFalse(advertiser.is_fetching_spend)
        self.tiktok.spend_on(self.day(1), "5.00")
        advertiser.with_user(self.manager).action_fetch_spend()
        self.assertTrue(advertiser.is_fetching_spend)
        self.fetch(cron=const.SPEND_CRON_XMLID)
        self.assertEqual(self.sum_spend(), 5.0)
        self.assertFalse(advertiser.is_fetching_spend)
        self.assertEqual(advertiser.spend_progress, 100)

    def test_only_connected_ad_accounts_have_costs(self):
        draft = self.ads.create({"name": "Draft", "advertiser_uid": TWO})
        with self.assertRaises(UserError):
            draft.action_fetch_spend()

    def test_queries_do_not_depend_on_the_number_of_ads(self):
        advertiser = self.connect_ads()
        self.fetch()

        def count(ads):
            for number in range(ads):
                ad = str(1809876543300000 + number)
                self.tiktok.spend_on(self.day(1), "0.01", ad=ad)
            before = self.env.cr.sql_log_count
            client = advertiser._get_business_client()
            advertiser._fetch_window(client, self.day(29), self.day())
            return self.env.cr.sql_log_count - before

        count(5)
        self.assertLessEqual(count(300) - count(301), 10)
        self.assertLess(count(302), 40)

    def test_a_fetch_ends_before_odoo_ends_its_process(self):
        advertiser, left = self.connect_ads(), []

        def fetch(_advertiser, _client):
            left.append(client.seconds_left(10**6))
            return True

        self.patch(type(advertiser), "_fetch_stages", fetch)
        self.fetch()
        self.assertLess(left[0], find_job_limit())

    def test_a_fetch_without_time_for_another_call_goes_on_in_the_next_run(self):
        self.tiktok.spend_on(self.day(1), "5.00")
        advertiser = self.connect_ads()
        with patch.object(const, "CALL_SECONDS", 10**6):
            self.fetch()
        self.assertFalse(advertiser.spend_error)
        self.assertEqual(advertiser.spend_stage, "recent")
        self.assertLessEqual(advertiser.spend_next_at, read_clock(self.env))
        self.fetch_all()
        self.assertEqual((advertiser.spend_stage, self.sum_spend()), ("done", 5.0))

    def test_an_answer_without_its_list_of_ad_accounts_is_an_error(self):
        advertiser = self.connect_ads()
        self.fetch_all()
        self.assertFalse(advertiser.spend_error)
        self.tiktok.instead["/advertiser/info/"] = {}
        self.fetch()
        self.assertIn("could not be read", advertiser.spend_error)

    def test_names_are_lines_that_can_be_stored(self):
        name = "Vi\u202edeo\x07 \ud83d x"
        self.tiktok.spend_on(self.day(1), "5.00", ad_name=name, campaign_name=name)
        self.connect_ads()
        self.fetch()
        self.assertEqual(self.sum_spend(), 5.0)
        row = self.spend.search([])
        self.assertEqual((row.ad_id.name, row.campaign_id.name), ("Video ? x", "Video ? x"))
