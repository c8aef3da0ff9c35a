from odoo.tests import tagged

from .common import TiktokHttpCommon


@tagged("post_install", "-at_install")
class TestTour(TiktokHttpCommon):
    """What an administrator does on the first day, in a real browser."""

    def test_an_administrator_sends_a_test_lead_and_finds_it(self):
        before = self.leads.search([("tiktok_is_test", "=", True)])
        self.start_tour("/odoo", "tiktok_leadgen_test_lead", login="admin")
        self.env.invalidate_all()
        lead = self.leads.search([("tiktok_is_test", "=", True)]) - before
        self.assertEqual(len(lead), 1)
        self.assertEqual(lead.tiktok_event_id.source, "test")

    def test_a_sales_manager_sees_the_page_without_the_address(self):
        self.salesman.group_ids += self.env.ref("sales_team.group_sale_manager")
        self.start_tour("/odoo", "tiktok_leadgen_no_address", login="tiktok_salesman")
