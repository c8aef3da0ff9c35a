from odoo.tests import TransactionCase, tagged

from ... import const
from ...models.reconciliation import tiktok_reconciliation as run_model
from ...models.reconciliation.tiktok_reconciliation_export import ROW_JOB, STEP_JOB
from ..reconciliation_common import TASK, FakeExports, ReconciliationCommon
from ..worker_common import WorkerCommon

NEVER_ENDS = "Reading this never ends"
STOP_IN_BATCH = """
from odoo.addons.tiktok_leadgen import const
from odoo.addons.tiktok_leadgen.models.event import tiktok_event_process as process
const.BATCH_SIZE, const.FILE_BATCH_SIZE = 5, 10
batches = [0]
notify = process.notify_pages
def notify_or_hang(company):
    notify(company)
    batches[0] += 1
    if batches[0] == {number}:
        hang("in the middle")
process.notify_pages = notify_or_hang
"""


@tagged("post_install", "-at_install")
class TestReconciliationInterrupted(ReconciliationCommon, TransactionCase):
    """What interrupts the process of the job fails, and everything else goes on."""

    def interrupt(self, job, record, attempts):
        """Leave behind what attempts do whose process was killed."""
        self.env.flush_all()
        self.env.cr.execute(
            """INSERT INTO tiktok_job_attempt (job, record_id, attempts, started_at)
               VALUES (%s, %s, %s, now())""",
            [job, record.id, attempts],
        )

    def start_exports(self):
        """Return a reconciliation whose exports are planned."""
        run = self.runs._start_for_advertisers(self.advertiser)
        run._create_exports()
        return run

    def start_reading(self):
        """Return a reconciliation and its first export, whose file is here."""
        run = self.start_exports()
        export = run.export_ids[0]
        export._get_folder().mkdir(parents=True, exist_ok=True)
        export._get_path().write_text(self.tiktok.table(""))
        export.state = "reading"
        return run, export

    def record_batches(self):
        """Return a list that gets the size of each batch."""
        exports = type(self.env["tiktok.reconciliation.export"])
        store, sizes = exports._store_batch, []

        def record(export, batch):
            sizes.append(len(batch))
            store(export, batch)

        self.patch(exports, "_store_batch", record)
        return sizes

    def work_warned(self):
        with self.assertLogs("odoo.addons.tiktok_leadgen", "WARNING"):
            self.work()

    def test_an_interrupted_batch_is_imported_row_by_row(self):
        self.patch(const, "FILE_BATCH_SIZE", 3)
        self.tiktok.submit(5)
        sizes = self.record_batches()
        run, export = self.start_reading()
        self.interrupt(ROW_JOB, export, 1)
        self.work()
        self.assertEqual(sizes, [1, 1, 1, 2])
        self.assertEqual((run.state, run.new_count, export.interrupted_count), ("done", 5, 1))
        self.assertFalse(run._find_interrupted())

    def test_a_row_that_interrupts_each_attempt_is_a_failed_delivery(self):
        first, second = self.tiktok.submit(2)
        run, export = self.start_reading()
        self.interrupt(ROW_JOB, export, const.MAX_INTERRUPTED_ATTEMPTS)
        self.work()
        event = self.event(first["id"])
        self.assertEqual((event.state, event.reason), ("failed", "interrupted"))
        self.assertIn("attempts: 3", event.error)
        self.assertTrue(self.lead(second["id"]))
        self.assertEqual((run.state, run.row_count, run.failed_count), ("done", 2, 1))
        self.assertIn("rows: 1", export.error)
        day = self.day()
        self.assertEqual((day.tiktok_count, day.odoo_count, day.refused_count), (2, 1, 1))
        self.assertFalse(day.missing_count)

    def test_a_row_that_interrupts_even_its_storing_is_left_out(self):
        first, second = self.tiktok.submit(2)
        run, export = self.start_reading()
        self.interrupt(ROW_JOB, export, const.MAX_INTERRUPTED_ATTEMPTS + 1)
        self.work()
        self.assertFalse(self.event(first["id"]))
        self.assertTrue(self.lead(second["id"]))
        self.assertEqual((run.state, run.bad_count, run.failed_count), ("done", 1, 1))
        self.assertEqual(self.day().missing_count, 1)

    def test_a_file_that_interrupts_too_often_fails_and_the_others_do_not(self):
        self.tiktok.submit(2)
        self.tiktok.submit(1, "us")
        run, export = self.start_reading()
        export.interrupted_count = const.MAX_EXPORT_INTERRUPTIONS
        self.interrupt(ROW_JOB, export, 1)
        self.work_warned()
        self.assertEqual((run.state, export.state), ("failed", "failed"))
        self.assertIn("Odoo stopped each time it worked on this", export.error)
        self.assertEqual(set((run.export_ids - export).mapped("state")), {"done"})
        self.assertEqual(run.new_count, 1)
        run.action_resume()
        self.work()
        self.assertEqual((run.state, run.new_count), ("done", 3))

    def test_a_step_that_interrupts_too_often_fails_only_its_export(self):
        for state in ("waiting", "exporting", "reading"):
            with self.subTest(state=state):
                self.tiktok.submit(1)
                run, export = self.start_reading()
                export.write({"state": state, "task_uid": "1", "next_request_at": "2020-01-01"})
                self.interrupt(STEP_JOB, export, const.MAX_INTERRUPTED_ATTEMPTS)
                self.work_warned()
                self.assertEqual(export.state, "failed")
                self.assertEqual(set((run.export_ids - export).mapped("state")), {"done"})
                self.assertIn("attempts: 3", run.error)

    def test_an_interrupted_export_comes_after_the_others(self):
        self.tiktok.submit(1)
        run, export = self.start_reading()
        self.interrupt(ROW_JOB, export, 1)
        self.assertEqual(run._find_next_export(), run.export_ids[1])
        (run.export_ids - export).state = "done"
        self.assertEqual(run._find_next_export(), export)

    def test_an_interrupted_plan_fails_after_some_attempts(self):
        run = self.runs._start_for_advertisers(self.advertiser)
        self.interrupt(run_model.JOB, run, const.MAX_INTERRUPTED_ATTEMPTS)
        self.work_warned()
        self.assertEqual(run.state, "failed")
        self.assertIn("attempts: 3", run.error)
        self.assertFalse(self.tiktok.calls)
        self.env.cr.execute("DELETE FROM tiktok_job_attempt")  # the action has a connection apart
        run.action_resume()
        self.work()
        self.assertEqual(run.state, "done")

    def test_an_error_is_no_interruption(self):
        self.tiktok.submit(1)
        self.count_attempts_apart()
        self.tiktok.fail(TASK, FakeExports.envelope(50000, "No."))
        run = self.reconcile(times=2)
        self.assertEqual((run.state, run.export_ids.mapped("interrupted_count")), ("done", [0] * 3))


