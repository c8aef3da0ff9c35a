from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.working_hours import WorkingHours

from ..retry_pattern import find_next_try
from .common import NOW, ContactCommon


@tagged("post_install", "-at_install")
class TestOutcome(ContactCommon):
    """One tap, one outcome."""

    def test_call_is_logged_and_does_not_stop_the_clock(self):
        lead = self.new_lead()
        shown = self.start_attempt(lead).action_tiktok_start_attempt("whatsapp")
        self.assertEqual(set(lead.tiktok_attempt_ids.mapped("channel")), {"whatsapp", "call"})
        self.assertEqual(lead.tiktok_attempt_ids.user_id, lead.user_id)
        self.assertFalse(lead.tiktok_first_contact_at)
        self.assertEqual(shown["outcome"], False)

    def test_reached_stops_the_clock_and_completes_the_call(self):
        lead = self.new_lead()
        call = self.calls(lead)
        self.frozen.move_to(NOW + timedelta(minutes=3))
        self.set_outcome(lead, "reached")
        self.assertEqual(lead.tiktok_first_contact_at, NOW + timedelta(minutes=3))
        self.assertEqual(lead.tiktok_first_contact_how, "call")
        self.assertEqual(lead.tiktok_first_contact_user_id, self.ana)
        self.assertFalse(call.active)
        self.assertFalse(lead.tiktok_remind_at or lead.tiktok_next_try_at)

    def test_reached_by_whatsapp_is_a_message(self):
        lead = self.new_lead()
        self.set_outcome(lead, "reached", channel="whatsapp")
        self.assertEqual(lead.tiktok_first_contact_how, "message")

    def test_no_answer_plans_the_next_call_by_the_pattern(self):
        lead = self.new_lead()
        call = self.calls(lead)
        shown = self.set_outcome(lead, "no_answer")
        self.assertEqual(lead.tiktok_next_try_at, NOW + timedelta(minutes=15))
        self.assertEqual(shown["next_try_at"], "2030-11-20 10:15:00")
        self.assertFalse(lead.tiktok_first_contact_at)
        self.assertTrue(call.active)
        self.set_outcome(lead, "no_answer")
        self.assertEqual(str(lead.tiktok_next_try_at), "2030-11-20 13:00:00")  # after the break
        self.set_outcome(lead, "no_answer")
        self.assertEqual(str(lead.tiktok_next_try_at), "2030-11-21 08:00:00")
        self.assertEqual(str(call.date_deadline), "2030-11-21")
        self.set_outcome(lead, "no_answer")
        self.assertFalse(lead.tiktok_next_try_at or call.active)
        self.assertIn("No answer to any call", lead.activity_ids.filtered("active").summary)

    def test_next_try_after_closing_time_is_at_the_opening(self):
        self.frozen.move_to(NOW.replace(hour=16, minute=50))
        lead = self.make()
        self.set_outcome(lead, "no_answer")
        self.assertEqual(str(lead.tiktok_next_try_at), "2030-11-21 08:00:00")

    def test_day_of_the_pattern_begins_in_the_time_zone(self):
        always = WorkingHours(self.env["resource.calendar"])
        moment = find_next_try("1d", 1, always, NOW, "America/Santiago")
        self.assertEqual(str(moment), "2030-11-21 03:00:00")

    def test_day_of_an_unknown_time_zone_is_that_of_utc(self):
        always = WorkingHours(self.env["resource.calendar"])
        moment = find_next_try("1d", 1, always, NOW, "Mars/Olympus")
        self.assertEqual(str(moment), "2030-11-21 00:00:00")

    def test_wrong_number_marks_the_phone_until_it_changes(self):
        lead = self.new_lead()
        call = self.calls(lead)
        self.set_outcome(lead, "wrong_number")
        self.assertTrue(lead.tiktok_is_wrong_number)
        self.assertFalse(lead.tiktok_first_contact_at or call.active)
        lead.with_user(self.ana).phone = "+56922223333"
        self.assertFalse(lead.tiktok_is_wrong_number)

    def test_not_interested_is_lost_with_a_reason(self):
        lead = self.new_lead()
        self.set_outcome(lead, "not_interested")
        self.assertEqual(lead.won_status, "lost")
        reason = self.env.ref("tiktok_first_contact.lost_reason_not_interested")
        self.assertEqual(lead.lost_reason_id, reason)
        self.assertTrue(lead.tiktok_first_contact_at)

    def test_company_chooses_the_lost_reason(self):
        own = self.env["crm.lost.reason"].create({"name": "No need"})
        self.company.tiktok_lost_reason_id = own
        lead = self.new_lead()
        self.set_outcome(lead, "not_interested")
        self.assertEqual(lead.lost_reason_id, own)

    def test_each_outcome_can_be_undone(self):
        for outcome in ("reached", "no_answer", "wrong_number", "not_interested"):
            with self.subTest(outcome=outcome):
                lead = self.new_lead()
                call = self.calls(lead)
                names = ["tiktok_first_contact_at", "tiktok_remind_at", "tiktok_next_try_at"]
                names += ["tiktok_is_wrong_number", "active", "probability", "lost_reason_id"]
                before = lead.read(names)
                self.set_outcome(lead, outcome)
                self.assertNotEqual(lead.read(names), before)
                shown = lead.with_user(lead.user_id).action_tiktok_undo_outcome()
                self.assertEqual(lead.read(names), before)
                self.assertTrue(call.active)
                self.assertEqual(lead.activity_ids, call)
                self.assertFalse(shown["outcome"])
                self.assertTrue(lead.with_user(lead.user_id).tiktok_open_attempt_id)

    def test_late_undo_is_refused(self):
        lead = self.new_lead()
        self.set_outcome(lead, "reached")
        self.frozen.move_to(NOW + timedelta(minutes=20))
        with self.assertRaisesRegex(UserError, "no longer"):
            lead.with_user(lead.user_id).action_tiktok_undo_outcome()

    def test_outcome_needs_an_attempt(self):
        lead = self.new_lead()
        with self.assertRaisesRegex(UserError, "waits for an outcome"):
            lead.with_user(lead.user_id).action_tiktok_set_outcome("reached")

    def test_colleague_without_access_sets_no_outcome(self):
        lead = self.new_lead()
        with self.assertRaises(AccessError):
            lead.with_user(self.chen).action_tiktok_start_attempt()

    def test_done_activity_beside_it_still_stops_the_clock(self):
        lead = self.new_lead()
        self.start_attempt(lead)
        self.calls(lead).with_user(lead.user_id).action_feedback("She wants two.")
        self.assertEqual(lead.tiktok_first_contact_how, "call")

    def test_next_try_is_reminded_of_once(self):
        lead = self.new_lead()
        self.set_outcome(lead, "no_answer")
        self.later(14)
        self.assertFalse(self.get_popups(self.ana, "retry"))
        self.later(15)
        self.assertEqual([one["ids"] for one in self.get_popups(self.ana, "retry")], [lead.ids])
        self.later(16)
        self.assertEqual(len(self.get_popups(self.ana, "retry")), 1)

    def test_contact_by_other_means_cancels_the_next_call(self):
        lead = self.new_lead()
        self.set_outcome(lead, "no_answer")
        self.calls(lead).with_user(lead.user_id).action_feedback("She called back.")
        self.assertTrue(lead.tiktok_first_contact_at)
        self.assertFalse(lead.tiktok_next_try_at)
        self.later(20)
        self.assertFalse(self.get_popups(self.ana, "retry"))

    def test_undo_leaves_what_a_user_changed_since(self):
        lead = self.new_lead()
        self.set_outcome(lead, "reached")
        lead.probability = 77
        lead.with_user(lead.user_id).action_tiktok_undo_outcome()
        self.assertEqual(lead.probability, 77)
        self.assertFalse(lead.tiktok_first_contact_at)

    def test_undo_keeps_a_first_contact_that_was_made_since(self):
        customer = self.env["res.partner"].create({"name": "Ana", "email": "ana@example.com"})
        for outcome in ("no_answer", "wrong_number"):
            with self.subTest(outcome=outcome):
                self.frozen.move_to(NOW)
                lead = self.new_lead()
                self.set_outcome(lead, outcome, user=lead.user_id)
                written_at = NOW + timedelta(minutes=5)
                self.frozen.move_to(written_at)
                lead.with_user(lead.user_id).message_post(
                    body="Hello",
                    message_type="comment",
                    subtype_xmlid="mail.mt_comment",
                    partner_ids=customer.ids,
                )
                self.assertEqual(lead.tiktok_first_contact_at, written_at)
                seconds = lead.tiktok_response_seconds
                self.frozen.move_to(NOW + timedelta(minutes=9))
                lead.with_user(lead.user_id).action_tiktok_undo_outcome()
                self.assertEqual(lead.tiktok_first_contact_at, written_at)
                self.assertEqual(lead.tiktok_first_contact_how, "message")
                self.assertEqual(lead.tiktok_response_seconds, seconds)
                self.assertFalse(lead.tiktok_remind_at or lead.tiktok_next_try_at)
                self.assertFalse(lead.tiktok_is_wrong_number)

    def test_undo_leaves_a_lead_lost_that_a_user_lost_since(self):
        lead = self.new_lead()
        self.set_outcome(lead, "no_answer")
        lead.with_user(lead.user_id).action_set_lost()
        lead.with_user(lead.user_id).action_tiktok_undo_outcome()
        self.assertEqual(lead.won_status, "lost")

    def test_no_reminder_that_no_one_called(self):
        lead = self.new_lead()
        self.set_outcome(lead, "no_answer")
        self.later(6)
        self.assertFalse(self.get_popups(self.ana, "reminder"))

    def test_pattern_is_checked(self):
        for wrong in ("soon", "15", "0m", "1w", "15m;2h"):
            with self.subTest(pattern=wrong), self.assertRaises(ValidationError):
                self.company.tiktok_retry_pattern = wrong
        self.company.tiktok_retry_pattern = "5m,  1H, 2d"
        self.assertTrue(self.company.tiktok_retry_pattern)

    def test_merge_keeps_the_attempts(self):
        first, second = self.new_lead(), self.new_lead()
        self.set_outcome(second, "no_answer", user=second.user_id)
        merged = (first | second)._merge_opportunity(auto_unlink=True)
        self.assertEqual(len(merged.tiktok_attempt_ids), 1)

    def test_merge_keeps_the_next_try_that_comes_first(self):
        first, second = self.new_lead(), self.new_lead()
        self.set_outcome(second, "no_answer", user=second.user_id)
        planned = second.tiktok_next_try_at
        self.assertTrue(planned)
        merged = (first | second)._merge_opportunity(auto_unlink=True)
        self.assertEqual(merged.tiktok_next_try_at, planned)
        self.assertEqual(merged.tiktok_try_remind_at, planned)

    def test_merge_keeps_the_mark_of_the_number_that_stays(self):
        for marked in (0, 1):
            for is_empty in (False, True):
                with self.subTest(marked=marked, is_empty=is_empty):
                    leads = self.new_lead() | self.new_lead()
                    leads.write({"phone": "+56922223333"})
                    self.set_outcome(leads[marked], "wrong_number", user=leads[marked].user_id)
                    if is_empty:
                        leads[1 - marked].phone = False
                    merged = leads._merge_opportunity(auto_unlink=True)
                    self.assertTrue(merged.tiktok_is_wrong_number)

    def test_mark_of_a_wrong_number_stays_with_the_same_number(self):
        lead = self.new_lead()
        self.set_outcome(lead, "wrong_number")
        lead.with_user(self.ana).phone = lead.phone
        self.assertTrue(lead.tiktok_is_wrong_number)
