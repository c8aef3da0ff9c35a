from datetime import timedelta

from odoo import Command, fields
from odoo.tests import new_test_user, tagged

from ..common import entry
from ..common_speed import NOW, SpeedCommon

ANA = {"name": "Ana Pérez", "email": "ana@example.com", "phone_number": "+56987654321"}
BY_PHONE = {"name": "A. P.", "phone_number": "+56987654321"}
BY_EMAIL = {"name": "A. P.", "email": "ana@example.com"}


@tagged("post_install", "-at_install")
class TestRepeatReachesPerson(SpeedCommon):
    """A repeat submission that is noted on the open lead reaches a person the same minute."""

    def setUp(self):
        super().setUp()
        self.lead_of_ana = self.make(answers=ANA)
        self.assertEqual(self.lead_of_ana.user_id, self.ana)
        self.company.tiktok_repeat_policy = "note"
        self.calls(self.lead_of_ana).with_user(self.ana).action_done()
        self.get_popups(self.ana)
        self.start = max(self.env["bus.bus"].sudo().search([]).ids, default=0)

    def submit_again(self, **values):
        """Let the person submit a form again: it is noted."""
        content = entry(**{"answers": ANA, **values})
        self.receive(content)
        self.process()
        event = self.event(content["id"])
        self.assertIn(event.reason, ("noted", "reopened"))
        self.last_popup_id = self.start
        return event

    def assert_reached(self, lead, user):
        """A call is due today, and a message pops up."""
        due = lead.activity_ids.filtered(
            lambda activity: activity.user_id == user and activity.date_deadline <= NOW.date()
        )
        self.assertEqual(due.activity_type_id.category, "phonecall")
        self.assertEqual([one["ids"] for one in self.get_popups(user, "repeat")], [lead.ids])

    def test_the_salesperson_is_notified_again(self):
        self.submit_again()
        self.assert_reached(self.lead_of_ana, self.ana)
        self.submit_again()
        again = self.lead_of_ana.activity_ids.filtered("active")
        self.assertEqual(again.summary, "Repeat submission of a TikTok form")
        self.assertEqual(len(self.get_popups(self.ana, "repeat")), 2)

    def test_a_call_planned_in_30_days_does_not_hide_it(self):
        self.lead_of_ana.activity_schedule(
            "mail.mail_activity_data_call",
            date_deadline=NOW.date() + timedelta(days=30),
            user_id=self.ana.id,
        )
        self.submit_again()
        self.assert_reached(self.lead_of_ana, self.ana)

    def test_the_lead_of_an_archived_salesperson_is_assigned_to_the_next(self):
        self.lead_of_ana.activity_schedule("mail.mail_activity_data_call", user_id=self.ana.id)
        self.ana.active = False
        self.submit_again()
        self.assertEqual(self.lead_of_ana.user_id, self.boris)
        self.assertEqual(self.lead_of_ana.company_id, self.company)
        self.assert_reached(self.lead_of_ana, self.boris)

    def test_a_lead_that_no_salesperson_has_gets_one(self):
        self.lead_of_ana.user_id = False
        self.submit_again()
        self.assertIn(self.lead_of_ana.user_id, self.sellers)
        self.assert_reached(self.lead_of_ana, self.lead_of_ana.user_id)

    def test_without_anyone_to_assign_the_team_leader_is_notified(self):
        leader = new_test_user(
            self.env,
            "tiktok_leader",
            "sales_team.group_sale_salesman_all_leads",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.team.user_id = leader
        for assignment in ("manual", "round_robin"):
            self.team.crm_team_member_ids.assignment_optout = True
            self.company.tiktok_assignment = assignment
            self.lead_of_ana.write({"user_id": False, "company_id": self.company.id})
            self.submit_again()
            self.assertFalse(self.lead_of_ana.user_id)
            self.assert_reached(self.lead_of_ana, leader)
            self.lead_of_ana.activity_ids.unlink()
            self.start = max(self.env["bus.bus"].sudo().search([]).ids, default=0)

    def test_without_a_team_leader_the_responsible_person_is_notified(self):
        self.company.write({"tiktok_assignment": "manual", "tiktok_responsible_id": self.manager})
        self.team.user_id = False
        self.lead_of_ana.write({"user_id": False, "company_id": self.company.id})
        self.submit_again()
        self.assert_reached(self.lead_of_ana, self.manager)

    def test_an_open_lead_without_a_company_is_found(self):
        self.lead_of_ana.action_set_lost()
        by_hand = self.leads.create(
            {"name": "Manual", "email_from": ANA["email"], "user_id": False, "team_id": False}
        )
        by_hand.company_id = False
        self.assertFalse(by_hand.company_id or by_hand.tiktok_form_id)
        event = self.submit_again()
        self.assertEqual(event.lead_id, by_hand)
        self.assertIn(by_hand.user_id, self.sellers)
        self.assert_reached(by_hand, by_hand.user_id)

    def test_the_contact_knows_the_last_campaign(self):
        partner = self.env["res.partner"].create({"name": "Ana", "email": ANA["email"]})
        self.submit_again(campaign_id=77, campaign_name="Autumn")
        partner.invalidate_recordset()
        self.assertEqual(partner.tiktok_first_campaign, "Spring")
        self.assertEqual(partner.tiktok_last_campaign, "Autumn")
        self.assertGreaterEqual(partner.tiktok_last_at, partner.tiktok_first_at)
        # TikTok renames it: the contact shows the new name.
        self.submit_again(campaign_id=77, campaign_name="Winter", create_time=2000000000)
        partner.invalidate_recordset()
        self.assertEqual(partner.tiktok_last_campaign, "Winter")

    def test_the_contact_knows_the_last_campaign_of_merged_leads(self):
        partner = self.env["res.partner"].create({"name": "Ana", "email": ANA["email"]})
        self.company.tiktok_repeat_policy = "new"
        self.frozen.move_to(NOW + timedelta(hours=1))
        second = self.make(answers=ANA, campaign_id=77, campaign_name="Autumn")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET tiktok_received_at = tiktok_received_at + interval '1 hour'"
            " WHERE id = %s",
            [second.id],
        )
        self.env.invalidate_all()
        (self.lead_of_ana + second).merge_opportunity()
        partner.invalidate_recordset()
        self.assertEqual(partner.tiktok_last_campaign, "Autumn")


