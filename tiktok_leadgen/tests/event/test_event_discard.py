from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, new_test_user, tagged

from ..common import TiktokCommon, entry, next_uid

NOW = "2026-05-01 10:00:00"


@tagged("post_install", "-at_install")
class TestEventDiscard(TiktokCommon):
    """Discarding says who and when, is asked for, and can be undone."""

    def setUp(self):
        super().setUp()
        self.colleague = new_test_user(
            self.env,
            "tiktok_colleague",
            "sales_team.group_sale_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )

    def quarantine(self):
        uid = next_uid()
        self.receive(entry(uid), token="wrong")
        return self.event(uid)

    def assert_now(self, moment):
        """Check a time of the database's clock."""
        self.assertLess(abs(moment - self.events._read_clock()), timedelta(minutes=5))

    def make_failed(self):
        uid = next_uid()
        self.receive(entry(uid))
        event = self.event(uid)
        event._mark_failed("error", "Odoo rejected the lead.")
        return event

    def open_dialog(self, events, decision, user=None):
        """Click a button of the form or of the list; return the dialog."""
        events = events.with_user(user or self.manager)
        action = events.with_context(tiktok_decision=decision).action_open_decision()
        return (
            self.env[action["res_model"]].with_user(user or self.manager).browse(action["res_id"])
        )

    @freeze_time(NOW)
    def test_a_discarded_delivery_says_who_and_when(self):
        event = self.quarantine()
        event.with_user(self.manager).action_discard()
        self.assertEqual(event.discarded_by, self.manager)
        self.assert_now(event.discarded_at)

    @freeze_time(NOW)
    def test_a_discarded_delivery_is_restored_as_it_was(self):
        quarantined, failed = self.quarantine(), self.make_failed()
        events = quarantined + failed
        events.with_user(self.manager).action_discard()
        events.with_user(self.colleague).action_restore()
        self.assertEqual((quarantined.state, quarantined.reason), ("quarantined", "wrong_token"))
        self.assertFalse(quarantined.done_at)
        self.assertEqual((failed.state, failed.reason), ("failed", "error"))
        self.assertEqual(failed.error, "Odoo rejected the lead.")
        self.assertEqual(events.restored_by, self.colleague)
        self.assertEqual(events.discarded_by, self.manager)
        self.assert_now(quarantined.restored_at)

    def test_an_accepted_and_a_replayed_delivery_say_who_and_when(self):
        quarantined, failed = self.quarantine(), self.make_failed()
        quarantined.with_user(self.manager).action_accept()
        failed.with_user(self.colleague).action_replay()
        self.assertEqual(quarantined.accepted_by, self.manager)
        self.assertEqual(failed.replayed_by, self.colleague)
        self.assert_now(quarantined.accepted_at)
        self.assert_now(failed.replayed_at)
        self.assertFalse(quarantined.replayed_by or failed.accepted_by)
        with Form(failed.with_user(self.manager)) as form:
            self.assertEqual(form.replayed_by, self.colleague)

    def test_a_restored_delivery_becomes_a_lead(self):
        quarantined, failed = self.quarantine(), self.make_failed()
        events = (quarantined + failed).with_user(self.manager)
        events.action_discard()
        events.action_restore()
        quarantined.with_user(self.manager).action_accept()
        failed.with_user(self.manager).action_replay()
        self.process()
        self.assertEqual(len(events.lead_id), 2)

    def test_a_restored_delivery_can_be_discarded_again(self):
        event = self.quarantine().with_user(self.manager)
        event.action_discard()
        event.action_restore()
        event.with_user(self.colleague).action_discard()
        self.assertEqual(event.discarded_by, self.colleague)
        self.assertFalse(event.restored_by or event.restored_at)

    def test_only_what_was_discarded_is_restored(self):
        ignored = self.quarantine()
        ignored.write({"state": "ignored", "reason": "repeated"})
        erased = self.quarantine()
        erased.with_user(self.manager).action_discard()
        self.env["tiktok.privacy"]._erase_events(erased)
        for event in (
            self.quarantine(),
            self.make_failed(),
            self.make().tiktok_event_id,
            ignored,
            erased,
        ):
            with self.assertRaises(UserError):
                event.with_user(self.manager).action_restore()

    def test_what_lost_its_answers_is_not_restored(self):
        event = self.quarantine()
        event.with_user(self.manager).action_discard()
        self.env.cr.execute(
            "UPDATE tiktok_event SET received_at = received_at - interval '15 days' WHERE id = %s",
            [event.id],
        )
        with self.enter_registry_test_mode():
            self.events._gc_scrub()
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "answers were removed"):
            event.with_user(self.manager).action_restore()

    def test_who_may_not_decide_restores_nothing(self):
        event = self.quarantine()
        event.with_user(self.manager).action_discard()
        for user in (self.salesman, self.stranger):
            with self.assertRaises(AccessError):
                event.with_user(user).action_restore()
            with self.assertRaises(AccessError):
                self.open_dialog(event, "restore", user)
        self.assertEqual(event.state, "ignored")

    def test_the_dialog_counts_and_decides(self):
        waiting, failed, done = self.quarantine(), self.make_failed(), self.make().tiktok_event_id
        events = waiting + failed + done
        dialog = self.open_dialog(events, "discard")
        self.assertEqual((dialog.event_count, dialog.skipped_count), (2, 1))
        self.assertEqual(waiting.state, "quarantined")  # nothing happens before the answer
        dialog.action_confirm()
        self.assertEqual((waiting + failed).mapped("reason"), ["discarded"] * 2)
        dialog = self.open_dialog(events, "restore")
        self.assertEqual((dialog.event_count, dialog.skipped_count), (2, 1))
        dialog.action_confirm()
        self.assertEqual((waiting.state, failed.state), ("quarantined", "failed"))
        dialog = self.open_dialog(events, "accept")
        self.assertEqual((dialog.event_count, dialog.skipped_count), (1, 2))
        dialog.action_confirm()
        self.process()
        self.assertTrue(waiting.lead_id)

    def test_the_dialog_asks_only_where_there_is_something_to_decide(self):
        with self.assertRaises(UserError):
            self.open_dialog(self.make().tiktok_event_id, "discard")
        with self.assertRaises(UserError):
            self.open_dialog(self.quarantine(), "unlink")

    def test_the_dialog_is_its_users_own(self):
        dialog = self.open_dialog(self.quarantine(), "discard")
        for user in (self.colleague, self.stranger):
            with self.assertRaises(AccessError):
                dialog.with_user(user).action_confirm()

    def test_form_and_list_ask_alike(self):
        views = self.events.with_user(self.manager).get_views([(False, "form"), (False, "list")])
        for kind in ("form", "list"):
            arch = views["views"][kind]["arch"]
            self.assertEqual(arch.count('name="action_open_decision"'), 3)
            for direct in ("action_accept", "action_discard", "action_restore"):
                self.assertNotIn(f'name="{direct}"', arch)

    def test_the_form_shows_who_discarded_it(self):
        event = self.quarantine()
        event.with_user(self.manager).action_discard()
        with Form(event.with_user(self.manager)) as form:
            self.assertEqual(form.discarded_by, self.manager)
