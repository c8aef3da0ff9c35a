"""How the rows of a file wait until a worker makes their leads."""

from unittest.mock import patch

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged

from ... import const, file_rows
from ...event_claims import claim_few_events, claim_next
from ...file_rows import count_rows
from ..common import entry, next_uid
from ..import_common import FileImportCase, make_csv, make_row


@tagged("post_install", "-at_install")
class TestFileImportRows(FileImportCase):
    """Rows come after what arrives, and few of them wait."""

    def start_import(self, uids):
        """Return an import in progress; its first row, before these, is a lead already."""
        first = next_uid()
        run = self.upload(make_csv(*map(make_row, (first, *uids)))).sudo()
        run.with_env(self.env(user=self.manager, su=False)).action_import()
        with patch.object(const, "BATCH_SIZE", 1):
            self.assertEqual(self.store_rows(run), 1)
        self.assertTrue(self.lead(first))  # no other worker saw it wait
        self.assertFalse(count_rows(self.env))
        return run

    def store_rows(self, run):
        """Store the next rows without making leads of them; return how many."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            count = run.with_env(api.Environment(cr, SUPERUSER_ID, {}))._run_next_batch({})
        self.env.invalidate_all()
        return count

    def claim_next(self):
        return claim_next(self.env)[0]

    def test_what_arrives_comes_first(self):
        uids, uid = [next_uid() for _ in range(2)], next_uid()
        self.assertEqual(self.store_rows(self.start_import(uids)), 2)
        self.assertEqual(self.claim_next(), self.event(uids[0]) | self.event(uids[1]))
        self.receive(entry(uid))
        self.assertEqual(self.claim_next(), self.event(uid))

    def test_the_job_of_deliveries_makes_the_leads(self):
        uids = [next_uid() for _ in range(3)]
        run = self.start_import(uids)
        self.store_rows(run)
        self.assertFalse(self.lead(uids[0]))
        self.process()
        self.assertTrue(all(map(self.lead, uids)))
        self.assertEqual(run.state, "running")
        self.run_imports()
        self.assertEqual((run.state, self.counts(run)), ("done", [4, 4, 0, 0]))
        run.action_undo()  # whichever worker made the leads
        self.assertEqual(run.undone_count, 4)

    def test_few_rows_wait_and_the_import_ends_after_the_last_one(self):
        self.patch(const, "FILE_BATCH_SIZE", 2)
        self.patch(const, "FILE_ROWS_AHEAD", 3)
        uids = [next_uid() for _ in range(5)]
        run = self.start_import(uids)
        found = [self.store_rows(run) for _ in range(3)]
        self.assertEqual((found, run.position), ([2, 2, 0], 5))
        self.process()
        found = [self.store_rows(run) for _ in range(2)]
        self.assertEqual((found, run.state, run.position), ([1, 0], "running", 6))
        self.process()
        self.assertEqual((self.store_rows(run), run.state), (1, "done"))

    def test_others_have_rows_while_one_worker_processes_a_batch(self):
        self.patch(const, "BATCH_SIZE", 2)
        uids = [next_uid() for _ in range(5)]
        self.assertEqual(self.store_rows(self.start_import(uids)), 5)
        self.assertEqual(self.claim_next(), self.event(uids[0]) | self.event(uids[1]))
        self.assertGreater(const.FILE_BATCH_SIZE, const.BATCH_SIZE)
        self.assertGreaterEqual(const.FILE_ROWS_AHEAD, 2 * const.FILE_BATCH_SIZE)

    def test_a_row_that_another_worker_changed_stays_for_the_next_batch(self):
        self.patch(const, "BATCH_SIZE", 1)
        uids, claims = [next_uid() for _ in range(3)], []

        def conflict_first(env):
            claims.append(env.cr)
            if len(claims) == 1:
                raise psycopg2.errors.SerializationFailure
            return claim_next(env)

        self.patch(file_rows, "claim_next", conflict_first)
        imports, opened = type(self.imports), []
        read_rows = imports._read_rows

        def count_files(run):
            opened.append(run.id)
            return read_rows(run)

        self.patch(imports, "_read_rows", count_files)
        run = self.import_files(make_csv(*map(make_row, uids)))
        self.assertGreater(len(claims), 2)
        self.assertEqual((run.state, self.counts(run)), ("done", [3, 3, 0, 0]))
        self.assertEqual(len(opened), 1)  # the run did not start again

    def test_rows_delay_no_lead_after_its_answer(self):
        self.patch(const, "AFTER_ANSWER_LEADS", 1)
        uids, uid = [next_uid() for _ in range(3)], next_uid()
        self.store_rows(self.start_import(uids))
        self.receive(entry(uid))
        claimed = claim_few_events(self.env, 1)
        self.assertEqual(claimed, self.event(uid))

    def test_rows_are_no_leads_that_wait(self):
        self.store_rows(self.start_import([next_uid()]))
        self.env.cr.execute(
            """UPDATE tiktok_event SET next_try_at = next_try_at - interval '1 hour'
                WHERE import_id IS NOT NULL"""
        )
        status = self.env["tiktok.queue.status"]._get_queue_status(self.company)
        self.assertEqual((status.waiting, status.is_slow), (0, False))
