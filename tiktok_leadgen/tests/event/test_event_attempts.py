from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ...event_claims import claim_events
from ..common import TiktokHttpCommon, entry, next_uid


@tagged("post_install", "-at_install")
class TestEventAttempts(TiktokHttpCommon):
    """Each attempt to process a delivery is a row: when, how long, and what came of it."""

    def attempts(self, event):
        return event.with_user(self.manager).attempt_ids.sorted("id")

    def retry(self, event):
        """Have the next attempt be due, and run it."""
        self.env.cr.execute(
            "UPDATE tiktok_event SET next_try_at = now() - interval '1 hour' WHERE id = %s",
            [event.id],
        )
        self.env.invalidate_all()
        self.process_failing()

    def test_a_lead_has_one_attempt(self):
        event = self.make().tiktok_event_id
        attempt = self.attempts(event)
        self.assertEqual((attempt.result, attempt.reason, attempt.error), ("done", False, False))
        self.assertEqual(attempt.batch_size, 1)
        self.assertGreater(attempt.duration_ms, 0)
        self.assertGreaterEqual(attempt.attempted_at, event.received_at)

    def test_each_attempt_is_there_with_its_error(self):
        uid = next_uid()
        patcher = self.poison(uid)
        self.receive(entry(uid))
        self.process_failing()
        event = self.event(uid)
        self.retry(event)
        patcher.stop()
        event.with_user(self.manager).action_replay()
        self.process()
        attempts = self.attempts(event)
        self.assertEqual(attempts.mapped("result"), ["retry", "retry", "done"])
        self.assertEqual(attempts[0].reason, "error")
        self.assertIn("ValueError", attempts[0].error)

    def test_the_last_attempt_says_that_it_failed(self):
        self.post(None, raw=b"hello")
        self.process()
        event = self.events.search([("company_id", "=", self.company.id)])
        attempt = self.attempts(event)
        self.assertEqual((attempt.result, attempt.reason), ("failed", "not_json"))

    def test_an_attempt_holds_nothing_of_the_person(self):
        uid = next_uid()
        self.poison(uid)
        self.receive(entry(uid))
        self.process_failing()
        self.env.cr.execute("SELECT string_agg(a::text, ' ') FROM tiktok_event_attempt a")
        stored = self.env.cr.fetchone()[0]
        for text in ("Ana", "ana@example.com", "56911112222"):
            self.assertNotIn(text, stored)

    def test_a_batch_is_stored_in_one_statement(self):
        def count(number):
            self.receive(*(entry() for _ in range(number)))
            events = claim_events(self.env)
            self.env.flush_all()
            before = self.cr.sql_log_count
            self.env["tiktok.event.attempt"]._store_attempts(events, [-1] * len(events), 0.1)
            return self.cr.sql_log_count - before

        self.assertEqual(count(1), 1)
        self.assertEqual(count(50), 1)

    def test_attempts_go_with_their_event(self):
        event = self.make().tiktok_event_id
        attempt = self.attempts(event)
        event.unlink()
        self.assertFalse(attempt.exists())

    def test_only_managers_of_the_company_read_them_and_nobody_writes(self):
        attempt = self.attempts(self.make().tiktok_event_id)
        for user in (self.salesman, self.stranger):
            with self.assertRaises(AccessError):
                attempt.with_user(user).read(["result"])
        for attempt_to in (
            lambda: attempt.write({"result": "failed"}),
            lambda: attempt.unlink(),
            lambda: attempt.create({"event_id": attempt.event_id.id, "result": "done"}),
        ):
            with self.assertRaises(AccessError):
                attempt_to()

    def test_the_form_shows_them(self):
        event = self.make().tiktok_event_id
        with Form(event.with_user(self.manager)) as form:
            self.assertEqual(len(form.attempt_ids), 1)
