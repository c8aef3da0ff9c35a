"""What the tests share: two companies, their people, and TikTok's documented bodies."""

import contextlib
import datetime
import itertools
import json
from unittest.mock import patch

from freezegun import freeze_time

from odoo import SUPERUSER_ID, Command, api, fields
from odoo.modules.registry import Registry
from odoo.sql_db import BaseCursor
from odoo.tests import BaseCase, HttpCase, TransactionCase
from odoo.tests.common import get_db_name

from .. import const
from ..event_claims import forget_attempts
from ..tiktok import signature

_uids = itertools.count(7600000000000000123)
APP_SECRET = "test_app_secret"
ENCRYPTION_KEY = "A" * 43 + "="
TIKTOK_MANAGERS = "tiktok_leadgen.tiktok_leadgen_group_manager"


def next_uid():
    """Return a lead id that no other test uses, 19 digits."""
    return next(_uids)


@contextlib.contextmanager
def freeze_clock(moment):
    """Freeze the time: Odoo's, and that of the transactions."""
    with (
        freeze_time(moment) as frozen,
        patch.object(BaseCursor, "now", lambda _cr: fields.Datetime.now()),
    ):
        yield frozen


@contextlib.contextmanager
def wrong_clock(hours):
    """Let the clock of Odoo's server differ from the database's."""
    now = fields.Datetime.now
    with patch.object(fields.Datetime, "now", lambda: now() + datetime.timedelta(hours=hours)):
        yield


def entry(uid=None, **values):
    """Return one entry in the shape TikTok documents."""
    answers = values.pop(
        "answers", {"name": "Ana Pérez", "email": "ana@example.com", "phone_number": "+56911112222"}
    )
    return {
        "id": uid or next_uid(),
        "lead_source": "INSTANT_FORM",
        "page_id": 7600000000000000456,
        "page_name": "Spring quote form",
        "advertiser_id": 7163948356417550009,
        "advertiser_name": "ACME Ads",
        "library_id": 0,
        "campaign_id": 1809876543200000,
        "campaign_name": "Spring",
        "adgroup_id": 1809876543210000,
        "adgroup_name": "Lookalike",
        "ad_id": 1809876543210987,
        "ad_name": "Video 1",
        "create_time": 1789901990,
        "changes": [{"field": field, "value": value} for field, value in answers.items()],
        **values,
    }


def body(*entries, **values):
    """Return a delivery of these entries."""
    return {
        "request_id": "20260920110000ABCDEF0123456789",
        "object": 1,
        "time": 1789902000,
        "entry": list(entries),
        **values,
    }


def make_users(env, *users):
    """Make users in one batch and invite none of them: each class of tests does it.

    :param odoo.api.Environment env: with all rights
    :param users: login, group and company of each
    :return: in their order
    :rtype: res.users
    """
    values = [
        {
            "name": f"{login} ({group})",
            "login": login,
            "password": login,
            "email": f"{login[0]}.{login[0]}@example.com",
            "group_ids": [Command.set(env.ref(group).ids)],
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
        }
        for login, group, company in users
    ]
    made = env["res.users"].with_context(no_reset_password=True).create(values)
    return made.with_env(env)


