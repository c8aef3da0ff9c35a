"""Four workers route and assign leads at night: here rows are really committed.

The suite does 2,000 of them; ``FAIR_SHARE_LEADS=10000`` does as many, and with pytest's
``-s`` prints the figures.
"""

import collections
import concurrent.futures
import os
import secrets
import sys
import threading
import time
from datetime import timedelta

from psycopg2 import errors

from odoo import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.tiktok_leadgen.const import REMINDER_MINUTES
from odoo.addons.tiktok_leadgen.tests.common import CommittedCommon
from odoo.addons.tiktok_leadgen.tests.common_team import person
from odoo.addons.tiktok_leadgen.tests.sales.test_working_hours import create_calendar
from odoo.addons.tiktok_leadgen.working_hours import TeamHours

LEADS = int(os.environ.get("FAIR_SHARE_LEADS", "2000"))
WORKERS, BATCH = 4, 100
BATCHES = LEADS // (WORKERS * BATCH)
WEIGHTS = (1, 1, 2, 4)
CAP = LEADS // 20  # of the last member, whose share would be half of them
KNOWN = 40
CALL_MINUTES = 10


@tagged("post_install", "-at_install")
class TestFairShare(CommittedCommon):
    """Shares and daily numbers hold, and a person keeps one salesperson, in any order of work."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self.remove_records)
        self.chosen, self.lock = [], threading.Lock()
        with self.cursor() as env:
            company = env["res.company"].create({"name": f"Fair {secrets.token_hex(4)}"})
            team = env["crm.team"].create({"name": "Fair", "company_id": company.id})
            self.company_id, self.team_id = company.id, team.id
            self.user_ids = [self.new_member(env, company, team, each) for each in WEIGHTS]
            team.crm_team_member_ids.sorted("id")[-1].tiktok_daily_cap = CAP
            self.close_team(env, team)
            company.tiktok_call_minutes = CALL_MINUTES
            company.write({"tiktok_team_id": team.id, "tiktok_assignment": "round_robin"})
            env["tiktok.routing.rule"].create(
                {"name": "All", "company_id": company.id, "team_id": team.id}
            )
            self.known = [self.new_known(env, company, number) for number in range(KNOWN)]

    def close_team(self, env, team):
        """Have it be about midnight where the team works from 9 to 17, on each day."""
        offset = (12 - env.cr.now().hour) % 24 - 12  # from -12 to 11
        team.tiktok_tz = f"Etc/GMT{-offset:+}"
        team.tiktok_calendar_id = create_calendar(env, team.company_id, days="0123456")
        self.calendar_id = team.tiktok_calendar_id.id

    def new_member(self, env, company, team, weight):
        user = new_test_user(
            env,
            f"fair_{secrets.token_hex(4)}",
            "sales_team.group_sale_salesman",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        values = {"user_id": user.id, "crm_team_id": team.id, "tiktok_weight": weight}
        env["crm.team.member"].create(values)
        return user.id

    def new_known(self, env, company, number):
        """Return the answers of a person with a lead, and who has it."""
        answers, user_id = person(), self.user_ids[number % len(WEIGHTS)]
        env["crm.lead"].create(
            {
                "name": answers["name"],
                "email_from": answers["email"],
                "user_id": user_id,
                "team_id": self.team_id,
                "company_id": company.id,
                "tiktok_lead_uid": f"76000000000077{number:05}",
            }
        )
        return answers["email"], user_id

    def remove_records(self):
        """Remove what was committed."""
        with self.cursor() as env:
            company = env["res.company"].browse(self.company_id)
            env["tiktok.routing.rule"].search([("company_id", "=", company.id)]).unlink()
            leads = env["crm.lead"].with_context(active_test=False)
            leads.search([("company_id", "=", company.id)]).unlink()
            # What is left of each deleted lead keeps it out.
            env["tiktok.event"].search([("company_id", "=", company.id)]).unlink()
            company.write({"tiktok_leadgen_enabled": False, "tiktok_team_id": False})
            users = env["res.users"].browse(self.user_ids)
            partners = users.partner_id
            env["crm.team"].browse(self.team_id).unlink()
            env["resource.calendar"].browse(self.calendar_id).unlink()
            users.unlink()
            partners.unlink()
            company.unlink()

    def work(self, worker):
        """Route and assign batches as one worker of several."""
        for batch in range(BATCHES):
            emails = [person()["email"] for _number in range(BATCH - 1)]
            emails.append(self.known[(worker * BATCHES + batch) % KNOWN][0])
            while True:
                try:
                    found = self.assign(emails)
                    break
                except errors.SerializationFailure:
                    continue  # as the drain does: from the start, with what is there now
            with self.lock:
                self.chosen += found

    def assign(self, emails):
        """Return the values of leads that one transaction assigned."""
        with self.cursor() as env:
            company = env["res.company"].browse(self.company_id)
            vals_list = [
                {"email_from": email, "team_id": self.team_id, "user_id": False} for email in emails
            ]
            env["tiktok.assignment"]._assign_new_values(company, vals_list)
            return vals_list

    @mute_logger("odoo.sql_db")
    def test_four_workers_keep_shares_caps_owners_and_hours(self):
        began = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as threads:
            list(threads.map(self.work, range(WORKERS)))
        seconds = time.monotonic() - began
        self.assertEqual(len(self.chosen), WORKERS * BATCH * BATCHES)
        owners = dict(self.known)
        known = [vals for vals in self.chosen if vals["email_from"] in owners]
        self.assertEqual(len(known), WORKERS * BATCHES)
        for vals in known:
            self.assertEqual(vals["user_id"], owners[vals["email_from"]])
        others = [vals for vals in self.chosen if vals["email_from"] not in owners]
        counts = collections.Counter(vals["user_id"] for vals in others)
        self.assertEqual(counts[self.user_ids[-1]], CAP)
        part = (len(others) - CAP) / sum(WEIGHTS[:-1])
        for user_id, weight in zip(self.user_ids, WEIGHTS[:-1], strict=False):
            self.assertLessEqual(abs(counts[user_id] - weight * part), 2, counts)
        self.check_hours()
        if "FAIR_SHARE_LEADS" in os.environ:
            shares = sorted(counts.values())
            sys.stdout.write(f"{len(self.chosen)} leads in {seconds:.1f} s, by member: {shares}\n")

    def check_hours(self):
        """Check that no salesperson is to call or is reminded before the team opens."""
        reminder = timedelta(minutes=REMINDER_MINUTES[0])
        with self.cursor() as env:
            company = env["res.company"].browse(self.company_id)
            hours = TeamHours().get_hours(env["crm.team"].browse(self.team_id), company)
            opening = hours.find_opening(self.chosen[0]["tiktok_assigned_at"])
        for vals in self.chosen:
            self.assertEqual(vals["tiktok_opens_at"], opening)
            self.assertEqual(vals["tiktok_call_due_at"], opening + timedelta(minutes=CALL_MINUTES))
            self.assertEqual(vals["tiktok_remind_at"], opening + reminder)
