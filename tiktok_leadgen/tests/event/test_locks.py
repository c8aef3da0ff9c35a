"""Rows that an open transaction holds: real connections, real locks."""

import concurrent.futures
import contextlib
import json
import time

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ... import const
from ...event_claims import JOB
from ..common import CommittedCommon, body, entry, next_uid

SECONDS = 120  # the holder does not let go before the run has ended: one that waits never ends
UPDATE = "UPDATE {} SET write_date = write_date WHERE id = ANY(%s)"
FOR_UPDATE = "SELECT id FROM {} WHERE id = ANY(%s) FOR UPDATE"
OTHER = {"page_id": 77, "page_name": "Other form", "campaign_id": 78, "campaign_name": "Other"}


@tagged("post_install", "-at_install")
class TestLocks(CommittedCommon):
    """Nothing that a person can hold makes leads wait."""

    def setUp(self):
        super().setUp()
        self.patch(const, "LONGEST_LINGER_SECONDS", 0)  # a run leaves what is blocked
        with self.cursor() as env:
            company, other = env["res.company"].create([{"name": "Held"}, {"name": "Other held"}])
            team = env["crm.team"].create({"name": "Held team", "company_id": company.id})
            users = [
                new_test_user(
                    env,
                    f"tiktok_held_{number}",
                    "sales_team.group_sale_salesman",
                    company_id=company.id,
                    company_ids=[(6, 0, company.ids)],
                ).id
                for number in range(2)
            ]
            env["crm.team.member"].create(
                [{"crm_team_id": team.id, "user_id": user_id} for user_id in users]
            )
            company.write({"tiktok_team_id": team.id, "tiktok_assignment": "round_robin"})
            self.company_id, self.other_id = company.id, other.id
            self.team_id, self.user_ids = team.id, users
        self.addCleanup(self.remove)

    def remove(self):
        """Take away what was committed."""
        with self.cursor() as env:
            companies = env["res.company"].browse([self.company_id, self.other_id])
            companies.write({"tiktok_team_id": False, "tiktok_assignment": "manual"})
            for model in ("crm.lead", "tiktok.event", "tiktok.form", "tiktok.ad.entity"):
                found = env[model].with_context(active_test=False)
                found.search([("company_id", "in", companies.ids)]).unlink()
            env["crm.team"].browse(self.team_id).unlink()
            users = env["res.users"].browse(self.user_ids)
            partners = users.partner_id
            users.unlink()
            partners.unlink()
            companies.tiktok_leadgen_enabled = False
            companies.unlink()

    def receive(self, *entries, company_id=None):
        with self.cursor() as env:
            company = env["res.company"].browse(company_id or self.company_id)
            env["tiktok.event"]._receive_webhook(
                json.dumps(body(*entries)).encode(),
                company=str(company.id),
                token=company.tiktok_webhook_token,
            )

    def run_job(self):
        with self.cursor() as env:
            env["tiktok.event"]._cron_process()

    def run_again(self):
        """Run the job after the time for which what was blocked waits."""
        with self.cursor() as env:
            env.cr.execute("UPDATE tiktok_event SET next_try_at = received_at")
        self.run_job()

    def make(self, **values):
        """Return the id of a lead that is made while no row is locked."""
        uid = next_uid()
        self.receive(entry(uid, **values))
        self.run_job()
        with self.cursor() as env:
            return self.event(env, uid).lead_id.id

    def event(self, env, uid):
        mine = [("company_id", "in", [self.company_id, self.other_id])]
        return env["tiktok.event"].search([*mine, ("lead_uid", "=", str(uid))])

    def state(self, uid):
        with self.cursor() as env:
            event = self.event(env, uid)
            return event.state, event.attempt_count

    @contextlib.contextmanager
    def holding(self, query, ids):
        """Hold rows in a transaction that is open as long as this is."""
        with self.registry.cursor() as cr:
            cr.execute(query, [list(ids)])
            yield
            cr.rollback()

    def run_in_time(self):
        """Run the job in a thread; it must end although rows are held."""
        threads = concurrent.futures.ThreadPoolExecutor(1)
        self.addCleanup(threads.shutdown)
        threads.submit(self.run_job).result(timeout=SECONDS)

    def held_rows(self, lead_id):
        """Return the ids of the rows that one more lead of the same form needs, by table."""
        with self.cursor() as env:
            lead = env["crm.lead"].browse(lead_id)
            origins = env["tiktok.ad.entity"].search([("company_id", "=", self.company_id)])
            return {
                "tiktok_form": lead.tiktok_form_id.ids,
                "tiktok_form_question": lead.tiktok_form_id.question_ids.ids,
                "tiktok_ad_entity": origins.ids,
                "crm_team": lead.team_id.ids,
                "crm_team_member": lead.team_id.crm_team_member_ids.ids,
                "crm_stage": lead.stage_id.ids,
                "utm_campaign": lead.campaign_id.ids,
                "res_company": [self.company_id],
                "res_users": self.user_ids,
                "ir_sequence": env["ir.sequence"].search([]).ids,
            }

    def test_a_row_that_a_user_changes_makes_no_lead_wait(self):
        for table, ids in self.held_rows(self.make()).items():
            with self.subTest(table=table):
                mine, other = next_uid(), next_uid()
                self.receive(entry(mine))
                self.receive(entry(other, **OTHER), company_id=self.other_id)
                with self.holding(UPDATE.format(table), ids):
                    self.run_in_time()
                    self.assertEqual(self.state(mine), ("done", 1))
                    self.assertEqual(self.state(other), ("done", 1))

    def test_a_row_that_is_locked_against_reference_holds_up_only_who_needs_it(self):
        # One lead each needs what is held; another one of its company, or of the other, does not.
        with self.cursor() as env:
            other_team = env["crm.team"].create({"name": "B", "company_id": self.other_id})
            stage = {"name": "B", "sequence": -1, "team_ids": other_team.ids}
            other_stage = env["crm.stage"].create(stage)
            env["res.company"].browse(self.other_id).tiktok_team_id = other_team
        self.addCleanup(self.remove_other, other_team.id, other_stage.id)
        needed = {
            *("tiktok_form", "crm_team", "crm_stage", "utm_campaign", "res_company", "res_users"),
        }
        same_company = {"tiktok_form", "tiktok_form_question", "tiktok_ad_entity", "utm_campaign"}
        for table, ids in self.held_rows(self.make()).items():
            with self.subTest(table=table):
                mine, other = next_uid(), next_uid()
                self.receive(entry(mine))
                company_id = self.company_id if table in same_company else self.other_id
                self.receive(entry(other, **OTHER), company_id=company_id)
                with self.holding(FOR_UPDATE.format(table), ids):
                    self.run_in_time()
                    self.assertEqual(self.state(other), ("done", 1))
                    here = ("pending", 0) if table in needed else ("done", 1)
                    self.assertEqual(self.state(mine), here)
                self.run_again()
                self.assertEqual(self.state(mine), ("done", 1))

    def remove_other(self, team_id, stage_id):
        """Take away team and stage of the other company."""
        with self.cursor() as env:
            stage, team = env["crm.stage"].browse(stage_id), env["crm.team"].browse(team_id)
            env["res.company"].browse(self.other_id).tiktok_team_id = False
            env["crm.lead"].search([("team_id", "=", team_id)]).unlink()
            stage.unlink()
            team.unlink()

    def test_the_next_salesperson_gets_a_lead_while_one_is_locked(self):
        self.make()
        for user_id in self.user_ids:
            uids = [next_uid() for _ in range(3)]
            self.receive(*map(entry, uids))
            with self.holding(FOR_UPDATE.format("res_users"), [user_id]):
                self.run_in_time()
                with self.cursor() as env:
                    leads = [self.event(env, uid).lead_id for uid in uids]
                    self.assertEqual(len(list(filter(None, leads))), 3)
                    self.assertNotIn(user_id, [lead.user_id.id for lead in leads])

    def test_new_names_and_questions_wait_for_the_next_lead_where_their_rows_are_held(self):
        first = self.make()
        rows = self.held_rows(first)
        news = {"page_name": "New form", "campaign_name": "New campaign"}
        answers = {"Name": "Ana", "E-mail": "a@example.com", "New question?": "Yes"}
        for table in ("tiktok_form", "tiktok_form_question", "tiktok_ad_entity", "utm_campaign"):
            with self.subTest(table=table), self.holding(UPDATE.format(table), rows[table]):
                uid = next_uid()
                self.receive(entry(uid, answers=answers, **news))
                self.run_in_time()
                self.assertEqual(self.state(uid), ("done", 1))
        lead_id = self.make(answers=answers, **news)
        with self.cursor() as env:
            lead = env["crm.lead"].browse(lead_id)
            self.assertEqual(lead.tiktok_form_id.name, "New form")
            self.assertEqual(lead.tiktok_campaign_name, "New campaign")
            self.assertIn("New question?", lead.tiktok_form_id.question_ids.mapped("name"))

    @mute_logger("odoo.sql_db")
    def test_a_lead_that_a_person_edits_holds_up_only_what_goes_on_it(self):
        with self.cursor() as env:
            env["res.company"].browse(self.company_id).tiktok_repeat_policy = "reopen"
        eva = {"name": "Eva", "email": "eva@example.com"}
        lead_id = self.make(answers=eva)
        with self.cursor() as env:
            env["crm.lead"].browse(lead_id).action_set_lost()
        again, other = next_uid(), next_uid()
        self.receive(entry(again, answers=eva), entry(other))
        with self.holding(UPDATE.format("crm_lead"), [lead_id]):
            self.run_in_time()
            self.assertEqual(self.state(other), ("done", 1))
            self.assertEqual(self.state(again), ("pending", 0))
        self.run_again()
        with self.cursor() as env:
            event = self.event(env, again)
            self.assertEqual((event.reason, event.lead_id.id), ("reopened", lead_id))

    def test_a_submission_for_an_open_lead_that_a_person_edits_makes_no_lead_wait(self):
        self.patch(const, "LOCK_WAIT_MS", 2 * SECONDS * 1000)  # one that waits never ends
        with self.cursor() as env:
            env["res.company"].browse(self.company_id).tiktok_repeat_policy = "note"
        eva = {"name": "Eva", "email": "eva@example.com"}
        lead_id = self.make(answers=eva)
        again, other = next_uid(), next_uid()
        self.receive(entry(again, answers=eva), entry(other))
        with self.holding(UPDATE.format("crm_lead"), [lead_id]):
            self.run_in_time()
            self.assertEqual(self.state(other), ("done", 1))
            self.assertEqual(self.state(again), ("pending", 0))
        self.run_again()
        with self.cursor() as env:
            event = self.event(env, again)
            self.assertEqual((event.reason, event.lead_id.id), ("noted", lead_id))

    @mute_logger("odoo.sql_db", "odoo.addons.tiktok_leadgen.models.company.res_company")
    def test_giving_up_an_interrupted_lead_does_not_wait_for_who_is_notified(self):
        with self.cursor() as env:
            env["res.company"].browse(self.company_id).tiktok_responsible_id = self.user_ids[0]
        uid = next_uid()
        self.receive(entry(uid))
        with self.cursor() as env:
            env.cr.execute(
                "INSERT INTO tiktok_job_attempt (job, record_id, attempts, started_at)"
                " VALUES (%s, %s, %s, now())",
                [JOB, self.event(env, uid).id, const.MAX_INTERRUPTED_ATTEMPTS],
            )
        with self.holding(FOR_UPDATE.format("res_users"), self.user_ids):
            self.run_in_time()
        self.assertEqual(self.state(uid)[0], "failed")

    @mute_logger("odoo.sql_db")
    def test_leads_of_others_come_while_the_round_robin_of_a_team_is_held(self):
        self.make()
        with self.cursor() as env:
            positions = env["tiktok.round.robin"].search([("team_id", "=", self.team_id)]).ids
        mine, other = [next_uid() for _ in range(20)], next_uid()
        # New persons: a known one keeps the salesperson and takes no turn.
        self.receive(*[entry(uid, answers={"email": f"{uid}@example.com"}) for uid in mine])
        self.receive(entry(other, **OTHER), company_id=self.other_id)
        query = "UPDATE tiktok_round_robin SET last_position = last_position WHERE id = ANY(%s)"
        with self.holding(query, positions):
            self.run_in_time()
            self.assertEqual(self.state(other), ("done", 1))
            self.assertEqual({self.state(uid) for uid in mine}, {("pending", 0)})
        self.run_again()
        self.assertEqual({self.state(uid) for uid in mine}, {("done", 1)})

    def test_what_is_blocked_is_tried_again_by_the_same_run(self):
        lead_id = self.make()
        rows = self.held_rows(lead_id)
        uid = next_uid()
        self.receive(entry(uid))
        self.patch(const, "LONGEST_LINGER_SECONDS", 5)
        with concurrent.futures.ThreadPoolExecutor(1) as threads:
            with self.holding(FOR_UPDATE.format("tiktok_form"), rows["tiktok_form"]):
                run = threads.submit(self.run_job)
                self.wait_for_deferral(uid)
            run.result(timeout=20)
        self.assertEqual(self.state(uid), ("done", 1))

    def wait_for_deferral(self, uid):
        """Wait until the job left an event for a moment."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with self.registry.cursor() as cr:
                cr.execute(
                    """SELECT 1 FROM tiktok_event
                        WHERE lead_uid = %s AND next_try_at > received_at""",
                    [str(uid)],
                )
                if cr.rowcount:
                    return
        self.fail("Nothing was deferred.")