class TiktokCommon(TransactionCase):
    """Two companies that must never see each other, and who works there."""

    committed_company_ids = ()  # another connection locks them: no token of theirs is replaced

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        key = patch.dict("os.environ", {"INTEGRATION_ENCRYPTION_KEY": ENCRYPTION_KEY})
        key.start()
        cls.addClassCleanup(key.stop)
        # The tokens of the database's own companies are sealed with its own key.
        tokens = cls.env["tiktok.webhook.token"]
        tokens.search([("company_id", "not in", cls.committed_company_ids)]).unlink()
        tokens._create_all_missing_tokens()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        chile = cls.env.ref("base.cl")
        cls.company = cls.env["res.company"].create({"name": "ACME", "country_id": chile.id})
        cls.other_company = cls.env["res.company"].create({"name": "Other"})
        cls.manager, cls.salesman, cls.stranger = make_users(
            cls.env,
            ("tiktok_manager", TIKTOK_MANAGERS, cls.company),
            ("tiktok_salesman", "sales_team.group_sale_salesman", cls.company),
            ("tiktok_stranger", TIKTOK_MANAGERS, cls.other_company),
        )
        cls.events = cls.env["tiktok.event"]
        cls.leads = cls.env["crm.lead"].with_context(active_test=False)

    def setUp(self):
        super().setUp()
        self.patch(const, "LINGER_SECONDS", 0)  # nothing comes while a test looks
        # The server would use the cursor of the test while the test goes on: `test_after_answer`.
        self.patch(const, "AFTER_ANSWER_LEADS", 0)

    def speak_arabic(self, user):
        """Give a user the language Arabic, with the terms of all addons here."""
        self.env["res.lang"]._activate_lang("ar_001")
        own = [("state", "=", "installed"), ("name", "=like", "tiktok_%")]
        modules = self.env["ir.module.module"]
        modules._load_module_terms(modules.search(own).mapped("name"), ["ar_001"])
        user.lang = "ar_001"

    def assert_arabic(self, text):
        """Fail the test if a text has no Arabic letter."""
        self.assertRegex(text or "", "[\u0621-\u064a]")

    def skip_missed_runs(self):
        """Let no scheduled action have missed a run until now.

        Odoo counts the runs that were missed one by one: years of minutes where the clock is set.
        """
        now = self.env.cr.now().replace(microsecond=0)
        self.env.cr.execute("UPDATE ir_cron SET nextcall = %s WHERE nextcall < %s", [now, now])

    def process(self):
        """Run the scheduled action."""
        self.skip_missed_runs()
        mode = (
            contextlib.nullcontext() if self._registry_patched else self.enter_registry_test_mode()
        )
        with mode:
            self.env.ref(const.CRON_XMLID).method_direct_trigger()
        self.env.invalidate_all()

    def process_failing(self):
        """Run the scheduled action where it is expected to warn.

        :return: what it warned about
        :rtype: list[str]
        """
        with self.assertLogs("odoo.addons.tiktok_leadgen", "WARNING") as log:
            self.process()
        return log.output

    def receive(self, *entries, company=None, token=True, source="webhook", **values):
        """Store a delivery without HTTP."""
        company = company or self.company
        token = company.tiktok_webhook_token if token is True else token or ""
        self.env.flush_all()
        self.events._receive_webhook(
            json.dumps(body(*entries, **values)).encode(),
            company=str(company.id),
            token=token,
            source=source,
        )
        self.env.invalidate_all()

    def make(self, *, company=None, **values):
        """Return the lead that an entry becomes."""
        content = entry(**values)
        self.receive(content, company=company)
        self.process()
        return self.lead(content["id"], company)

    def poison(self, *uids):
        """Have these leads refused, each time with an error that quotes the person."""
        leads = type(self.leads)
        prepare = leads._tiktok_prepare_values

        def refuse(records, lead, context):
            if not uids or lead.event.lead_uid in map(str, uids):
                raise ValueError(f"can't make {lead.parsed.title} {lead.parsed.answer('email')}")
            return prepare(records, lead, context)

        patcher = patch.object(leads, "_tiktok_prepare_values", refuse)
        patcher.start()
        self.addCleanup(patcher.stop)
        return patcher

    def setting(self, name, value):
        """Set one of the settings outside the database for one test."""
        patcher = patch.dict("os.environ", {name: value})
        patcher.start()
        self.addCleanup(patcher.stop)

    def event(self, uid, company=None):
        """Return the event of a lead id."""
        company = company or self.company
        return self.events.search([("lead_uid", "=", str(uid)), ("company_id", "=", company.id)])

    def lead(self, uid, company=None):
        """Return the lead of a lead id."""
        company = company or self.company
        return self.leads.search(
            [("tiktok_lead_uid", "=", str(uid)), ("company_id", "=", company.id)]
        )


