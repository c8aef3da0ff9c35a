from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ...tiktok.lead import Answer
from ..common import entry
from ..common_speed import NOW, SPEED, SpeedCommon, seconds

ANA = {"name": "Ana Pérez", "email": "ana@example.com", "phone_number": "+56911112222"}


@tagged("post_install", "-at_install")
class TestLate(SpeedCommon):
    """A lead that TikTok's export delivers days later is assigned, but rings no alarm."""

    def recover_lead(self, age, **values):
        content = entry(create_time=seconds(NOW - age), **values)
        self.receive(content, source="backfill")
        self.event(content["id"]).received_at = NOW  # the database has its own clock
        self.process()
        return self.lead(content["id"])

    def test_an_old_lead_of_the_export_is_assigned_quietly(self):
        self.company.tiktok_reassign_minutes = 30
        lead = self.recover_lead(timedelta(days=3))
        self.assertEqual(lead.user_id, self.ana)
        self.assertEqual((lead.tiktok_assigned_at, lead.tiktok_last_assigned_at), (NOW, NOW))
        self.assertIn(self.ana.partner_id, lead.message_partner_ids)
        self.assertFalse(self.calls(lead))
        self.assertFalse(self.get_popups(self.ana))
        self.assertFalse(lead.tiktok_call_due_at or lead.tiktok_remind_at)
        self.assertFalse(lead.tiktok_reassign_at)

    def test_a_lead_of_the_export_that_is_new_alarms_like_any_other(self):
        lead = self.recover_lead(timedelta(minutes=20))
        self.assertTrue(self.calls(lead) and lead.tiktok_remind_at)
        self.assertEqual(len(self.get_popups(self.ana)), 1)

    def test_an_old_lead_that_is_assigned_later_is_quiet_too(self):
        self.team.crm_team_member_ids.assignment_optout = True
        lead = self.recover_lead(timedelta(days=3))
        self.assertEqual(lead.tiktok_unassigned_reason, "none_available")
        self.team.crm_team_member_ids.assignment_optout = False
        self.run_cron("ir_cron_assign_leads")
        self.assertEqual(lead.user_id, self.ana)
        self.assertFalse(self.calls(lead) or lead.tiktok_remind_at or lead.tiktok_unassigned_reason)
        self.assertFalse(self.get_popups(self.ana))

    def test_an_old_submission_reopens_nothing_and_asks_for_no_call(self):
        first = self.new_lead(answers=ANA)
        self.company.tiktok_repeat_policy = "reopen"
        first.activity_ids.unlink()
        self.assertEqual(
            self.recover_event(timedelta(days=3)).lead_id, first, "noted on the open one"
        )
        self.assertFalse(first.activity_ids)
        first.action_set_lost()
        later = self.recover_event(timedelta(days=3))
        self.assertNotEqual(later.lead_id, first)
        self.assertFalse(first.active)

    def recover_event(self, age):
        content = entry(create_time=seconds(NOW - age), answers=ANA)
        self.receive(content, source="backfill")
        self.event(content["id"]).received_at = NOW  # the database has its own clock
        self.process()
        return self.event(content["id"])


@tagged("post_install", "-at_install")
class TestMergedClocks(SpeedCommon):
    """The clocks run on, on whichever lead stays."""

    def create_manually(self):
        lead = self.leads.create({"name": "Manual", "type": "opportunity", "probability": 99})
        lead.company_id = self.company
        return lead

    def test_a_first_contact_is_not_forgotten(self):
        mine, other = self.new_lead(), self.create_manually()
        mine.type = "lead"
        self.calls(mine).with_user(self.ana).action_feedback()
        self.assertEqual(mine.tiktok_first_contact_how, "call")
        survivor = (mine + other).merge_opportunity()
        self.assertEqual(survivor, other)
        self.assertEqual(survivor.tiktok_assigned_at, NOW)
        self.assertEqual(survivor.tiktok_first_contact_at, NOW)
        self.assertEqual(survivor.tiktok_first_contact_user_id, self.ana)
        self.assertEqual(survivor.tiktok_response_seconds, 120)

    def test_who_waits_is_still_reminded_of(self):
        mine, other = self.new_lead(), self.create_manually()
        mine.type = "lead"
        other.user_id = self.ana
        survivor = (mine + other).merge_opportunity()
        self.assertEqual(survivor, other)
        self.assertEqual(survivor.tiktok_remind_at, NOW + timedelta(minutes=5))
        self.assertFalse(survivor.tiktok_first_contact_at)


