"""A lead is made by the worker that answered, without any scheduled action."""

import concurrent.futures
import itertools
import json
import logging
import threading
from types import SimpleNamespace
from unittest.mock import patch

from werkzeug.test import Client

from odoo import http
from odoo.sql_db import Cursor
from odoo.tests import tagged
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

from ... import after_answer, const
from ...event_claims import JOB, forget_attempts
from ...models.event import tiktok_event_receive
from ..common import CommittedCommon, body, entry, next_uid
from ..worker_common import WorkerCommon

LOGGER = "odoo.addons.tiktok_leadgen"
KILLED = """
from odoo.addons.tiktok_leadgen import after_answer
from odoo.addons.tiktok_leadgen.models.event import tiktok_event
tiktok_event.tiktok_lead.parse_lead = lambda raw: hang("reading")
after_answer.process_waiting(registry)
"""


class AfterAnswerCommon(CommittedCommon):
    """Deliveries that pass through the whole of Odoo's WSGI application, in this process."""

    def setUp(self):
        super().setUp()
        after_answer._answered.clear()
        self.patch(const, "AFTER_ANSWER_MS", 60_000)  # also on a slow machine
        with self.cursor() as env:
            company = env["res.company"].create({"name": "Answering ACME"})
            self.company_id, token = company.id, company.tiktok_webhook_token
        self.path = f"{const.LEAD_WEBHOOK_ROUTE}?company_id={self.company_id}&token={token}"
        self.addCleanup(self.remove)

    def remove(self):
        """Delete what was committed."""
        with self.cursor() as env:
            company = env["res.company"].browse(self.company_id)
            events = self.events(env)
            forget_attempts(events)
            env.cr.execute("DELETE FROM ir_cron_trigger WHERE cron_id = %s", [self.job(env).id])
            for model in ("crm.lead", "tiktok.event", "tiktok.form", "tiktok.ad.entity"):
                found = env[model].with_context(active_test=False)
                found.search([("company_id", "=", company.id)]).unlink()
            company.tiktok_leadgen_enabled = False
            company.unlink()

    def job(self, env):
        """Return the job."""
        return env.ref(const.CRON_XMLID)

    def events(self, env):
        """Return the deliveries of the company."""
        return env["tiktok.event"].search([("company_id", "=", self.company_id)], order="id")

    def post(self, *entries, closed=True):
        """Post a delivery; the server closes the response once it has sent it."""
        with concurrent.futures.ThreadPoolExecutor(1) as threads:  # Odoo marks the thread it uses
            response = threads.submit(
                Client(http.root).post,
                self.path,
                data=json.dumps(body(*entries)),
                content_type="application/json",
                headers={"X-Odoo-Database": get_db_name()},
            ).result()
        self.assertEqual(response.status_code, 200)
        if closed:
            response.close()
        return response

    def states(self):
        """Return the status of each delivery, and how many leads there are."""
        with self.cursor() as env:
            leads = env["crm.lead"].search_count([("company_id", "=", self.company_id)])
            return self.events(env).mapped("state"), leads


