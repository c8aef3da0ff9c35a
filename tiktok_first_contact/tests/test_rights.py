from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.tests import rights_walk

from .rights_table import TABLE


@tagged("post_install", "-at_install")
class TestRights(rights_walk.RightsWalk):
    """Who may read and write each field, and call each method."""

    addon = "tiktok_first_contact"
    table = TABLE

    def setUp(self):
        super().setUp()
        lead = self.records["crm.lead"]
        shared = {"lead_id": lead.id, "company_id": self.company.id}
        now = "2026-01-01 10:00:00"
        user = {"user_id": self.people["S"].id}
        self.records |= {
            "tiktok.contact.attempt": self.env["tiktok.contact.attempt"].create(
                {**shared, **user, "channel": "call", "started_at": now}
            ),
            "tiktok.first.message": self.env["tiktok.first.message"].create(
                {**shared, "channel": "email", "due_at": now}
            ),
            "tiktok.lead.alert": self.env["tiktok.lead.alert"].create(
                {**shared, **user, "kind": "escalated", "due_at": now}
            ),
        }

    def test_who_may_is_what_the_table_says(self):
        self.assert_table()

    def test_no_relation_leaves_the_company(self):
        self.assert_company_unchanged()
        self.assertTrue(list(self.our_fields()))
