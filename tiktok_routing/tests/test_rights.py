from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.tests import rights_walk

from .rights_table import TABLE


@tagged("post_install", "-at_install")
class TestRights(rights_walk.RightsWalk):
    """Who may read and write each field, and call each method."""

    addon = "tiktok_routing"
    table = TABLE

    def setUp(self):
        super().setUp()
        company = {"company_id": self.company.id}
        team = self.env["crm.team"].create({**company, "name": "Team"})
        member = {"crm_team_id": team.id, "user_id": self.people["S"].id}
        lead = self.records["crm.lead"]
        self.env["tiktok.lead.check"]._store_decision(lead, is_junk=False)
        check = self.env["tiktok.lead.check"].search([("company_id", "=", self.company.id)])[:1]
        self.records |= {
            "crm.team": team,
            "crm.team.member": self.env["crm.team.member"].create(member),
            "tiktok.lead.check": check,
            "tiktok.routing.rule": self.env["tiktok.routing.rule"].create(
                {**company, "name": "Rule", "team_id": team.id}
            ),
            "tiktok.round.robin": self.env["tiktok.round.robin"].create(
                {"team_id": team.id, "user_id": self.people["S"].id, "last_position": 1}
            ),
        }

    def test_who_may_is_what_the_table_says(self):
        self.assert_table()

    def test_no_relation_leaves_the_company(self):
        self.assert_company_unchanged()
        self.assertTrue(list(self.our_fields()))
