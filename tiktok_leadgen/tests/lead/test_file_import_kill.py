"""Imports by several processes, also killed ones: real processes, killed by `kill -9`."""

from odoo import Command
from odoo.tests import tagged

from ... import const
from ...event_claims import forget_attempts
from ..common import next_uid
from ..import_common import make_csv, make_row
from ..worker_common import WorkerCommon

ROWS = 30


@tagged("post_install", "-at_install")
class TestFileImportKill(WorkerCommon):
    """Nothing is lost and nothing is doubled."""

    cron = const.IMPORT_CRON_XMLID

    def setUp(self):
        super().setUp()
        self.company_id = self.commit_company("Killed import ACME")
        self.addCleanup(self.delete_imports)

    def delete_imports(self):
        """Delete the imports that were committed."""
        with self.cursor() as env:
            runs = env["tiktok.lead.import"].search([("company_id", "=", self.company_id)])
            env["tiktok.job.attempt"]._forget_attempts(["lead_import"], runs.ids)
            runs.state = "done"
            events = env["tiktok.event"].search([("import_id", "in", runs.ids)])
            forget_attempts(events)
            # Before their deliveries: a lead without one leaves a delivery that remembers its ID.
            events.lead_id.with_context(active_test=False).unlink()
            events.unlink()
            runs.unlink()

    def stop_in_batch(self, number):
        """Have the next worker import small batches, and stop in the middle of one."""
        self.preparation = f"""
from odoo.addons.tiktok_leadgen import const
from odoo.addons.tiktok_leadgen.models.event import tiktok_event_process as process
const.BATCH_SIZE = const.FILE_BATCH_SIZE = 5
batches = [0]
notify = process.notify_pages
def notify_or_hang(company):
    notify(company)
    batches[0] += 1
    if batches[0] == {number}:
        hang("in the middle")
process.notify_pages = notify_or_hang
"""

    def start_import(self, uids):
        with self.cursor() as env:
            content = make_csv(*map(make_row, uids))
            file = env["ir.attachment"].create({"name": "leads.csv", "raw": content})
            values = {"company_id": self.company_id, "attachment_ids": [Command.set(file.ids)]}
            run = env["tiktok.lead.import"].create(values)
            run.action_import()
            return run.id

    def find_lead_uids(self, env, run_id):
        """Return TikTok's IDs of the leads of an import."""
        domain = [("tiktok_event_ids.import_id", "=", run_id)]
        return env["crm.lead"].search(domain).mapped("tiktok_lead_uid")

    def test_killed_twice_loses_and_doubles_nothing(self):
        uids = [next_uid() for _ in range(ROWS)]
        run_id = self.start_import(uids)
        for number in (2, 3):
            self.stop_in_batch(number)
            self.run_killed("in the middle")
        with self.cursor() as env:
            run = env["tiktok.lead.import"].browse(run_id)
            events = env["tiktok.event"].search([("company_id", "=", self.company_id)])
            self.assertEqual((run.state, run.position), ("running", len(events)))
            leads = env["crm.lead"].search_count([("company_id", "=", self.company_id)])
            self.assertEqual(leads, 5 + 2)  # a batch, then each row of the interrupted one alone
        self.stop_in_batch(0)
        self.run_finished()
        with self.cursor() as env:
            run = env["tiktok.lead.import"].browse(run_id)
            self.assertEqual((run.state, run.new_count, run.position), ("done", ROWS, ROWS))
            leads = env["crm.lead"].search([("company_id", "=", self.company_id)])
            self.assertEqual(sorted(leads.mapped("tiktok_lead_uid")), [str(uid) for uid in uids])
            self.assertEqual(len(leads), ROWS)

    def test_two_workers_make_the_leads_of_one_file(self):
        uids = [next_uid() for _ in range(15)]
        run_id = self.start_import(uids)
        self.stop_in_batch(2)  # the first rows create what the others refer to
        self.preparation += """
const.FILE_BATCH_SIZE = 10
"""
        holding, word = self.start_worker()
        self.assertEqual(word, "in the middle")  # it stored ten more, and holds five of them
        self.cron, self.preparation = const.CRON_XMLID, ""
        self.run_finished()
        with self.cursor() as env:
            found = self.find_lead_uids(env, run_id)
            self.assertEqual(sorted(found), [str(uid) for uid in uids[:5] + uids[10:]])
            self.assertEqual(env["tiktok.lead.import"].browse(run_id).state, "running")
        self.kill_worker(holding)
        self.cron = const.IMPORT_CRON_XMLID
        self.run_finished()
        with self.cursor() as env:
            run = env["tiktok.lead.import"].browse(run_id)
            self.assertEqual((run.state, run.new_count), ("done", 15))
            found = self.find_lead_uids(env, run_id)
            self.assertEqual(sorted(found), [str(uid) for uid in uids])
