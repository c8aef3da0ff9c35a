from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.assignment_check import check_assignment
from odoo.addons.tiktok_leadgen.tests.common_speed import seconds

from .common import NOW, ContactCommon


@tagged("post_install", "-at_install")
class TestClaim(ContactCommon):
    """First to claim: everyone is notified, the first click gets the lead."""

    def setUp(self):
        super().setUp()
        self.company.tiktok_assignment = "claim"

    def test_everyone_at_work_is_notified(self):
        self.member(self.chen).assignment_optout = True
        lead = self.new_lead()
        self.assertFalse(lead.user_id or lead.tiktok_unassigned_reason)
        self.assertEqual(lead.team_id, self.team)
        for user, count in ((self.ana, 1), (self.boris, 1), (self.chen, 0)):
            with self.subTest(user=user.name):
                self.assertEqual(len(self.get_popups(user, "claim")), count)

    def test_no_one_is_rung_at_night_and_all_are_in_the_morning(self):
        self.frozen.move_to(NOW.replace(hour=23))
        lead = self.make(create_time=seconds(NOW.replace(hour=23)))
        self.assertFalse(self.get_popups(self.ana, "claim"))
        self.run_own_cron("ir_cron_send_alerts")
        self.assertFalse(self.get_popups(self.ana, "claim"))
        self.frozen.move_to(NOW.replace(day=21, hour=8, minute=0))
        self.run_own_cron("ir_cron_send_alerts")
        self.assertEqual([one["ids"] for one in self.get_popups(self.ana, "claim")], [lead.ids])

    def test_first_click_gets_it_and_the_others_are_told(self):
        lead = self.new_lead()
        lead.with_user(self.boris).action_tiktok_assign_to_me()
        self.assertEqual(lead.user_id, self.boris)
        self.assertEqual(lead.team_id, self.team)
        self.assertTrue(self.calls(lead))
        for user in (self.ana, self.chen):
            self.assertEqual(len(self.get_popups(user, "closed")), 1)
        with self.assertRaisesRegex(UserError, "Boris"):
            lead.with_user(self.ana).action_tiktok_assign_to_me()
        self.assertEqual(lead.user_id, self.boris)
        lead.with_user(self.boris).action_tiktok_assign_to_me()  # a second click changes nothing

    def test_stranger_learns_no_owner(self):
        lead = self.new_lead()
        lead.user_id = self.boris
        with self.assertRaises(AccessError):
            lead.with_user(self.stranger).action_tiktok_assign_to_me()

    def test_call_claims(self):
        lead = self.new_lead()
        self.start_attempt(lead, self.ana)
        self.assertEqual(lead.user_id, self.ana)

    def test_known_person_keeps_the_salesperson(self):
        answers = self.person()
        lead = self.new_lead(answers=answers)
        lead.with_user(self.boris).action_tiktok_assign_to_me()
        self.assertEqual(self.new_lead(answers=answers).user_id, self.boris)

    def test_team_leader_hears_of_an_unclaimed_lead(self):
        self.company.tiktok_reassign_minutes = 20
        self.team.user_id = self.chen
        lead = self.new_lead()
        self.later(19)
        self.assertFalse(self.get_popups(self.chen, "escalated"))
        self.later(20)
        self.assertEqual(len(self.get_popups(self.chen, "escalated")), 1)
        self.assertEqual(lead.activity_ids.user_id, self.chen)
        self.later(60)
        self.assertEqual(len(self.get_popups(self.chen, "escalated")), 1)

    def test_page_says_who_can_claim_and_counts_no_lead_as_unassigned(self):
        self.new_lead()
        company = self.company.with_user(self.manager)
        self.assertEqual(company.tiktok_unassigned_count, 0)
        text = check_assignment(self.company).text.translate({0x2068: None, 0x2069: None})
        self.assertIn("First to claim (Sellers): Ana, Boris, Chen", text)
        self.assertIn("Assign to Me", company.tiktok_assignment_hint)

    def test_team_without_members(self):
        self.team.crm_team_member_ids.unlink()
        lead = self.new_lead()
        self.assertEqual(lead.tiktok_unassigned_reason, "no_members")
        self.assertEqual(self.company.with_user(self.manager).tiktok_unassigned_count, 1)
        self.new_seller("dora")
        self.run_cron("ir_cron_assign_leads")
        self.assertFalse(lead.tiktok_unassigned_reason)
        dora = self.team.crm_team_member_ids.user_id
        self.assertEqual(len(self.get_popups(dora, "claim")), 1)
