from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from ..common_speed import NOW, SPEED, SpeedCommon


@tagged("post_install", "-at_install")
class TestLeadNotification(SpeedCommon):
    """The salesperson is notified and reminded, and the lead is reassigned."""

    def test_assigned_salesperson_gets_an_activity_and_a_popup(self):
        self.company.tiktok_call_minutes = 7
        lead = self.new_lead()
        call = self.calls(lead)
        self.assertEqual(call.user_id, self.ana)
        self.assertEqual(call.activity_type_id.category, "phonecall")
        self.assertEqual(call.date_deadline, NOW.date())
        self.assertEqual(lead.tiktok_call_due_at, NOW + timedelta(minutes=7))
        [popup] = self.get_popups(self.ana)
        self.assertEqual((popup["kind"], popup["ids"], popup["count"]), ("new", lead.ids, 1))

    def test_one_delivery_shows_one_popup_to_each_salesperson(self):
        leads = self.make_many(7)
        self.assertEqual([len(self.get_popups(user)) for user in self.sellers], [1, 1, 1])
        self.assertEqual(self.get_popups(self.ana)[0]["count"], 3)
        self.assertEqual(len(leads.activity_ids), 7)

    def test_popup_has_no_personal_data_and_no_other_receiver(self):
        lead = self.new_lead(answers={"name": "Zoe Secret", "email": "zoe@example.com"})
        self.assertEqual(lead.user_id, self.ana)
        self.assertFalse(self.get_popups(self.boris) + self.get_popups(self.manager))
        self.assertNotIn("Zoe", str(self.get_popups(self.ana)))
        self.assertFalse(
            self.leads.with_user(self.boris).search([("id", "=", lead.id)]),
            "what the browser reads as another salesperson",
        )

    def test_without_call_within_there_is_a_popup_but_no_activity(self):
        self.company.tiktok_call_minutes = 0
        lead = self.new_lead()
        self.assertFalse(lead.activity_ids or lead.tiktok_call_due_at)
        self.assertIn(self.ana.partner_id, lead.message_partner_ids)
        self.assertEqual(len(self.get_popups(self.ana)), 1)

    def test_manually_assigned_salesperson_is_notified(self):
        self.company.tiktok_assignment = "manual"
        lead = self.new_lead()
        self.assertFalse(lead.activity_ids)
        self.frozen.move_to(NOW + timedelta(minutes=30))
        lead.with_user(self.manager).user_id = self.boris
        self.assertEqual(lead.tiktok_assigned_at, NOW + timedelta(minutes=30))
        self.assertEqual(self.calls(lead).user_id, self.boris)
        self.assertEqual(len(self.get_popups(self.boris)), 1)
        lead.with_user(self.manager).user_id = self.chen
        self.assertEqual(self.calls(lead).user_id, self.chen)
        self.assertEqual(lead.tiktok_assigned_at, NOW + timedelta(minutes=30))

    def test_own_assignment_shows_no_popup(self):
        self.company.tiktok_assignment = "manual"
        lead = self.new_lead()
        lead.with_user(self.manager).user_id = self.manager
        self.assertFalse(self.get_popups(self.manager))
        self.assertEqual(self.calls(lead).user_id, self.manager)

    # === REMINDERS === #

    def test_reminders_after_5_15_and_60_minutes(self):
        lead = self.new_lead()
        counts = []
        for minutes in (1, 4, 5, 6, 14, 15, 16, 59, 60, 61, 200):
            self.later(minutes)
            counts.append(len(self.get_popups(self.ana, "reminder")))
        self.assertEqual(counts, [0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3])
        self.assertEqual(
            [one["minutes"] for one in self.get_popups(self.ana, "reminder")], [5, 15, 60]
        )
        self.assertEqual(str(self.calls(lead).note).count("Reminder after"), 3)

    def test_overdue_reminders_are_sent_once(self):
        self.new_lead()
        self.later(90)
        self.assertEqual([one["minutes"] for one in self.get_popups(self.ana, "reminder")], [60])

    def test_no_reminder_after_the_first_contact(self):
        lead = self.new_lead()
        self.calls(lead.with_user(self.ana)).action_done()
        self.later(5)
        self.assertFalse(self.get_popups(self.ana, "reminder"))

    def test_no_reminder_of_a_lost_lead(self):
        self.new_lead().with_user(self.ana).action_set_lost()
        self.later(5)
        self.assertFalse(self.get_popups(self.ana, "reminder"))

    def test_no_reminder_when_the_company_disables_them(self):
        self.company.tiktok_remind = False
        self.new_lead()
        self.later(60)
        self.assertFalse(self.get_popups(self.ana, "reminder"))

    # === REASSIGNMENT === #

    def test_overdue_lead_is_reassigned_to_the_next_member(self):
        self.company.tiktok_reassign_minutes = 20
        lead = self.new_lead()
        self.later(19)
        self.assertEqual(lead.user_id, self.ana)
        self.later(20)
        self.assertEqual(lead.user_id, self.boris)
        self.assertEqual(self.calls(lead).user_id, self.boris)
        self.assertEqual(len(lead.activity_ids), 1)
        self.assertEqual(lead.tiktok_last_assigned_at, NOW + timedelta(minutes=20))
        self.assertEqual(lead.tiktok_assigned_at, NOW)
        notes = lead.message_ids.filtered(lambda note: "Reassigned" in (note.body or ""))
        sentence = "from \u2068Ana\u2069 to \u2068Boris\u2069: no contact within 20 min"
        self.assertIn(sentence, notes.body)
        self.assertEqual(len(self.get_popups(self.boris, "new")), 1)
        self.assertEqual(self.get_popups(self.ana, "reassigned")[0]["name"], "Boris")
        self.assertFalse(lead.tiktok_first_contact_at)

    def test_each_member_is_reassigned_a_lead_once(self):
        self.company.tiktok_reassign_minutes = 20
        lead = self.new_lead()
        owners = []
        for minutes in (20, 40, 60, 80, 200):
            self.later(minutes)
            owners.append(lead.user_id)
        self.assertEqual(owners, [self.boris, self.chen, self.chen, self.chen, self.chen])
        self.assertFalse(lead.tiktok_reassign_at)

    def test_no_reassignment_after_the_first_contact(self):
        self.company.tiktok_reassign_minutes = 20
        lead = self.new_lead()
        self.calls(lead.with_user(self.ana)).action_done()
        self.later(60)
        self.assertEqual(lead.user_id, self.ana)

    def test_reassignment_counts_working_time_only(self):
        self.company.tiktok_reassign_minutes = 60
        self.frozen.move_to(NOW.replace(hour=16, minute=30))  # work ends at 17:00
        lead = self.new_lead()
        self.assertEqual(
            lead.tiktok_reassign_at, NOW.replace(hour=8, minute=30) + timedelta(days=1)
        )
        self.later(12 * 60)  # 22:00
        self.assertEqual(lead.user_id, self.ana)
        self.later(24 * 60)  # 10:00
        self.assertEqual(lead.user_id, self.boris)

    def test_reassignment_skips_paused_members(self):
        self.company.tiktok_reassign_minutes = 20
        lead = self.new_lead()
        self.member(self.boris).assignment_optout = True
        self.later(20)
        self.assertEqual(lead.user_id, self.chen)

    def test_reassignment_due_during_a_break_waits_for_working_hours(self):
        self.company.tiktok_reassign_minutes = 120  # over at 12:00, at lunch time
        lead = self.new_lead()
        self.assertEqual(lead.tiktok_reassign_at, NOW.replace(hour=12))
        self.later(120)
        self.assertEqual(lead.user_id, self.ana)
        self.later(185)  # 13:05
        self.assertEqual(lead.user_id, self.boris)

    def test_reassignment_ignores_the_salespersons_time_off(self):
        self.company.write({"tiktok_reassign_minutes": 20, "tiktok_assignment": "manual"})
        self.ana.out_of_office_from = NOW - timedelta(hours=1)
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "resource_id": self.env["resource.resource"]
                .create(
                    {
                        "name": "Ana",
                        "user_id": self.ana.id,
                        "company_id": self.company.id,
                        "calendar_id": self.company.resource_calendar_id.id,
                        "tz": "UTC",
                    }
                )
                .id,
                "date_from": NOW - timedelta(days=1),
                "date_to": NOW + timedelta(days=6),
            }
        )
        lead = self.new_lead()
        lead.user_id = self.ana
        self.assertEqual(lead.tiktok_reassign_at, NOW + timedelta(minutes=20))
        self.later(20)
        self.assertEqual(lead.user_id, self.boris)

    def test_reassignment_waits_for_absent_members(self):
        self.company.tiktok_reassign_minutes = 20
        lead = self.new_lead()
        for seller in (self.boris, self.chen):
            seller.out_of_office_from = NOW - timedelta(hours=1)
        self.later(20)
        self.assertEqual(lead.user_id, self.ana)
        self.boris.out_of_office_from = False
        self.later(40)
        self.assertEqual(lead.user_id, self.boris)

    def test_activity_is_in_the_salespersons_language(self):
        self.env["res.lang"]._activate_lang("ar_001")
        self.env["ir.module.module"]._load_module_terms(["tiktok_leadgen"], ["ar_001"])
        self.ana.lang = "ar_001"
        lead = self.new_lead()
        self.assertEqual(lead.user_id, self.ana)
        self.assertRegex(self.calls(lead).summary, "[\u0621-\u064a]")

    def test_reassignment_skips_members_outside_working_hours(self):
        self.company.tiktok_reassign_minutes = 20
        nights = self.env["resource.calendar"].create(
            {
                "name": "Nights",
                "tz": "UTC",
                "company_id": self.company.id,
                "attendance_ids": [
                    Command.create(
                        {
                            "name": day,
                            "dayofweek": day,
                            "hour_from": 20,
                            "hour_to": 23,
                            "day_period": "afternoon",
                        }
                    )
                    for day in "01234"
                ],
            }
        )
        for seller in (self.boris, self.chen):
            self.env["resource.resource"].create(
                {
                    "name": seller.name,
                    "user_id": seller.id,
                    "company_id": self.company.id,
                    "calendar_id": nights.id,
                    "tz": "UTC",
                }
            )
        lead = self.new_lead()
        self.later(20)
        self.assertEqual(lead.user_id, self.ana)
        self.assertEqual(lead.tiktok_reassign_at, NOW + timedelta(minutes=35))

    def test_queries_per_reminder_do_not_grow_with_the_batch(self):
        def cost(count):
            leads = self.make_many(count)
            leads.tiktok_remind_at = NOW
            self.env.flush_all()
            self.frozen.move_to(NOW + timedelta(minutes=5))
            before = self.cr.sql_log_count
            self.run_cron(SPEED)
            self.frozen.move_to(NOW)
            return self.cr.sql_log_count - before

        cost(2)
        few, many = cost(5), cost(25)
        self.assertLess((many - few) / 20, 12, f"{few} for 5, {many} for 25")

    def test_lead_uses_the_settings_of_its_company(self):
        self.other_company.write({"tiktok_call_minutes": 3, "tiktok_remind": False})
        lead = self.make(company=self.other_company)
        lead.user_id = self.stranger
        self.assertEqual(lead.tiktok_call_due_at, NOW + timedelta(minutes=3))
        self.assertFalse(lead.tiktok_remind_at)
