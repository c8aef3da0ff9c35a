from odoo.tests import tagged

from ..common import TiktokCommon, entry, next_uid


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