class CommittedReconciliation(WorkerCommon):
    """Reconciliations that are committed, for workers that are processes of their own."""

    def setUp(self):
        super().setUp()
        self.tiktok = FakeExports()
        with self.cursor() as env:
            names = ("Killed ACME", "Other ACME")
            self.company_ids = [env["res.company"].create({"name": name}).id for name in names]
        self.addCleanup(self.remove)

    def remove(self):
        """Delete what was committed."""
        with self.cursor() as env:
            own = [("company_id", "in", self.company_ids)]
            env["tiktok.advertiser"].search(own).state = "draft"
            for model in (
                # A lead without a delivery would leave one that remembers its ID.
                *("crm.lead", "tiktok.event", "tiktok.reconciliation.day", "tiktok.reconciliation"),
                *("tiktok.form", "tiktok.ad.entity", "tiktok.advertiser"),
            ):
                env[model].with_context(active_test=False).search(own).unlink()
            env.cr.execute("DELETE FROM tiktok_job_attempt")
            companies = env["res.company"].browse(self.company_ids)
            companies.tiktok_leadgen_enabled = False
            companies.unlink()

    def start_reading(self, number, *answers):
        """Commit a reconciliation of a company with one export, whose file is here.

        :return: id of the reconciliation
        :rtype: int
        """
        page_uid = f"760000000000000046{number}"
        for each in answers:
            self.tiktok.submit(1, page_id=page_uid, answers={"name": each})
        with self.cursor() as env:
            own = {"company_id": self.company_ids[number]}
            advertiser = env["tiktok.advertiser"].create(
                {"name": "ACME", "advertiser_uid": f"71639483564175500{number}", **own}
            )
            advertiser.state = "connected"
            page = {"name": "Form", "page_uid": page_uid}
            form = env["tiktok.form"].create({**page, "advertiser_id": advertiser.id, **own})
            run = env["tiktok.reconciliation"]._start_for_advertisers(advertiser)
            run.state = "running"
            export = env["tiktok.reconciliation.export"].create(
                {"reconciliation_id": run.id, "form_id": form.id, "region": "rest"}
            )
            export.state = "reading"
            export._get_folder().mkdir(parents=True, exist_ok=True)
            export._get_path().write_text(self.tiktok.table(""))
            self.tiktok.leads[""].clear()
            return run.id

    def state(self, run_id):
        """Return the state of a reconciliation, and how many leads its company has."""
        with self.cursor() as env:
            run = env["tiktok.reconciliation"].browse(run_id)
            return run.state, env["crm.lead"].search_count([("company_id", "=", run.company_id.id)])