@tagged("post_install", "-at_install")
class TestMeeting(SpeedCommon):
    """Where mapping, repeats and assignment meet."""

    def test_a_lead_that_odoo_refuses_does_not_stop_the_job(self):
        bad, good = self.new_lead(), self.new_lead()
        notification = type(self.env["tiktok.lead.notification"])
        remind = notification._remind_salespeople
        reason = "no"

        def refuse(model, leads, now):
            if bad in leads:
                raise ValidationError(reason)
            return remind(model, leads, now)

        self.frozen.move_to(NOW + timedelta(minutes=6))
        with (
            patch.object(notification, "_remind_salespeople", refuse),
            self.assertLogs("odoo.addons.tiktok_leadgen", "WARNING"),
        ):
            self.run_cron(SPEED)
        self.assertEqual((bad.tiktok_reminded, good.tiktok_reminded), (0, 1))

    def test_a_property_of_the_forms_own_team_is_filled(self):
        first = self.new_lead(answers={"name": "Ana", "Dog?": "Rex"})
        team = self.env["crm.team"].create(
            {
                "name": "Dogs",
                "company_id": self.company.id,
                "lead_properties_definition": [
                    {"name": "a1b2c3d4e5f60718", "type": "char", "string": "Dog"}
                ],
            }
        )
        first.tiktok_form_id.team_id = team
        question = first.tiktok_form_id.question_ids.filtered(lambda q: q.name == "Dog?")
        question.write({"target": "property", "property_name": "a1b2c3d4e5f60718"})
        lead = self.new_lead(answers={"name": "Ana", "Dog?": "Rex"})
        self.assertEqual(lead.team_id, team)
        self.assertFalse(lead.tiktok_mapping_notes)
        self.assertEqual(lead.lead_properties["a1b2c3d4e5f60718"], "Rex")

    def test_a_property_of_a_model_that_is_gone_stops_no_lead(self):
        targets = self.env["tiktok.mapping.target"]
        for comodel in (False, "no.such.model"):
            definition = {"name": "a1", "type": "many2one", "comodel": comodel}
            self.assertIsNone(targets._get_property_target(self.team, definition))

    def test_no_tag_is_made_of_an_answer_that_is_no_tag(self):
        first = self.new_lead(answers={"name": "Ana", "Rooms": "Kitchen"})
        question = first.tiktok_form_id.question_ids.filtered(lambda q: q.name == "Rooms")
        question.write({"target": "field", "field_name": "tag_ids"})
        tags = self.env["crm.tag"].search_count([])
        lead = self.new_lead(answers={"name": "Ana", "Rooms": [f"Spam {n}" for n in range(21)]})
        self.assertEqual([note[1] for note in lead.tiktok_mapping_notes], ["too_long"])
        self.assertEqual(self.env["crm.tag"].search_count([]), tags)

    def test_a_value_of_every_lead_that_a_person_removed_stays_removed(self):
        content = entry(answers={"name": "Ana"})
        self.receive(content)
        self.process()
        form = self.lead(content["id"]).tiktok_form_id
        self.env["tiktok.form.default"].create(
            {"form_id": form.id, "field_name": "function", "value": "Buyer"}
        )
        content = entry(answers={"name": "Bo"})
        self.receive(content)
        self.process()
        lead = self.lead(content["id"])
        self.assertEqual(lead.function, "Buyer")
        lead.function = False
        event, fresh = lead.tiktok_event_id, lead.tiktok_event_id._read_lead()
        answers = (*fresh.answers, Answer("city", ("Lima",), "city"))
        later = (event, replace(fresh, answers=answers))
        self.leads._tiktok_supplement_leads(self.company, {event.lead_uid: lead}, [later])
        self.assertEqual(lead.city, "Lima")
        self.assertFalse(lead.function)

    def test_a_lost_lead_that_nobody_had_is_assigned_when_it_is_reopened(self):
        self.company.tiktok_assignment = "manual"
        first = self.new_lead(answers=ANA)
        first.action_set_lost()
        self.company.write({"tiktok_assignment": "round_robin", "tiktok_repeat_policy": "reopen"})
        self.receive(entry(create_time=seconds(NOW), answers=ANA))
        self.process()
        self.assertTrue(first.active)
        self.assertEqual(first.user_id, self.ana)

    def test_an_address_that_is_none_is_not_everybody_without_one(self):
        self.new_lead(answers={"name": "No mail", "phone_number": "+56987654321"})
        wizard = self.env["privacy.lookup.wizard"].with_user(self.env.ref("base.user_admin"))
        wizard = wizard.create({"email": "no address", "name": "Zoe"})
        self.assertFalse(wizard._tiktok_find_records()[0])
        with self.assertRaises(UserError):
            wizard.action_tiktok_export_json()

    def test_new_leads_for_odoos_rules_come_before_those_nobody_could_take(self):
        self.company.tiktok_assignment = "rules"
        old, new = self.new_lead(), self.new_lead()
        old.tiktok_unassigned_reason = "quota"
        (old + new).team_id = False
        self.env.flush_all()
        looked = []
        with (
            patch("odoo.addons.tiktok_leadgen.const.ASSIGN_BATCH", 1),
            patch.object(
                type(self.env["crm.team"]),
                "_tiktok_choose_by_domain",
                lambda teams, lead: looked.append(lead) or teams[:0],
            ),
            self.enter_registry_test_mode(),
        ):
            self.env.ref("tiktok_leadgen.ir_cron_assign_leads").method_direct_trigger()
        self.assertEqual(looked[0].id, new.id)
