"""Two connections at the same time, as two workers have them: here rows are really committed."""

import concurrent.futures
import threading
import time
from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo import SUPERUSER_ID, api, fields
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import mute_logger

from ... import const
from ...event_claims import claim_events
from ...tiktok import signature
from ..common import CommittedCommon, entry, next_uid, wrong_clock

PROCESS = "odoo.addons.tiktok_leadgen.models.event.tiktok_event_process"


@tagged("post_install", "-at_install")
class TestConcurrency(CommittedCommon):
    """Neither lost nor twice, whatever arrives at the same moment."""

    def setUp(self):
        super().setUp()
        self.company_id = self.commit_company("Concurrent ACME")

    def receive(self, env, *entries):
        return self.deliver(env, self.company_id, *entries)

    def at_once(self, count, work):
        """Run the same in several threads; an error in one is an error here."""
        with concurrent.futures.ThreadPoolExecutor(count) as threads:
            return [done.result() for done in [threads.submit(work) for _ in range(count)]]

    def events(self, env):
        return env["tiktok.event"].search([("company_id", "=", self.company_id)])

    def leads(self, env):
        return env["crm.lead"].search([("company_id", "=", self.company_id)])

    def test_the_second_of_two_identical_deliveries_is_tried_again_and_stores_nothing(self):
        content = entry(next_uid())
        with self.registry.cursor() as slow, self.registry.cursor() as fast:
            slow_env = api.Environment(slow, SUPERUSER_ID, {})
            slow.execute("SELECT 1")  # its picture of the database is older
            self.assertEqual(self.receive(api.Environment(fast, SUPERUSER_ID, {}), content), 1)
            fast.commit()
            with self.assertRaises(psycopg2.errors.SerializationFailure):
                self.receive(slow_env, content)
            slow.rollback()
            self.assertEqual(self.receive(slow_env, content), 0)
            slow.commit()
        with self.cursor() as env:
            self.assertEqual(len(self.events(env)), 1)

    def test_identical_deliveries_at_once_through_odoos_own_retry_are_one_event(self):
        contents = [entry(next_uid()) for _ in range(20)]
        barrier = threading.Barrier(4)

        def deliver():
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                cr.execute("SELECT 1")
                barrier.wait(10)
                return retrying(lambda: self.receive(env, *contents), env)

        counts = self.at_once(4, deliver)
        self.assertEqual(sorted(counts), [0, 0, 0, 20])
        with self.cursor() as env:
            self.assertEqual(len(self.events(env)), 20)

    def test_no_old_token_is_remembered_by_who_asked_while_it_was_changed(self):
        with self.registry.cursor() as one, self.registry.cursor() as two:
            env = api.Environment(one, SUPERUSER_ID, {})
            company = env["res.company"].browse(self.company_id)
            company.tiktok_webhook_token = "new"
            new = signature.hash_token("new")
            env.flush_all()
            # Another thread of this process fills the cache with what is committed so far.
            old = api.Environment(two, SUPERUSER_ID, {})["res.company"]._tiktok_lead_configs()
            self.assertNotIn(new, dict(old[self.company_id]["token_hashes"]))
            one.commit()
            self.registry.signal_changes()
        with self.cursor() as env:
            configs = env["res.company"]._tiktok_lead_configs()
            self.assertIn(new, dict(configs[self.company_id]["token_hashes"]))

    def test_what_another_one_works_on_is_skipped(self):
        with self.cursor() as env:
            self.receive(env, entry(), entry())
            first, second = self.events(env).sorted("id")
        with self.registry.cursor() as one, self.registry.cursor() as two:
            env_one = api.Environment(one, SUPERUSER_ID, {})
            env_two = api.Environment(two, SUPERUSER_ID, {})
            self.assertEqual(claim_events(env_one, ids=first.ids).ids, first.ids)
            self.assertEqual(claim_events(env_two, ids=(first + second).ids).ids, second.ids)

    def test_what_comes_while_a_run_lingers_is_made_by_it(self):
        def nap(_seconds):
            const.LINGER_SECONDS = 0
            with self.cursor() as env:
                self.receive(env, entry())

        self.patch(const, "LINGER_SECONDS", 3600)
        with self.cursor() as env, patch(f"{PROCESS}.time.sleep", nap):
            env["tiktok.event"]._cron_process()
        with self.cursor() as env:
            self.assertEqual(len(self.leads(env)), 1)

    @mute_logger("odoo.sql_db")
    def test_two_jobs_at_once_make_each_lead_once(self):
        with self.cursor() as env:
            self.receive(env, entry())
            env["tiktok.event"]._cron_process()  # makes the form and the campaign
        with self.cursor() as env:
            self.receive(env, *(entry() for _ in range(30)))
        self.patch(const, "BATCH_SIZE", 4)

        def work():
            with self.cursor() as env:
                env["tiktok.event"]._cron_process()

        self.at_once(2, work)
        with self.cursor() as env:
            env["tiktok.event"]._cron_process()  # what a conflict left
            self.assertEqual(len(self.leads(env)), 31)
            self.assertEqual(set(self.events(env).mapped("state")), {"done"})

    @mute_logger("odoo.sql_db", "odoo.addons.tiktok_leadgen.models.event.tiktok_event_process")
    def test_two_jobs_that_meet_a_form_first_at_once_make_both_leads_in_that_run(self):
        with self.cursor() as env:
            self.receive(env, entry(), entry())
            first, second = self.events(env).sorted("id").ids
        with concurrent.futures.ThreadPoolExecutor(1) as threads:
            with self.registry.cursor() as one:
                events = api.Environment(one, SUPERUSER_ID, {})["tiktok.event"]
                events._process_batch(claim_events(events.env, ids=[first]))
                events.env.flush_all()
                other = threads.submit(self.run_job)
                self.wait_for_blocked()
                one.commit()
            other.result()
        with self.cursor() as env:
            events = env["tiktok.event"].browse([first, second])
            self.assertEqual(events.mapped("state"), ["done", "done"])
            self.assertEqual(len(events.form_id), 1)

    def test_a_run_whose_time_is_over_wakes_the_next_one(self):
        self.patch(const, "BATCH_SIZE", 1)
        with self.cursor() as env:
            self.receive(env, entry(), entry())
            job, crons = env.ref(const.CRON_XMLID), type(env["ir.cron"])
            env["ir.cron.trigger"].search([("cron_id", "=", job.id)]).unlink()
        self.patch(crons, "_commit_progress", lambda cron, *_args, **_options: cron.env.cr.commit())
        self.run_job()
        with self.cursor() as env:
            self.assertEqual(sorted(self.events(env).mapped("state")), ["done", "pending"])
            trigger = env["ir.cron.trigger"].search([("cron_id", "=", job.id)])
            self.assertEqual(len(trigger), 1)
            trigger.unlink()

    def test_a_clock_of_odoo_that_is_wrong_delays_no_lead(self):
        now = fields.Datetime.now
        for hours in (-1, 1):
            with (
                self.subTest(hours=hours),
                wrong_clock(hours),
            ):
                with self.cursor() as env:
                    self.receive(env, entry())
                with self.cursor() as env:
                    env["tiktok.event"]._cron_process()
                with self.cursor() as env:
                    self.assertEqual(set(self.events(env).mapped("state")), {"done"})
                    event = self.events(env)[:1]
                    event.lead_id = False
                    event.action_replay()  # is due immediately, too, and so is the job
                    cron = env.ref(const.CRON_XMLID)
                    trigger = env["ir.cron.trigger"].search(
                        [("cron_id", "=", cron.id)], order="id desc", limit=1
                    )
                    self.assertLess(abs(trigger.call_at - now()), timedelta(seconds=60))
                    trigger.unlink()
                self.run_job()
                with self.cursor() as env:
                    self.assertEqual(set(self.events(env).mapped("state")), {"done"})

    def run_job(self):
        with self.cursor() as env:
            env["tiktok.event"]._cron_process()

    def wait_for_blocked(self):
        """Wait until another connection waits for what an open transaction holds."""
        deadline = time.monotonic() + 20
        with self.registry.cursor() as cr:
            while time.monotonic() < deadline:
                cr.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
                if cr.rowcount:
                    return
                time.sleep(0.02)
        self.fail("Nothing waits.")

    def test_a_job_that_dies_before_its_commit_leaves_everything_waiting(self):
        with self.cursor() as env:
            self.receive(env, *(entry() for _ in range(5)))
        with self.registry.cursor() as cr:
            events = api.Environment(cr, SUPERUSER_ID, {})["tiktok.event"]
            events._process_batch(claim_events(events.env))
            cr.rollback()
        with self.cursor() as env:
            self.assertEqual(set(self.events(env).mapped("state")), {"pending"})
            self.assertFalse(self.leads(env))
            env["tiktok.event"]._cron_process()
        with self.cursor() as env:
            self.assertEqual(len(self.leads(env)), 5)

    def test_a_rolled_back_delivery_leaves_neither_row_nor_wake_up(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            before = env["ir.cron.trigger"].search_count([])
            self.receive(env, entry())
            cr.rollback()
            self.assertFalse(self.events(env))
            self.assertEqual(env["ir.cron.trigger"].search_count([]), before)
