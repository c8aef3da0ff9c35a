from odoo.tests import tagged

from .common import TiktokHttpCommon, body, entry, next_uid


@tagged("post_install", "-at_install")
class TestWebhook(TiktokHttpCommon):
    """What comes to the webhook, over HTTP."""

    def test_a_documented_delivery_becomes_a_lead(self):
        uid = next_uid()
        response = self.post(body(entry(uid)))
        self.assertEqual((response.status_code, response.text), (200, "OK"))
        self.assertNotIn("Set-Cookie", response.headers)
        event = self.event(uid)
        self.assertEqual((event.state, event.trust), ("pending", "token"))
        self.process()
        self.assertEqual(event.state, "done")
        lead = self.lead(uid)
        self.assertEqual(lead, event.lead_id)
        self.assertEqual(lead.contact_name, "Ana Pérez")
        self.assertEqual(lead.phone, "+56911112222")
