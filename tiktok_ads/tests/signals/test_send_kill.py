import collections
import pathlib
import tempfile

from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.tests.worker_common import WorkerCommon

# TikTok's side of a worker: what it received is in a file, as far as the worker lived.
PREPARATION = """
from odoo.addons.tiktok_ads.tiktok import crm_event
crm_event.MAX_EVENTS = 2
requests = []
def stop_at(moment):
    if (moment, len(requests)) == {stop!r}:
        hang("amid")
def send_events(_client, _uid, _source, events, _test_code=""):
    requests.append(events)
    stop_at("before TikTok")
    with open({path!r}, "a") as file:
        file.writelines(event.event_uid + "\\n" for event in events)
    stop_at("after TikTok")
crm_event.send_events = send_events
queue = registry["tiktok.crm.event"]
mark_sent = queue._mark_sent
def mark_and_stop(self, is_test):
    mark_sent(self, is_test)
    self.env.flush_all()
    stop_at("after the mark")
queue._mark_sent = mark_and_stop
registry["tiktok.event.set"]._get_event_client = lambda self: None
"""
MOMENTS = ("before TikTok", "after TikTok", "after the mark")
LEADS = 5


@tagged("post_install", "-at_install")
class TestSendKill(WorkerCommon):
    """`kill -9` anywhere while events are sent: none is lost, TikTok counts each once."""

    cron = "tiktok_ads.ir_cron_send_crm_events"

    def setUp(self):
        super().setUp()
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.path = pathlib.Path(folder, "received")
        self.path.touch()
        company_id = self.commit_company("Killed events")
        with self.cursor() as env:
            self.assertFalse(env["tiktok.crm.event"].search([("state", "=", "pending")]))
            values = {"name": "Killed", "event_set_uid": "7600000000000000799"}
            event_set = env["tiktok.event.set"].create({**values, "company_id": company_id})
            rule = {"event_set_id": event_set.id, "on_won": True, "event_name": "Converted"}
            env["tiktok.crm.event.rule"].create(rule)
            self.event_set_id = event_set.id
            self.lead_ids = (
                env["crm.lead"]
                .create(
                    [
                        {
                            "name": f"Lead {number}",
                            "type": "opportunity",
                            "company_id": company_id,
                            "tiktok_lead_uid": str(7600000000000009000 + number),
                        }
                        for number in range(LEADS)
                    ]
                )
                .ids
            )
        self.addCleanup(self.delete_events)

    def delete_events(self):
        """Delete what was committed."""
        with self.cursor() as env:
            env["tiktok.crm.event"].search([("event_set_id", "=", self.event_set_id)]).unlink()
            env["tiktok.event.set"].browse(self.event_set_id).unlink()

    def win_all(self):
        """Win the leads, each in a transaction of its own."""
        for lead_id in self.lead_ids:
            with self.cursor() as env:
                env["crm.lead"].browse(lead_id).action_set_won()

    def make_due(self):
        """Let the time of the next attempt come."""
        with self.cursor() as env:
            env["tiktok.event.set"].browse(self.event_set_id).next_try_at = False

    def read_states(self):
        """Return how many events are in each state.

        :rtype: collections.Counter
        """
        with self.cursor() as env:
            events = env["tiktok.crm.event"].search([("event_set_id", "=", self.event_set_id)])
            return collections.Counter(events.mapped("state"))

    def test_killed_anywhere_none_is_lost_and_none_counts_twice(self):
        self.win_all()
        self.assertEqual(self.read_states(), {"pending": LEADS})
        received = 0
        for moment in MOMENTS:
            with self.subTest(moment=moment):
                self.preparation = PREPARATION.format(stop=(moment, 1), path=str(self.path))
                self.run_killed("amid")
                self.assertEqual(self.read_states(), {"pending": LEADS})
                received += 0 if moment == "before TikTok" else 2
                self.assertEqual(len(self.path.read_text().split()), received)
        self.preparation = PREPARATION.format(stop=None, path=str(self.path))
        for _run in range(LEADS):  # the first one only finds that others were killed
            self.run_finished()
            self.make_due()
        self.assertEqual(self.read_states(), {"sent": LEADS})
        copies = collections.Counter(self.path.read_text().split())
        self.assertEqual(len(copies), LEADS)  # one ID each, by which TikTok counts once
        self.assertEqual(max(copies.values()), 3)  # two kills after TikTok had them
        self.win_all()
        self.assertEqual(self.read_states(), {"sent": LEADS})
