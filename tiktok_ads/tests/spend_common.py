"""TikTok's reports as the tests need them, and ad accounts that are connected to it."""

import csv
import io
import json
import logging
from datetime import date, timedelta

import requests

from odoo import fields

from odoo.addons.tiktok_leadgen.tests.fake_business_api import ONE, BusinessCommon, FakeBusiness

from .. import const

AD, OTHER_AD = "1809876543210987", "1809876543210988"
REPORT, TASK = "/report/integrated/get/", "/report/task/create/"
CHECK, DOWNLOAD = "/report/task/check/", "/report/task/download/"
ALL = ["ad_id", "stat_time_day"]


class FakeReports(FakeBusiness):
    """What each ad cost on each day, and what the reports say of it."""

    def __init__(self):
        super().__init__()
        self.spend = {}  # (ad account, ad, day) -> metrics
        self.deleted = set()  # ads; a file lacks them
        self.other_spend = {}  # (ad account, day) -> what belongs to no ad
        self.accounts = {}  # currency, time zone and status by ad account
        self.task_ends = "SUCCESS"
        self.file_content = None  # instead of the file

    def spend_on(self, day, amount, ad=AD, account=ONE, **metrics):
        """Have an ad cost something on a day."""
        self.spend[account, ad, str(day)] = {
            "campaign_id": "1809876543200000",
            "campaign_name": "Spring",
            "adgroup_id": "1809876543210000",
            "adgroup_name": "Lookalike",
            "ad_name": f"Video {ad[-1]}",
            "currency": self.accounts.get(account, ("EUR",))[0],
            "spend": amount,
            "impressions": "100",
            "clicks": "10",
            "onsite_form": "-",
            **metrics,
        }

    def answer(self, request):
        """Answer with the file, or as all calls are answered."""
        if DOWNLOAD in request.url and not self.refusals.get(DOWNLOAD):
            self.calls.append((DOWNLOAD, {}))
            made = requests.Response()
            made.status_code = 200
            made._content, made._content_consumed = self.make_file(), True
            made.headers["Content-Type"] = "text/csv"
            return made
        return super().answer(request)

    def make_file(self):
        """Return the file of the last task."""
        if self.file_content is not None:
            return self.file_content
        asked = self.asked(TASK)[-1]
        out = io.StringIO()
        writer = csv.DictWriter(out, [*ALL, *asked["metrics"]])
        writer.writeheader()
        writer.writerows(
            {"ad_id": ad, "stat_time_day": f"{day} 00:00:00", **metrics}
            for ad, day, metrics in self._list_days(asked)
            if ad not in self.deleted
        )
        return out.getvalue().encode()

    def _list_days(self, asked):
        return [
            (ad, day, metrics)
            for (account, ad, day), metrics in sorted(self.spend.items())
            if account == asked["advertiser_id"] and asked["start_date"] <= day <= asked["end_date"]
        ]

    def _advertiser_info(self, params, token):
        if token not in self.tokens:
            return 40105, {}
        (uid,) = json.loads(params["advertiser_ids"])
        known = ("EUR", "Etc/UTC", "STATUS_ENABLE")
        currency, zone, status = self.accounts.get(uid, known)
        row = {"advertiser_id": uid, "currency": currency, "timezone": zone, "status": status}
        return 0, {"list": [{**row, "display_timezone": zone}]}

    def _report_integrated_get(self, params, _token):
        first, last = (date.fromisoformat(params[n]) for n in ("start_date", "end_date"))
        if not 0 <= (last - first).days < 30 or int(params.get("page_size", 10)) > 1000:
            return 40002, {}
        days = self._list_days(params)
        if params["data_level"] == "AUCTION_ADVERTISER":
            rows = self._sum_accounts(params["advertiser_id"], days)
        else:
            rows = [
                {"dimensions": {"ad_id": ad, "stat_time_day": f"{day} 00:00:00"}, "metrics": each}
                for ad, day, each in days
            ]
        size, page = int(params.get("page_size", 10)), int(params.get("page", 1))
        pages = max(1, -(-len(rows) // size))
        shown = rows[(page - 1) * size : page * size]
        return 0, {"list": shown, "page_info": {"page": page, "total_page": pages}}

    def _sum_accounts(self, account, days):
        sums = {}
        for _ad, day, metrics in days:
            amount = metrics["spend"]
            sums[day] = sums.get(day, 0) + (0 if amount == "-" else round(float(amount) * 100))
        for (owner, day), cents in self.other_spend.items():
            if owner == account:
                sums[day] = sums.get(day, 0) + cents
        return [
            {
                "dimensions": {"advertiser_id": account, "stat_time_day": f"{day} 00:00:00"},
                "metrics": {"spend": f"{cents / 100:.2f}"},
            }
            for day, cents in sorted(sums.items())
        ]

    def _report_task_create(self, _params, _token):
        return 0, {"task_id": str(next(self.numbers))}

    def _report_task_check(self, _params, _token):
        return 0, {"status": self.task_ends}


class SpendCommon(BusinessCommon):
    """An ad account of the company, connected, whose costs nothing has fetched."""

    def setUp(self):
        super().setUp()
        type(self).tiktok = FakeReports()
        # Odoo's tests log what `requests` gets as a file.
        logging.getLogger("urllib3").setLevel(logging.ERROR)
        self.patch(const, "TASK_CALL_SECONDS", 0)
        self.company.currency_id = self.env.ref("base.EUR")
        self.spend = self.env["tiktok.ad.spend"]
        self.report = self.env["tiktok.return.report"].with_company(self.company)

    def connect_ads(self, *uids):
        """Connect ad accounts.

        :rtype: tiktok.advertiser
        """
        return self.connect(uids or (ONE,))

    def fetch(self, times=1, cron="tiktok_ads.ir_cron_fetch_spend"):
        """Run the scheduled action, then the other one until nothing waits."""
        for number in range(times):
            with self.enter_registry_test_mode():
                self.env.ref(cron if not number else const.SPEND_CRON_XMLID).method_direct_trigger()
            self.env.invalidate_all()
            self.env.cr.execute(
                """UPDATE tiktok_advertiser SET spend_next_at = now() - interval '1 hour'
                    WHERE spend_stage = 'history'"""
            )

    def fetch_all(self):
        """Fetch the last days and the earlier months."""
        self.fetch(times=3)

    def sum_spend(self, **values):
        """Return the sum of what is stored."""
        domain = [(name, "=", value) for name, value in values.items()]
        return round(sum(self.spend.search(domain).mapped("spend")), 2)

    @staticmethod
    def day(days_ago=0):
        """Return a day."""
        return fields.Date.today() - timedelta(days=days_ago)

    def make_lead(self, days_ago=0, hour=12, ad=AD, **values):
        """Return a lead of an ad, submitted on a day."""
        moment = fields.Datetime.to_datetime(self.day(days_ago)) + timedelta(hours=hour)
        seconds = int((moment - fields.Datetime.to_datetime("1970-01-01")).total_seconds())
        return self.make(
            create_time=seconds, ad_id=int(ad) if ad else 0, advertiser_id=int(ONE), **values
        )