@tagged("post_install", "-at_install")
class TestReconciliationKilled(CommittedReconciliation):
    """A row of an export that kills its process: real processes, killed by `kill -9`."""

    cron = const.RECONCILIATION_CRON_XMLID
    preparation = f"""
from odoo.addons.tiktok_leadgen.models.reconciliation import tiktok_reconciliation_import as module
parse_lead = module.tiktok_lead.parse_lead
def parse_or_hang(raw):
    return hang("reading") if {NEVER_ENDS!r} in raw else parse_lead(raw)
module.tiktok_lead.parse_lead = parse_or_hang
"""

    def test_a_row_that_kills_ends_failed_and_all_others_are_imported(self):
        killed = self.start_reading(0, "Ana", "Bo", NEVER_ENDS, "Eve", "Zoe")
        other = self.start_reading(1, "Max")
        self.run_killed("reading")
        self.assertEqual(self.state(killed), ("running", 0))
        self.run_killed("reading")
        self.assertEqual(self.state(other), ("done", 1))  # what was not interrupted comes first
        self.assertEqual(self.state(killed), ("running", 2))  # row by row, up to the one that kills
        with self.cursor() as env:
            env.cr.execute(
                "UPDATE tiktok_job_attempt SET attempts = %s WHERE job = %s RETURNING attempts",
                [const.MAX_INTERRUPTED_ATTEMPTS, ROW_JOB],
            )
            self.assertEqual(len(env.cr.fetchall()), 1)
        self.run_finished()
        self.assertEqual(self.state(killed), ("done", 4))
        with self.cursor() as env:
            run = env["tiktok.reconciliation"].browse(killed)
            self.assertEqual((run.row_count, run.failed_count), (5, 1))
            self.assertEqual(run.export_ids.interrupted_count, 2)
            failed = env["tiktok.event"].search(
                [("company_id", "=", self.company_ids[0]), ("state", "=", "failed")]
            )
            self.assertEqual(failed.reason, "interrupted")
            self.assertIn(NEVER_ENDS, failed.raw)


@tagged("post_install", "-at_install")
class TestReconciliationWorkers(CommittedReconciliation):
    """Several workers make the leads of one export: real processes, killed by `kill -9`."""

    def start_export(self):
        """Commit a reconciliation whose file has three batches.

        :return: id of the reconciliation, and the names of the leads in the order of the file
        :rtype: tuple[int, list[str]]
        """
        names = [f"Lead {number:02}" for number in range(15)]
        return self.start_reading(0, *names), names

    def stop_in_batch(self, cron, number):
        """Have the next worker make leads in small batches, and stop in the middle of one.

        :param str cron: XML id of its scheduled action
        :param int number: of the batch; the reader's first one creates what all others refer to
        """
        self.cron, self.preparation = cron, STOP_IN_BATCH.format(number=number)

    def find_names(self):
        """Return the names of the leads that are committed, in their order."""
        with self.cursor() as env:
            own = [("company_id", "=", self.company_ids[0])]
            return sorted(env["crm.lead"].search(own).mapped("contact_name"))

    def finish_export(self, run_id, names):
        """Run the reconciliation to its end; each lead is there one time, and counted so."""
        self.stop_in_batch(const.RECONCILIATION_CRON_XMLID, 0)
        self.run_finished()
        self.assertEqual(self.state(run_id), ("done", len(names)))
        self.assertEqual(self.find_names(), names)
        with self.cursor() as env:
            run = env["tiktok.reconciliation"].browse(run_id)
            self.assertEqual((run.row_count, run.new_count), (len(names), len(names)))
            self.assertEqual(run.failed_count, 0)
            events = env["tiktok.event"].search([("company_id", "=", self.company_ids[0])])
            self.assertEqual(events.mapped("state"), ["done"] * len(names))

    def test_the_job_makes_leads_of_an_export_that_another_worker_reads(self):
        run_id, names = self.start_export()
        self.stop_in_batch(const.RECONCILIATION_CRON_XMLID, 2)
        reading, word = self.start_worker()
        self.assertEqual(word, "in the middle")  # it stored ten more, and holds five of them
        self.stop_in_batch(const.CRON_XMLID, 0)
        self.run_finished()
        self.assertEqual(self.find_names(), names[:5] + names[10:])
        self.assertEqual(self.state(run_id), ("running", 10))
        self.kill_worker(reading)
        self.finish_export(run_id, names)

    def test_a_killed_job_leaves_its_rows_to_the_worker_that_reads(self):
        run_id, names = self.start_export()
        self.stop_in_batch(const.RECONCILIATION_CRON_XMLID, 2)
        self.run_killed("in the middle")
        self.stop_in_batch(const.CRON_XMLID, 1)
        self.run_killed("in the middle")
        self.assertEqual(self.state(run_id), ("running", 5))
        self.finish_export(run_id, names)
