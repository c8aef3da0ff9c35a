"""TikTok's exports as the tests of the reconciliation need them: tasks, files, and faults."""

import csv
import io
import json
import shutil
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.sql_db import db_connect

from ..models.reconciliation import tiktok_reconciliation_export
from ..tiktok.business_client import BusinessClient
from ..tiktok.rate_limiter import RateLimiter
from .common import TiktokCommon, entry, next_uid
from .fake_tiktok import response

BASE = "https://business-api.tiktok.com/open_api/v1.3"
TASK = "/page/lead/task/"
DOWNLOAD = "/page/lead/task/download/"
PAGE = "7600000000000000456"
ADVERTISER = "7163948356417550009"
LABELS = {"name": "Name", "email": "Email", "phone_number": "Phone number"}


class FakeExports:
    """Leads by region; every task is done when it is asked for the second time."""

    def __init__(self):
        self.leads = {"": [], "us": [], "eu": []}
        self.faults = []  # (path, what to answer instead), in their order
        self.calls = []  # path, region, parameters
        self.ignores_region = False
        self.extra_lines = ""  # at the end of a file that has rows
        self.tasks = 0
        self.broken = self.foreign = ""  # forms that are not exported, for ever

    def submit(self, count=1, region="", *, days_ago=0, **values):
        """Have people submit the form; return the entries as the webhook would bring them."""
        now = int(fields.Datetime.now().timestamp())
        made = [
            entry(next_uid(), create_time=now - days_ago * 86400, **values) for _ in range(count)
        ]
        self.leads[region] += made
        return made

    def answer(self, request):
        """Answer as TikTok does, or fail the test."""
        parts = urlsplit(request.url)
        path = parts.path.removeprefix("/open_api/v1.3")
        if not request.url.startswith(BASE) or path not in (TASK, DOWNLOAD):
            raise AssertionError(f"Unexpected call to {parts.netloc}{path}")
        asked = json.loads(request.body) if request.body else parse_qs(parts.query)
        region = request.headers.get("x-lead-region", "")
        self.calls.append((path, region, asked))
        if self.faults and self.faults[0][0] == path:
            found = self.faults.pop(0)[1]
            if isinstance(found, Exception):
                raise found
            return found
        if "task_id" not in asked and asked.get("page_id") == self.broken:
            return self.envelope(50000, "No.")
        if "task_id" not in asked and asked.get("page_id") == self.foreign:
            return self.envelope(40001, "No.")
        if path == DOWNLOAD:
            return response(200, self.table(region).encode("utf-8-sig"))
        if "task_id" in asked:
            return self.ok(task_id=asked["task_id"], status="SUCCEED", file_name="a.csv")
        self.tasks += 1
        return self.ok(task_id=str(self.tasks), status="CREATED")

    def table(self, region):
        """Return a region's file."""
        everywhere = [lead for leads in self.leads.values() for lead in leads]
        leads = everywhere if self.ignores_region else self.leads[region]
        fields_ = dict.fromkeys(change["field"] for lead in leads for change in lead["changes"])
        names = [f"{what}_{part}" for what in ("ad", "campaign") for part in ("id", "name")]
        out = io.StringIO()
        writer = csv.writer(out)
        labels = [LABELS.get(field, field) for field in fields_]
        writer.writerow(["lead_id", "created_time", *names, "form_id", "form_name", *labels])
        for lead in leads:
            answers = {change["field"]: change["value"] for change in lead["changes"]}
            moment = fields.Datetime.to_string(
                fields.Datetime.from_string("1970-01-01")
                + relativedelta(seconds=lead["create_time"])
            )
            writer.writerow(
                [
                    *(lead["id"], f"{moment}(UTC+00:00)", *(lead[name] for name in names)),
                    *(lead["page_id"], lead["page_name"]),
                    *(answers.get(field, "") for field in fields_),
                ]
            )
        return out.getvalue() + (self.extra_lines if leads else "")

    def fail(self, path, *answers):
        """Have the next calls of a path answered otherwise."""
        self.faults += [(path, answer) for answer in answers]

    @staticmethod
    def ok(**data):
        """Return TikTok's envelope of a good answer."""
        return FakeExports.envelope(0, **data)

    @staticmethod
    def envelope(code, message="OK", **data):
        """Return TikTok's envelope."""
        content = {"code": code, "message": message, "request_id": "req-1", "data": data}
        return response(200, json.dumps(content).encode())


class ReconciliationCommon(TiktokCommon):
    """An ad account with one form, connected to a fake TikTok."""

    @classmethod
    def _request_handler(cls, session, request, /, **_options):
        return cls.tiktok.answer(request)

    def setUp(self):
        super().setUp()
        type(self).tiktok = FakeExports()
        self.advertiser = self.env["tiktok.advertiser"].create(
            {"name": "ACME Ads", "advertiser_uid": ADVERTISER, "company_id": self.company.id}
        )
        self.advertiser.state = "connected"
        self.form = self.env["tiktok.form"].create(
            {
                "name": "Spring quote form",
                "page_uid": PAGE,
                "company_id": self.company.id,
                "advertiser_id": self.advertiser.id,
            }
        )
        advertisers = type(self.advertiser)
        rate_limiter = RateLimiter(sleep=lambda _seconds: None, limits=((1.0, 10_000),))
        self.patch(advertisers, "_sync_forms", lambda _self: None)
        self.patch(
            advertisers,
            "_get_business_client",
            lambda _self: BusinessClient(BASE, "fake", rate_limiter=rate_limiter),
        )
        patcher = patch.object(tiktok_reconciliation_export.time, "sleep", self.pass_time)
        patcher.start()
        self.addCleanup(patcher.stop)
        self.runs = self.env["tiktok.reconciliation"]
        folder = self.env["tiktok.reconciliation.export"]._get_folder()
        self.addCleanup(shutil.rmtree, folder, True)

    def count_attempts_apart(self):
        """Count attempts on a connection of their own; a rollback of the test does not undo it."""

        def _execute(_model, query):
            with db_connect(self.env.cr.dbname).cursor() as cr:
                cr.execute(query)
                return cr.fetchall()

        self.patch(type(self.env["tiktok.job.attempt"]), "_execute_apart", _execute)

    def pass_time(self, _seconds=0):
        """Let everything that is planned be due."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE tiktok_reconciliation_export SET next_request_at = now() - interval '1 hour'"
        )
        self.env.cr.execute(
            """UPDATE tiktok_reconciliation SET next_at = now() - interval '1 hour'
                WHERE next_at IS NOT NULL"""
        )
        self.env.invalidate_all()

    def reconcile(self, times=1):
        """Run a reconciliation to its end, or as far as it comes."""
        run = self.runs._start_for_advertisers(self.advertiser)
        self.work(times)
        return run

    def work(self, times=1):
        """Run the scheduled action as Odoo does: again and again, until all waits or is over."""
        cron = self.env.ref("tiktok_leadgen.ir_cron_backfill")
        for _time in range(times):
            for _run in range(20):  # each ends after ten seconds, on a busy machine amid its work
                with self.enter_registry_test_mode():
                    cron.method_direct_trigger()
                self.env.invalidate_all()
                if not self.runs._count_due():
                    break
            self.pass_time()

    def day(self, days_ago=0):
        """Return the reconciled day of the form."""
        day = fields.Date.add(fields.Date.today(), days=-days_ago)
        return self.env["tiktok.reconciliation.day"].search(
            [("form_id", "=", self.form.id), ("day", "=", day)]
        )
