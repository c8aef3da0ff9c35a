"""Imports of the files that people download in TikTok's Leads Center."""

import io
import json
import zipfile
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ... import const, lead_import_check
from ...tiktok.lead_file import FILE_REASONS
from ...tiktok.lead_table import ROW_REASONS
from ..common import entry, next_uid
from ..import_common import PAGE, FileImportCase, make_csv, make_row


@tagged("post_install", "-at_install")
class TestFileImport(FileImportCase):
    """From the file to the leads."""

    def test_check_shows_what_is_in_the_file(self):
        uids = [next_uid() for _ in range(3)]
        self.receive(entry(uids[0]))
        self.process()
        run = self.upload(make_csv(*map(make_row, uids), make_row("7.5E+18"), make_row(uids[2])))
        self.assertEqual((run.state, run.name), ("draft", "leads.csv"))
        run.action_check()
        self.assertEqual(run.state, "checked")
        self.assertEqual(self.counts(run), [5, 2, 2, 1])
        self.assertEqual((run.line_ids.row, run.line_ids.file), (5, "leads.csv"))
        self.assertIn("Import the CSV as downloaded", run.line_ids.reason)
        self.assertFalse(self.lead(uids[1]))
        (file,) = run.report
        self.assertEqual(file["forms"], [["Quote form", 5]])
        columns = {column["label"]: column for column in file["columns"]}
        self.assertEqual(columns["lead_id"]["target"], "TikTok lead ID")
        self.assertEqual(columns["lead_id"]["answer"], str(uids[0]))
        self.assertIn("2026", columns["created_time"]["answer"])
        self.assertEqual(columns["Phone number"]["target"], "Phone")
        self.assertEqual(columns["Phone number"]["result"], "+34600111222")
        self.assertEqual(columns["Availability"]["target"], "Keep as answer only")
        self.assertEqual(file["leads"][0]["name"], "Ana Ruiz")
        self.assertIn("Quote form", run.report_html)
        self.assertFalse(self.env["tiktok.form"].search([("page_uid", "=", PAGE)]))  # yet

    def test_check_shows_the_mapping_of_the_form(self):
        self.receive(entry(page_id=int(PAGE), answers={"Availability": "Tue", "email": "a@b.c"}))
        self.process()
        form = self.env["tiktok.form"].search([("page_uid", "=", PAGE)])
        question = form.question_ids.filtered(lambda each: each.name == "Availability")
        question.write({"target": "field", "field_name": "expected_revenue"})
        run = self.upload(make_csv(make_row(next_uid())))
        run.action_check()
        column = {each["label"]: each for each in run.report[0]["columns"]}["Availability"]
        self.assertEqual(column["target"], "Expected Revenue")
        self.assertEqual((column["answer"], column["result"]), ("Mon", ""))
        self.assertTrue(column["problem"])

    def test_import_makes_the_leads_of_the_webhook(self):
        uid, other = next_uid(), next_uid()
        run = self.import_files(make_csv(make_row(uid), make_row(other, email="eva@example.com")))
        self.assertEqual((run.state, self.counts(run)), ("done", [2, 2, 0, 0]))
        lead, event = self.lead(uid), self.event(uid)
        self.assertEqual((event.state, event.source), ("done", "import"))
        self.assertEqual(event.import_id, run.with_env(self.env))
        self.assertEqual(lead.tiktok_event_id, event)
        self.assertEqual((lead.contact_name, lead.phone), ("Ana Ruiz", "+34600111222"))
        self.assertEqual(lead.source_id.name, "TikTok")
        self.assertEqual(lead.campaign_id.name, "Autumn")
        self.assertEqual(str(lead.tiktok_submitted_at), "2026-11-20 10:20:35")
        self.assertEqual(lead.tiktok_form_id.name, "Quote form")
        self.assertIn("Availability: Mon", lead.tiktok_answers)
        self.assertEqual(lead.company_id, self.company)

    def test_ad_account_of_the_form_is_added(self):
        self.env["tiktok.form"].create(
            {"name": "Quote", "page_uid": PAGE, "company_id": self.company.id}
        ).advertiser_uid = "716"
        uid = next_uid()
        self.import_files(make_csv(make_row(uid)))
        self.assertEqual(self.lead(uid).tiktok_advertiser_uid, "716")

    def test_twice_is_once(self):
        uids = [next_uid() for _ in range(3)]
        content = make_csv(*map(make_row, uids))
        self.import_files(content, content)
        run = self.import_files(content)
        self.assertEqual(self.counts(run), [3, 0, 3, 0])
        self.assertEqual([len(self.lead(uid)) for uid in uids], [1, 1, 1])
        self.assertEqual([len(self.event(uid)) for uid in uids], [1, 1, 1])

    def test_rows_without_an_id_are_known_again(self):
        content = make_csv(make_row(""), make_row("", email="eva@example.com"))
        first = self.import_files(content)
        again = self.import_files(content)
        self.assertEqual((self.counts(first), self.counts(again)), ([2, 2, 0, 0], [2, 0, 2, 0]))
        self.assertEqual(first.report[0]["without_id"], 2)
        leads = self.leads.search([("email_from", "=", "eva@example.com")])
        self.assertEqual(len(leads), 1)
        self.assertTrue(leads.tiktok_lead_uid.startswith("fp-"))

    def test_a_later_webhook_recognizes_the_lead(self):
        uid = next_uid()
        self.import_files(make_csv(make_row(uid)))
        content = entry(uid, answers={"name": "Ana Ruiz", "email": "ana@example.com", "city": "X"})
        self.receive(content)
        self.process()
        self.assertEqual(len(self.lead(uid)), 1)
        self.assertEqual(self.lead(uid).city, "X")
        self.assertEqual(set(self.event(uid).mapped("state")), {"done"})

    def test_a_lead_of_the_webhook_is_known(self):
        lead = self.make()
        run = self.import_files(make_csv(make_row(lead.tiktok_lead_uid)))
        self.assertEqual(self.counts(run), [1, 0, 1, 0])

    def test_a_lead_that_a_user_imported_is_completed(self):
        uid = str(next_uid())
        leads = self.env["crm.lead"].with_user(self.manager).with_company(self.company)
        (lead_id,) = leads.load(["name", "tiktok_lead_uid"], [["Ana", uid]])["ids"]
        run = self.import_files(make_csv(make_row(uid)))
        self.assertEqual(self.counts(run), [1, 0, 1, 0])
        lead = self.lead(uid)
        self.assertEqual((lead.id, lead.campaign_id.name), (lead_id, "Autumn"))

    def test_zip_xlsx_and_dialects(self):
        uids = [next_uid() for _ in range(3)]
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("eu.csv", make_csv(make_row(uids[0])))
            archive.writestr("us.csv", make_csv(make_row(uids[1]), delimiter=";"))
        other = make_csv(make_row(uids[2]), delimiter="\t", encoding="utf-16")
        run = self.import_files(buffer.getvalue(), other)
        self.assertEqual((run.name, self.counts(run)), ("leads.csv (+1)", [3, 3, 0, 0]))
        self.assertEqual([file["name"] for file in run.report], ["eu.csv", "us.csv", "leads.csv"])

    def test_rounded_ids_never_become_leads(self):
        first, second = "7500000000001110000", "7500000000001110000"
        rows = (make_row(first, "First"), make_row(second, "Second"), make_row("7.5E+18", "Third"))
        for cells in rows:
            run = self.upload(make_csv(cells))
            run.action_check()
            self.assertEqual(self.counts(run), [1, 0, 0, 1])
            with self.assertRaisesRegex(UserError, "nothing to import"):
                run.action_import()
        self.assertFalse(self.lead(first))

    def test_a_file_that_is_none_is_explained(self):
        run = self.upload(b"hello", b"")
        run.action_check()
        self.assertEqual(self.counts(run), [0, 0, 0, 0])
        self.assertIn("not a file of leads", run.report[0]["error"])
        self.assertIn("empty", run.report[1]["error"])

    def test_a_test_lead_is_marked(self):
        uid = next_uid()
        self.import_files(
            make_csv(make_row(uid, campaign_id="0", campaign_name="", ad_name="", adgroup_name=""))
        )
        self.assertTrue(self.lead(uid).tiktok_is_test)

    def test_a_lead_without_a_time_is_late(self):
        uid = next_uid()
        self.import_files(make_csv(make_row(uid, created_time="yesterday")))
        self.assertTrue(self.event(uid)._is_late())

    def test_refused_rows_are_listed_up_to_a_bound(self):
        self.patch(const, "IMPORT_LINES", 2)
        run = self.upload(make_csv(*[make_row("x y")] * 5))
        run.action_check()
        self.assertEqual((run.refused_count, len(run.line_ids), run.unlisted_count), (5, 2, 3))

    def test_a_failed_lead_stays_a_delivery(self):
        uid, other = next_uid(), next_uid()
        self.poison(uid)
        with self.assertLogs("odoo.addons.tiktok_leadgen", "WARNING"):
            run = self.import_files(make_csv(make_row(uid), make_row(other)))
        self.assertEqual((run.state, self.counts(run)), ("done", [2, 2, 0, 0]))
        self.assertEqual(self.event(uid).state, "pending")
        self.assertTrue(self.lead(other))

    def test_a_check_again_replaces_the_lines(self):
        run = self.upload(make_csv(make_row("x y")))
        run.action_check()
        run.action_check()
        self.assertEqual(len(run.line_ids), 1)
        run.attachment_ids = False
        self.assertEqual((run.state, run.row_count), ("draft", 0))
        self.assertFalse(run.line_ids or run.report)
        with self.assertRaisesRegex(UserError, "at least one file"):
            run.action_check()

    def test_import_of_a_draft_is_checked_first(self):
        uid = next_uid()
        run = self.upload(make_csv(make_row(uid)))
        run.action_import()
        self.assertEqual((run.state, run.row_count), ("running", 1))
        self.run_imports()
        self.assertTrue(self.lead(uid))

    def test_a_company_that_is_switched_off_imports_nothing(self):
        self.company.tiktok_leadgen_enabled = False
        run = self.upload(make_csv(make_row(next_uid())))
        with self.assertRaisesRegex(UserError, "turned off"):
            run.action_import()

    def test_old_files_are_deleted(self):
        uid = next_uid()
        run = self.import_files(make_csv(make_row(uid)))
        files = run.attachment_ids
        run.flush_recordset()
        self.imports._gc_import_files()
        self.assertTrue(files.exists())
        self.env.cr.execute(
            "UPDATE tiktok_lead_import SET write_date = now() - interval '8 days' WHERE id = %s",
            [run.id],
        )
        self.env.invalidate_all()
        self.imports._gc_import_files()
        self.assertFalse(files.exists() or run.report)
        self.assertTrue(self.lead(uid))

    def erase(self, uid):
        lead = self.lead(uid).sudo()
        lead.env["tiktok.privacy"]._erase_leads(lead)

    def test_erasing_a_person_deletes_the_files_that_may_name_them(self):
        uid = next_uid()
        done = self.import_files(make_csv(make_row(uid)))
        checked = self.upload(make_csv(make_row(uid)))
        checked.action_check()
        theirs = self.upload(make_csv(make_row(uid)))
        theirs.sudo().company_id = self.other_company
        files = done.attachment_ids + checked.attachment_ids
        self.erase(uid)
        self.assertFalse(files.exists() or done.report or checked.report)
        self.assertEqual((done.state, checked.state), ("done", "draft"))
        self.assertIn("Upload them again", checked.status_text)
        self.assertFalse(done.error)
        self.assertTrue(theirs.sudo().attachment_ids.exists())

    def test_an_import_in_progress_keeps_its_files_until_it_ends(self):
        uid, other = next_uid(), next_uid()
        self.receive(entry(uid))
        self.process()
        run = self.upload(make_csv(make_row(uid), make_row(other)))
        run.action_import()
        self.erase(uid)
        self.assertTrue(run.attachment_ids.exists())
        self.run_imports()
        self.assertEqual(run.state, "done")
        self.assertFalse(run.attachment_ids or run.report)
        self.assertTrue(self.lead(other))
        self.assertFalse(self.lead(uid).contact_name)

    def test_a_file_in_the_database_is_imported(self):
        self.env["ir.config_parameter"].set_param("ir_attachment.location", "db")
        uid = next_uid()
        run = self.import_files(make_csv(make_row(uid)))
        self.assertFalse(run.attachment_ids.store_fname)
        self.assertTrue(self.lead(uid))

    def test_a_preview_that_fails_stops_no_check(self):
        run = self.upload(make_csv(make_row(next_uid())))
        leads = type(self.env["crm.lead"])
        with (
            patch.object(leads, "_tiktok_prepare_batch", side_effect=ValueError("Ana Ruiz")),
            self.assertLogs("odoo.addons.tiktok_leadgen", "WARNING") as log,
        ):
            run.action_check()
        self.assertNotIn("Ana", str(log.output))
        self.assertEqual(run.new_count, 1)

    def test_reasons_have_sentences(self):
        for reason in (*FILE_REASONS, *ROW_REASONS, "unheard_of"):
            self.assertTrue(lead_import_check.format_row_reason(self.env, reason).endswith("."))
            self.assertTrue(lead_import_check.format_file_reason(self.env, reason).endswith("."))

    def test_the_item_s_raw_is_the_webhook_s_shape(self):
        uid = next_uid()
        self.import_files(make_csv(make_row(uid)))
        raw = json.loads(self.event(uid).raw)
        self.assertEqual(raw["changes"][0], {"field": "name", "value": "Ana Ruiz"})
