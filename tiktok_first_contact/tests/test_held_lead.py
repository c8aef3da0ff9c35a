"""A lead that waits for a person's decision, as another addon asks, and what follows from it."""

from datetime import timedelta
from unittest.mock import patch

from odoo.fields import Domain
from odoo.tests import tagged

from .common import NOW, ContactCommon

CRON = "ir_cron_send_first_messages"


@tagged("post_install", "-at_install")
class TestHeldLead(ContactCommon):
    """No message while it is held; once it is released it is treated as a new one."""

    def setUp(self):
        super().setUp()
        self.company.write({"tiktok_message_email": True, "tiktok_assignment": "claim"})
        assignment = self.env.registry["tiktok.assignment"]
        with patch.object(assignment, "_get_held_domain", lambda _model: Domain.TRUE):
            self.held = self.new_lead()

    def release(self):
        """Release the lead."""
        self.env["tiktok.lead.owner"]._assign_released_leads(self.held)

    def test_held_lead_is_neither_written_to_nor_claimed(self):
        self.assertFalse(self.held.tiktok_first_message_ids)
        self.assertFalse(self.get_popups(self.ana, "claim"))

    def test_released_lead_is_written_to_once_and_its_team_is_notified(self):
        self.release()
        self.release()
        self.run_own_cron(CRON)
        self.assertEqual(self.held.tiktok_first_message_ids.mapped("state"), ["sent"])
        self.assertTrue(self.get_popups(self.ana, "claim"))

    def test_salesperson_of_a_released_lead_is_alerted(self):
        self.company.tiktok_assignment = "round_robin"
        self.release()
        self.assertTrue(self.held.user_id)
        alerts = self.env["tiktok.lead.alert"].search([("lead_id", "=", self.held.id)])
        self.assertEqual((alerts.user_id, alerts.kind), (self.held.user_id, "new"))

    def test_lead_that_was_held_for_days_is_not_written_to(self):
        self.frozen.move_to(NOW + timedelta(days=2))
        self.release()
        self.assertFalse(self.held.tiktok_first_message_ids)
