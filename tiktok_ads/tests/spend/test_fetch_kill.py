from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.tests.worker_common import WorkerCommon

PREPARATION = """
import datetime
from decimal import Decimal
from odoo.addons.tiktok_ads.models.spend import tiktok_advertiser_fetch as fetch
from odoo.addons.tiktok_ads.tiktok.ad_account_info import AdAccount
from odoo.addons.tiktok_ads.tiktok.spend_report import AdDay
today = datetime.datetime.now(datetime.timezone.utc).date()
fetch.const.SPEND_BATCH = 2
advertisers = registry["tiktok.advertiser"]
advertisers._get_business_client = lambda self: None
advertisers._get_history_start = lambda self: today - datetime.timedelta(days=29)
info = AdAccount("EUR", ("Etc/UTC",), "STATUS_ENABLE")
fetch.ad_account_info.fetch_ad_account = lambda *_args: info
fetch.spend_report.fetch_day_totals = lambda *_args: {{today: Decimal(5)}}
def iter_ad_days(_client, uid, _first, _last):
    for number in range(5):
        if number == {stop}:
            hang("amid")
        ids = (uid + str(number), today, "1" + uid, "2" + uid)
        yield AdDay(*ids, {{}}, "EUR", Decimal(1), 9, 3, 1)
fetch.spend_report.iter_ad_days = iter_ad_days
"""
UID = "7163948356417559999"


@tagged("post_install", "-at_install")
class TestFetchKill(WorkerCommon):
    """`kill -9` amid a fetch: the next run completes it, and nothing is there twice."""

    cron = "tiktok_ads.ir_cron_fetch_spend"

    def setUp(self):
        super().setUp()
        with self.cursor() as env:
            others = env["tiktok.advertiser"].search([("state", "=", "connected")])
            self.assertFalse(others)
            values = {"name": "Killed", "advertiser_uid": UID, "state": "connected"}
            self.advertiser_id = env["tiktok.advertiser"].create(values).id
        self.addCleanup(self.delete_all)

    def delete_all(self):
        """Delete what was committed."""
        with self.cursor() as env:
            advertiser = env["tiktok.advertiser"].browse(self.advertiser_id)
            entities = env["tiktok.ad.entity"].search([("advertiser_id", "=", advertiser.id)])
            advertiser.state = "draft"
            advertiser.unlink()
            entities.unlink()

    def read_rows(self):
        """Return number and sum of what is stored."""
        with self.cursor() as env:
            rows = env["tiktok.ad.spend"].search([("advertiser_id", "=", self.advertiser_id)])
            return len(rows), sum(rows.mapped("spend"))

    def test_a_killed_fetch_is_completed(self):
        for stop, stored in ((1, 0), (4, 4)):
            self.preparation = PREPARATION.format(stop=stop)
            self.run_killed("amid")
            self.assertEqual(self.read_rows()[0], stored)
        self.preparation = PREPARATION.format(stop=9)
        self.run_finished()
        self.assertEqual(self.read_rows(), (5, 5.0))
        with self.cursor() as env:
            advertiser = env["tiktok.advertiser"].browse(self.advertiser_id)
            self.assertFalse(advertiser.spend_error)
            self.assertEqual(advertiser.spend_stage, "done")
