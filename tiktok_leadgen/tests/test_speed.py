import json
from datetime import timedelta, timezone

from freezegun import freeze_time

from odoo import Command, fields
from odoo.tests import tagged

from .common_team import TeamCommon

SPEED = "ir_cron_speed_to_lead"
# A Wednesday, 10:00 in UTC: at work. Still to come, as the database has its own clock.
NOW = fields.Datetime.from_string("2030-11-20 10:00:00")


def seconds(moment):
    """Return a moment in UTC as TikTok writes it."""
    return int(moment.replace(tzinfo=timezone.utc).timestamp())


class SpeedCommon(TeamCommon):
    """With a clock that the tests set, and Odoo's ordinary working hours in UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = "UTC"

    def setUp(self):
        super().setUp()
        self.clock = freeze_time(NOW)
        self.frozen = self.clock.start()
        self.addCleanup(self.clock.stop)

    def new_lead(self, **values):
        """Return a lead submitted two minutes ago."""
        return self.make(create_time=seconds(NOW - timedelta(minutes=2)), **values)

    def calls(self, lead):
        """Return the open activities of a lead that ask for a call."""
        return lead.activity_ids.filtered("tiktok_call")

    def told(self, user, kind=None):
        """Return what popped up at a user since the last look."""
        bus = self.env["bus.bus"]
        self.env.flush_all()
        self.env.cr.precommit.run()
        found = bus.sudo().search([("id", ">", getattr(self, "last_told", 0))], order="id")
        return [
            message["payload"]
            for message, channel in ((json.loads(one.message), one.channel) for one in found)
            if message["type"] == "tiktok_new_lead"
            and json.loads(channel)[1:] == ["res.partner", user.partner_id.id]
            and (kind is None or message["payload"]["kind"] == kind)
        ]

    def later(self, minutes):
        """Let time pass, from the start of the test, and the job look."""
        self.frozen.move_to(NOW + timedelta(minutes=minutes))
        self.run_cron(SPEED)


@tagged("post_install", "-at_install")
class TestClocks(SpeedCommon):
    """The clocks stop by a person's work, and by nothing else."""

    def assertContacted(self, lead, how, user):
        self.assertEqual(lead.tiktok_first_contact_how, how)
        self.assertEqual(lead.tiktok_first_contact_at, NOW + timedelta(minutes=3))
        self.assertEqual(lead.tiktok_first_contact_user_id, user)
        self.assertEqual(lead.tiktok_response_seconds, 5 * 60)

    def at_work(self, lead):
        """Return the lead as its salesperson has it three minutes later."""
        self.frozen.move_to(NOW + timedelta(minutes=3))
        return lead.with_user(lead.user_id).with_context(tracking_disable=False)

    def test_four_clocks(self):
        lead = self.new_lead()
        self.assertEqual(lead.tiktok_submitted_at, NOW - timedelta(minutes=2))
        self.assertTrue(lead.tiktok_received_at)  # by the clock of the database
        self.assertEqual(lead.tiktok_assigned_at, NOW)
        self.assertFalse(lead.tiktok_first_contact_at or lead.tiktok_response_seconds)

    def test_the_call_is_done(self):
        lead = self.new_lead()
        self.calls(self.at_work(lead)).action_feedback("She wants two.")
        self.assertContacted(lead, "call", self.ana)

    def test_an_email_activity_is_done(self):
        lead = self.at_work(self.new_lead())
        lead.activity_schedule("mail.mail_activity_data_email").action_done()
        self.assertContacted(lead, "message", self.ana)

    def test_a_meeting_is_held(self):
        lead = self.at_work(self.new_lead())
        kind = self.env.ref("mail.mail_activity_data_meeting")
        lead.activity_schedule(kind.get_external_id()[kind.id]).action_done()
        self.assertContacted(lead, "activity", self.ana)

    def test_a_to_do_is_no_contact(self):
        lead = self.at_work(self.new_lead())
        lead.activity_schedule("mail.mail_activity_data_todo").action_done()
        self.assertFalse(lead.tiktok_first_contact_at)

    def test_a_message_to_the_customer(self):
        lead = self.at_work(self.new_lead())
        customer = self.env["res.partner"].create({"name": "Ana", "email": "ana@example.com"})
        lead.message_post(
            body="Hello",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=customer.ids,
        )
        self.assertContacted(lead, "message", self.ana)

    def test_an_answer_by_email_program(self):
        lead = self.new_lead()
        customer = self.env["res.partner"].create({"name": "Ana", "email": "ana@example.com"})
        lead.message_subscribe(partner_ids=customer.ids)
        self.at_work(lead)
        lead.message_post(
            body="Hello",
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=self.ana.partner_id.id,
        )
        self.assertContacted(lead, "message", self.ana)

    def test_a_note_or_a_message_to_colleagues_is_no_contact(self):
        lead = self.at_work(self.new_lead())
        lead.message_post(body="To myself", message_type="comment")
        lead.message_post(
            body="Boris, can you?",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.boris.partner_id.ids,
        )
        self.assertFalse(lead.tiktok_first_contact_at)

    def test_the_customers_own_message_is_no_contact(self):
        lead = self.new_lead()
        customer = self.env["res.partner"].create({"name": "Ana", "email": "ana@example.com"})
        lead.message_subscribe(partner_ids=customer.ids)
        lead.message_post(
            body="Are you there?",
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=customer.id,
        )
        self.assertFalse(lead.tiktok_first_contact_at)

    def test_the_stage_is_moved(self):
        lead = self.at_work(self.new_lead())
        lead.stage_id = self.env["crm.stage"].search([("id", "!=", lead.stage_id.id)], limit=1)
        self.assertContacted(lead, "stage", self.ana)

    def test_odoobot_and_rules_are_no_contact(self):
        lead = self.new_lead()
        stages = self.env["crm.stage"].search([("id", "!=", lead.stage_id.id)], limit=2)
        lead.stage_id = stages[0]
        self.calls(lead).action_done()
        self.at_work(lead).with_context(__action_done={}).stage_id = stages[1]
        self.assertFalse(lead.tiktok_first_contact_at)

    def test_what_is_no_contact_changes_nothing(self):
        lead = self.at_work(self.new_lead())
        lead.write({"stage_id": lead.stage_id.id, "description": "x", "priority": "2"})
        self.assertFalse(lead.tiktok_first_contact_at)

    def test_the_first_contact_stays_the_first(self):
        lead = self.new_lead()
        self.calls(self.at_work(lead)).action_done()
        self.frozen.move_to(NOW + timedelta(minutes=9))
        lead.with_user(self.manager).stage_id = self.env["crm.stage"].search(
            [("id", "!=", lead.stage_id.id)], limit=1
        )
        self.assertContacted(lead, "call", self.ana)

    def test_a_lead_of_no_form_and_a_test_have_no_clock(self):
        plain = self.env["crm.lead"].create({"name": "Walk-in", "type": "opportunity"})
        stage = self.env["crm.stage"].search([("id", "!=", plain.stage_id.id)], limit=1)
        plain.with_user(self.manager).sudo().stage_id = stage
        self.company.with_user(self.manager).action_tiktok_send_test_lead()
        test = self.leads.search(
            [("tiktok_is_test", "=", True), ("company_id", "=", self.company.id)]
        )
        test.with_user(self.manager).stage_id = stage
        self.assertFalse((plain + test).filtered("tiktok_first_contact_at"))

    def test_a_clock_of_tiktok_that_is_ahead_gives_no_negative_time(self):
        lead = self.make(create_time=seconds(NOW + timedelta(hours=1)))
        self.calls(self.at_work(lead)).action_done()
        self.assertEqual(lead.tiktok_response_seconds, 1)

    def test_averages_leave_out_who_nobody_contacted(self):
        lead = self.new_lead() + self.new_lead()
        self.calls(self.at_work(lead[0])).action_done()
        domain = [("id", "in", lead.ids)]
        [[average]] = self.leads._read_group(domain, [], ["tiktok_response_seconds:avg"])
        self.assertEqual(average, 300)


