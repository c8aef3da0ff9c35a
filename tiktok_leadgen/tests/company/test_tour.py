from odoo.tests import tagged

from ..common import TiktokHttpCommon, body, entry


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

    def test_deliveries_are_discarded_in_the_list_and_restored_in_the_form(self):
        for _number in range(2):
            self.post(body(entry()), token="wrong")
        events = self.events.search([("company_id", "=", self.company.id)])
        self.start_tour("/odoo/tiktok-events", "tiktok_leadgen_decide", login="tiktok_manager")
        self.env.invalidate_all()
        self.assertEqual(sorted(events.mapped("state")), ["ignored", "quarantined"])

    def test_the_mapping_of_a_new_form_is_corrected_and_the_next_lead_is_right(self):
        self.salesman.group_ids += self.env.ref("sales_team.group_sale_manager")
        form = {"page_id": 7600000000000000777, "page_name": "Villa offer"}
        phone = {"name": "Ana", "phone_number": "9 8765 4321"}
        first = entry(answers={**phone, "What is your budget?": "1,500 $"}, **form)
        self.post(body(first))
        self.process()
        self.start_tour("/odoo", "tiktok_leadgen_mapping", login="tiktok_salesman")
        later = entry(answers={**phone, "What is your budget?": "2.500,50 €"}, **form)
        unclear = entry(answers={**phone, "What is your budget?": "about 2k"}, **form)
        self.post(body(later, unclear))
        self.process()
        self.assertEqual(self.lead(later["id"]).expected_revenue, 2500.5)
        self.assertEqual(self.lead(unclear["id"]).expected_revenue, 0)
        self.assertTrue(self.lead(unclear["id"]).tiktok_mapping_notes)
        self.assertEqual(self.lead(first["id"]).expected_revenue, 0)
        with self.enter_registry_test_mode():
            self.env.ref("tiktok_leadgen.ir_cron_apply_mapping").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.lead(first["id"]).expected_revenue, 1500)
