from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.tests import rights_walk

from .rights_table import TABLE


@tagged("post_install", "-at_install")
class TestRights(rights_walk.RightsWalk):
    """Who may read and write each field, and call each method."""

    addon = "tiktok_ads"
    table = TABLE

    def setUp(self):
        super().setUp()
        company = {"company_id": self.company.id}
        event_set = self.env["tiktok.event.set"].create({**company, "name": "Leads"})
        advertiser = self.env["tiktok.advertiser"].create(
            {**company, "name": "ACME", "advertiser_uid": "7"}
        )
        rule = {"event_set_id": event_set.id, "on_won": True, "event_name": "Converted"}
        audience = {**company, "name": "Won", "advertiser_id": advertiser.id}
        self.records |= {
            "tiktok.advertiser": advertiser,
            "tiktok.event.set": event_set,
            "tiktok.crm.event.rule": self.env["tiktok.crm.event.rule"].create(rule),
            "tiktok.audience": self.env["tiktok.audience"].create(audience),
        }

    def test_who_may_is_what_the_table_says(self):
        self.assert_table()

    def test_no_relation_leaves_the_company(self):
        self.assert_company_unchanged()
        self.assertTrue(list(self.our_fields()))