@tagged("post_install", "-at_install")
class TestCall(SpeedCommon):
    """The salesperson is told, reminded, and relieved."""

    def test_who_gets_a_lead_gets_an_activity_and_is_told(self):
        self.company.tiktok_call_minutes = 7
        lead = self.new_lead()
        call = self.calls(lead)
        self.assertEqual(call.user_id, self.ana)
        self.assertEqual(call.activity_type_id.category, "phonecall")
        self.assertEqual(call.date_deadline, NOW.date())
        self.assertEqual(lead.tiktok_call_due_at, NOW + timedelta(minutes=7))
        [told] = self.told(self.ana)
        self.assertEqual((told["kind"], told["ids"], told["count"]), ("new", lead.ids, 1))

    def test_one_delivery_is_told_once_to_each(self):
        leads = self.make_many(7)
        self.assertEqual([len(self.told(user)) for user in self.sellers], [1, 1, 1])
        self.assertEqual(self.told(self.ana)[0]["count"], 3)
        self.assertEqual(len(leads.activity_ids), 7)

    def test_what_is_told_holds_no_personal_data_and_goes_to_nobody_else(self):
        lead = self.new_lead(answers={"name": "Zoe Secret", "email": "zoe@example.com"})
        self.assertEqual(lead.user_id, self.ana)
        self.assertFalse(self.told(self.boris) + self.told(self.manager))
        self.assertNotIn("Zoe", str(self.told(self.ana)))
        self.assertFalse(
            self.leads.with_user(self.boris).search([("id", "=", lead.id)]),
            "what the browser reads as another salesperson",
        )

    def test_without_a_time_to_call_there_is_no_activity_but_word(self):
        self.company.tiktok_call_minutes = 0
        lead = self.new_lead()
        self.assertFalse(lead.activity_ids or lead.tiktok_call_due_at)
        self.assertIn(self.ana.partner_id, lead.message_partner_ids)
        self.assertEqual(len(self.told(self.ana)), 1)

    def test_who_is_given_a_lead_by_hand_is_told_too(self):
        self.company.tiktok_assignment = "manual"
        lead = self.new_lead()
        self.assertFalse(lead.activity_ids)
        self.frozen.move_to(NOW + timedelta(minutes=30))
        lead.with_user(self.manager).user_id = self.boris
        self.assertEqual(lead.tiktok_assigned_at, NOW + timedelta(minutes=30))
        self.assertEqual(self.calls(lead).user_id, self.boris)
        self.assertEqual(len(self.told(self.boris)), 1)
        lead.with_user(self.manager).user_id = self.chen
        self.assertEqual(self.calls(lead).user_id, self.chen)
        self.assertEqual(lead.tiktok_assigned_at, NOW + timedelta(minutes=30))

    def test_who_takes_a_lead_is_not_told_what_they_did(self):
        self.company.tiktok_assignment = "manual"
        lead = self.new_lead()
        lead.with_user(self.manager).user_id = self.manager
        self.assertFalse(self.told(self.manager))
        self.assertEqual(self.calls(lead).user_id, self.manager)

    # === REMINDERS === #

    def test_reminders_after_5_15_and_60_minutes(self):
        lead = self.new_lead()
        told = []
        for minutes in (1, 4, 5, 6, 14, 15, 16, 59, 60, 61, 200):
            self.later(minutes)
            told.append(len(self.told(self.ana, "reminder")))
        self.assertEqual(told, [0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3])
        self.assertEqual([one["minutes"] for one in self.told(self.ana, "reminder")], [5, 15, 60])
        self.assertEqual(str(self.calls(lead).note).count("Reminder after"), 3)

    def test_after_a_pause_of_the_job_one_reminder_is_enough(self):
        self.new_lead()
        self.later(90)
        self.assertEqual([one["minutes"] for one in self.told(self.ana, "reminder")], [60])

    def test_who_has_contacted_is_not_reminded(self):
        lead = self.new_lead()
        self.calls(lead.with_user(self.ana)).action_done()
        self.later(5)
        self.assertFalse(self.told(self.ana, "reminder"))

    def test_nobody_is_reminded_of_a_lost_lead(self):
        self.new_lead().with_user(self.ana).action_set_lost()
        self.later(5)
        self.assertFalse(self.told(self.ana, "reminder"))

    def test_a_company_can_do_without_reminders(self):
        self.company.tiktok_remind = False
        self.new_lead()
        self.later(60)
        self.assertFalse(self.told(self.ana, "reminder"))

    # === HAND-OVER === #

    def test_a_lead_goes_to_the_next_who_is_at_work(self):
        self.company.tiktok_handover_minutes = 20
        lead = self.new_lead()
        self.later(19)
        self.assertEqual(lead.user_id, self.ana)
        self.later(20)
        self.assertEqual(lead.user_id, self.boris)
        self.assertEqual(self.calls(lead).user_id, self.boris)
        self.assertEqual(len(lead.activity_ids), 1)
        self.assertEqual(lead.tiktok_given_at, NOW + timedelta(minutes=20))
        self.assertEqual(lead.tiktok_assigned_at, NOW)
        notes = lead.message_ids.filtered(lambda note: "Handed over" in (note.body or ""))
        self.assertIn("from Ana to Boris: no contact within 20 minutes", notes.body)
        self.assertEqual(len(self.told(self.boris, "new")), 1)
        self.assertEqual(self.told(self.ana, "taken")[0]["name"], "Boris")
        self.assertFalse(lead.tiktok_first_contact_at)

    def test_each_gets_it_once(self):
        self.company.tiktok_handover_minutes = 20
        lead = self.new_lead()
        who = []
        for minutes in (20, 40, 60, 80, 200):
            self.later(minutes)
            who.append(lead.user_id)
        self.assertEqual(who, [self.boris, self.chen, self.chen, self.chen, self.chen])
        self.assertFalse(lead.tiktok_handover_at)

    def test_a_contact_ends_it(self):
        self.company.tiktok_handover_minutes = 20
        lead = self.new_lead()
        self.calls(lead.with_user(self.ana)).action_done()
        self.later(60)
        self.assertEqual(lead.user_id, self.ana)

    def test_only_working_time_counts(self):
        self.company.tiktok_handover_minutes = 60
        self.frozen.move_to(NOW.replace(hour=16, minute=30))  # work ends at 17:00
        lead = self.new_lead()
        self.assertEqual(
            lead.tiktok_handover_at, NOW.replace(hour=8, minute=30) + timedelta(days=1)
        )
        self.later(12 * 60)  # 22:00
        self.assertEqual(lead.user_id, self.ana)
        self.later(24 * 60)  # 10:00
        self.assertEqual(lead.user_id, self.boris)

    def test_nobody_out_of_office_gets_it(self):
        self.company.tiktok_handover_minutes = 20
        lead = self.new_lead()
        self.member(self.boris).assignment_optout = True
        self.later(20)
        self.assertEqual(lead.user_id, self.chen)

    def test_nobody_who_is_not_at_work_gets_it(self):
        self.company.tiktok_handover_minutes = 20
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
        self.assertEqual(lead.tiktok_handover_at, NOW + timedelta(minutes=35))

    def test_a_batch_of_reminders_costs_no_more_for_each(self):
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

    def test_leads_of_another_company_keep_its_settings(self):
        self.other_company.write({"tiktok_call_minutes": 3, "tiktok_remind": False})
        lead = self.make(company=self.other_company)
        lead.user_id = self.stranger
        self.assertEqual(lead.tiktok_call_due_at, NOW + timedelta(minutes=3))
        self.assertFalse(lead.tiktok_remind_at)
