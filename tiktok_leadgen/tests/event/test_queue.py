"""Whether leads wait, what for, and where it is shown."""

import json

from odoo.tests import tagged
from odoo.tools import config

from ... import const
from ...event_claims import count_attempt, forget_attempts
from ..common import CommittedCommon, TiktokCommon, body, entry, next_uid


@tagged("post_install", "-at_install")
class TestQueueStatus(CommittedCommon):
    """A lead that waits is a warning that names its cause."""

    def setUp(self):
        super().setUp()
        with self.cursor() as env:
            self.company_id = env["res.company"].create({"name": "Waiting ACME"}).id
        self.addCleanup(self.remove)

    def remove(self):
        """Delete what was committed."""
        with self.cursor() as env:
            company = env["res.company"].browse(self.company_id)
            events = env["tiktok.event"].search([("company_id", "=", company.id)])
            forget_attempts(events)
            events.unlink()
            company.tiktok_leadgen_enabled = False
            company.unlink()

    def receive(self, seconds):
        """Store a lead that has been waiting for so long."""
        with self.cursor() as env:
            company = env["res.company"].browse(self.company_id)
            env["tiktok.event"]._receive_webhook(
                json.dumps(body(entry(next_uid()))).encode(),
                company=str(company.id),
                token=company.tiktok_webhook_token,
            )
            env.cr.execute(
                """UPDATE tiktok_event SET received_at = received_at - interval '1 second' * %s,
                          next_try_at = next_try_at - interval '1 second' * %s
                    WHERE company_id = %s""",
                [seconds, seconds, company.id],
            )

    def status(self):
        with self.cursor() as env:
            company = env["res.company"].browse(self.company_id)
            status = env["tiktok.queue.status"]._get_queue_status(company)
            return status, company.tiktok_waiting_text

    def test_a_lead_that_came_now_is_no_warning(self):
        self.receive(0)
        status, text = self.status()
        self.assertEqual((status.waiting, status.cause, status.is_slow), (1, "", False))
        self.assertFalse(text)

    def test_a_lead_that_waits_for_another_job_names_it(self):
        self.receive(12)
        with self.registry.cursor() as cr:
            with self.cursor() as env:
                other = env.ref("tiktok_leadgen.ir_cron_watchdog")
                name = other.cron_name
            # As the scheduler does while a job runs.
            cr.execute("SELECT id FROM ir_cron WHERE id = %s FOR NO KEY UPDATE", [other.id])
            status, text = self.status()
            cr.rollback()
        self.assertEqual((status.cause, status.jobs), ("job", (name,)))
        self.assertTrue(status.is_slow)
        self.assertIn("waiting for 12 seconds", text)
        self.assertIn(name, text)
        self.assertIn("max_cron_threads", text)

    def test_a_lead_that_no_job_takes_says_that_no_worker_runs(self):
        self.receive(12)
        status, text = self.status()
        self.assertEqual((status.cause, status.jobs), ("no_worker", ()))
        self.assertIn("No cron worker runs", text)

    def test_a_lead_behind_many_others_says_that_they_are_processed(self):
        self.receive(12)
        with self.cursor() as env:
            events = env["tiktok.event"].search([("company_id", "=", self.company_id)])
            with count_attempt(events):
                status, text = self.status()
        self.assertEqual(status.cause, "busy")
        self.assertIn("Odoo is processing them", text)

    def test_a_lead_that_needs_a_locked_row_says_so(self):
        self.receive(12)
        with self.cursor() as env:
            env["tiktok.event"].search([("company_id", "=", self.company_id)])._defer_blocked()
        status, text = self.status()
        self.assertEqual((status.waiting, status.cause), (0, "blocked"))
        self.assertIn("locked", text)

    def test_a_job_that_is_off_is_the_cause_and_has_its_own_banner(self):
        self.receive(12)
        with self.cursor() as env:
            env.ref(const.CRON_XMLID).active = False
        try:
            status, text = self.status()
        finally:
            with self.cursor() as env:
                env.ref(const.CRON_XMLID).active = True
        self.assertEqual(status.cause, "off")
        self.assertFalse(text)


@tagged("post_install", "-at_install")
class TestCronWorkers(TiktokCommon):
    """What one cron worker costs, and who asks for a second one."""

    def test_the_configuration_check_asks_for_a_second_cron_worker(self):
        for workers, is_asked in ((0, False), (1, True), (2, False), (4, False)):
            with self.subTest(workers=workers):
                self.patch(config, "options", {**config.options, "max_cron_threads": workers})
                problems = self.env["tiktok.configuration.check"]._find_problems(self.company)
                found = "max_cron_threads" in " ".join(problems)
                self.assertEqual(found, is_asked)

    def test_all_leads_of_some_minutes_are_enriched_in_one_later_run(self):
        job = self.env.ref(const.ENRICH_CRON_XMLID, raise_if_not_found=False)
        if not job:  # CRM without its enrichment
            return
        triggers = self.env["ir.cron.trigger"]
        triggers.search([("cron_id", "=", job.id)]).unlink()
        for _delivery in range(3):
            self.receive(entry(), entry())
            self.process()
        trigger = triggers.search([("cron_id", "=", job.id)])
        self.assertEqual(len(trigger), 1)
        self.assertGreater(trigger.call_at, self.env.cr.now())
        self.leads.create({"name": "Typed in", "email_from": "a@example.com"})
        self.assertEqual(
            triggers.search_count([("cron_id", "=", job.id)]), 2
        )  # CRM's own, immediately
