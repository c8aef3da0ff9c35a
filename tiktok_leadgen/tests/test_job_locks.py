"""What another transaction holds is left out by the jobs: real connections, real locks."""

import concurrent.futures
import contextlib
import time
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .. import const
from ..models.ads import tiktok_advertiser_sync
from ..models.ads.tiktok_watchdog import HealthResult
from .common import CommittedCommon, entry, next_uid
from .worker_common import WorkerCommon

SECONDS = 60  # a run ends long before; one that waits for the holder never does
UIDS = ("7163948356417551001", "7163948356417551002")
STUCK = "Applying this never ends"


class HeldCommon(CommittedCommon):
    """Two ad accounts of a company; one of them can be held by another transaction."""

    def setUp(self):
        super().setUp()
        self.company_id = self.commit_company("Held records")
        self.addCleanup(self.delete_records)
        with self.cursor() as env:
            values = {"company_id": self.company_id, "state": "connected", "sync_next_at": False}
            self.ad_ids = (
                env["tiktok.advertiser"]
                .create([{**values, "name": uid, "advertiser_uid": uid} for uid in UIDS])
                .ids
            )

    def delete_records(self):
        with self.cursor() as env:
            ads = env["tiktok.advertiser"].browse(self.ad_ids).exists()
            ads.state = "draft"
            ads.unlink()
            own = [("company_id", "=", self.company_id)]
            env["tiktok.mapping.run"].search(own).unlink()
            runs = env["tiktok.lead.import"].search(own)
            runs.state = "done"
            env["tiktok.event"].search([("import_id", "in", runs.ids)]).unlink()
            runs.unlink()

    @contextlib.contextmanager
    def holding(self, table, ids):
        """Hold rows in a transaction that is open as long as this is."""
        with self.registry.cursor() as cr:
            query = "SELECT id FROM %s WHERE id = ANY(%s) FOR UPDATE"
            cr.execute(SQL(query, SQL.identifier(table), list(ids)))
            yield
            cr.rollback()

    def run_in_time(self, work):
        """Call a function with an environment in a thread; it must end although rows are held."""

        def call():
            with self.cursor() as env:
                return work(env)

        threads = concurrent.futures.ThreadPoolExecutor(1)
        self.addCleanup(threads.shutdown)
        return threads.submit(call).result(timeout=SECONDS)

    def run_cron(self, xmlid):
        self.run_in_time(lambda env: env.ref(xmlid).method_direct_trigger())


