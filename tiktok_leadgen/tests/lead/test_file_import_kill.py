"""An import whose process is killed goes on where it was: real processes, killed by `kill -9`."""

import os
import signal
import subprocess
import sys

import odoo
from odoo import Command
from odoo.tests import tagged
from odoo.tests.common import get_db_name
from odoo.tools import config

from ... import const
from ..common import CommittedCommon, next_uid
from ..import_common import make_csv, make_row

ROWS = 30
# A process of its own that runs the job in small batches and stops in the middle of one.
WORKER = """
import sys
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config
config.parse_config(sys.argv[3:])
registry = Registry(sys.argv[1])
from odoo.addons.tiktok_leadgen import const
from odoo.addons.tiktok_leadgen.models.lead_import import tiktok_lead_import_run as run
const.BATCH_SIZE = 5
batches = [0]
store = run.store_digests
def store_or_hang(env, company, keys):
    store(env, company, keys)
    batches[0] += 1
    if batches[0] == int(sys.argv[2]):
        print("in the middle", flush=True)
        sys.stdin.read()  # until the process is killed
run.store_digests = store_or_hang
with registry.cursor() as cr:
    api.Environment(cr, SUPERUSER_ID, {{}}).ref({cron!r}).method_direct_trigger()
print("done", flush=True)
"""


@tagged("post_install", "-at_install")
class TestFileImportKill(CommittedCommon):
    """Nothing is lost and nothing is doubled."""

    def setUp(self):
        super().setUp()
        with self.cursor() as env:
            self.company_id = env["res.company"].create({"name": "Killed import ACME"}).id
        self.addCleanup(self.remove)

    def remove(self):
        """Remove what was committed."""
        with self.cursor() as env:
            company = env["res.company"].browse(self.company_id)
            own = [("company_id", "=", company.id)]
            runs = env["tiktok.lead.import"].search(own)
            env["tiktok.job.attempt"]._forget_attempts(["lead_import"], runs.ids)
            runs.state = "done"
            for model in ("tiktok.event", "crm.lead", "tiktok.form", "tiktok.ad.entity"):
                env[model].with_context(active_test=False).search(own).unlink()
            runs.unlink()
            company.tiktok_leadgen_enabled = False
            company.unlink()

    def start_import(self, uids):
        with self.cursor() as env:
            content = make_csv(*map(make_row, uids))
            file = env["ir.attachment"].create({"name": "leads.csv", "raw": content})
            values = {"company_id": self.company_id, "attachment_ids": [Command.set(file.ids)]}
            run = env["tiktok.lead.import"].create(values)
            run.action_import()
            return run.id

    def run_worker(self, stop_at):
        """Run the job in a process of its own; kill it if it stops in the middle of a batch.

        :return: its last word
        """
        options = ["--database", get_db_name(), "--addons-path", ",".join(odoo.addons.__path__)]
        for name in ("db_host", "db_port", "db_user", "db_password", "data_dir"):
            if config[name]:
                options += [f"--{name}" if name.startswith("db_") else "--data-dir", config[name]]
        worker = subprocess.Popen(  # noqa: S603 - our own words
            [
                *(sys.executable, "-c", WORKER.format(cron=const.IMPORT_CRON_XMLID)),
                *(get_db_name(), str(stop_at), *map(str, options), "--log-level", "critical"),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            text=True,
        )
        self.addCleanup(worker.stdout.close)
        self.addCleanup(worker.stdin.close)
        self.addCleanup(worker.wait)
        self.addCleanup(worker.kill)
        word = worker.stdout.readline().strip()
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        return word

    def test_killed_twice_loses_and_doubles_nothing(self):
        uids = [next_uid() for _ in range(ROWS)]
        run_id = self.start_import(uids)
        self.assertEqual(self.run_worker(stop_at=2), "in the middle")
        self.assertEqual(self.run_worker(stop_at=3), "in the middle")
        with self.cursor() as env:
            run = env["tiktok.lead.import"].browse(run_id)
            self.assertEqual((run.state, run.position), ("running", 15))
            events = env["tiktok.event"].search([("company_id", "=", self.company_id)])
            self.assertEqual(len(events), 15)
        self.assertEqual(self.run_worker(stop_at=-1), "done")
        with self.cursor() as env:
            env["tiktok.event"]._cron_process()  # what was interrupted is stored first
        with self.cursor() as env:
            run = env["tiktok.lead.import"].browse(run_id)
            self.assertEqual((run.state, run.new_count, run.position), ("done", ROWS, ROWS))
            leads = env["crm.lead"].search([("company_id", "=", self.company_id)])
            self.assertEqual(sorted(leads.mapped("tiktok_lead_uid")), [str(uid) for uid in uids])
            self.assertEqual(len(leads), ROWS)
