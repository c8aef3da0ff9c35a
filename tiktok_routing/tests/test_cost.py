from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.tests.common_cost import CostCommon


@tagged("post_install", "-at_install")
class TestCost(CostCommon):
    """A lead that is not from TikTok costs as much as without this addon."""

    addon = "tiktok_routing"

    def test_plain_leads_cost_as_without_the_addon(self):
        self.env["tiktok.routing.rule"].create({"name": "All", "priority": "1"})
        self.env.company.tiktok_check_junk = True
        self.assert_plain_leads_cost_the_same()
