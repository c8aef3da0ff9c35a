"""Workers in parallel assign leads round robin: here rows are really committed."""

import concurrent.futures
import json
import secrets

from odoo import SUPERUSER_ID, Command, api
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ... import const
from ...event_claims import claim_events
from ..common import CommittedCommon, body, entry
from ..common_team import person

WORKERS = 4
LEADS = 120
MEMBERS = 7


@tagged("post_install", "-at_install")
class TestRoundRobin(CommittedCommon):
    """No member gets two leads more than another, however many workers run."""

    def setUp(self):
        super().setUp()
        self.patch(const, "BATCH_SIZE", 5)
        self.addCleanup(self.remove_records)
        with self.cursor() as env:
            company = env["res.company"].create({"name": f"Round robin {secrets.token_hex(4)}"})
            team = env["crm.team"].create({"name": "Round robin", "company_id": company.id})
            self.company_id, self.team_id = company.id, team.id
            self.user_ids = [self.new_member(env, company, team) for _ in range(MEMBERS)]
            company.write({"tiktok_team_id": team.id, "tiktok_assignment": "round_robin"})

    def new_member(self, env, company, team):
        user = new_test_user(
            env,
            f"round_robin_{secrets.token_hex(4)}",
            "sales_team.group_sale_salesman",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        env["crm.team.member"].create({"user_id": user.id, "crm_team_id": team.id})
        return user.id

    def remove_records(self):
        """Remove what was committed."""
        with self.cursor() as env:
            company = env["res.company"].browse(self.company_id)
            for model in ("crm.lead", "tiktok.event", "tiktok.form", "tiktok.ad.entity"):
                found = env[model].with_context(active_test=False)
                found.search([("company_id", "=", company.id)]).unlink()
            company.write({"tiktok_leadgen_enabled": False, "tiktok_team_id": False})
            users = env["res.users"].browse(self.user_ids)
            partners = users.partner_id
            env["crm.team"].browse(self.team_id).unlink()
            users.unlink()
            partners.unlink()
            company.unlink()

    def receive(self, count):
        with self.cursor() as env:
            company = env["res.company"].browse(self.company_id)
            env["tiktok.event"]._receive_webhook(
                json.dumps(body(*(entry(answers=person()) for _ in range(count)))).encode(),
                company=str(company.id),
                token=company.tiktok_webhook_token,
            )

    def drain(self, _number=0):
        """Work as one worker of several, until nothing is left."""
        while True:
            with self.cursor() as env:
                env["tiktok.event"]._cron_process()
            with self.cursor() as env:
                waiting = [("company_id", "=", self.company_id), ("state", "=", "pending")]
                if not env["tiktok.event"].search_count(waiting):
                    return

    def counts(self):
        with self.cursor() as env:
            groups = env["crm.lead"]._read_group(
                [("company_id", "=", self.company_id)], ["user_id"], ["__count"]
            )
            return {user.id: count for user, count in groups}

    @mute_logger("odoo.sql_db")
    def test_parallel_workers_assign_evenly(self):
        self.receive(1)  # makes the form and the campaign
        self.drain()
        self.receive(LEADS)
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as threads:
            list(threads.map(self.drain, range(WORKERS)))
        counts = self.counts()
        self.assertEqual(sum(counts.values()), LEADS + 1)
        self.assertEqual(set(counts), set(self.user_ids))
        self.assertLessEqual(max(counts.values()) - min(counts.values()), 1, counts)

    def test_rolled_back_worker_uses_no_position(self):
        self.receive(10)
        with self.registry.cursor() as cr:
            events = api.Environment(cr, SUPERUSER_ID, {})["tiktok.event"]
            events._process_batch(claim_events(events.env))
            cr.rollback()
        self.drain()
        counts = self.counts()
        self.assertEqual(sorted(counts.values()), [1, 1, 1, 1, 2, 2, 2])
