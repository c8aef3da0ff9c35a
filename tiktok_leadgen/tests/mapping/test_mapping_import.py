from odoo.tests import tagged

from ..common import TiktokCommon, entry, next_uid
from ..import_common import make_csv, make_row


@tagged("post_install", "-at_install")
class TestMappingImport(TiktokCommon):
    """A file of leads that a user imports into the CRM."""

    def load(self, *rows):
        leads = self.env["crm.lead"].with_user(self.manager)
        return leads.load(["name", "tiktok_lead_uid", "city"], [list(row) for row in rows])

    def test_known_lead_is_updated_not_duplicated(self):
        lead = self.make()
        new = str(next_uid())
        found = self.load(("Ana", lead.tiktok_lead_uid, "Lima"), ("Eva", new, "Quito"))
        self.assertFalse(found["messages"])
        self.assertEqual(found["ids"][0], lead.id)
        self.assertEqual(lead.city, "Lima")
        made = self.leads.browse(found["ids"][1])
        self.assertEqual((made.name, made.tiktok_lead_uid), ("Eva", new))

    def test_imported_lead_is_counted_from_its_import(self):
        (lead_id,) = self.load(("Ana", str(next_uid()), "Lima"))["ids"]
        lead = self.leads.browse(lead_id)
        self.assertTrue(lead.tiktok_received_at)

    def test_merged_lead_is_not_changed(self):
        self.company.tiktok_repeat_policy = "note"
        answers = {"name": "Ana", "email": "ana@example.com"}
        lead = self.make(answers=answers)
        again = entry(answers=answers)
        self.receive(again)
        self.process()
        self.assertEqual(self.event(again["id"]).lead_id, lead)
        found = self.load(("Eva", str(again["id"]), "Lima"))
        self.assertFalse(found["ids"])
        self.assertIn("was merged into the lead", found["messages"][0]["message"])
        self.assertNotEqual(lead.city, "Lima")

    def test_imported_lead_is_not_created_again_by_webhook(self):
        content = entry()
        (lead_id,) = self.load(("Ana", str(content["id"]), "Lima"))["ids"]
        self.leads.browse(lead_id).company_id = self.company
        self.receive(content)
        self.process()
        self.assertEqual(self.lead(content["id"]).id, lead_id)
        self.assertEqual(self.event(content["id"]).reason, "repeated")

    def test_lead_twice_in_file_is_reported(self):
        uid = str(next_uid())
        found = self.load(("Ana", uid, "Lima"), ("Ana", uid, "Quito"))
        self.assertFalse(found["ids"])
        self.assertIn("twice, in rows 1 and 2", found["messages"][0]["message"])

    def test_rows_without_id_and_other_files_are_imported_as_usual(self):
        found = self.load(("Ana", "", "Lima"), ("Eva", False, "Lima"))
        self.assertEqual(len(found["ids"]), 2)
        found = self.env["crm.lead"].with_user(self.manager).load(["name"], [["Ana"]])
        self.assertEqual(len(found["ids"]), 1)

    def test_import_offers_lead_id(self):
        tree = self.env["base_import.import"].get_fields_tree("crm.lead")
        self.assertIn("tiktok_lead_uid", [field["name"] for field in tree])

    def test_guards_are_removed(self):
        uid = next_uid()
        (lead_id,) = self.load(("Ana", f'="{uid}"', "Lima"))["ids"]
        self.assertEqual(self.leads.browse(lead_id).tiktok_lead_uid, str(uid))
        again = self.load(("'=Ana", f"'{uid}", "Quito"))
        self.assertEqual(again["ids"], [lead_id])
        lead = self.leads.browse(lead_id)
        self.assertEqual((lead.name, lead.city), ("=Ana", "Quito"))

    def test_rounded_ids_are_refused(self):
        true = str(next_uid())
        for uid in ("7.5E+18", "7,5E+18", "7500000000001110000"):
            found = self.load(("Ana", uid, "Lima"))
            self.assertFalse(found["ids"])
            self.assertIn("Import the CSV as downloaded", found["messages"][0]["message"])
        found = self.load(("Ana", true, "Lima"), ("Eva", "7.5E+18", "Lima"))
        self.assertFalse(found["ids"])
        self.assertEqual([each["record"] for each in found["messages"]], [1])
        self.assertFalse(self.lead(true))

    def test_imported_lead_belongs_to_the_company(self):
        uid = next_uid()
        self.load(("Ana", str(uid), "Lima"))
        self.receive(entry(uid))
        self.process()
        self.assertEqual(len(self.leads.search([("tiktok_lead_uid", "=", str(uid))])), 1)


