from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ... import const
from ...event_claims import claim_events
from ..common import entry
from ..common_team import TeamCommon

ASSIGN = "ir_cron_assign_leads"


@tagged("post_install", "-at_install")
class TestAssignment(TeamCommon):
    """Assignment of new leads by each setting of the company."""

    def set_out_of_office(self, user, **values):
        now = fields.Datetime.now()
        user.write({"out_of_office_from": now - timedelta(hours=1), **values})

    # === ROUND ROBIN === #

    def test_round_robin_assigns_members_in_order(self):
        leads = self.make_many(6)
        self.assertEqual(leads.user_id, self.sellers)
        self.assertEqual(
            [lead.user_id for lead in leads],
            [self.ana, self.boris, self.chen, self.ana, self.boris, self.chen],
        )

    def test_round_robin_continues_after_the_last_delivery(self):
        first, second = self.make_many(4), self.make_many(2)
        self.assertEqual(self.counts(first + second), [2, 2, 2])

    def test_assigned_lead_has_team_clock_and_follower(self):
        lead = self.make()
        self.assertEqual(lead.user_id, self.ana)
        self.assertEqual(lead.team_id, self.team)
        self.assertTrue(lead.date_open and lead.tiktok_assigned_at)
        self.assertFalse(lead.tiktok_unassigned_reason)
        self.assertIn(self.ana.partner_id, lead.message_partner_ids)

    def test_paused_member_is_skipped(self):
        self.member(self.boris).assignment_optout = True
        self.assertEqual(self.counts(self.make_many(4)), [2, 0, 2])

    def test_archived_member_is_skipped(self):
        self.boris.active = False
        self.assertEqual(self.counts(self.make_many(4)), [2, 0, 2])

    def test_member_without_access_to_the_company_is_skipped(self):
        self.team.company_id = False
        self.boris.write(
            {"company_ids": [(6, 0, self.other_company.ids)], "company_id": self.other_company.id}
        )
        self.assertEqual(self.counts(self.make_many(4)), [2, 0, 2])

    def test_member_without_sales_group_is_skipped(self):
        self.boris.group_ids -= self.env.ref("sales_team.group_sale_salesman")
        self.assertEqual(self.counts(self.make_many(4)), [2, 0, 2])

    def test_member_out_of_office_is_skipped(self):
        self.set_out_of_office(self.boris)
        self.assertEqual(self.counts(self.make_many(4)), [2, 0, 2])

    def test_member_back_in_office_gets_the_next_lead(self):
        self.set_out_of_office(self.boris)
        self.make_many(4)
        self.boris.out_of_office_to = fields.Datetime.now() - timedelta(minutes=1)
        self.assertEqual(self.make().user_id, self.boris)

    def test_member_with_time_off_is_skipped(self):
        now = fields.Datetime.now()
        resource = self.env["resource.resource"].create(
            {"name": "Boris", "user_id": self.boris.id, "company_id": self.company.id}
        )
        leave = self.env["resource.calendar.leaves"].create(
            {
                "resource_id": resource.id,
                "date_from": now - timedelta(days=1),
                "date_to": now + timedelta(days=1),
            }
        )
        self.assertEqual(self.counts(self.make_many(4)), [2, 0, 2])
        leave.time_type = "other"  # a training is not time off
        self.assertEqual(self.make().user_id, self.boris)

    def test_public_holiday_skips_no_member(self):
        now = fields.Datetime.now()
        self.env["resource.calendar.leaves"].create(
            {
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": now - timedelta(days=1),
                "date_to": now + timedelta(days=1),
            }
        )
        self.assertEqual(self.counts(self.make_many(3)), [1, 1, 1])

    def test_failed_lead_uses_no_position(self):
        entries = [entry(answers=self.person()) for _ in range(7)]
        self.poison(entries[3]["id"])
        self.receive(*entries)
        self.process_failing()
        leads = self.leads.search([("company_id", "=", self.company.id)])
        self.assertEqual(self.counts(leads), [2, 2, 2])

    # === OTHER SETTINGS === #

    def test_manual_assignment_assigns_no_salesperson(self):
        self.company.tiktok_assignment = "manual"
        lead = self.make()
        self.assertFalse(lead.user_id or lead.date_open or lead.tiktok_unassigned_reason)
        self.run_cron(ASSIGN)
        self.assertFalse(lead.user_id)

    def test_fixed_salesperson_gets_all_leads(self):
        self.company.write({"tiktok_assignment": "fixed", "tiktok_user_id": self.chen.id})
        self.assertEqual(self.counts(self.make_many(3)), [0, 0, 3])

    def test_fixed_salesperson_is_required_and_needs_access(self):
        with self.assertRaises(ValidationError):
            self.company.tiktok_assignment = "fixed"
        with self.assertRaises(ValidationError):
            self.company.tiktok_user_id = self.stranger

    def test_least_busy_member_gets_the_lead(self):
        self.env["crm.lead"].create(
            [{"name": "old", "user_id": self.ana.id, "type": "opportunity"} for _ in range(3)]
            + [{"name": "old", "user_id": self.boris.id, "type": "opportunity"}]
        )
        self.company.tiktok_assignment = "least_busy"
        leads = self.make_many(8)
        self.assertEqual(self.counts(leads), [1, 3, 4])

    def test_won_and_lost_leads_do_not_count_as_busy(self):
        old = self.env["crm.lead"].create(
            [{"name": "old", "user_id": self.ana.id, "type": "opportunity"} for _ in range(2)]
        )
        old[0].action_set_won()
        old[1].action_set_lost()
        self.company.tiktok_assignment = "least_busy"
        self.assertEqual(self.counts(self.make_many(3)), [1, 1, 1])

    def test_test_lead_is_never_assigned(self):
        self.company.with_user(self.manager).action_tiktok_send_test_lead()
        tests = self.leads.search([("company_id", "=", self.company.id)])
        self.assertTrue(tests.tiktok_is_test)
        self.run_cron(ASSIGN)
        self.assertFalse(tests.user_id or tests.activity_ids)

    # === PER FORM === #

    def test_form_has_its_own_team_salesperson_and_tags(self):
        team = self.env["crm.team"].create({"name": "Villas", "company_id": self.company.id})
        dora = self.new_seller("dora", team=team)
        tag = self.env["crm.tag"].create({"name": "Villa"})
        form = self.make().tiktok_form_id
        form.write({"team_id": team.id, "tag_ids": tag.ids})
        lead = self.make()
        self.assertEqual((lead.team_id, lead.user_id, lead.tag_ids), (team, dora, tag))
        form.user_id = self.chen
        self.assertEqual(self.make().user_id, self.chen)
        self.company.tiktok_assignment = "manual"
        self.assertEqual(self.make().user_id, self.chen)

    # === NOT ASSIGNED === #

    def test_unassigned_lead_has_a_reason_and_is_retried(self):
        for seller in self.sellers:
            self.set_out_of_office(seller)
        lead = self.make()
        self.assertFalse(lead.user_id)
        self.assertEqual(lead.tiktok_unassigned_reason, "none_available")
        self.run_cron(ASSIGN)
        self.assertFalse(lead.user_id)
        self.chen.out_of_office_from = False
        self.run_cron(ASSIGN)
        self.assertEqual(lead.user_id, self.chen)
        self.assertFalse(lead.tiktok_unassigned_reason)
        self.assertTrue(lead.tiktok_assigned_at)
        self.assertEqual(lead.activity_ids.user_id, self.chen)

    def test_reason_of_each_obstacle(self):
        self.team.crm_team_member_ids.unlink()
        self.assertEqual(self.make().tiktok_unassigned_reason, "no_members")
        self.company.write({"tiktok_assignment": "fixed", "tiktok_user_id": self.chen.id})
        self.set_out_of_office(self.chen)
        self.assertEqual(self.make().tiktok_unassigned_reason, "user_away")
        self.chen.active = False
        self.assertEqual(self.make().tiktok_unassigned_reason, "user_gone")

    def test_manually_assigned_lead_is_not_retried(self):
        for seller in self.sellers:
            self.set_out_of_office(seller)
        lead = self.make()
        lead.user_id = self.manager
        self.sellers.out_of_office_from = False
        self.run_cron(ASSIGN)
        self.assertEqual(lead.user_id, self.manager)

    def test_manually_unassigned_lead_is_not_retried(self):
        lead = self.make()
        lead.user_id = False
        self.run_cron(ASSIGN)
        self.assertFalse(lead.user_id)

    # === COMPANIES AND COST === #

    def test_lead_of_another_company_is_not_assigned(self):
        self.make_many(3)
        lead = self.make(company=self.other_company)
        self.assertFalse(lead.user_id)
        self.assertNotIn(lead.team_id, self.team)

    def test_round_robin_positions_are_not_readable(self):
        positions = self.env["tiktok.round.robin"].with_user(self.manager)
        self.assertFalse(positions.has_access("read"))

    def test_queries_per_lead_do_not_grow_with_the_batch(self):
        def drain(count):
            self.receive(*(entry() for _ in range(count)))
            events = claim_events(self.env)
            self.env.flush_all()
            before = self.cr.sql_log_count
            events._process_batch(events)
            self.env.flush_all()
            return self.cr.sql_log_count - before

        drain(3)
        few, many = drain(20), drain(const.BATCH_SIZE)
        self.assertLessEqual((many - few) / 180, 0.5, f"{few} for 20 leads, {many} for 200")

    def test_large_delivery_is_assigned_evenly(self):
        counts = self.counts(self.make_many(100))
        self.assertLessEqual(max(counts) - min(counts), 1)

    def test_team_field_is_shown_beside_the_assignment(self):
        """The page has one field for it: the view with the assignment moves it there."""
        view = self.env.ref("tiktok_leadgen.res_company_view_form_tiktok")
        arch = etree.fromstring(view.get_combined_arch())
        teams = arch.xpath("//field[@name='tiktok_team_id']")
        self.assertEqual([team.getparent().get("name") for team in teams], ["assignment"])