@tagged("post_install", "-at_install")
class TestHeldRecords(HeldCommon):
    """A held row delays itself alone."""

    @mute_logger("odoo.sql_db")
    def test_the_watchdog_leaves_out_a_held_ad_account(self):
        self.patch(
            self.registry["tiktok.watchdog"],
            "_judge_advertiser",
            lambda _self, _advertiser: HealthResult("ok"),
        )
        with self.holding("tiktok_advertiser", self.ad_ids[:1]):
            self.run_cron(const.WATCH_CRON_XMLID)
            with self.cursor() as env:
                ads = env["tiktok.advertiser"].browse(self.ad_ids)
                self.assertEqual(ads.mapped("health"), [False, "ok"])
        self.run_cron(const.WATCH_CRON_XMLID)
        with self.cursor() as env:
            ads = env["tiktok.advertiser"].browse(self.ad_ids)
            self.assertEqual(ads.mapped("health"), ["ok", "ok"])

    def test_a_lock_for_forms_and_subscriptions_waits_a_moment_only(self):
        with self.holding("tiktok_advertiser", self.ad_ids[:1]):
            began = time.monotonic()

            def sync(advertiser):
                advertiser._lock_advertisers()

            self.patch(self.registry["tiktok.advertiser"], "_sync_with_tiktok", sync)
            self.run_cron(const.ADS_CRON_XMLID)
            self.assertLess(time.monotonic() - began, SECONDS)
        with self.cursor() as env:
            ads = env["tiktok.advertiser"].browse(self.ad_ids)
            self.assertEqual([bool(ad.sync_next_at) for ad in ads], [False, True])

    def test_a_sync_is_stored_although_other_jobs_commit_beside_its_calls(self):
        self.sync_beside_other_jobs()

    def test_a_sync_of_a_subscribed_ad_account_is_stored_although_other_jobs_commit(self):
        with self.cursor() as env:
            # As they are where no one stopped them.
            values = "wants_leads = TRUE, is_stopped = NULL"
            query = f"UPDATE tiktok_advertiser SET {values} WHERE id = ANY(%s)"  # noqa: S608
            env.cr.execute(query, [self.ad_ids])
        self.patch(self.registry["tiktok.advertiser"], "_get_required_targets", lambda _self: set())
        self.sync_beside_other_jobs()

    def sync_beside_other_jobs(self):
        """Run the sync; beside each of its calls another job changes the row."""
        advertisers = self.registry["tiktok.advertiser"]

        def commit_elsewhere(advertiser, result=None):
            """Change the row as the job of the costs does, during a call to TikTok."""
            advertiser.name  # noqa: B018 - the snapshot begins here, as in a real sync
            with self.registry.cursor() as cr:
                query = "UPDATE tiktok_advertiser SET health_tried_at = now() WHERE id = %s"
                cr.execute(query, [advertiser.id])
            return result

        def request(subscriptions, advertiser):
            return commit_elsewhere(advertiser, [])

        self.patch(advertisers, "_sync_forms", commit_elsewhere)
        self.patch(self.registry["tiktok.subscription"], "_request_classified", request)
        with patch.object(tiktok_advertiser_sync, "update_country", commit_elsewhere):
            self.run_cron(const.ADS_CRON_XMLID)
        with self.cursor() as env:
            ads = env["tiktok.advertiser"].browse(self.ad_ids)
            self.assertEqual([bool(ad.sync_next_at) for ad in ads], [True, True])
            self.assertEqual(ads.mapped("sync_error"), [False, False])

    def test_reconciliations_of_the_others_start(self):
        with self.holding("tiktok_advertiser", self.ad_ids[:1]):
            self.run_cron("tiktok_leadgen.ir_cron_reconcile")
        with self.cursor() as env:
            runs = env["tiktok.reconciliation"].search([("company_id", "=", self.company_id)])
            self.assertEqual(runs.advertiser_id.ids, self.ad_ids[1:])

    def make_leads(self, count):
        with self.cursor() as env:
            uids = [next_uid() for _ in range(count)]
            self.deliver(env, self.company_id, *(entry(uid) for uid in uids))
        with self.cursor() as env:
            env["tiktok.event"]._cron_process()
        with self.cursor() as env:
            return env["crm.lead"].search([("company_id", "=", self.company_id)], order="id").ids

    def start_mapping(self, **values):
        """Return the id of a run that changes a field of each lead."""
        with self.cursor() as env:
            form = env["tiktok.form"].search([("company_id", "=", self.company_id)], limit=1)
            return env["tiktok.mapping.run"].create({"form_id": form.id, **values}).id

    def patch_mapping(self):
        def apply(changes, run, leads):
            leads.referred = "mapped"
            changes.create([{"run_id": run.id, "lead_id": lead.id} for lead in leads])
            return len(leads), 0

        changes = self.registry["tiktok.mapping.change"]
        self.patch(changes, "_apply_mapping", apply)
        self.patch(changes, "_undo_lead_changes", lambda each: each.lead_id.write({"referred": ""}))

    def get_referred(self, lead_ids):
        with self.cursor() as env:
            return [lead.referred or "" for lead in env["crm.lead"].browse(lead_ids)]

    def test_a_mapping_changes_a_held_lead_at_the_end(self):
        lead_ids = self.make_leads(3)
        run_id = self.start_mapping()
        self.patch_mapping()
        with self.holding("crm_lead", lead_ids[:1]):
            self.run_cron("tiktok_leadgen.ir_cron_apply_mapping")
            self.assertEqual(self.get_referred(lead_ids), ["", "mapped", "mapped"])
        self.run_cron("tiktok_leadgen.ir_cron_apply_mapping")
        self.assertEqual(self.get_referred(lead_ids), ["mapped"] * 3)
        with self.cursor() as env:
            run = env["tiktok.mapping.run"].browse(run_id)
            self.assertEqual((run.state, run.done_count, run.failed_count), ("done", 3, 0))
            run.state = "undoing"
        with self.holding("crm_lead", lead_ids[:1]):
            self.run_cron("tiktok_leadgen.ir_cron_apply_mapping")
            self.assertEqual(self.get_referred(lead_ids), ["mapped", "", ""])
        self.run_cron("tiktok_leadgen.ir_cron_apply_mapping")
        self.assertEqual(self.get_referred(lead_ids), ["", "", ""])
        with self.cursor() as env:
            self.assertEqual(env["tiktok.mapping.run"].browse(run_id).state, "undone")

    def test_the_undo_of_an_import_removes_a_held_lead_at_the_end(self):
        lead_ids = self.make_leads(3)
        with self.cursor() as env:
            run = env["tiktok.lead.import"].create({"company_id": self.company_id})
            events = env["tiktok.event"].search([("company_id", "=", self.company_id)])
            events.write({"import_id": run.id, "import_digest": False})
            run.state, run_id = "done", run.id
        # They were not imported: no digest tells of a change.
        retained = "odoo.addons.tiktok_leadgen.lead_import_undo.find_retained_reasons"
        patcher = patch(retained, lambda _events: {})
        patcher.start()
        self.addCleanup(patcher.stop)
        with self.holding("crm_lead", lead_ids[:1]):
            self.run_in_time(lambda env: env["tiktok.lead.import"].browse(run_id).action_undo())
            self.run_cron(const.IMPORT_CRON_XMLID)
            with self.cursor() as env:
                self.assertEqual(env["crm.lead"].browse(lead_ids).exists().ids, lead_ids[:1])
                self.assertEqual(env["tiktok.lead.import"].browse(run_id).state, "running")
        self.run_cron(const.IMPORT_CRON_XMLID)
        with self.cursor() as env:
            run = env["tiktok.lead.import"].browse(run_id)
            self.assertFalse(env["crm.lead"].browse(lead_ids).exists())
            self.assertEqual((run.state, run.undone_count), ("undone", 3))

    def test_the_cleanup_leaves_out_what_is_held(self):
        with self.cursor() as env:
            values = {"company_id": self.company_id, "state": "quarantined", "kind": "lead"}
            rows = [{**values, "dedup_key": f"q:held:{number}"} for number in range(3)]
            events = env["tiktok.event"].create(rows)
            events.received_at = "2020-01-01 00:00:00"
            event_ids = events.ids
        with self.holding("tiktok_event", event_ids[:1]):
            done, left = self.run_in_time(lambda env: env["tiktok.event"]._gc_unverified())
        self.assertFalse(left)
        self.assertGreaterEqual(done, 2)
        with self.cursor() as env:
            self.assertEqual(env["tiktok.event"].browse(event_ids).exists().ids, event_ids[:1])