@tagged("post_install", "-at_install")
class TestOdooImport(TiktokCommon):
    """A file of TikTok's in Odoo's own import of leads."""

    options = {"has_headers": True, "quoting": '"', "separator": ",", "encoding": "utf-8"}

    def open_file(self, content):
        imports = self.env["base_import.import"].with_user(self.manager)
        return imports.with_company(self.company).create(
            {
                "res_model": "crm.lead",
                "file": content,
                "file_name": "leads.csv",
                "file_type": "text/csv",
            }
        )

    def suggest(self, wizard):
        preview = wizard.parse_preview(dict(self.options))
        matches = {preview["headers"][number]: path for number, path in preview["matches"].items()}
        return preview["headers"], matches

    def import_suggested(self, content, dryrun=False):
        wizard = self.open_file(content)
        headers, matches = self.suggest(wizard)
        names = [(matches.get(header) or [False])[0] for header in headers]
        return wizard.execute_import(names, headers, dict(self.options), dryrun)

    def test_columns_are_suggested(self):
        _headers, matches = self.suggest(self.open_file(make_csv(make_row(next_uid()))))
        self.assertEqual(
            matches,
            {
                "lead_id": ["tiktok_lead_uid"],
                "Name": ["name"],
                "Phone number": ["phone"],
                "Email": ["email_from"],
            },
        )

    def test_another_file_is_suggested_as_before(self):
        _headers, matches = self.suggest(self.open_file(b"Email,City\na@b.c,Lima\n"))
        self.assertEqual(matches, {"Email": ["email_from"], "City": ["city"]})

    def test_leads_look_like_those_of_the_webhook(self):
        one, two = next_uid(), next_uid()
        rows = make_row(one, "Somchai Dee", "so@example.com"), make_row(two)
        found = self.import_suggested(make_csv(*rows))
        self.assertFalse(found["messages"])
        lead = self.lead(two)
        self.assertEqual((lead.name, lead.contact_name), ("Ana Ruiz", "Ana Ruiz"))
        self.assertEqual(lead.source_id.name, "TikTok")
        self.assertEqual(str(lead.tiktok_submitted_at), "2026-11-20 10:20:35")
        self.assertEqual(lead.campaign_id.name, "Autumn")
        self.assertIn("Availability: Mon", lead.tiktok_answers)
        self.receive(entry(one, answers={"name": "Somchai Dee", "email": "so@example.com"}))
        self.process()
        emails = ["so@example.com", "ana@example.com"]
        self.assertEqual(self.leads.search_count([("email_from", "in", emails)]), 2)

    def test_a_test_of_the_import_creates_nothing(self):
        uid = next_uid()
        found = self.import_suggested(make_csv(make_row(uid)), dryrun=True)
        self.assertTrue(found["ids"])
        self.assertFalse(self.lead(uid) or self.event(uid))

    def test_rounded_file_is_refused(self):
        for uid in ("7500000000001110000", "7.5E+18"):
            found = self.import_suggested(make_csv(make_row(uid, "Third")))
            self.assertFalse(found["ids"])
            self.assertIn("spreadsheet", found["messages"][0]["message"])
        self.assertFalse(self.leads.search([("contact_name", "=", "Third")]))
