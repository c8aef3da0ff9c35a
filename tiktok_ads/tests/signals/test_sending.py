import psycopg2
import requests

from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.tests.fake_business_api import response

from ...models.signals.tiktok_event_set_send import JOB
from ...tiktok import crm_event
from ..signals_common import SET_UID, SignalsCommon, refuse


@tagged("post_install", "-at_install")
class TestSending(SignalsCommon):
    """Every event reaches TikTok once, whatever happens on the way."""

    def make_waiting(self, count):
        """Return so many leads whose event waits."""
        leads = self.leads.union(*(self.make_lead(name=f"Lead {n}") for n in range(count)))
        self.qualify(leads)
        return leads

    def states(self):
        """Return the states of all events, the oldest first."""
        return self.crm_events.search([], order="id").mapped("state")

    def test_batches_in_the_order_of_the_changes(self):
        self.patch(crm_event, "MAX_EVENTS", 2)
        leads = self.make_waiting(5)
        for _run in range(3):
            self.send()
        self.assertEqual([len(events) for events in self.tiktok.requests], [2, 2, 1])
        uids = [event["lead"]["lead_id"] for events in self.tiktok.requests for event in events]
        self.assertEqual(uids, [lead.tiktok_lead_uid for lead in leads])

    def test_one_bad_event_does_not_stop_the_others(self):
        leads = self.make_waiting(5)
        bad = self.events_of(leads[2])
        self.tiktok.bad_uids.add(bad.event_uid)
        self.send()
        self.assertEqual(self.states(), ["sent", "sent", "refused", "sent", "sent"])
        self.assertIn("Not valid", bad.refusal)
        self.assertEqual(set(self.tiktok.counted.values()), {1})
        self.assertFalse(self.event_set.problem)
        self.tiktok.bad_uids.clear()
        bad.with_user(self.manager).action_send()
        self.send()
        self.assertEqual((bad.state, bad.refusal), ("sent", False))

    def test_a_token_of_another_event_set_holds_the_events_back(self):
        self.tiktok.event_tokens["fake-event-token"] = {"7"}
        self.make_waiting(2)
        self.send()
        self.assertEqual(self.states(), ["pending", "pending"])
        self.assertEqual(self.event_set.problem, "not_allowed")
        self.assertEqual(self.event_set.problem_message, "40001")
        self.assertTrue(self.event_set.next_try_at)
        self.tiktok.event_tokens["fake-newer-token"] = {SET_UID}
        self.event_set.with_user(self.manager).token = "fake-newer-token"
        self.send()
        self.assertEqual(self.states(), ["sent", "sent"])
        self.assertFalse(self.event_set.problem)

    def test_a_dead_token_holds_the_events_back(self):
        self.tiktok.event_tokens.clear()
        self.make_waiting(1)
        self.send()
        self.assertEqual((self.states(), self.event_set.problem), (["pending"], "dead_token"))

    def test_an_event_set_that_tiktok_refuses_loses_no_event(self):
        self.tiktok.instead_of_track += [refuse(40002, "event_source_id: gone")] * 2
        self.make_waiting(3)
        self.send()
        self.assertEqual(self.states(), ["pending"] * 3)
        self.assertEqual(self.event_set.problem, "refused")

    def test_no_answer_is_no_loss_and_no_repetition(self):
        for problem in (
            requests.ConnectionError("Connection aborted"),
            response({"code": 50000, "message": "busy"}),
            response({}, 502),
        ):
            self.tiktok.instead_of_track.append(problem)
        leads = self.make_waiting(1)
        for attempt in range(1, 4):
            self.send()
            self.assertEqual((self.states(), self.event_set.problem), (["pending"], "unreachable"))
            self.assertEqual(self.event_set.attempt_count, attempt)
            self.send()  # it is not due yet
            self.assertEqual(len(self.tracked()), attempt)
            self.make_due()
        self.send()
        self.assertEqual((self.states(), self.event_set.attempt_count), (["sent"], 0))
        self.assertEqual(
            {body["data"][0]["event_id"] for body in self.tracked()},
            {self.events_of(leads).event_uid},
        )

    def test_what_was_sent_and_not_stored_is_sent_with_the_same_id(self):
        self.make_waiting(3)
        cls = type(self.crm_events)
        mark, failed = cls._mark_sent, []

        def fail_once(events, is_test):
            if not failed:
                failed.append(1)
                raise psycopg2.errors.SerializationFailure
            return mark(events, is_test)

        self.patch(cls, "_mark_sent", fail_once)
        self.send()
        self.send()
        self.assertEqual(self.states(), ["sent"] * 3)
        self.assertEqual(set(self.tiktok.counted.values()), {2})
        self.assertEqual(len(self.tiktok.counted), 3)

    def test_what_was_decided_before_an_error_stays(self):
        leads = self.make_waiting(2)
        first = self.events_of(leads[0])
        self.tiktok.bad_uids.add(first.event_uid)
        self.tiktok.instead_of_track += [refuse(40002, "data[0]: Not valid.")]
        original, calls = crm_event.send_events, []

        def fail_last(*args):
            calls.append(1)
            if len(calls) == 4:
                self.tiktok.down = requests.ConnectionError("Connection aborted")
            return original(*args)

        self.patch(crm_event, "send_events", fail_last)
        self.send()
        self.assertEqual(self.states(), ["refused", "pending"])
        self.tiktok.down = None
        self.make_due()
        self.send()
        self.assertEqual(self.states(), ["refused", "sent"])

    def test_a_batch_that_kills_its_process_is_tried_later(self):
        self.make_waiting(1)
        self.env.flush_all()
        with self.enter_registry_test_mode():
            attempts = self.env["tiktok.job.attempt"]
            self.env.cr.execute(
                "INSERT INTO tiktok_job_attempt (job, record_id, attempts, started_at)"
                " VALUES (%s, %s, 3, now())",
                [JOB, self.event_set.id],
            )
            self.assertTrue(attempts._find_interrupted(JOB))
        self.send()
        self.assertEqual(self.event_set.problem, "interrupted")
        self.assertEqual(self.states(), ["pending"])
        self.assertFalse(self.tracked())
        self.make_due()
        self.send()
        self.assertEqual(self.states(), ["sent"])

    def test_without_a_token_the_ad_account_is_used(self):
        self.event_set.write({"token": False, "advertiser_id": self.advertiser.id})
        self.make_waiting(1)
        self.send()
        self.assertEqual(self.states(), ["sent"])
        self.advertiser.sudo().action_disconnect()
        self.make_waiting(1)
        self.send()
        self.assertEqual(self.states(), ["sent", "pending"])
        self.assertEqual(self.event_set.problem, "not_connected")

    def test_a_test_code_goes_with_the_events(self):
        self.event_set.test_code = "TEST42"
        leads = self.make_waiting(1)
        self.send()
        self.assertEqual(self.tracked()[0]["test_event_code"], "TEST42")
        self.assertTrue(self.events_of(leads).is_test)

    def test_the_job_plans_its_next_run(self):
        self.tiktok.instead_of_track.append(response({}, 502))
        self.make_waiting(1)
        self.send()
        cron = self.env.ref("tiktok_ads.ir_cron_send_crm_events")
        planned = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertIn(self.event_set.next_try_at, planned.mapped("call_at"))

    def test_one_event_set_does_not_hold_up_another(self):
        other = self.make_event_set("7600000000000000703", name="B")
        self.tiktok.event_sets["7600000000000000703"] = "crm"
        self.make_rules(other)
        self.make_waiting(1)
        self.send()
        self.assertEqual(self.event_set.problem or other.problem, "not_allowed")
        self.assertEqual(sorted(self.states()), ["pending", "sent"])

    def test_a_batch_costs_as_many_queries_as_one_event(self):
        counts = []
        for count in (1, 8):
            self.make_waiting(count)
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.event_set._send_next_batch()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(set(self.states()), {"sent"})
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_no_row_is_held_while_tiktok_answers(self):
        self.make_waiting(2)
        steps = []
        self.record(steps, "lock", type(self.crm_events), "try_lock_for_update")
        self.record(steps, "commit", type(self.env["ir.cron"]), "_commit_progress")
        self.record(steps, "call", crm_event, "send_events")
        self.send()
        start = steps.index("lock")
        self.assertEqual(steps[start : start + 3], ["lock", "commit", "call"])

    def record(self, steps, name, owner, method):
        """Record each call of a method, and make it."""
        original = getattr(owner, method)

        def call(*args, **kwargs):
            steps.append(name)
            return original(*args, **kwargs)

        self.patch(owner, method, call)

    def test_events_behind_a_batch_of_which_none_may_be_sent_are_sent_right_after(self):
        self.patch(crm_event, "MAX_EVENTS", 2)
        leads = self.make_waiting(3)
        leads[:2].tiktok_is_test = True
        cron = self.env.ref("tiktok_ads.ir_cron_send_crm_events")
        self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]).unlink()
        self.send()
        self.assertEqual(self.states(), ["skipped", "skipped", "pending"])
        self.assertTrue(self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]))
