from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .common_team import TeamCommon

ASSIGN = "ir_cron_assign_leads"


@tagged("post_install", "-at_install")
class TestRules(TeamCommon):
    """Leads that Odoo's Rule-Based Assignment gives away."""

    def setUp(self):
        super().setUp()
        self.company.tiktok_assignment = "rules"
        self.team.crm_team_member_ids.assignment_max = 300

    def test_odoos_rules_choose_by_domain(self):
        members = self.team.crm_team_member_ids
        members.assignment_domain = "[('contact_name', '=', 'Nobody')]"
        self.member(self.boris).assignment_domain = "[('contact_name', '=', 'Ana Pérez')]"
        lead = self.make(answers={"name": "Ana Pérez"})
        self.assertEqual(lead.tiktok_unassigned_reason, "rules")
        self.run_cron(ASSIGN)
        self.assertEqual(lead.user_id, self.boris)
        self.assertTrue(lead.tiktok_assigned_at)
        self.assertFalse(lead.tiktok_unassigned_reason)

    def test_odoos_rules_respect_the_capacity(self):
        self.team.crm_team_member_ids.assignment_max = 30  # one a day
        leads = self.make_many(4)
        self.run_cron(ASSIGN)
        self.assertEqual(self.counts(leads), [1, 1, 1])
        left = leads.filtered(lambda lead: not lead.user_id)
        self.assertEqual(left.tiktok_unassigned_reason, "quota")
        self.team.crm_team_member_ids.assignment_max = 300
        self.run_cron(ASSIGN)
        self.assertTrue(left.user_id)

    def test_odoos_rules_choose_a_team_that_fits(self):
        self.company.tiktok_team_id = False
        self.env["ir.config_parameter"].set_param("crm.lead.auto.assignment", "True")
        self.env["crm.team"].search([("id", "!=", self.team.id)]).assignment_optout = True
        self.team.assignment_domain = "[('contact_name', '=', 'Ana Pérez')]"
        lead = self.make(answers={"name": "Ana Pérez"})
        self.assertFalse(lead.team_id)
        self.run_cron(ASSIGN)
        self.assertEqual(lead.team_id, self.team)
        self.assertIn(lead.user_id, self.sellers)

    def test_odoos_rules_run_by_us_touch_our_leads_only(self):
        other = self.env["crm.lead"].create(
            {"name": "walk-in", "team_id": self.team.id, "user_id": False, "type": "opportunity"}
        )
        self.make()
        self.run_cron(ASSIGN)
        self.assertFalse(other.user_id)

    def test_odoos_own_job_leaves_alone_what_we_assign(self):
        lead = self.make()
        for assignment in ("rules", "least_busy"):
            self.company.tiktok_assignment = assignment
            self.team._action_assign_leads()
            self.assertFalse(lead.user_id)
        self.company.tiktok_assignment = "manual"
        self.team._action_assign_leads()
        self.assertTrue(lead.user_id)

    def test_nobody_out_of_office_gets_one(self):
        now = fields.Datetime.now()
        for seller in (self.ana, self.chen):
            seller.out_of_office_from = now - timedelta(hours=1)
        leads = self.make_many(3)
        self.run_cron(ASSIGN)
        self.assertEqual(leads.user_id, self.boris)

    def test_who_can_not_work_for_the_company_gets_none(self):
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

    def test_a_team_of_no_company_takes_none_from_its_company(self):
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

    def test_what_rules_convert_is_not_qualified_by_anybody(self):
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

    def test_another_choice_holds_for_those_that_wait_too(self):
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
