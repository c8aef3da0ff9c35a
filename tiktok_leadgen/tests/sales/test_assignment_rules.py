from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import tagged
from odoo.tools import SQL

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

    def break_domain(self, record, name="assignment_domain"):
        """Give a record a domain on a field that is gone since, as no user can write it."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s = %s WHERE id = %s",
                SQL.identifier(record._table),
                SQL.identifier(name),
                "[('x_gone', '=', 1)]",
                record.id,
            )
        )
        self.env.invalidate_all()

    def make_in_other_company(self):
        """Return a lead of the other company, whose team of one waits for Odoo's rules."""
        team = self.env["crm.team"].create({"name": "Far", "company_id": self.other_company.id})
        self.other_company.write({"tiktok_assignment": "rules", "tiktok_team_id": team.id})
        self.ana.company_ids += self.other_company
        self.env["ir.config_parameter"].set_param("sales_team.membership_multi", "True")
        self.env["crm.team.member"].create(
            {"user_id": self.ana.id, "crm_team_id": team.id, "assignment_max": 300}
        )
        return self.make(company=self.other_company)

    def test_a_broken_domain_costs_its_own_member_the_leads_and_no_one_else(self):
        for name in ("assignment_domain", "assignment_domain_preferred"):
            with self.subTest(name=name):
                self.break_domain(self.member(self.boris), name)
                leads = self.make_many(4)
                with self.assertLogs("odoo.addons.tiktok_leadgen.assignment_rules", "WARNING"):
                    self.run_cron(ASSIGN)
                self.assertEqual(self.counts(leads), [2, 0, 2])

    def test_a_broken_domain_of_one_company_stops_no_other_and_is_told(self):
        for seller in self.sellers:
            self.break_domain(self.member(seller))
        mine, theirs = self.make(), self.make_in_other_company()
        with self.assertLogs("odoo.addons.tiktok_leadgen.assignment_rules", "WARNING") as logs:
            self.run_cron(ASSIGN)
        self.assertIn(f"company {self.company.id}", logs.output[0])
        self.assertEqual(theirs.user_id, self.ana)
        self.assertEqual(mine.tiktok_unassigned_reason, "broken_rule")
        hint = self.company.with_user(self.manager).tiktok_assignment_hint
        self.assertIn("Sellers, Boris", hint)
        activity = self.company.partner_id.activity_ids
        self.assertIn("Sellers, Boris", str(activity.note))
        self.team.crm_team_member_ids.assignment_domain = False
        self.run_cron(ASSIGN)
        self.assertTrue(mine.user_id)

    def test_a_broken_domain_of_a_team_leaves_the_other_teams(self):
        self.company.tiktok_team_id = False
        self.env["ir.config_parameter"].set_param("crm.lead.auto.assignment", "True")
        self.env["crm.team"].search([("id", "!=", self.team.id)]).assignment_optout = True
        broken = self.env["crm.team"].create({"name": "Old", "company_id": self.company.id})
        self.env["crm.team.member"].create(
            {"user_id": self.manager.id, "crm_team_id": broken.id, "assignment_max": 300}
        )
        self.break_domain(broken)
        lead = self.make()
        with self.assertLogs("odoo.addons.tiktok_leadgen.assignment_rules", "WARNING"):
            self.run_cron(ASSIGN)
        self.assertEqual(lead.team_id, self.team)

    def test_a_company_whose_rules_fail_stops_no_other(self):
        mine, theirs = self.make(), self.make_in_other_company()
        convert = type(self.leads).convert_opportunity

        def fail_for_mine(lead, *args, **kwargs):
            if lead == mine:
                raise ZeroDivisionError
            return convert(lead, *args, **kwargs)

        with (
            patch.object(type(self.leads), "convert_opportunity", fail_for_mine),
            self.assertLogs("odoo.addons.tiktok_leadgen.assignment_rules", "WARNING") as logs,
        ):
            self.run_cron(ASSIGN)
        self.assertIn("ZeroDivisionError", logs.output[0])
        self.assertEqual((mine.user_id, theirs.user_id), (self.env["res.users"], self.ana))

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
