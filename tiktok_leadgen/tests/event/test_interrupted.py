"""What kills the process that works on it: real processes, killed by `kill -9`."""

from odoo.tests import tagged
from odoo.tools import mute_logger

from ... import const
from ...event_claims import JOB, count_attempt
from ..common import entry, next_uid
from ..worker_common import WorkerCommon

NEVER_ENDS = "Reading this never ends"


@tagged("post_install", "-at_install")
class TestInterrupted(WorkerCommon):
    """One lead that kills the process that reads it costs itself alone."""

    cron = const.CRON_XMLID
    preparation = f"""
from odoo.addons.tiktok_leadgen import const
from odoo.addons.tiktok_leadgen.models.event import tiktok_event
const.LINGER_SECONDS = 0
read = tiktok_event.tiktok_lead.parse_lead
def read_or_hang(raw):
    while {NEVER_ENDS!r} in raw:
        hang("reading")
    return read(raw)
tiktok_event.tiktok_lead.parse_lead = read_or_hang
"""

    def setUp(self):
        super().setUp()
        self.company_id = self.commit_company("Interrupted ACME")

    def receive(self, *entries):
        with self.cursor() as env:
            self.deliver(env, self.company_id, *entries)

    def states(self, *uids):
        with self.cursor() as env:
            events = env["tiktok.event"].search([("lead_uid", "in", [str(uid) for uid in uids])])
            by_uid = {event.lead_uid: event.state for event in events}
            return [by_uid[str(uid)] for uid in uids]

    def test_the_leads_behind_a_lead_that_kills_are_made_and_it_ends_failed(self):
        before, (killer,), behind, later = ([next_uid() for _ in range(n)] for n in (3, 1, 3, 3))
        killing = entry(killer, answers={"name": NEVER_ENDS})
        self.receive(*map(entry, before), killing, *map(entry, behind))
        self.run_killed("reading")
        self.assertEqual(set(self.states(*before, killer, *behind)), {"pending"})
        self.receive(*map(entry, later))
        self.run_killed("reading")
        self.assertEqual(set(self.states(*later)), {"done"})  # what is new comes first
        self.assertEqual(set(self.states(*before)), {"done"})
        self.run_killed("reading")
        self.assertEqual(set(self.states(*behind)), {"done"})
        self.assertEqual(self.states(killer), ["pending"])
        self.run_finished()
        with self.cursor() as env:
            event = env["tiktok.event"].search([("lead_uid", "=", str(killer))])
            self.assertEqual((event.state, event.reason), ("failed", "interrupted"))
            self.assertEqual(event.attempt_count, const.MAX_INTERRUPTED_ATTEMPTS)
            self.assertIn("attempts: 3", event.error)
            self.assertEqual(event.error, event.history.partition("UTC: ")[2])
            self.assertFalse(env["tiktok.job.attempt"]._find_interrupted(JOB))
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
            attempt = count_attempt(events)
            attempt.__enter__()  # and its process died
            self.addCleanup(attempt.gen.close)
        self.run_job()
        self.assertEqual(set(self.states(*uids)), {"done"})
        with self.cursor() as env:
            events = env["tiktok.event"].search([("company_id", "=", self.company_id)])
            self.assertEqual(set(events.mapped("attempt_count")), {2})
            self.assertFalse(env["tiktok.job.attempt"]._find_interrupted(JOB))

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
            self.assertFalse(env["tiktok.job.attempt"]._find_interrupted(JOB))

    def test_replay_begins_to_count_again(self):
        uid = next_uid()
        self.receive(entry(uid))
        with self.cursor() as env:
            event = env["tiktok.event"].search([("lead_uid", "=", str(uid))])
            for _attempt in range(const.MAX_INTERRUPTED_ATTEMPTS):
                attempt = count_attempt(event)
                attempt.__enter__()
                self.addCleanup(attempt.gen.close)
        self.run_job()
        self.assertEqual(self.states(uid), ["failed"])
        with self.cursor() as env:
            env["tiktok.event"].search([("lead_uid", "=", str(uid))]).action_replay()
        self.run_job()
        self.assertEqual(self.states(uid), ["done"])
