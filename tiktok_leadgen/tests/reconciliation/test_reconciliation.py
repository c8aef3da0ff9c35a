from lxml import etree

from odoo import fields
from odoo.tests import TransactionCase, tagged

from ... import const
from ...file_rows import count_rows
from ...models.reconciliation import tiktok_reconciliation_import as export_model
from ..common import entry
from ..reconciliation_common import TASK, FakeExports, ReconciliationCommon


@tagged("post_install", "-at_install")
class TestReconciliation(ReconciliationCommon, TransactionCase):
    """What TikTok has and what is here."""

    def test_seven_of_fourteen_deliveries_lost(self):
        leads = self.tiktok.submit(14)
        self.receive(*leads[::2])
        self.process()
        run = self.reconcile()
        self.assertEqual(run.state, "done")
        self.assertEqual((run.row_count, run.new_count), (14, 7))
        day = self.day()
        self.assertEqual((day.tiktok_count, day.odoo_count, day.difference), (14, 14, 0))
        self.assertEqual((day.webhook_count, day.recovered_count), (7, 7))
        self.assertEqual(self.form.lead_count, 14)
        self.assertEqual(self.form.tiktok_lead_count, 14)
        self.assertIn("All 14 leads in TikTok are here", self.form.reconciliation_text)
        self.assertIn("All 14 leads in TikTok are here", self.advertiser.reconciliation_text)
        self.assertIn("All 14 leads in TikTok are here", self.company.tiktok_reconciliation_text)
        self.assertTrue(self.form.reconciled_at and self.company.tiktok_reconciliation_at)
        event = self.event(leads[1]["id"])
        self.assertEqual(
            (event.source, event.verification, event.state), ("backfill", "internal", "done")
        )

    def test_the_sentence_is_about_what_tiktok_has_and_nothing_else(self):
        """A form has leads that TikTok forgot, and tests: they are not counted."""
        (lead,) = self.tiktok.submit(1)
        old = [entry(create_time=lead["create_time"] - 200 * 86400) for _ in range(3)]
        self.receive(lead, *old)
        self.process()
        self.reconcile()
        self.assertEqual(self.form.lead_count, 4)
        self.assertEqual(self.form.reconciliation_text, "All 1 leads in TikTok are here")
        for record in (self.form, self.company):
            view = {"res.company": "tiktok_leadgen.res_company_view_form_tiktok"}
            view_id = record._name in view and self.env.ref(view[record._name]).id
            arch = etree.fromstring(record.get_view(view_id or None, "form")["arch"])
            (box,) = arch.xpath("//div[@name='reconciliation']")
            shown = {field.get("name") for field in box.iter("field")}
            self.assertNotIn("lead_count", shown)
            self.assertTrue(shown & {"reconciled_at", "tiktok_reconciliation_at"})

    def test_numbers_are_written_as_the_reader_s_language_does(self):
        self.env["res.lang"]._activate_lang("de_DE")
        days = self.env["tiktok.reconciliation.day"].with_context(lang="de_DE")
        self.assertIn("12.345", days._describe_totals(12_345, 12_345, 0, fields.Datetime.now()))

    def test_direct_messages_are_no_form_to_export(self):
        values = {"name": "Messages", "page_uid": f"messages-{self.advertiser.advertiser_uid}"}
        own = {"company_id": self.company.id, "advertiser_id": self.advertiser.id}
        self.env["tiktok.form"].sudo().create({**values, **own})
        self.tiktok.submit(1)
        run = self.reconcile()
        self.assertEqual((run.state, run.export_ids.form_id), ("done", self.form))

    def test_a_test_lead_that_was_left_over_is_a_test(self):
        (lead,) = self.tiktok.submit(1)
        self.env["tiktok.connection.test"].create(
            {"company_id": self.company.id, "state": "failed", "lead_uid": str(lead["id"])}
        )
        run = self.reconcile()
        self.assertEqual((run.row_count, run.new_count), (0, 0))
        self.assertFalse(self.lead(lead["id"]))

    def test_all_three_regions(self):
        for region in ("", "us", "eu"):
            self.tiktok.submit(2, region)
        run = self.reconcile()
        self.assertEqual((run.row_count, self.day().odoo_count), (6, 6))
        regions = {region for path, region, _asked in self.tiktok.calls if path == TASK}
        self.assertEqual(regions, {"", "us", "eu"})

    def test_few_rows_wait_and_all_are_leads_before_they_are_counted(self):
        self.patch(const, "FILE_BATCH_SIZE", 2)
        self.patch(const, "FILE_ROWS_AHEAD", 2)
        process, waiting = export_model.process_waiting, []

        def record(env):
            waiting.append(count_rows(env))
            return process(env)

        self.patch(export_model, "process_waiting", record)
        self.tiktok.submit(5)
        run = self.reconcile()
        self.assertEqual(waiting, [0, 2, 1])  # the first rows are leads already
        self.assertEqual((run.state, run.new_count, self.day().odoo_count), ("done", 5, 5))

    def test_rows_that_name_another_form_are_leads_before_the_export_ends(self):
        self.patch(const, "FILE_BATCH_SIZE", 2)
        self.patch(const, "FILE_ROWS_AHEAD", 2)
        made = self.tiktok.submit(5, page_id="7600000000000000999", page_name="Another form")
        run = self.reconcile()
        self.assertEqual((run.state, run.new_count), ("done", 5))
        uids = [str(lead["id"]) for lead in made]
        events = self.env["tiktok.event"].search([("lead_uid", "in", uids)])
        self.assertEqual(events.mapped("state"), ["done"] * 5)

    def test_who_ignores_the_region_is_counted_once(self):
        self.tiktok.ignores_region = True
        self.tiktok.submit(3)
        run = self.reconcile()
        self.assertEqual((run.row_count, run.new_count), (3, 3))
        self.assertEqual(self.day().tiktok_count, 3)
        self.assertEqual(run.export_ids.mapped("is_echo"), [False, True, True])

    def test_the_next_run_imports_nothing(self):
        self.tiktok.submit(5)
        self.reconcile()
        run = self.reconcile()
        self.assertEqual((run.row_count, run.new_count, run.more_count), (5, 0, 0))
        self.assertEqual(len(self.form.question_ids), 3)
        self.assertEqual(self.leads.search_count([("tiktok_form_id", "=", self.form.id)]), 5)

    def test_the_days_of_ninety(self):
        self.tiktok.submit(2, days_ago=89)
        self.tiktok.submit(1, days_ago=1)
        self.reconcile()
        self.assertEqual([self.day(n).tiktok_count for n in (0, 1, 89)], [0, 1, 2])
        # TikTok forgets: what it had stays written.
        self.tiktok.leads[""] = self.tiktok.leads[""][1:]
        self.reconcile()
        self.assertEqual(self.day(89).tiktok_count, 2)

    def test_what_tiktok_deleted_is_only_in_odoo(self):
        first, second = self.tiktok.submit(2)
        self.receive(first, second)
        self.process()
        self.tiktok.leads[""].remove(first)
        self.reconcile()
        day = self.day()
        self.assertEqual((day.tiktok_count, day.odoo_count, day.extra_count), (1, 1, 1))
        self.tiktok.leads[""].clear()
        self.reconcile()
        self.assertEqual((day.tiktok_count, day.extra_count, day.difference), (0, 2, 0))

    def test_a_deleted_lead_is_deleted_not_missing(self):
        leads = self.tiktok.submit(2)
        self.receive(*leads)
        self.process()
        self.lead(leads[0]["id"]).unlink()
        run = self.reconcile()
        day = self.day()
        self.assertEqual((run.new_count, day.odoo_count, day.deleted_count), (0, 1, 1))
        self.assertEqual((day.difference, day.missing_count), (1, 0))
        self.assertFalse(self.lead(leads[0]["id"]))

    def test_refused_counts_as_refused(self):
        leads = self.tiktok.submit(2)
        self.receive(leads[0], token="wrong")
        self.event(leads[0]["id"]).action_discard()
        self.company.tiktok_leadgen_enabled = False
        run = self.reconcile()
        day = self.day()
        self.assertEqual((run.new_count, day.odoo_count), (2, 0))
        self.assertEqual((day.refused_count, day.missing_count), (2, 0))
        domain = day.action_view_events()["domain"]
        self.assertEqual(
            set(self.events.search(domain).mapped("reason")), {"company_off", "discarded"}
        )

    def test_test_leads_are_not_missing_and_not_imported(self):
        self.tiktok.submit(1, campaign_id=0, campaign_name="test lead: dummy data for campaign")
        self.tiktok.submit(1)
        run = self.reconcile()
        day = self.day()
        self.assertEqual((run.new_count, run.test_count), (1, 1))
        self.assertEqual((day.tiktok_count, day.test_count, day.difference), (1, 1, 0))

    def test_a_test_that_came_by_webhook_is_no_lead_more(self):
        (test,) = self.tiktok.submit(1, campaign_id=0, campaign_name="Test lead: dummy data")
        self.receive(test)
        self.process()
        self.tiktok.submit(1)
        self.reconcile()
        day = self.day()
        self.assertEqual((day.tiktok_count, day.odoo_count, day.extra_count), (1, 1, 0))

    def test_an_unreadable_row_is_missing(self):
        self.tiktok.submit(1)
        self.tiktok.extra_lines = "7.6E+18,2026-11-01 00:00:00\r\n"
        run = self.reconcile()
        self.assertEqual((run.row_count, run.bad_count, run.new_count), (2, 1, 1))
        self.assertEqual(self.form.missing_lead_count, 1)
        self.assertIn("Missing here: 1", self.form.reconciliation_text)

    def test_a_lead_of_another_company_is_not_doubled(self):
        (lead,) = self.tiktok.submit(1)
        self.receive(lead, company=self.other_company)
        self.process()
        run = self.reconcile()
        day = self.day()
        self.assertEqual((run.new_count, day.elsewhere_count, day.missing_count), (0, 1, 0))
        self.assertFalse(self.lead(lead["id"]))

    def test_the_form_of_a_library_is_asked_for_by_the_library(self):
        self.form.library_uid = "7000000000000000001"
        self.tiktok.submit(1)
        run = self.reconcile()
        self.assertEqual(run.new_count, 1)
        for _path, _region, asked in self.tiktok.calls:
            self.assertIn("library_id", asked)
            self.assertNotIn("advertiser_id", asked)

    def test_an_empty_form(self):
        run = self.reconcile()
        self.assertEqual((run.state, run.row_count, run.progress), ("done", 0, 100))
        self.assertIn("TikTok had no leads", self.form.reconciliation_text)

    def test_an_ad_account_without_forms(self):
        self.form.advertiser_id = False
        self.assertEqual(self.reconcile().state, "done")

    def test_only_complete_reconciliations_count(self):
        self.tiktok.submit(1)
        self.tiktok.fail(TASK, *[FakeExports.envelope(40002, "No.")])
        run = self.reconcile()
        self.assertEqual(run.state, "failed")
        self.assertFalse(self.day())
        self.assertFalse(self.form.reconciled_at)

    def test_nightly(self):
        self.tiktok.submit(1)
        with self.enter_registry_test_mode():
            self.env.ref("tiktok_leadgen.ir_cron_reconcile").method_direct_trigger()
        self.work()
        self.assertEqual(self.day().tiktok_count, 1)
        run = self.runs.search([("advertiser_id", "=", self.advertiser.id)])
        self.assertTrue(run.is_first)
        self.assertFalse(self.reconcile().is_first)