@tagged("post_install", "-at_install")
class TestAfterAnswer(AfterAnswerCommon):
    """What is made after an answer, and what is left to the job."""

    def test_a_lead_is_made_without_the_job_and_only_after_the_answer(self):
        response = self.post(entry(), closed=False)
        self.assertEqual(self.states(), (["pending"], 0))
        response.close()
        self.assertEqual(self.states(), (["done"], 1))
        with self.cursor() as env:
            triggers = [("cron_id", "=", self.job(env).id)]
            self.assertTrue(env["ir.cron.trigger"].search_count(triggers))  # nothing depends on it
            self.assertEqual(self.events(env).attempt_count, 1)
            self.assertEqual(self.events(env).attempt_ids.result, "done")
            self.assertFalse(env["tiktok.job.attempt"]._find_interrupted(JOB))

    def test_a_lead_does_not_wait_for_a_cron_worker(self):
        with self.cursor() as env:
            env.cr.execute(
                "SELECT 1 FROM ir_cron WHERE id = %s FOR NO KEY UPDATE", [self.job(env).id]
            )
            self.post(entry())
            self.assertEqual(self.states(), (["done"], 1))

    def test_a_burst_above_the_bound_is_left_to_the_job(self):
        self.patch(const, "AFTER_ANSWER_LEADS", 3)
        self.post(*(entry() for _ in range(4)))
        self.assertEqual(self.states(), (["pending"] * 4, 0))

    def test_a_few_leads_are_made_in_small_batches(self):
        self.patch(const, "AFTER_ANSWER_BATCH", 2)
        self.post(*(entry() for _ in range(5)))
        self.assertEqual(self.states(), (["done"] * 5, 5))

    def test_what_takes_too_long_is_left_to_the_job(self):
        self.patch(const, "AFTER_ANSWER_BATCH", 1)
        self.patch(const, "AFTER_ANSWER_MS", 1500)
        seconds = itertools.count()  # each look at the clock takes a second
        with patch.object(after_answer, "time", SimpleNamespace(monotonic=lambda: next(seconds))):
            self.post(*(entry() for _ in range(3)))
        self.assertEqual(self.states(), (["done", "pending", "pending"], 1))

    def test_deliveries_that_come_fast_are_left_to_the_job(self):
        self.patch(const, "AFTER_ANSWER_POSTS", 2)
        clock = SimpleNamespace(monotonic=lambda: 1000.0)
        with patch.object(after_answer, "time", clock):
            for _ in range(4):
                self.post(entry())
            self.assertEqual(self.states(), ([*["done"] * 2, *["pending"] * 2], 2))
            clock.monotonic = lambda: 1001.5
            self.post(entry())
        self.assertEqual(self.states(), (["done"] * 5, 5))

    def test_old_leads_that_wait_for_their_next_attempt_delay_no_new_one(self):
        with patch.object(after_answer, "process_waiting"):
            self.post(*(entry() for _ in range(30)))
        with self.cursor() as env:
            self.events(env).next_try_at = "2100-01-01"
        self.post(entry())
        self.assertEqual(self.states(), ([*["pending"] * 30, "done"], 1))

    def test_one_worker_at_a_time_makes_leads_and_the_other_leaves_them(self):
        with self.cursor() as env:
            env.cr.execute("SELECT pg_advisory_xact_lock(%s)", [const.AFTER_ANSWER_LOCK])
            self.post(entry())
            self.assertEqual(self.states(), (["pending"], 0))
        self.post(entry())
        self.assertEqual(self.states(), (["done", "done"], 2))

    @mute_logger("odoo.sql_db")
    def test_workers_at_once_make_each_lead_once(self):
        self.post(entry())  # makes the form and the campaign
        threads = [threading.Thread(target=self.post, args=[entry()]) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        with self.cursor() as env:
            env["tiktok.event"]._cron_process()  # what they left, if anything
        self.assertEqual(self.states(), (["done"] * 5, 5))

    def test_an_error_leaves_the_row_as_the_job_does(self):
        with (
            patch.object(
                self.registry["crm.lead"], "_tiktok_prepare_values", side_effect=ValueError("Ana")
            ),
            self.assertLogs(LOGGER, "WARNING") as log,
        ):
            self.post(entry(answers={"name": "Ana Secreta"}))
        self.assertNotIn("Ana", "".join(log.output))
        self.assertEqual(self.states(), (["pending"], 0))
        with self.cursor() as env:
            event = self.events(env)
            self.assertEqual((event.attempt_count, event.reason), (1, "error"))
            self.assertGreater(event.next_try_at, env.cr.now())
            self.assertFalse(env["tiktok.job.attempt"]._find_interrupted(JOB))

    def test_an_error_of_the_worker_reaches_neither_tiktok_nor_the_server(self):
        with (
            patch.object(
                self.registry["tiktok.event"], "_process_batch", side_effect=RuntimeError("Ana")
            ),
            self.assertLogs(LOGGER, "WARNING") as log,
        ):
            self.post(entry())
        self.assertNotIn("Ana", "".join(log.output))
        self.assertEqual(self.states(), (["pending"], 0))
        with self.cursor() as env:
            self.assertFalse(env["tiktok.job.attempt"]._find_interrupted(JOB))

    def test_a_lead_that_needs_a_locked_row_is_left_to_the_job_at_once(self):
        response = self.post(entry(), closed=False)
        with self.cursor() as env:
            env.cr.execute("SELECT 1 FROM res_company WHERE id = %s FOR UPDATE", [self.company_id])
            env["ir.cron.trigger"].search([("cron_id", "=", self.job(env).id)]).unlink()
            with self.assertLogs(LOGGER, logging.INFO):  # Odoo's "INFO" is another level
                response.close()
            self.assertEqual(self.states(), (["pending"], 0))
        with self.cursor() as env:
            event = self.events(env)
            self.assertEqual((event.attempt_count, len(event.attempt_ids)), (0, 0))
            self.assertTrue(env["ir.cron.trigger"].search([("cron_id", "=", self.job(env).id)]))
            env["tiktok.event"]._cron_process()
        self.assertEqual(self.states(), (["done"], 1))

    def test_an_answer_costs_two_statements_and_wakes_the_job_once(self):
        self.patch(const, "WAKE_SECONDS", 0.5)
        self.patch(const, "LINGER_SECONDS", 0.7)
        self.patch(const, "AFTER_ANSWER_LEADS", 0)
        clock = SimpleNamespace(monotonic=lambda: 1000.0)
        with patch.object(tiktok_event_receive, "time", clock):
            tiktok_event_receive._last_woken.clear()
            self.addCleanup(tiktok_event_receive._last_woken.clear)
            self.post(entry())
            triggers = self.count_triggers()
            statements = []
            execute = Cursor.execute

            def note(cursor, query, *args, **kwargs):
                statements.append(query)
                return execute(cursor, query, *args, **kwargs)

            with patch.object(Cursor, "execute", note):
                self.post(entry())
            self.assertEqual(len(statements), 2, statements)  # Odoo's own and ours
            self.assertIn("INSERT INTO", statements[1])  # which is planned fast: no function
            self.assertEqual(self.count_triggers(), triggers)
            clock.monotonic = lambda: 1000.6
            self.post(entry())
            self.assertEqual(self.count_triggers(), triggers + 1)

    def test_a_commit_that_takes_long_wakes_the_job_itself(self):
        self.patch(const, "WAKE_SECONDS", 0.5)
        self.patch(const, "LINGER_SECONDS", 0.7)
        self.patch(const, "AFTER_ANSWER_LEADS", 0)
        self.addCleanup(tiktok_event_receive._last_woken.clear)
        tiktok_event_receive._last_woken[get_db_name()] = 1000.0
        moments = iter([1000.4, 1000.8])  # stored, committed
        clock = SimpleNamespace(monotonic=lambda: next(moments))
        triggers = self.count_triggers()
        with patch.object(tiktok_event_receive, "time", clock):
            self.post(entry())
        self.assertEqual(self.count_triggers(), triggers + 1)

    def count_triggers(self):
        """Return how many triggers of the job there are."""
        with self.cursor() as env:
            return env["ir.cron.trigger"].search_count([("cron_id", "=", self.job(env).id)])

    def test_a_server_whose_requests_share_a_thread_leaves_it_to_the_job(self):
        with patch.object(after_answer.odoo, "evented", True):
            self.post(entry())
        self.assertEqual(self.states(), (["pending"], 0))


@tagged("post_install", "-at_install")
class TestAfterAnswerKilled(AfterAnswerCommon, WorkerCommon):
    """A worker that is killed after its answer."""

    cron = const.CRON_XMLID
    preparation = KILLED

    def test_a_killed_worker_counts_as_an_attempt_and_loses_nothing(self):
        with patch.object(after_answer, "process_waiting"):
            self.post(entry(next_uid()))
        self.run_killed("reading")
        self.assertEqual(self.states(), (["pending"], 0))
        with self.cursor() as env:
            interrupted = env["tiktok.job.attempt"]._find_interrupted(JOB)
            self.assertEqual(list(interrupted.values()), [1])
            env["tiktok.event"]._cron_process()
        self.assertEqual(self.states(), (["done"], 1))
