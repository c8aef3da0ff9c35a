from odoo.tests import tagged

from ...lead_precompute import NAMES
from ..common import entry
from ..common_team import TeamCommon

PEOPLE = (
    {"name": "Ana", "email": "Ana@Example.com", "phone_number": "+56 9 1111 2222"},
    {"name": "Eva", "email": "ana@@example.com", "phone_number": "123"},
    {"name": "Leo", "email": "leo@gmail.com", "phone_number": "600 11 22 33"},
    {"name": "Max", "phone_number": "+49 1511 1234567", "country": "Germany"},
    {"name": "Zoe", "email": "zoe@example.org"},
    {"name": "Joe"},
)


@tagged("post_install", "-at_install")
class TestLeadPrecompute(TeamCommon):
    """What is computed before a lead is stored is what CRM computes."""

    def create_leads(self):
        """Return the leads of people who can be reached in different ways."""
        self.receive(*(entry(answers=answers) for answers in PEOPLE))
        self.process()
        leads = self.leads.search([("company_id", "=", self.company.id)])
        self.assertEqual(len(leads), len(PEOPLE))
        return leads

    def check_values(self, leads):
        """Compare what is stored with what CRM computes now of each lead alone.

        Of several leads whose probability it cannot estimate, it leaves out the first.
        """
        stored = leads.read(NAMES)
        for lead in leads:
            for name in NAMES:
                if name not in ("date_last_stage_update", "date_open"):  # which say when
                    self.env.add_to_compute(leads._fields[name], lead)
            self.env.flush_all()
            self.env.invalidate_all()
        self.assertEqual(leads.read(NAMES), stored)

    def test_the_values_are_those_of_crm(self):
        self.company.tiktok_assignment = "manual"
        stage = self.leads._stage_find(team_id=self.team.id, domain=[("fold", "=", False)])
        frequency = {"variable": "stage_id", "value": str(stage.id), "team_id": self.team.id}
        self.env["crm.lead.scoring.frequency"].create(
            {**frequency, "won_count": 30, "lost_count": 10}
        )
        leads = self.create_leads()
        self.check_values(leads)
        self.assertTrue(all(leads.mapped("probability")))  # of this team
        self.assertEqual(set(leads.mapped("won_status")), {"pending"})
        self.assertEqual(set(leads.mapped("phone_state")), {"correct", "incorrect", False})
        self.assertEqual(set(leads.mapped("email_state")), {"correct", False})
        self.assertTrue(all(leads.mapped("date_last_stage_update")))

    def test_values_that_differ_are_computed_apart(self):
        self.env["ir.config_parameter"].set_param("crm.pls_fields", "city,tag_ids")
        frequencies = [("stage_id", None, 30, 10), ("city", "Lima", 1, 20), ("city", "Rome", 20, 1)]
        stage = self.leads._stage_find(team_id=self.team.id, domain=[("fold", "=", False)])
        self.env["crm.lead.scoring.frequency"].create(
            [
                {
                    "variable": name,
                    "value": value or str(stage.id),
                    "won_count": won,
                    "lost_count": lost,
                    "team_id": self.team.id,
                }
                for name, value, won, lost in frequencies
            ]
        )
        self.company.tiktok_assignment = "manual"
        self.receive(*(entry(answers={"name": "A", "city": city}) for city in ("Lima", "Rome")))
        self.process()
        leads = self.leads.search([("company_id", "=", self.company.id)])
        self.check_values(leads)
        by_city = {lead.city: lead.probability for lead in leads}
        self.assertLess(by_city["Lima"], by_city["Rome"])

    def test_a_method_that_an_addon_extends_is_called(self):
        leads = type(self.leads)

        def compute_state(records):
            records.email_state = "incorrect"

        self.patch(leads, "_compute_email_state", compute_state)
        self.receive(entry(answers={"name": "Ana", "email": "ana@example.com"}))
        self.process()
        lead = self.leads.search([("company_id", "=", self.company.id)])
        self.assertEqual(
            (lead.email_state, lead.email_normalized), ("incorrect", "ana@example.com")
        )

    def test_a_lead_with_a_salesperson_was_assigned_when_it_was_created(self):
        leads = self.create_leads()
        self.assertTrue(all(leads.mapped("user_id")))
        self.assertTrue(all(leads.mapped("date_open")))
        self.check_values(leads)
