"""Each fault of the local TikTok while events are sent and audiences are refreshed."""

import urllib.parse
from datetime import timedelta

import requests

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.tiktok_ads.tiktok import audience, crm_event
from odoo.addons.tiktok_leadgen.tests.common import TiktokCommon
from odoo.addons.tiktok_leadgen.tiktok.business_client import RATE_LIMITER
from odoo.addons.tiktok_leadgen.tiktok.business_login import Grant

SEND = requests.Session.send  # before Odoo's tests put theirs in its place
HANG_SECONDS = 0.5
FAULTS = {"status": 502, "429": 600, "code": 50000, "hang": 30}
FAULTS.update(dict.fromkeys(("truncated", "reset", "garbage", "dead_token")))
PEOPLE = 1_010


@tagged("post_install", "-at_install")
class TestSignals(TiktokCommon, HttpCase):
    """Events and audiences against a strict TikTok that breaks."""

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        """Let calls to this machine pass, with less patience for what hangs."""
        if request.url.startswith(cls.tiktok_url):
            options["timeout"] = cls.seconds
        elif urllib.parse.urlsplit(request.url).hostname != "127.0.0.1":
            raise AssertionError(f"Unexpected call to {request.url}")
        return SEND(session, request, **options)

    def setUp(self):
        super().setUp()
        type(self).seconds, type(self).tiktok_url = 10, self.tiktok.url
        self.patch(RATE_LIMITER, "wait_for_permit", lambda: None)
        for name, value in self.tiktok.base_urls.items():
            self.setting(name, value)
        self.setting("INTEGRATION_ENCRYPTION_KEY", "A" * 43 + "=")
        self.uid_at_tiktok = self.tiktok.create_advertiser(name="Signals")["advertiser_id"]
        self.remote = self.tiktok.create_event_set(advertiser_id=self.uid_at_tiktok)

    def break_(self, path, kind):
        """Set a fault; what hangs must not keep the tests."""
        type(self).seconds = HANG_SECONDS if kind == "hang" else 10
        self.tiktok.set_fault(path=path, kind=kind, value=FAULTS[kind])

    def fix_fault(self):
        """Take the fault away, after it was met."""
        self.assertTrue(self.tiktok.faults()[-1]["hits"])
        self.tiktok.clear_faults()
        type(self).seconds = 10

    def run_job(self, name):
        """Run a scheduled action."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(f"tiktok_ads.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def test_every_fault_of_sending_events(self):
        event_set = self.env["tiktok.event.set"].create(
            {
                "name": "Leads",
                "company_id": self.company.id,
                "event_set_uid": self.remote["event_set_id"],
                "token": self.tiktok.grant_event_token(event_set_id=self.remote["event_set_id"]),
            }
        )
        event_set.action_suggest_rules()
        for kind in FAULTS:
            with self.subTest(kind=kind):
                lead = self.make()
                lead.expected_revenue = 10
                lead.action_set_won()
                event = self.env["tiktok.crm.event"].search([("lead_id", "=", lead.id)])
                self.break_(crm_event.TRACK, kind)
                self.run_job("ir_cron_send_crm_events")
                self.fix_fault()
                self.assertEqual(event.state, "pending")
                self.assertTrue(event_set.problem)
                self.assertGreater(event_set.next_try_at, fields.Datetime.now())
                event_set.action_check()
                self.assertEqual(event_set.status, "ready")
                self.run_job("ir_cron_send_crm_events")
                self.assertEqual(event.state, "sent")
        stored = [
            each
            for each in self.tiktok.crm_events()
            if each["event_source_id"] == event_set.event_set_uid
        ]
        self.assertEqual(len(stored), len(FAULTS))
        self.assertEqual(len({each["event_id"] for each in stored}), len(FAULTS))

    def win_leads(self, count):
        """Create won leads of so many people."""
        won = self.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        values = {"company_id": self.company.id, "stage_id": won.id, "probability": 100}
        self.env["crm.lead"].with_context(tracking_disable=True).create(
            [
                {
                    **values,
                    "name": str(n),
                    "email_from": f"p{n}@example.com",
                    "tiktok_lead_uid": str(n),
                }
                for n in range(count)
            ]
        )

    def meet_fault(self, record, path, kind):
        """Refresh an audience while an endpoint breaks."""
        self.connect(self.app)
        record.next_refresh_at = False
        self.break_(path, kind)
        self.run_job("ir_cron_refresh_audiences")
        self.fix_fault()
        self.assertTrue(record.problem)
        self.assertGreater(record.next_refresh_at, fields.Datetime.now() + timedelta(minutes=1))

    def refresh(self, record):
        """Refresh an audience while nothing breaks; there is one at TikTok then."""
        self.connect(self.app)
        record.next_refresh_at = False
        self.run_job("ir_cron_refresh_audiences")
        self.assertFalse(record.problem)
        found = self.tiktok.audiences()
        own = [each for each in found if each["advertiser_id"] == self.uid_at_tiktok]
        self.assertEqual([each["count"] for each in own], [PEOPLE])
        self.assertEqual(own[0]["custom_audience_id"], record.audience_uid)

    def test_every_fault_of_refreshing_an_audience(self):
        self.win_leads(PEOPLE)
        self.app = self.tiktok.create_business_app()
        keys = {"tiktok_app_id": self.app["app_id"], "tiktok_app_secret": self.app["secret"]}
        self.company.write(keys)
        values = {"name": "Won", "company_id": self.company.id}
        record = self.env["tiktok.audience"].create(
            {**values, "advertiser_id": self.connect(self.app).id}
        )
        for kind in FAULTS:
            with self.subTest(path=audience.UPLOAD, kind=kind):
                self.meet_fault(record, audience.UPLOAD, kind)
                self.assertFalse(record.audience_uid)
        for kind in ("reset", "truncated"):  # TikTok created it
            with self.subTest(path=audience.CREATE, kind=kind):
                self.meet_fault(record, audience.CREATE, kind)
                self.refresh(record)
                record._delete_remote("draft")
        self.refresh(record)
        for kind in FAULTS:
            with self.subTest(path=audience.UPDATE, kind=kind):
                self.meet_fault(record, audience.UPDATE, kind)
                self.refresh(record)

    def connect(self, app):
        """Connect the ad account with a consent of its own."""
        token = self.tiktok.grant_business_token(app["app_id"], [self.uid_at_tiktok])
        grant = Grant(token, (self.uid_at_tiktok,), (51,))
        advertisers = self.env["tiktok.advertiser"].with_user(self.manager)
        advertisers._connect_advertisers(self.company, grant, {self.uid_at_tiktok: "Signals"}, {})
        self.env["tiktok.reconciliation"].sudo().search([]).unlink()
        return advertisers.sudo().search([("advertiser_uid", "=", self.uid_at_tiktok)])
