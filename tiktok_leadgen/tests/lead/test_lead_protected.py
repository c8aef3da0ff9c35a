from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..common import TiktokCommon, next_uid

# What a program would forge: an id that keeps the real lead out, answers, and figures.
FORGED = {
    "tiktok_event_id": False,
    "tiktok_form_id": False,
    "tiktok_answers": "Budget: 1,000,000",
    "tiktok_consent": "Yes",
    "tiktok_campaign_name": "Mine",
    "tiktok_submitted_at": "2026-01-01 00:00:00",
    "tiktok_received_at": "2026-01-01 00:00:00",
    "tiktok_assigned_at": "2026-01-01 00:00:00",
    "tiktok_first_contact_at": "2026-01-01 00:00:01",
    "tiktok_response_seconds": 1,
    "tiktok_is_test": True,
}


@tagged("post_install", "-at_install")
class TestLeadProtected(TiktokCommon):
    """What TikTok said of a lead and what Odoo measured on it can't be forged."""

    def setUp(self):
        super().setUp()
        self.mine = self.make()
        self.mine.user_id = self.salesman
        self.own = self.mine.with_user(self.salesman)
        self.forged = {**FORGED, "tiktok_lead_uid": str(next_uid())}

    def refuse_each(self, attempt):
        """Check that an attempt is refused for each field, and leaves nothing."""
        for name, value in self.forged.items():
            before = self.mine[name]
            with self.subTest(field=name), self.assertRaises(AccessError):
                attempt({name: value})
            self.assertEqual(self.mine[name], before)

    def test_no_salesperson_writes_it(self):
        self.refuse_each(self.own.write)

    def test_no_salesperson_saves_it(self):
        self.refuse_each(lambda values: self.own.web_save(values, {}))

    def test_no_salesperson_creates_it(self):
        self.refuse_each(lambda values: self.own.create({"name": "Forged", **values}))

    def test_no_salesperson_creates_it_by_the_context(self):
        def create(values):
            context = {f"default_{name}": value for name, value in values.items()}
            self.own.with_context(**context).create({"name": "Forged"})

        self.refuse_each(create)

    def test_no_salesperson_copies_it(self):
        self.refuse_each(self.own.copy)

    def test_no_salesperson_imports_it(self):
        for name in self.forged:
            with self.subTest(field=name):
                value = "1" if name == "tiktok_is_test" else str(self.forged[name])
                column = f"{name}/.id" if name.endswith("_id") else name
                found = self.own.load(["name", column], [["Forged", value or str(self.mine.id)]])
                self.assertFalse(found["ids"])
                self.assertTrue(found["messages"])

    def test_the_form_shows_it_as_read_only(self):
        described = self.own.fields_get([*self.forged], ["readonly"])
        self.assertTrue(all(field["readonly"] for field in described.values()))

    def test_a_sales_manager_may_write_an_id_and_nothing_else(self):
        lead = self.mine.with_user(self.manager)
        uid = self.forged.pop("tiktok_lead_uid")
        self.refuse_each(lead.write)
        lead.tiktok_lead_uid = uid
        self.assertEqual(self.mine.tiktok_lead_uid, uid)

    def test_a_copy_is_no_lead_of_tiktok(self):
        copy = self.own.copy()
        self.assertEqual(copy.contact_name, self.mine.contact_name)
        for name in ("tiktok_lead_uid", "tiktok_answers", "tiktok_form_id", "tiktok_received_at"):
            self.assertFalse(copy[name])

    def test_a_salesperson_merges_leads_of_tiktok(self):
        other = self.make(answers={"name": "Eva", "email": "eva@example.com"})
        other.user_id = self.salesman
        self.env.flush_all()
        plain = self.env["crm.lead"].create({"name": "Manual", "user_id": self.salesman.id})
        uids = {self.mine.tiktok_lead_uid, other.tiktok_lead_uid}
        merged = (plain + self.mine + other).with_user(self.salesman).merge_opportunity()
        self.assertIn(merged.tiktok_lead_uid, uids)
        self.assertTrue(merged.tiktok_answers)
        self.assertTrue(merged.tiktok_form_id and merged.tiktok_received_at)
        self.assertEqual(len(merged.sudo().tiktok_event_ids), 2)

    def test_a_salesperson_works_on_a_lead_as_ever(self):
        self.salesman.group_ids += self.env.ref("crm.group_use_lead")
        self.mine.type = "lead"
        team = self.env["crm.team"].create({"name": "Second", "company_id": self.company.id})
        self.own.team_id = team
        self.own.convert_opportunity(False)
        self.assertEqual(self.own.type, "opportunity")
        with Form(self.own) as form:
            form.name = "A new sofa"
        stage = self.env["crm.stage"].search([("id", "!=", self.own.stage_id.id)], limit=1)
        self.own.stage_id = stage
        self.assertTrue(self.mine.tiktok_first_contact_at)
        self.own.user_id = self.manager
        self.assertTrue(self.mine.tiktok_last_assigned_at)

    def test_an_import_without_an_id_is_everyones(self):
        found = self.own.load(["name", "city"], [["Eva", "Quito"]])
        self.assertEqual(self.leads.browse(found["ids"]).city, "Quito")

    def test_the_check_costs_no_query(self):
        values = {"name": "A new sofa", "city": "Quito", "priority": "2"}

        def count():
            self.env.flush_all()
            before = self.cr.sql_log_count
            self.own.write(values)
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count()  # fills caches
        checked = count()
        with patch.object(type(self.leads), "_is_protected_field", lambda _self, _field: False):
            self.assertEqual(count(), checked)
