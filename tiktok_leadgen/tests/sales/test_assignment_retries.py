from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import tagged

from ... import const
from ..common_team import TeamCommon


@tagged("post_install", "-at_install")
class TestAssignmentRetries(TeamCommon):
    """Assignment of leads that were not assigned on arrival."""

    def test_former_test_lead_is_assigned_as_on_arrival(self):
        tag = self.env["crm.tag"].create({"name": "Showroom"})
        other = self.team.copy({"name": "Other sellers"})
        dora = self.new_seller("dora", other)
        stage = self.env["crm.stage"].create(
            {"name": "Theirs", "sequence": -9, "team_ids": [Command.set(other.ids)]}
        )
        form = self.env["tiktok.form"].create(
            {
                "name": "Showroom",
                "page_uid": "7600000000000000456",
                "company_id": self.company.id,
                "team_id": other.id,
                "tag_ids": [Command.set(tag.ids)],
            }
        )
        lead = self.make(campaign_id=0, campaign_name="test lead: dummy data for x")
        self.assertFalse(lead.user_id)
        lead.with_user(self.manager).action_tiktok_not_a_test()
        self.assertEqual((lead.user_id, lead.team_id, lead.stage_id), (dora, other, stage))
        self.assertEqual(lead.tag_ids, tag)
        self.assertTrue(lead.tiktok_assigned_at and lead.tiktok_call_due_at)
        self.assertFalse(lead.tiktok_first_contact_at)
        self.assertTrue(lead.activity_ids.tiktok_call)
        self.assertEqual(lead.tiktok_form_id, form)

    def test_retried_lead_stays_in_the_team_of_its_form(self):
        other = self.env["crm.team"].create({"name": "Others", "company_id": self.company.id})
        self.env["tiktok.form"].create(
            {
                "name": "Showroom",
                "page_uid": "7600000000000000456",
                "company_id": self.company.id,
                "team_id": other.id,
                "user_id": self.ana.id,
            }
        )
        self.ana.out_of_office_from = fields.Datetime.now() - timedelta(hours=1)
        lead = self.make()
        self.assertEqual(lead.tiktok_unassigned_reason, "user_away")
        self.ana.out_of_office_to = fields.Datetime.now() - timedelta(minutes=1)
        self.run_cron("ir_cron_assign_leads")
        self.assertEqual((lead.user_id, lead.team_id), (self.ana, other))

    def test_leads_that_stay_due_never_hold_up_those_behind_them(self):
        leads = self.env["crm.lead"].create(
            [
                {
                    "name": f"Waiting {number}",
                    "company_id": self.company.id,
                    "user_id": False,
                    "tiktok_unassigned_reason": "no_team",
                }
                for number in range(3)
            ]
        )
        seen = []
        self.patch(const, "ASSIGN_BATCH", 1)
        self.patch(
            type(self.env["tiktok.assignment"]),
            "_assign_leads",
            lambda _self, some: seen.append((some & leads).ids),
        )
        with patch("odoo.addons.base.models.ir_cron.MIN_TIME_PER_JOB", 0):
            for _again in range(4):
                self.run_cron("ir_cron_assign_leads")
        ours = [ids for ids in seen if ids]
        self.assertEqual(ours, [[lead.id] for lead in leads + leads[:1]][: len(ours)])
        self.assertGreater(len(ours), 2)
