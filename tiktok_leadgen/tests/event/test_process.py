from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ... import const
from ..common import TiktokCommon, entry, next_uid


@tagged("post_install", "-at_install")
class TestProcess(TiktokCommon):
    """How events become leads, and what happens if they can't."""

    def failing(self, uid=None, attempts=1):
        """Return an event that failed so many times, and the patch that made it."""
        uid = uid or next_uid()
        patcher = self.poison(uid)
        self.receive(entry(uid))
        event = self.event(uid)
        for _attempt in range(attempts):
            event.next_try_at = fields.Datetime.now()
            self.process_failing()
        return event, patcher

    def activities(self, company=None):
        company = company or self.company
        return self.env["mail.activity"].search([("res_id", "=", company.partner_id.id)])

    def test_a_lead_that_was_made_says_when_and_of_which_event(self):
        lead = self.make()
        event = lead.tiktok_event_id
        self.assertEqual((event.state, event.attempt_count, event.lead_id), ("done", 1, lead))
        self.assertEqual(event.form_id, lead.tiktok_form_id)
        self.assertTrue(event.done_at)
        self.assertFalse(event.next_try_at or event.error or event.reason)

    def test_the_reason_of_a_failed_lead_is_in_the_language_of_who_reads_it(self):
        self.company.tiktok_responsible_id = self.manager
        self.speak_arabic(self.manager)
        uid = next_uid()
        self.poison(uid)
        self.receive(entry(uid))
        self.process_failing()
        self.assert_arabic(self.event(uid).error)
        self.event(uid)._mark_failed("error", "")
        activity = self.env["mail.activity"].search([("user_id", "=", self.manager.id)], limit=1)
        for text in (activity.summary, activity.note):
            self.assert_arabic(text)

    def test_one_poisonous_lead_among_many_costs_only_itself(self):
        uids = [next_uid() for _ in range(50)]
        self.poison(uids[17])
        self.receive(*map(entry, uids))
        output = self.process_failing()
        made = self.leads.search([("tiktok_lead_uid", "in", [str(uid) for uid in uids])])
        self.assertEqual(len(made), 49)
        poisonous = self.event(uids[17])
        self.assertEqual((poisonous.state, poisonous.attempt_count), ("pending", 1))
        self.assertEqual(len(output), 1)

    def test_many_poisonous_leads_cost_only_themselves(self):
        uids = [next_uid() for _ in range(20)]
        self.poison(*uids[::2])
        self.receive(*map(entry, uids))
        self.process_failing()
        states = [(self.event(uid).state, self.event(uid).attempt_count) for uid in uids]
        self.assertEqual(states, [("pending", 1), ("done", 1)] * 10)

    def test_more_than_a_batch_is_made_in_one_run(self):
        self.patch(const, "BATCH_SIZE", 3)
        uids = [next_uid() for _ in range(10)]
        self.receive(*map(entry, uids))
        self.process()
        self.assertEqual({self.event(uid).state for uid in uids}, {"done"})

    def test_a_lead_that_fails_waits_longer_each_time(self):
        waits = []
        event, _patcher = self.failing()
        while event.state == "pending":
            waits.append((event.next_try_at - fields.Datetime.now()).total_seconds())
            event.next_try_at = fields.Datetime.now() + timedelta(seconds=30)
            self.process()
            self.assertEqual(event.attempt_count, len(waits))  # not yet
            event.next_try_at = fields.Datetime.now()
            self.process_failing()
        self.assertEqual((event.state, event.attempt_count), ("failed", const.MAX_ATTEMPTS))
        self.assertEqual(len(waits), const.MAX_ATTEMPTS - 1)
        self.assertTrue(44 <= waits[0] <= 66, waits)
        self.assertEqual(waits[:5], sorted(waits[:5]))
        self.assertTrue(max(waits) <= 6 * 3600 * 1.1)
        self.assertTrue(waits[-1] >= 6 * 3600 * 0.9 - 10)

    def test_waits_are_jittered(self):
        waits = {self.events._get_retry_delay(3) for _ in range(20)}
        self.assertGreater(len(waits), 1)

    def test_after_the_last_attempt_it_says_the_reason_and_the_history(self):
        event, _patcher = self.failing(attempts=const.MAX_ATTEMPTS)
        self.assertEqual((event.state, event.reason), ("failed", "error"))
        self.assertEqual(event.error, "The lead could not be created (ValueError).")
        self.assertEqual(len(event.history.splitlines()), const.MAX_ATTEMPTS)
        self.assertFalse(event.next_try_at)
        self.assertTrue(event.done_at)

    def test_what_the_crm_rejects_is_described_without_quoting_it(self):
        uid = next_uid()
        self.receive(entry(uid))
        with patch.object(
            type(self.leads), "_tiktok_prepare_values", side_effect=UserError("Ana is not allowed")
        ):
            self.process_failing()
        error = self.event(uid).error
        self.assertIn("Odoo rejected the lead", error)
        self.assertNotIn("Ana", error)

    def test_many_failures_make_one_activity_a_day(self):
        uids = [next_uid() for _ in range(3)]
        self.poison(*uids)
        self.receive(*map(entry, uids))
        for uid in uids:
            self.event(uid).attempt_count = const.MAX_ATTEMPTS - 1
        self.process_failing()
        self.assertEqual({self.event(uid).state for uid in uids}, {"failed"})
        self.assertEqual(len(self.activities()), 1)
        self.assertEqual(self.activities().user_id, self.manager)

    def test_the_next_day_has_an_activity_of_its_own(self):
        self.failing(attempts=const.MAX_ATTEMPTS)
        self.activities().flush_recordset()
        self.env.cr.execute("UPDATE mail_activity SET create_date = create_date - interval '1 day'")
        self.env.invalidate_all()
        self.failing(attempts=const.MAX_ATTEMPTS)
        self.assertEqual(len(self.activities()), 2)

    def test_an_activity_that_was_done_is_not_repeated_the_same_day(self):
        self.failing(attempts=const.MAX_ATTEMPTS)
        self.activities().action_done()
        self.failing(attempts=const.MAX_ATTEMPTS)
        self.assertFalse(self.activities())

    def test_each_company_has_its_own_activity_for_its_own_responsible_person(self):
        self.company.tiktok_responsible_id = self.salesman
        self.failing(attempts=const.MAX_ATTEMPTS)
        self.receive({"id": 0}, company=self.other_company)
        self.process()
        self.assertEqual(self.activities().user_id, self.salesman)
        self.assertEqual(self.activities(self.other_company).user_id, self.stranger)

    def test_a_failed_notification_does_not_undo_the_failure(self):
        uid = next_uid()
        self.receive({"id": uid, "x": 1}, {"y": 1})
        with (
            patch.object(type(self.env["mail.activity"]), "create", side_effect=ValueError("no")),
        ):
            self.process_failing()
        unreadable = self.events.search([("state", "=", "failed")], limit=1)
        self.assertEqual(unreadable.reason, "no_answers")

    def test_replay_makes_the_lead_once_the_cause_is_gone(self):
        event, patcher = self.failing(attempts=const.MAX_ATTEMPTS)
        patcher.stop()
        action = event.with_user(self.manager).action_replay()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual((event.state, event.attempt_count, event.error), ("pending", 0, False))
        self.process()
        self.assertEqual(event.state, "done")
        self.assertTrue(event.lead_id)
        self.assertTrue(event.history)
        patcher.start()

    def test_many_are_replayed_together_and_done_ones_stay_as_they_are(self):
        uids = [next_uid() for _ in range(5)]
        patcher = self.poison(*uids[1:])
        self.receive(*map(entry, uids))
        self.process_failing()
        patcher.stop()
        events = self.events.search([("company_id", "=", self.company.id)])
        events.with_user(self.manager).action_replay()
        self.process()
        self.assertEqual(len(events.lead_id), 5)
        patcher.start()

    def test_replay_of_what_is_done_says_so(self):
        lead = self.make()
        with self.assertRaisesRegex(UserError, "None of these deliveries can be replayed"):
            lead.tiktok_event_id.with_user(self.manager).action_replay()

    def test_replay_after_turning_the_company_on_makes_the_lead(self):
        self.company.tiktok_leadgen_enabled = False
        uid = next_uid()
        self.receive(entry(uid))
        event = self.event(uid)
        self.assertEqual((event.state, event.reason), ("ignored", "company_off"))
        event.with_user(self.manager).action_replay()
        self.process()
        self.assertEqual((event.state, event.reason), ("ignored", "company_off"))
        self.company.with_user(self.manager).action_tiktok_switch()
        event.with_user(self.manager).action_replay()
        self.process()
        self.assertEqual(event.state, "done")
        self.assertEqual(len(self.lead(uid)), 1)

    def test_turning_the_company_off_holds_what_waits(self):
        uid = next_uid()
        self.receive(entry(uid))
        self.company.tiktok_leadgen_enabled = False
        self.process()
        self.assertEqual(self.event(uid).reason, "company_off")
        self.assertFalse(self.lead(uid))

    def test_replay_of_a_done_event_whose_lead_was_deleted_makes_it_again(self):
        lead = self.make()
        event, uid = lead.tiktok_event_id, lead.tiktok_lead_uid
        lead.unlink()
        event.invalidate_recordset()
        self.assertEqual((event.state, event.lead_id.id), ("done", False))
        event.with_user(self.manager).action_replay()
        self.process()
        self.assertEqual(event.lead_id.tiktok_lead_uid, uid)

    def test_a_deleted_lead_does_not_come_back_automatically(self):
        lead = self.make()
        uid = int(lead.tiktok_lead_uid)
        lead.unlink()
        self.receive(entry(uid))
        self.process()
        self.assertFalse(self.lead(uid))

    def test_a_lead_that_is_here_already_is_not_made_twice_from_another_event(self):
        lead = self.make()
        event = lead.tiktok_event_id
        event.dedup_key = "other"
        self.receive(entry(int(lead.tiktok_lead_uid)))
        self.process()
        again = self.event(lead.tiktok_lead_uid) - event
        self.assertEqual((again.state, again.reason), ("done", "repeated"))
        self.assertEqual(again.lead_id, lead)
        self.assertEqual(len(self.lead(lead.tiktok_lead_uid)), 1)

    def test_a_lost_lead_counts_as_being_here(self):
        lead = self.make()
        lead.action_set_lost()
        lead.tiktok_event_id.dedup_key = "other"
        self.receive(entry(int(lead.tiktok_lead_uid)))
        self.process()
        self.assertEqual(len(self.lead(lead.tiktok_lead_uid)), 1)

    def test_unreadable_events_fail_immediately_and_can_be_seen(self):
        self.receive({"hello": 1})
        self.process()
        event = self.events.search([("company_id", "=", self.company.id)])
        self.assertEqual(
            (event.state, event.reason, event.attempt_count), ("failed", "no_answers", 0)
        )
        self.assertIn("hello", event.raw_pretty)
        page = self.company.with_user(self.manager)
        self.assertEqual((page.tiktok_failed_count, page.tiktok_waiting_count), (1, 0))

    def test_the_button_sends_a_test_lead_through_the_same_door(self):
        action = self.company.with_user(self.manager).action_tiktok_send_test_lead()
        lead = self.leads.browse(action["res_id"])
        self.assertTrue(lead.tiktok_is_test)
        self.assertEqual(lead.company_id, self.company)
        event = lead.tiktok_event_id
        self.assertEqual((event.source, event.state, event.verification), ("test", "done", "token"))

    def test_the_button_shows_the_reason_if_no_test_lead_was_created(self):
        self.company.tiktok_leadgen_enabled = False
        action = self.company.with_user(self.manager).action_tiktok_send_test_lead()
        self.assertEqual(action["res_model"], "tiktok.event")
        self.assertEqual(self.events.browse(action["res_id"]).reason, "company_off")

    def test_a_form_that_is_asked_for_in_other_words_still_fills_the_lead(self):
        lead = self.make(answers={"Where do we write to?": "At work", "name": "Ana"})
        self.assertFalse(lead.email_from)
        questions = lead.tiktok_form_id.question_ids
        question = questions.filtered(lambda q: q.name == "Where do we write to?")
        question.with_user(self.manager).target = "email"
        lead = self.make(answers={"Where do we write to?": "eva@example.com", "name": "Eva"})
        self.assertEqual(lead.email_from, "eva@example.com")

    def test_a_first_wake_up_is_a_trigger_of_the_job_in_the_same_transaction(self):
        triggers = self.env["ir.cron.trigger"].search_count([])
        self.receive(entry(), entry())
        self.assertEqual(self.env["ir.cron.trigger"].search_count([]), triggers + 1)
        self.receive(entry(), token="wrong")
        self.assertEqual(self.env["ir.cron.trigger"].search_count([]), triggers + 1)
