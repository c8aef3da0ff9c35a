"""What kills the process that works on it: real processes, killed by `kill -9`."""

import json
import os
import signal
import subprocess
import sys

import odoo
from odoo.tests import tagged
from odoo.tests.common import get_db_name
from odoo.tools import config, mute_logger

from ... import const
from ..common import CommittedCommon, body, entry, next_uid

NEVER_ENDS = "Reading this never ends"
# A process of its own that runs the job; its reader never ends for one lead.
WORKER = """
import sys
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config
config.parse_config(sys.argv[2:])
registry = Registry(sys.argv[1])
from odoo.addons.tiktok_leadgen import const
from odoo.addons.tiktok_leadgen.models.event import tiktok_event
const.LINGER_SECONDS = 0
read = tiktok_event.tiktok_lead.parse_lead
def read_or_hang(raw):
    while {text!r} in raw:
        print("reading", flush=True)
        sys.stdin.read()  # until the process is killed
    return read(raw)
tiktok_event.tiktok_lead.parse_lead = read_or_hang
with registry.cursor() as cr:
    api.Environment(cr, SUPERUSER_ID, {{}}).ref({cron!r}).method_direct_trigger()
print("done", flush=True)
"""


@tagged("post_install", "-at_install")
class TestInterrupted(CommittedCommon):
    """One lead that kills the process that reads it costs itself alone."""

    def setUp(self):
        super().setUp()
        with self.cursor() as env:
            self.company_id = env["res.company"].create({"name": "Interrupted ACME"}).id
        self.addCleanup(self.remove)

    def remove(self):
        """Delete what was committed."""
        with self.cursor() as env:
            company = env["res.company"].browse(self.company_id)
            events = env["tiktok.event"].search([("company_id", "=", company.id)])
            env["tiktok.event.claim"]._release_events(events)
            for model in ("tiktok.event", "crm.lead", "tiktok.form", "tiktok.ad.entity"):
                found = env[model].with_context(active_test=False)
                found.search([("company_id", "=", company.id)]).unlink()
            company.tiktok_leadgen_enabled = False
            company.unlink()

    def receive(self, *entries):
        with self.cursor() as env:
            company = env["res.company"].browse(self.company_id)
            env["tiktok.event"]._receive_webhook(
                json.dumps(body(*entries)).encode(),
                company=str(company.id),
                token=company.tiktok_webhook_token,
            )

    def start_worker(self):
        """Start a process that runs the job, and return it with the first word it says."""
        options = ["--database", get_db_name(), "--addons-path", ",".join(odoo.addons.__path__)]
        for name in ("db_host", "db_port", "db_user", "db_password", "data_dir"):
            if config[name]:
                options += [f"--{name}" if name.startswith("db_") else "--data-dir", config[name]]
        worker = subprocess.Popen(  # noqa: S603 - our own words
            [
                *(sys.executable, "-c", WORKER.format(text=NEVER_ENDS, cron=const.CRON_XMLID)),
                *(get_db_name(), *map(str, options), "--log-level", "critical"),
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
        return worker, worker.stdout.readline().strip()

    def run_killed(self):
        """Run the job in a process and kill it while it reads the lead that never ends."""
        worker, word = self.start_worker()
        self.assertEqual(word, "reading")
        worker.send_signal(signal.SIGKILL)
        worker.wait()

    def states(self, *uids):
        with self.cursor() as env:
            events = env["tiktok.event"].search([("lead_uid", "in", [str(uid) for uid in uids])])
            by_uid = {event.lead_uid: event.state for event in events}
            return [by_uid[str(uid)] for uid in uids]

    def test_the_leads_behind_a_lead_that_kills_are_made_and_it_ends_failed(self):
        before, (killer,), behind, later = ([next_uid() for _ in range(n)] for n in (3, 1, 3, 3))
        killing = entry(killer, answers={"name": NEVER_ENDS})
        self.receive(*map(entry, before), killing, *map(entry, behind))
        self.run_killed()
        self.assertEqual(set(self.states(*before, killer, *behind)), {"pending"})
        self.receive(*map(entry, later))
        self.run_killed()
        self.assertEqual(set(self.states(*later)), {"done"})  # what is new comes first
        self.assertEqual(set(self.states(*before)), {"done"})
        self.run_killed()
        self.assertEqual(set(self.states(*behind)), {"done"})
        self.assertEqual(self.states(killer), ["pending"])
        _worker, word = self.start_worker()
        self.assertEqual(word, "done")
        with self.cursor() as env:
            event = env["tiktok.event"].search([("lead_uid", "=", str(killer))])
            self.assertEqual((event.state, event.reason), ("failed", "interrupted"))
            self.assertEqual(event.attempt_count, const.MAX_INTERRUPTED_ATTEMPTS)
            self.assertIn("attempts: 3", event.error)
            self.assertEqual(event.error, event.history.partition("UTC: ")[2])
            self.assertFalse(env["tiktok.event.claim"]._has_claims())
            leads = env["crm.lead"].search([("company_id", "=", self.company_id)])
            self.assertEqual(len(leads), 9)

    def run_job(self):
        with self.cursor() as env:
            env["tiktok.event"]._cron_process()

    def test_a_lead_that_was_interrupted_by_a_restart_is_created_separately(self):
        uids = [next_uid() for _ in range(3)]
        self.receive(*map(entry, uids))
        with self.cursor() as env:
            events = env["tiktok.event"].search([("company_id", "=", self.company_id)])
            attempt = env["tiktok.event.claim"]._count_attempt(events)
            attempt.__enter__()  # and its process died
            self.addCleanup(attempt.gen.close)
        self.run_job()
        self.assertEqual(set(self.states(*uids)), {"done"})
        with self.cursor() as env:
            events = env["tiktok.event"].search([("company_id", "=", self.company_id)])
            self.assertEqual(set(events.mapped("attempt_count")), {2})
            self.assertFalse(env["tiktok.event.claim"]._has_claims())

    @mute_logger("odoo.addons.tiktok_leadgen.models.event.tiktok_event_process")
    def test_an_attempt_that_fails_with_an_error_is_no_interrupted_one(self):
        uid = next_uid()
        self.receive(entry(uid))
        with self.cursor() as env:
            company = env["res.company"].browse(self.company_id)
            self.patch(type(env["crm.lead"]), "_tiktok_prepare_values", lambda *_args: 1 / 0)
            self.assertTrue(company.active)
        self.run_job()
        self.assertEqual(self.states(uid), ["pending"])
        with self.cursor() as env:
            self.assertFalse(env["tiktok.event.claim"]._has_claims())

    def test_replay_begins_to_count_again(self):
        uid = next_uid()
        self.receive(entry(uid))
        with self.cursor() as env:
            event = env["tiktok.event"].search([("lead_uid", "=", str(uid))])
            for _attempt in range(const.MAX_INTERRUPTED_ATTEMPTS):
                attempt = env["tiktok.event.claim"]._count_attempt(event)
                attempt.__enter__()
                self.addCleanup(attempt.gen.close)
        self.run_job()
        self.assertEqual(self.states(uid), ["failed"])
        with self.cursor() as env:
            env["tiktok.event"].search([("lead_uid", "=", str(uid))]).action_replay()
        self.run_job()
        self.assertEqual(self.states(uid), ["done"])
