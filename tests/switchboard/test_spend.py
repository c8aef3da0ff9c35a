"""What is stored and shown equals what the local TikTok's ads cost in the end, to the cent."""

import urllib.parse
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import requests

from odoo import fields
from odoo.tests import tagged

from odoo.addons.tiktok_ads import const
from odoo.addons.tiktok_ads.models.spend import tiktok_advertiser, tiktok_advertiser_fetch
from odoo.addons.tiktok_leadgen.tests.common import TiktokCommon
from odoo.addons.tiktok_leadgen.tiktok.business_client import RATE_LIMITER, BusinessClient

from dev.sandbox.handle import Sandbox

SEND = requests.Session.send  # before Odoo's tests put theirs in its place
BEGIN = datetime(2026, 8, 20, 13, 0, tzinfo=timezone.utc)
ACCOUNTS = (("EUR", "Europe/Berlin"), ("USD", "America/New_York"), ("AED", "Asia/Dubai"))
RATES = {"USD": (1.10, 1.25), "AED": (4.0, 4.4)}  # per euro, and from the 40th day on


@tagged("post_install", "-at_install")
class TestSpend(TiktokCommon):
    """Ninety days with corrections, three currencies, time zones, and a day of 25 hours."""

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        if urllib.parse.urlsplit(request.url).hostname != "127.0.0.1":
            raise AssertionError(f"Unexpected call to {request.url}")
        return SEND(session, request, **options)

    def setUp(self):
        super().setUp()
        self.world = Sandbox.start(seed=7, clock=BEGIN.timestamp())
        self.addCleanup(self.world.stop)
        self.world.set_settings(rate_level="off")
        self.patch(RATE_LIMITER, "wait_for_permit", lambda: None)
        self.patch(const, "TASK_CALL_SECONDS", 0)
        self.now = BEGIN.replace(tzinfo=None)
        self.patch(fields.Datetime, "now", lambda *_args: self.now)
        exact = lambda _env: self.read_clock()  # noqa: E731
        self.patch(tiktok_advertiser_fetch, "read_exact_clock", exact)
        for module in (tiktok_advertiser, tiktok_advertiser_fetch):
            self.patch(module, "read_clock", lambda _env: self.now.replace(microsecond=0))
        self.company.currency_id = self.env.ref("base.EUR")
        self.advertisers = [self.make_account(*each) for each in ACCOUNTS]
        for name, (before, after) in RATES.items():
            self.add_rate(name, self.now - timedelta(days=500), before)
            self.add_rate(name, self.now + timedelta(days=40), after)
        base = self.world.base_urls["TIKTOK_BUSINESS_API_BASE_URL"]
        app = self.world.describe()["business_apps"][0]["app_id"]
        uids = [advertiser.advertiser_uid for advertiser in self.advertisers]
        token = self.world.grant_business_token(app, uids)
        self.patch(
            type(self.advertisers[0]),
            "_get_business_client",
            lambda _self: BusinessClient(base, token),
        )

    def read_clock(self):
        """Return a moment after the one before."""
        self.now += timedelta(microseconds=1)
        return self.now

    def make_account(self, currency, zone):
        """Make an ad account with two ads at TikTok, and connect it."""
        made = self.world.create_advertiser(name=zone, currency=currency, timezone=zone)
        uid = made["advertiser_id"]
        form = self.world.create_form(uid)["page_id"]
        self.ads = getattr(self, "ads", {})
        self.ads[uid] = self.world.create_ads(page_id=form, ads=["One", "Two"])
        values = {"name": zone, "advertiser_uid": uid, "company_id": self.company.id}
        return self.env["tiktok.advertiser"].create({**values, "state": "connected"})

    def add_rate(self, name, moment, rate):
        """Add a rate of the company."""
        currency = self.env.ref(f"base.{name}")
        currency.active = True
        values = {"currency_id": currency.id, "name": moment.date(), "rate": rate}
        self.env["res.currency.rate"].create({**values, "company_id": self.company.id})

    def pass_days(self, days):
        """Let time pass at TikTok and here."""
        self.world.advance(days * 86400)
        self.now += timedelta(days=days)

    def fetch(self):
        """Run the scheduled actions until nothing waits."""
        for cron in ("tiktok_ads.ir_cron_fetch_spend", *[const.SPEND_CRON_XMLID] * 3):
            with self.enter_registry_test_mode():
                self.env.ref(cron).method_direct_trigger()
            self.env.invalidate_all()
            self.now += timedelta(minutes=1)
        self.assertEqual([each.spend_error for each in self.advertisers], [False] * 3)
        self.assertEqual([each.spend_stage for each in self.advertisers], ["done"] * 3)

    def read_truth(self, advertiser, first, last):
        """Return what TikTok's ads cost in the end, by ad and day."""
        uid = advertiser.advertiser_uid
        rows = self.world.final_spend(advertiser_id=uid, first=str(first), last=str(last))
        return {(ad, day): Decimal(cents) / 100 for ad, day, cents in rows}

    def read_stored(self, advertiser, first, last):
        """Return what is stored, by ad and day; nothing is left out."""
        self.env.cr.execute(
            """SELECT ad_uid, date::text, spend::text FROM tiktok_ad_spend
                WHERE advertiser_id = %s AND date BETWEEN %s AND %s AND spend != 0""",
            [advertiser.id, first, last],
        )
        return {(ad, day): Decimal(spend) for ad, day, spend in self.env.cr.fetchall()}

    def test_sums_equal_what_tiktok_charges(self):
        first_uid = self.advertisers[0].advertiser_uid
        deleted, corrected = (ad["ad_id"] for ad in self.ads[first_uid])
        self.fetch()
        for days in (29, 1, 20, 20, 20):
            self.pass_days(days)
            self.fetch()
            late = (self.now - timedelta(days=12)).date()
            self.world.set_spend(ad_id=corrected, day=str(late), cents=days * 101)
        self.world.set_ad(ad_id=deleted, deleted=True)
        gone = (self.now - timedelta(days=3)).date()
        self.world.set_spend(ad_id=corrected, day=str(gone), cents=0)
        self.fetch()

        last = self.now.date() - timedelta(days=2)
        first = last - timedelta(days=89)
        self.assertTrue(str(first) <= "2026-10-25" <= str(last))
        for advertiser in self.advertisers:
            truth = self.read_truth(advertiser, first, last)
            self.assertGreater(len(truth), 170)
            self.assertEqual(self.read_stored(advertiser, first, last), truth)
        self.assert_report(first, last)

        start = self.advertisers[0].spend_from
        self.assertGreater((first - start).days, 390)
        for advertiser in self.advertisers:
            truth = self.read_truth(advertiser, start, last)
            self.assertEqual(
                sum(self.read_stored(advertiser, start, last).values()), sum(truth.values())
            )

    def assert_report(self, first, last):
        """Check the report in the company's currency, by the rate of each day."""
        euro = self.company.currency_id
        expected = 0.0
        for advertiser in self.advertisers:
            for (_ad, day), spend in self.read_truth(advertiser, first, last).items():
                rate = self.env["res.currency"]._get_conversion_rate(
                    advertiser.spend_currency_id, euro, self.company, day
                )
                expected += float(spend) * rate
        report = self.env["tiktok.return.report"].with_company(self.company)
        domain = [("date", ">=", first), ("date", "<=", last)]
        ((cost,),) = report._read_group(domain, [], ["cost:sum"])
        self.assertAlmostEqual(float(cost), expected, places=2)
