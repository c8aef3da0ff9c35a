from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from ..common_team import TeamCommon

ASSIGN = "ir_cron_assign_leads"


@tagged("post_install", "-at_install")
class TestAssignmentRules(TeamCommon):
    """Assignment by Odoo's Rule-Based Assignment."""

    def setUp(self):
        super().setUp()
        self.company.tiktok_assignment = "rules"
        self.team.crm_team_member_ids.assignment_max = 300

    def test_rules_match_the_members_domain(self):
        members = self.team.crm_team_member_ids
        members.assignment_domain = "[('contact_name', '=', 'Other')]"
        self.member(self.boris).assignment_domain = "[('contact_name', '=', 'Ana Pérez')]"
        lead = self.make(answers={"name": "Ana Pérez"})
        self.assertEqual(lead.tiktok_unassigned_reason, "rules")
        self.run_cron(ASSIGN)
        self.assertEqual(lead.user_id, self.boris)
        self.assertTrue(lead.tiktok_assigned_at)
        self.assertFalse(lead.tiktok_unassigned_reason)

    def test_rules_respect_the_capacity(self):
        self.team.crm_team_member_ids.assignment_max = 30  # one a day
        leads = self.make_many(4)
        self.run_cron(ASSIGN)
        self.assertEqual(self.counts(leads), [1, 1, 1])
        left = leads.filtered(lambda lead: not lead.user_id)
        self.assertEqual(left.tiktok_unassigned_reason, "quota")
        self.team.crm_team_member_ids.assignment_max = 300
        self.run_cron(ASSIGN)
        self.assertTrue(left.user_id)

    def test_rules_match_the_teams_domain(self):
        self.company.tiktok_team_id = False
        self.env["ir.config_parameter"].set_param("crm.lead.auto.assignment", "True")
        self.env["crm.team"].search([("id", "!=", self.team.id)]).assignment_optout = True
        self.team.assignment_domain = "[('contact_name', '=', 'Ana Pérez')]"
        lead = self.make(answers={"name": "Ana Pérez"})
        self.assertFalse(lead.team_id)
        self.run_cron(ASSIGN)
        self.assertEqual(lead.team_id, self.team)
        self.assertIn(lead.user_id, self.sellers)

    def test_rules_are_applied_to_tiktok_leads_only(self):
        other = self.env["crm.lead"].create(
            {"name": "walk-in", "team_id": self.team.id, "user_id": False, "type": "opportunity"}
        )
        self.make()
        self.run_cron(ASSIGN)
        self.assertFalse(other.user_id)

    def test_odoos_scheduled_assignment_skips_tiktok_leads(self):
        lead = self.make()
        for assignment in ("rules", "least_busy"):
            self.company.tiktok_assignment = assignment
            self.team._action_assign_leads()
            self.assertFalse(lead.user_id)
        self.company.tiktok_assignment = "manual"
        self.team._action_assign_leads()
        self.assertTrue(lead.user_id)

    def test_rules_skip_members_out_of_office(self):
        now = fields.Datetime.now()
        for seller in (self.ana, self.chen):
            seller.out_of_office_from = now - timedelta(hours=1)
        leads = self.make_many(3)
        self.run_cron(ASSIGN)
        self.assertEqual(leads.user_id, self.boris)

    def test_rules_skip_members_without_access_to_the_company(self):
        self.team.company_id = False
        for seller in (self.ana, self.chen):
            seller.write(
                {
                    "company_ids": [Command.set(self.other_company.ids)],
                    "company_id": self.other_company.id,
                }
            )
        leads = self.make_many(2)
        self.run_cron(ASSIGN)
        self.assertEqual(leads.user_id, self.boris)

    def test_team_without_company_keeps_the_leads_company(self):
        self.team.company_id = False
        company = self.other_company
        company.write({"tiktok_assignment": "rules", "tiktok_team_id": False})
        self.env["crm.team"].search([("id", "!=", self.team.id)]).assignment_optout = True
        self.env["ir.config_parameter"].set_param("crm.lead.auto.assignment", "True")
        for seller in self.sellers:
            seller.company_ids += company
        lead = self.make(company=company)
        self.assertFalse(lead.team_id)
        self.run_cron(ASSIGN)
        self.assertEqual((lead.team_id, lead.company_id), (self.team, company))
        self.assertIn(lead.user_id, self.sellers)

    def test_conversion_by_rules_does_not_count_as_qualified(self):
        self.team.use_leads = True
        self.env.ref("base.user_root").group_ids += self.env.ref("crm.group_use_lead")
        lead = self.make()
        lead.type = "lead"
        self.run_cron(ASSIGN)
        self.assertTrue(lead.user_id and lead.date_conversion)
        self.assertEqual(lead.type, "opportunity")
        self.env.flush_all()
        row = self.env["tiktok.lead.report"].search([("lead_id", "=", lead.id)])
        self.assertEqual(row.qualified_count, 0)
        other = self.make()
        other.type = "lead"
        other.with_user(self.manager).convert_opportunity(self.env["res.partner"])
        self.env.flush_all()
        row = self.env["tiktok.lead.report"].search([("lead_id", "=", other.id)])
        self.assertEqual(row.qualified_count, 1)

    def test_changed_assignment_applies_to_waiting_leads(self):
        self.team.crm_team_member_ids.assignment_max = 0
        lead = self.make()
        self.run_cron(ASSIGN)
        self.assertEqual(lead.tiktok_unassigned_reason, "quota")
        self.team.crm_team_member_ids.assignment_max = 300
        self.company.tiktok_assignment = "manual"
        self.run_cron(ASSIGN)
        self.assertFalse(lead.user_id or lead.tiktok_unassigned_reason)
        self.company.tiktok_assignment = "rules"
        waiting = self.make()
        self.company.tiktok_assignment = "round_robin"
        self.run_cron(ASSIGN)
        self.assertEqual(waiting.user_id, self.ana)