@tagged("post_install", "-at_install")
class TestKilledCheck(WorkerCommon, HeldCommon):
    """An ad account whose check kills its process: real processes, killed by `kill -9`."""

    cron = const.WATCH_CRON_XMLID
    preparation = f"""
from odoo.addons.tiktok_leadgen.models.ads.tiktok_watchdog import HealthResult
def judge(_watchdog, advertiser):
    if advertiser.advertiser_uid == {UIDS[0]!r}:
        hang("checking")
    return HealthResult("ok")
registry["tiktok.watchdog"]._judge_advertiser = judge
"""

    def test_the_other_ad_account_is_checked_and_the_killing_one_says_so(self):
        for _again in range(const.MAX_INTERRUPTED_ATTEMPTS):
            self.run_killed("checking")
        with self.cursor() as env:
            ads = env["tiktok.advertiser"].browse(self.ad_ids)
            self.assertEqual(ads.mapped("health"), [False, "ok"])
        self.run_finished()
        with self.cursor() as env:
            killing = env["tiktok.advertiser"].browse(self.ad_ids[0])
            self.assertEqual(killing.health, "unchecked")
            self.assertIn("Odoo stopped each time", killing.health_reason)


@tagged("post_install", "-at_install")
class TestKilledMapping(WorkerCommon, HeldCommon):
    """A lead whose mapping kills the process is left out, the others are changed."""

    cron = "tiktok_leadgen.ir_cron_apply_mapping"
    preparation = f"""
def apply(_changes, _run, leads):
    if {STUCK!r} in leads.mapped("contact_name"):
        hang("applying")
    leads.referred = "mapped"
    return len(leads), 0
registry["tiktok.mapping.change"]._apply_mapping = apply
"""

    def test_the_other_leads_are_changed(self):
        with self.cursor() as env:
            names = ("One", STUCK, "Three")
            entries = [entry(next_uid(), answers={"name": name}) for name in names]
            other = entry(next_uid(), page_id=77, page_name="Other form")
            self.deliver(env, self.company_id, *entries, other)
        with self.cursor() as env:
            env["tiktok.event"]._cron_process()
        with self.cursor() as env:
            forms = env["tiktok.form"].search([("company_id", "=", self.company_id)], order="id")
            runs = env["tiktok.mapping.run"].create([{"form_id": form.id} for form in forms])
            run_ids = runs.ids
        self.run_killed("applying")  # all leads of the form at a time
        self.run_killed("applying")  # the second one, after the other form and the first lead
        with self.cursor() as env:
            runs = env["tiktok.mapping.run"].browse(run_ids)
            self.assertEqual(runs.mapped("state"), ["running", "done"])
            env.cr.execute(
                "UPDATE tiktok_job_attempt SET attempts = %s WHERE job = %s AND record_id = %s",
                [const.MAX_INTERRUPTED_ATTEMPTS, runs._name, run_ids[0]],
            )
        self.run_finished()
        with self.cursor() as env:
            run = env["tiktok.mapping.run"].browse(run_ids[0])
            self.assertEqual((run.state, run.done_count, run.failed_count), ("done", 3, 1))
            leads = env["crm.lead"].search([("tiktok_form_id", "=", run.form_id.id)], order="id")
            self.assertEqual(leads.mapped("referred"), ["mapped", False, "mapped"])