class CommittedCommon(BaseCase):
    """What is done here is really committed: delete it at the end."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.patch(const, "LINGER_SECONDS", 0)
        self.patch(const, "WAKE_SECONDS", 0)  # shorter than a run looks for work
        with self.cursor() as env:
            self.known_ids = self.campaigns(env).ids
        self.addCleanup(self.forget)

    def campaigns(self, env):
        """Return Odoo's campaigns: leads make some, and no company owns them."""
        return env["utm.campaign"].with_context(active_test=False).search([])

    def forget(self):
        """Delete the campaigns that were committed, when nothing points to them any longer."""
        with self.cursor() as env:
            self.campaigns(env).filtered(lambda each: each.id not in self.known_ids).unlink()

    @contextlib.contextmanager
    def cursor(self):
        """Open a connection of its own and commit at the end."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def commit_company(self, name):
        """Create a company that is deleted at the end with all that it received."""
        with self.cursor() as env:
            company_id = env["res.company"].create({"name": name}).id
        self.addCleanup(self.delete_company, company_id)
        return company_id

    def delete_company(self, company_id):
        """Delete a committed company with its deliveries, leads and forms."""
        with self.cursor() as env:
            own = [("company_id", "=", company_id)]
            events = env["tiktok.event"].search(own)
            forget_attempts(events)
            # Leads first: one without a delivery leaves one behind that keeps it out.
            for model in ("crm.lead", "tiktok.event", "tiktok.form", "tiktok.ad.entity"):
                env[model].with_context(active_test=False).search(own).unlink()
            company = env["res.company"].browse(company_id)
            company.tiktok_leadgen_enabled = False
            company.unlink()

    def delete_leads(self, env, lead_ids):
        """Delete committed leads of a company that stays, and what keeps them out afterwards."""
        leads = env["crm.lead"].browse(lead_ids)
        uids = leads.mapped("tiktok_lead_uid")
        leads.unlink()
        env["tiktok.event"].search([("lead_uid", "in", uids)]).unlink()

    def deliver(self, env, company_id, *entries):
        """Receive entries as the webhook of a company does; return how many were stored."""
        company = env["res.company"].browse(company_id)
        receipt = env["tiktok.event"]._receive_webhook(
            json.dumps(body(*entries)).encode(),
            company=str(company.id),
            token=company.tiktok_webhook_token,
        )
        return receipt.stored


class TiktokHttpCommon(HttpCase, TiktokCommon):
    """The same, with TikTok at the door."""

    def post(self, content, *, company=None, token=True, headers=None, raw=None, query=None):
        """Post to the webhook.

        :param content: sent as JSON
        :param bytes raw: sent as it is instead
        :param token: True for the company's own, or a text, or None for none
        :param str query: the whole query string instead
        """
        company = company or self.company
        if query is None:
            query = f"company_id={company.id}"
            if token:
                query += f"&token={company.tiktok_webhook_token if token is True else token}"
        data = json.dumps(content).encode() if raw is None else raw
        headers = {"Content-Type": "application/json", **(headers or {})}
        url = f"{const.LEAD_WEBHOOK_ROUTE}?{query}"
        response = self.url_open(url, data=data, headers=headers, method="POST")
        self.env.invalidate_all()
        return response

    def post_signed(self, content, header=None, headers=None, **kwargs):
        """Post with a signature: TikTok's, or the given one."""
        raw = json.dumps(content, ensure_ascii=False).encode()
        if header is None:
            header = signature.sign_open(raw, APP_SECRET)
        headers = {**(headers or {}), "X-Open-Signature": header}
        return self.post(None, raw=raw, headers=headers, **kwargs)

    def refused(self, level="WARNING"):
        """Expect that our log tells of a refusal."""
        return self.assertLogs("odoo.addons.tiktok_leadgen", level)
