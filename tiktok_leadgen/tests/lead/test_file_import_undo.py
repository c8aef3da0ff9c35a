"""Cancel, continue and undo imports of downloaded files."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ... import const
from ..common import entry, next_uid
from ..import_common import FileImportCase, make_csv, make_row


@tagged("post_install", "-at_install")
class TestFileImportUndo(FileImportCase):
    """Cancel, continue and undo."""

    def test_undo_removes_what_no_one_changed(self):
        uids = [next_uid() for _ in range(4)]
        run = self.import_files(make_csv(*map(make_row, uids)))
        self.lead(uids[0]).with_user(self.manager).city = "Lima"
        self.lead(uids[1]).description = "written as the superuser"
        self.receive(entry(uids[2], answers={"email": "ana@example.com"}))
        self.process()
        run.action_undo()
        self.assertEqual((run.state, run.undone_count), ("undone", 1))
        self.assertEqual(run.retained_counts, {"changed": 2, "delivered": 1})
        self.assertEqual([len(self.lead(uid)) for uid in uids], [1, 1, 1, 0])
        self.assertFalse(self.event(uids[3]))
        self.assertIn("Leads removed: 1.", run.status_text)
        self.assertIn("changed since: 2.", run.status_text)

    def test_undone_leads_can_be_imported_again(self):
        uid = next_uid()
        content = make_csv(make_row(uid))
        self.import_files(content).action_undo()
        self.assertFalse(self.lead(uid))
        run = self.import_files(content)
        self.assertEqual(self.counts(run), [1, 1, 0, 0])
        self.assertTrue(self.lead(uid))

    def test_undo_keeps_what_people_did(self):
        uids = [next_uid() for _ in range(4)]
        run = self.import_files(make_csv(*map(make_row, uids)))
        self.lead(uids[0]).with_user(self.manager).message_post(
            body="Called", message_type="comment"
        )
        self.lead(uids[1]).with_user(self.manager).activity_schedule(
            "mail.mail_activity_data_call", user_id=self.manager.id
        )
        self.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": "2026-11-21 10:00:00",
                "stop": "2026-11-21 11:00:00",
                "opportunity_id": self.lead(uids[2]).id,
            }
        )
        run.action_undo()
        self.assertEqual((run.undone_count, run.retained_counts), (1, {"changed": 3}))

    def test_undo_keeps_an_earlier_lead(self):
        self.company.tiktok_repeat_policy = "note"
        lead = self.make(answers={"name": "Ana", "email": "ana@example.com"})
        uid = next_uid()
        run = self.import_files(make_csv(make_row(uid)))
        self.assertEqual(self.event(uid).lead_id, lead)
        run.action_undo()
        self.assertEqual(run.retained_counts, {"earlier": 1})
        self.assertTrue(lead.exists())

    def test_undo_of_many_goes_on_in_the_background(self):
        self.patch(const, "BATCH_SIZE", 2)
        uids = [next_uid() for _ in range(9)]
        run = self.import_files(make_csv(*map(make_row, uids)))
        run.action_undo()
        self.assertEqual((run.state, run.is_undoing), ("running", True))
        self.assertIn("undo is in progress", run.status_text)
        with self.assertRaises(UserError):
            run.action_cancel()
        self.run_imports()
        self.assertEqual((run.state, run.undone_count), ("undone", 9))

    def test_a_lead_that_can_not_be_deleted_stays(self):
        uids = [next_uid() for _ in range(3)]
        run = self.import_files(make_csv(*map(make_row, uids)))
        refused = self.lead(uids[1])
        leads = type(self.env["crm.lead"])
        unlink = leads.unlink

        def refuse(records):
            if refused in records:
                raise UserError("no")
            return unlink(records)

        self.patch(leads, "unlink", refuse)
        run.action_undo()
        self.assertEqual((run.undone_count, run.retained_counts), (2, {"refused": 1}))
        self.assertTrue(self.event(uids[1]))

    def test_cancel_keeps_what_is_here_and_continues(self):
        self.patch(const, "FILE_BATCH_SIZE", 2)
        uids = [next_uid() for _ in range(5)]
        run = self.upload(make_csv(*map(make_row, uids)))
        run.action_import()
        self.run_one_batch(run)
        run.action_cancel()
        self.assertEqual((run.state, run.position, run.new_count), ("cancelled", 2, 2))
        self.assertIn("Leads imported before: 2.", run.status_text)
        self.run_imports()
        self.assertFalse(self.lead(uids[2]))
        run.action_import()
        self.run_imports()
        self.assertEqual((run.state, self.counts(run)), ("done", [5, 5, 0, 0]))

    def test_a_cancelled_import_is_undone(self):
        self.patch(const, "FILE_BATCH_SIZE", 2)
        uids = [next_uid() for _ in range(3)]
        run = self.upload(make_csv(*map(make_row, uids)))
        run.action_import()
        self.run_one_batch(run)
        run.action_cancel()
        run.action_undo()
        self.assertEqual((run.state, run.undone_count), ("undone", 2))

    def test_states_refuse_what_does_not_fit(self):
        run = self.upload(make_csv(make_row(next_uid())))
        for action in ("action_cancel", "action_undo"):
            with self.assertRaises(UserError):
                getattr(run, action)()
        run.action_import()
        for action in ("action_check", "action_import", "action_undo", "unlink"):
            with self.assertRaises(UserError):
                getattr(run, action)()
        with self.assertRaisesRegex(UserError, "was started"):
            run.attachment_ids = False

    def test_a_lost_file_ends_the_import(self):
        run = self.upload(make_csv(make_row(next_uid())))
        run.action_import()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ir_attachment SET store_fname = '00/gone' WHERE id = %s",
            [run.attachment_ids.id],
        )
        self.env.invalidate_all()
        with self.assertLogs("odoo.addons.tiktok_leadgen", "WARNING"):
            self.run_imports()
        self.assertEqual(run.state, "cancelled")
        self.assertIn("no longer on the server", run.error)

    def test_interrupted_rows_are_imported(self):
        uid = next_uid()
        run = self.upload(make_csv(make_row(uid)))
        run.action_import()
        attempts = self.env["tiktok.job.attempt"]
        with self.enter_registry_test_mode():
            attempt = attempts._count_attempt("lead_import", run.ids)
            attempt.__enter__()  # and its process died
            self.addCleanup(attempt.gen.close)
        self.run_imports()
        self.assertEqual((run.state, self.event(uid).state), ("done", "done"))
        self.assertTrue(self.lead(uid))
