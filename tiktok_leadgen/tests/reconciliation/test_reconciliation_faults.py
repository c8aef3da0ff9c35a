from unittest.mock import patch

import psycopg2
import requests

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ... import const
from ...tiktok.export_csv import Export
from ..fake_tiktok import response
from ..reconciliation_common import DOWNLOAD, PAGE, TASK, FakeExports, ReconciliationCommon

GATEWAY = b"<html><body>502</body></html>"
EXPORTS = "tiktok.reconciliation.export"


@tagged("post_install", "-at_install")
class TestReconciliationFaults(ReconciliationCommon, TransactionCase):
    """What goes wrong between us and TikTok, and being stopped at any moment."""

    def check(self, path, *faults, times=2, state="done", says=""):
        """Reconcile with these faults, and again later."""
        self.tiktok.submit(3)
        self.tiktok.fail(path, *faults)
        run = self.reconcile()
        if says:
            self.assertIn(says, run.status_text)
        self.work(times - 1)
        self.assertEqual(run.state, state)
        if state == "done":
            self.assertEqual((self.day().odoo_count, self.day().tiktok_count), (3, 3))
            self.assertEqual(run.new_count, 3)
        self.assertFalse(list(self.env[EXPORTS]._get_folder().glob("*")))
        return run

    # === WHAT PASSES === #

    def test_a_gateway_fails(self):
        self.check(TASK, response(502, GATEWAY), says="Waiting for TikTok")

    def test_the_reason_of_a_wait_is_in_the_language_of_who_reads_it(self):
        self.company.tiktok_responsible_id = self.manager
        self.speak_arabic(self.manager)
        self.tiktok.fail(TASK, response(502, GATEWAY))
        self.assert_arabic(self.reconcile().error)

    def test_slow_down(self):
        busy = FakeExports.envelope(40133, "advertiser QPM")
        self.check(TASK, busy, says="Waiting for TikTok")

    def test_429(self):
        self.check(DOWNLOAD, response(429, b""), says="slow down")

    def test_the_answer_is_lost(self):
        self.check(TASK, requests.ReadTimeout("late"), says="Waiting for TikTok")

    def test_the_download_is_cut(self):
        cut = response(200, b"lead_id\r\n76")
        cut.headers["Content-Length"] = "999"
        self.check(DOWNLOAD, cut, says="Waiting for TikTok")

    def test_the_file_itself_is_cut(self):
        table = self.tiktok.table("").encode()
        self.check(DOWNLOAD, response(200, table + b"7600000000000000199"), times=1)

    def test_garbage_instead_of_an_answer(self):
        self.check(TASK, response(200, GATEWAY), says="not answered by TikTok's API")

    def test_a_broken_zip_is_requested_again(self):
        broken = [response(200, b"PK\x03\x04" + b"x" * 100) for _download in range(20)]
        self.tiktok.fail(DOWNLOAD, *broken)
        self.tiktok.submit(3)
        with patch.object(const, "MAX_EXPORT_ATTEMPTS", 2):
            run = self.reconcile(times=3)
        self.assertEqual(run.state, "failed")
        self.assertIn("file is damaged. Odoo requests a new one.", run.error)
        self.assertIn("stopped after 2 attempts", run.error)
        self.tiktok.faults.clear()
        run.action_resume()
        self.work()
        self.assertEqual((run.state, run.new_count), ("done", 3))

    def test_the_file_has_expired(self):
        run = self.check(DOWNLOAD, FakeExports.envelope(40000, "Download failed"), times=1)
        self.assertEqual(self.tiktok.tasks, 4)
        self.assertEqual(run.export_ids.mapped("error"), [False] * 3)

    def test_the_file_says_that_it_has_expired(self):
        text = response(200, b"40000 Download failed: the file has expired.")
        self.check(DOWNLOAD, text, times=1)
        self.assertEqual(self.tiktok.tasks, 4)

    def test_tiktok_fails_to_make_it(self):
        begun = [FakeExports.ok(task_id="77", status="CREATED") for _ in range(3)]
        self.check(TASK, *begun, FakeExports.ok(status="FAILED"))

    def test_it_takes_long(self):
        running = [FakeExports.ok(task_id="77", status="RUNNING") for _ in range(20)]
        self.check(TASK, *running, times=8)

    # === WHAT DOES NOT === #

    def test_a_revoked_token_ends_it(self):
        run = self.check(TASK, FakeExports.envelope(40105, "Revoked."), state="failed")
        self.assertIn("Reconnect", run.error)
        self.assertEqual(len(self.tiktok.calls), 1)
        self.assertEqual(self.advertiser.state, "revoked")
        self.advertiser.state = "connected"
        run.action_resume()
        self.work()
        self.assertEqual((run.state, self.day().odoo_count), ("done", 3))

    def test_a_revoked_token_told_in_the_file(self):
        self.check(DOWNLOAD, response(200, b"40105 Access token is incorrect."), state="failed")

    def test_not_admin(self):
        run = self.check(TASK, FakeExports.envelope(40001, "No permission."), state="failed")
        self.assertIn("allow", run.error)

    def test_a_form_that_is_gone_fails_and_the_others_do_not(self):
        other = self.form.copy({"page_uid": "7600000000000000457", "name": "Other"})
        other.advertiser_id = self.advertiser
        self.tiktok.submit(3)
        refused = [FakeExports.envelope(40002, "No.")] * 1
        self.tiktok.fail(TASK, *refused)
        run = self.reconcile()
        self.assertEqual(run.state, "failed")
        self.assertIn("Failed exports: 1 of 6.", run.error)
        self.assertEqual(len(run.export_ids.filtered(lambda export: export.state == "done")), 5)
        run.action_resume()
        self.work()
        self.assertEqual(run.state, "done")

    def test_one_form_that_tiktok_fails_keeps_no_other_back(self):
        other = self.form.copy({"page_uid": "7600000000000000457", "name": "Other"})
        other.advertiser_id = self.advertiser
        self.tiktok.broken = PAGE
        run = self.reconcile(times=4)
        exports = run.export_ids
        good = exports.filtered(lambda export: export.form_id == other)
        self.assertEqual(set(good.mapped("state")), {"done"})
        self.assertNotIn("done", (exports - good).mapped("state"))
        self.tiktok.broken = ""
        self.work(2)
        self.assertEqual(run.state, "done")

    def test_a_library_of_another_company_fails_and_the_others_do_not(self):
        theirs = self.form.copy({"page_uid": "7600000000000000457", "name": "Theirs"})
        theirs.write({"advertiser_id": self.advertiser.id, "library_uid": "7600000000000000900"})
        self.tiktok.foreign = theirs.page_uid
        run = self.reconcile()
        self.assertEqual(run.state, "failed")
        self.assertIn("Failed exports: 3 of 6.", run.error)
        mine = run.export_ids.filtered(lambda export: export.form_id == self.form)
        self.assertEqual(set(mine.mapped("state")), {"done"})

    def test_forms_that_are_not_selected_are_left_out_and_archived_ones_are_not(self):
        other = self.form.copy({"page_uid": "7600000000000000457", "name": "Other"})
        other.write({"advertiser_id": self.advertiser.id, "is_selected": False})
        self.form.active = False
        self.assertEqual(self.reconcile().export_ids.form_id, self.form + other)
        self.advertiser.subscribe_to = "forms"
        self.assertEqual(self.reconcile().export_ids.form_id, self.form)

    def test_no_user_writes_to_a_reconciliation(self):
        self.tiktok.fail(TASK, response(502, GATEWAY))
        run = self.reconcile().with_user(self.manager)
        with self.assertRaises(AccessError):
            run.write({"state": "waiting"})
        with self.assertRaises(AccessError):
            run.with_user(self.stranger).action_cancel()
        with self.assertRaises(AccessError):
            run.with_user(self.salesman).action_cancel()
        run.action_cancel()
        self.assertEqual(run.state, "cancelled")

    def test_what_never_becomes_a_table(self):
        times = range(const.MAX_EXPORT_ATTEMPTS * 3)
        files = [response(200, b"hello\r\nworld\r\n") for _time in times]
        run = self.check(DOWNLOAD, *files, state="failed", times=1)
        self.assertIn("could not be read", run.error)

    def test_down_for_long(self):
        run = self.check(TASK, *[response(503, GATEWAY)] * 60, times=60, state="failed")
        self.assertIn("TikTok", run.error)

    def test_a_fault_of_ours_is_named_not_quoted(self):
        def broken(_part):
            raise ValueError("Ana Pérez +56911112222")

        self.patch(type(self.env[EXPORTS]), "_download_file", broken)
        with self.assertLogs("odoo.addons.tiktok_leadgen", "WARNING") as log:
            run = self.reconcile()
        self.assertEqual(run.state, "failed")
        self.assertIn("ValueError", run.error)
        self.assertNotIn("Ana", "".join(log.output) + run.error)

    # === BEING STOPPED === #

    def test_stopped_after_any_batch_and_started_again(self):
        self.patch(const, "FILE_BATCH_SIZE", 2)
        self.count_attempts_apart()
        self.tiktok.submit(7)
        store = type(self.env[EXPORTS])._store_batch
        calls = []

        def dying(export, batch):
            calls.append(export.position)
            store(export, batch)
            if len(calls) % 2:
                raise psycopg2.errors.SerializationFailure  # what this batch did is gone

        self.patch(type(self.env[EXPORTS]), "_store_batch", dying)
        run = self.runs._start_for_advertisers(self.advertiser)
        self.work(3)
        self.assertEqual((run.state, run.row_count, run.new_count), ("done", 7, 7))
        self.assertEqual(self.day().odoo_count, 7)

    def test_a_lost_file_is_fetched_again(self):
        self.patch(const, "FILE_BATCH_SIZE", 2)
        self.tiktok.submit(5)
        export_model = type(self.env[EXPORTS])
        import_rows, lost = export_model._import_next_rows, []

        def losing(export, rows, interrupted):
            found = import_rows(export, rows, interrupted)
            if not lost:
                lost.append(export._get_path().unlink())
                return False
            return found

        self.patch(export_model, "_import_next_rows", losing)
        run = self.reconcile()
        self.assertEqual((run.state, run.row_count), ("done", 5))
        self.assertEqual(self.tiktok.tasks, 4)
        self.assertEqual((self.day().tiktok_count, self.day().odoo_count), (5, 5))

    def test_cancel_and_go_on(self):
        self.patch(const, "FILE_BATCH_SIZE", 2)
        self.tiktok.submit(5)
        store = type(self.env[EXPORTS])._store_batch

        def cancelled(export, batch):
            store(export, batch)
            if export.position == 0:
                export.reconciliation_id.action_cancel()

        self.patch(type(self.env[EXPORTS]), "_store_batch", cancelled)
        run = self.reconcile(times=2)
        self.assertEqual((run.state, run.row_count), ("cancelled", 2))
        self.assertIn("Cancelled", run.status_text)
        with self.assertRaises(UserError):
            run.action_cancel()
        run.action_resume()
        self.work()
        self.assertEqual((run.state, run.row_count, run.new_count), ("done", 5, 5))
        with self.assertRaises(UserError):
            run.action_resume()

    def test_one_at_a_time(self):
        first = self.runs._start_for_advertisers(self.advertiser)
        self.assertEqual(self.runs._start_for_advertisers(self.advertiser), first)
        first.action_cancel()
        second = self.runs._start_for_advertisers(self.advertiser)
        with self.assertRaises(UserError):
            first.action_resume()
        self.assertEqual(second.state, "waiting")

    def test_disconnected_meanwhile(self):
        run = self.runs._start_for_advertisers(self.advertiser)
        self.advertiser.state = "revoked"
        self.work()
        self.assertEqual(run.state, "failed")
        self.assertFalse(self.tiktok.calls)

    def test_who_may(self):
        self.tiktok.submit(1)
        run = self.reconcile()
        run.with_user(self.manager).read(["state"])
        self.assertFalse(self.runs.with_user(self.stranger).search([("id", "=", run.id)]))
        day = self.day()
        self.assertFalse(day.with_user(self.stranger).search([("id", "=", day.id)]))
        with self.assertRaises(Exception):  # noqa: B017 - AccessError, whatever its text
            run.with_user(self.salesman).read(["state"])

    def test_one_row_is_held_at_a_time(self):
        opened = []

        rows_of = Export.rows

        def count(export, skip=0):
            for row in rows_of(export, skip):
                opened.append(row.number)
                yield row

        read = (
            "odoo.addons.tiktok_leadgen.models.reconciliation.tiktok_reconciliation_import.Export"
        )
        self.patch(const, "FILE_BATCH_SIZE", 2)
        self.tiktok.submit(5)
        with patch(f"{read}.rows", count):
            self.reconcile()
        self.assertEqual(opened, [1, 2, 3, 4, 5])
