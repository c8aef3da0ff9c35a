from odoo import fields
from odoo.tests import tagged

from ...models.signals import tiktok_crm_event
from ...tiktok import crm_event
from ..signals_common import OTHER_SET_UID, SignalsCommon


@tagged("post_install", "-at_install")
class TestQueue(SignalsCommon):
    """Which changes of leads become events, and which never do."""

    def test_a_lead_is_qualified_then_won(self):
        lead = self.make_lead(email="ana@example.com", phone_number="+971501234567")
        lead.expected_revenue = 1200
        self.qualify(lead.with_user(self.manager))
        self.win(lead.with_user(self.manager))
        qualified, won = self.events_of(lead)
        self.assertEqual((qualified.state, won.state), ("pending", "pending"))
        self.send()
        self.assertEqual(self.sent_names(), ["Qualified", "Converted"])
        first, second = self.tiktok.requests[0]
        self.assertEqual(first["lead"]["lead_id"], lead.tiktok_lead_uid)
        self.assertNotIn("properties", first)
        currency = self.company.currency_id.name
        self.assertEqual(second["properties"], {"currency": currency, "value": 1200.0})
        self.assertEqual(won.state, "sent")
        self.assertTrue(won.sent_at)
        self.assertTrue(won.has_email and won.has_phone)

    def test_a_salesperson_without_rights_on_events_reports_a_lead(self):
        lead = self.make_lead()
        lead.user_id = self.salesman
        self.qualify(lead.with_user(self.salesman))
        self.assertEqual(self.events_of(lead).event_name, "Qualified")

    def test_the_buttons_won_and_lost(self):
        won, lost = self.make_lead(), self.make_lead(name="Eva")
        won.action_set_won()
        lost.action_set_lost(lost_reason_id=self.lost_reason.id)
        names = [self.events_of(lead).mapped("event_name") for lead in (won, lost)]
        self.assertEqual(names, [["Converted"], ["Unqualified"]])

    def test_another_lost_reason_is_not_reported(self):
        lead = self.make_lead()
        lead.action_set_lost(
            lost_reason_id=self.env["crm.lost.reason"].create({"name": "Price"}).id
        )
        self.assertFalse(self.events_of(lead))

    def test_moves_back_and_forth_are_reported_once(self):
        lead = self.make_lead()
        for _time in range(3):
            self.qualify(lead)
            self.send()
            lead.stage_id = self.new_stage
        self.assertEqual(self.sent_names(), ["Qualified"])
        self.assertEqual(len(self.events_of(lead)), 1)
        self.assertEqual(len(self.tracked()), 1)

    def test_a_rule_that_was_created_again_reports_no_lead_twice(self):
        lead = self.make_lead()
        self.qualify(lead)
        self.qualified_rule.unlink()
        self.env["tiktok.crm.event.rule"].create(
            {
                "event_set_id": self.event_set.id,
                "stage_id": self.qualified.id,
                "event_name": "Qualified",
            }
        )
        lead.stage_id = self.new_stage
        self.qualify(lead)
        self.assertEqual(len(self.events_of(lead)), 1)

    def test_what_is_no_decision_of_a_person_is_not_reported(self):
        leads = [self.make_lead(name=name) for name in ("A", "B", "C")]
        imported, merged, created = leads
        self.qualify(imported.with_context(import_file=True))
        self.qualify(merged.with_context(tiktok_no_contact=True))
        created.name = "Renamed"
        by_hand = self.leads.create({"name": "No lead of TikTok", "stage_id": self.new_stage.id})
        self.qualify(by_hand)
        test = self.make(campaign_id=0, campaign_name="test lead: dummy data")
        self.assertTrue(test.tiktok_is_test)
        self.qualify(test)
        old = self.leads.create(
            {"name": "Old", "tiktok_lead_uid": "77", "stage_id": self.qualified.id}
        )
        self.assertFalse(self.crm_events.search([("company_id", "=", self.company.id)]))
        self.assertFalse(self.events_of(old))

    def test_an_import_that_updates_stages_does_not_flood(self):
        lead = self.make_lead()
        rows = [[lead.tiktok_lead_uid, self.qualified.name]]
        result = self.leads.with_user(self.manager).load(["tiktok_lead_uid", "stage_id"], rows)
        self.assertFalse(result["messages"])
        self.assertEqual(lead.stage_id, self.qualified)
        self.assertFalse(self.events_of(lead))

    def test_a_mass_edit_waits_for_a_user(self):
        self.patch_limit(2)
        leads = self.leads.union(*(self.make_lead(name=name) for name in "ABC"))
        self.qualify(leads)
        events = self.crm_events.search([("lead_id", "in", leads.ids)])
        self.assertEqual(set(events.mapped("state")), {"skipped"})
        self.assertEqual(set(events.mapped("reason")), {"mass_edit"})
        self.send()
        self.assertFalse(self.tracked())
        events[0].with_user(self.manager).action_send()
        self.send()
        self.assertEqual(events.mapped("state").count("sent"), 1)

    def test_a_lead_of_a_mass_edit_that_moves_again_is_reported(self):
        self.patch_limit(0)
        lead = self.make_lead()
        self.qualify(lead)
        self.patch_limit(100)
        lead.stage_id = self.new_stage
        self.qualify(lead)
        self.assertEqual(self.events_of(lead).state, "pending")

    def patch_limit(self, limit):
        """Let more leads in one write be a mass edit."""
        self.patch(tiktok_crm_event, "MASS_EDIT_LEADS", limit)

    def test_an_offline_event_set_is_a_second_target(self):
        offline = self.make_event_set(OTHER_SET_UID, name="Shop", source="offline")
        self.make_rules(offline, ("SubmitApplication", "Purchase", "Contact"))
        lead = self.make_lead()
        self.win(lead)
        self.send()
        self.assertEqual(sorted(self.sent_names()), ["Converted", "Purchase"])
        bodies = {body["event_source"]: body["data"][0] for body in self.tracked()}
        self.assertIn("lead", bodies["crm"])
        self.assertNotIn("lead", bodies["offline"])

    def test_events_of_merged_leads_belong_to_the_one_that_stays(self):
        first, second = self.make_lead(), self.make_lead(name="Eva")
        self.qualify(first)
        self.qualify(second)
        events = self.events_of(first) | self.events_of(second)
        (first | second).merge_opportunity()
        stays = (first | second).exists()
        self.assertEqual(len(stays), 1)
        self.assertEqual(events.lead_id, stays)
        self.send()
        self.assertEqual(set(events.mapped("state")), {"sent"})

    def test_an_archived_event_set_gets_no_events(self):
        self.event_set.active = False
        lead = self.make_lead()
        self.qualify(lead)
        self.assertFalse(self.events_of(lead))

    def test_another_company_is_not_reported(self):
        lead = self.make_lead()
        self.event_set.company_id = self.other_company
        self.qualify(lead)
        self.assertFalse(self.crm_events.search([("event_set_id", "=", self.event_set.id)]))

    def test_one_lead_costs_as_many_queries_as_many(self):
        leads = self.leads.union(*(self.make_lead(name=f"Lead {n}") for n in range(6)))
        counts = []
        for some in (leads[:1], leads[1:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = some.sudo()._tiktok_read_outcomes()
            self.env.cr.execute(
                "UPDATE crm_lead SET stage_id = %s WHERE id = ANY(%s)",
                [self.qualified.id, some.ids],
            )
            some.invalidate_recordset(["stage_id"])
            start = self.env.cr.sql_log_count
            self.crm_events._queue_changes(some.sudo(), before)
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(len(self.crm_events.search([("lead_id", "in", leads.ids)])), 6)
        self.assertLessEqual(counts[1], counts[0])
        self.assertLess(counts[0], 20)

    def test_a_write_of_something_else_costs_nothing(self):
        lead = self.make_lead()
        self.env.flush_all()
        with self.assertQueryCount(0):
            self.assertFalse(lead._tiktok_filter_reported({"description": "x"}))

    def test_the_time_of_an_event_is_that_of_the_change(self):
        lead = self.make_lead()
        self.qualify(lead)
        event = self.events_of(lead)
        event.occurred_at = fields.Datetime.to_datetime("2026-09-20 12:26:40")
        self.send()
        self.assertEqual(self.tiktok.requests[0][0]["event_time"], 1789907200)
        self.assertEqual(
            self.tiktok.requests[0][0]["event_id"],
            crm_event.build_event_uid(lead.tiktok_lead_uid, "7600000000000000701", "Qualified"),
        )