@tagged("post_install", "-at_install")
class TestKnownOwner(SpeedCommon):
    """All leads of one person go to one salesperson, and colleagues see who has the person."""

    def test_three_submissions_of_one_person_go_to_one_salesperson(self):
        leads = self.make(answers=ANA) + self.make(answers=BY_PHONE) + self.make(answers=BY_EMAIL)
        self.assertEqual([lead.user_id for lead in leads], [self.ana] * 3)
        self.assertEqual(self.make().user_id, self.boris)

    def test_three_submissions_in_one_delivery_go_to_one_salesperson(self):
        contents = [entry(answers=answers) for answers in (BY_PHONE, ANA, BY_EMAIL)]
        self.receive(entry(answers=self.person()), *contents, entry(answers=self.person()))
        self.process()
        owners = [self.lead(content["id"]).user_id for content in contents]
        self.assertEqual(len(set(owners)), 1)
        self.assertEqual(len(self.leads.search([("company_id", "=", self.company.id)]).user_id), 3)
        self.assertTrue(all(self.calls(self.lead(content["id"])) for content in contents))

    def test_the_least_busy_do_not_get_the_lead_of_a_known_person(self):
        self.company.tiktok_assignment = "least_busy"
        first, second = self.make(answers=ANA), self.make(answers=ANA)
        self.assertEqual(first.user_id, second.user_id)

    def test_the_owner_of_the_open_lead_counts_more_than_of_a_lost_one(self):
        first = self.make(answers=ANA)
        second = self.make(answers=ANA)
        second.user_id = self.chen
        self.assertEqual(self.make(answers=ANA).user_id, self.chen)
        self.leads.search([("user_id", "=", self.chen.id)]).action_set_lost()
        self.assertEqual(self.make(answers=ANA).user_id, first.user_id)

    def test_an_owner_who_is_not_available_is_passed_over(self):
        first = self.make(answers=ANA)
        self.ana.out_of_office_from = fields.Datetime.now() - timedelta(hours=1)
        self.assertNotEqual(self.make(answers=ANA).user_id, self.ana)
        self.ana.out_of_office_from = False
        self.member(self.ana).assignment_optout = True
        self.leads.search([("id", "!=", first.id)]).user_id = self.ana
        self.assertNotEqual(self.make(answers=ANA).user_id, self.ana)
        self.member(self.ana).assignment_optout = False
        self.leads.search([("company_id", "=", self.company.id)]).user_id = self.ana
        self.ana.active = False
        self.assertNotEqual(self.make(answers=ANA).user_id, self.ana)

    def test_a_waiting_lead_is_assigned_to_the_owner_too(self):
        self.company.tiktok_repeat_policy = "new"
        self.team.crm_team_member_ids.assignment_optout = True
        waiting = self.make_many(1) + self.make(answers=ANA) + self.make(answers=BY_EMAIL)
        self.assertEqual(set(waiting.mapped("tiktok_unassigned_reason")), {"none_available"})
        self.team.crm_team_member_ids.assignment_optout = False
        self.run_cron("ir_cron_assign_leads")
        self.assertEqual([lead.user_id for lead in waiting], [self.ana, self.boris, self.boris])

    def test_the_choice_of_the_form_counts_more_than_the_owner(self):
        first = self.make(answers=ANA)
        form = first.tiktok_form_id
        form.user_id = self.chen
        self.assertEqual(self.make(answers=ANA).user_id, self.chen)
        team = self.env["crm.team"].create({"name": "Others", "company_id": self.company.id})
        dora = self.new_seller("dora", team=team)
        form.write({"user_id": False, "team_id": team.id})
        self.assertEqual(self.make(answers=ANA).user_id, dora)

    def test_the_person_of_another_company_is_another_person(self):
        other = self.make(answers=ANA, company=self.other_company)
        other.user_id = self.stranger
        self.assertEqual(self.make(answers=ANA).user_id, self.ana)

    def test_colleagues_see_who_has_the_person_and_nothing_else(self):
        mine, theirs = self.make(answers=ANA), self.make(answers=ANA)
        theirs.user_id = self.boris
        foreign = self.make(answers=ANA, company=self.other_company)
        foreign.user_id = self.stranger
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_lead SET company_id = NULL WHERE id = %s", foreign.ids)
        self.env.invalidate_all()
        seen = mine.with_user(self.ana)
        self.assertFalse(self.leads.with_user(self.ana).search([("id", "=", theirs.id)]))
        self.assertFalse(theirs.with_user(self.boris).tiktok_earlier_ids)
        self.assertEqual((seen.tiktok_owner_ids, seen.tiktok_other_lead_count), (self.boris, 1))
        of_boris = theirs.with_user(self.boris)
        self.assertEqual(of_boris.tiktok_owner_ids, self.ana)
        self.assertEqual(of_boris.tiktok_other_lead_count, 1)
