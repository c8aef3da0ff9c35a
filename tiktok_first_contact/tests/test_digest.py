from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import NOW, ContactCommon


@tagged("post_install", "-at_install")
class TestDigest(ContactCommon):
    """The digest has the leads, and how soon they were called."""

    def setUp(self):
        super().setUp()
        names = ("leads", "reached", "response", "waiting")
        self.digest = self.env["digest.digest"].create(
            {
                "name": "TikTok",
                "company_id": self.company.id,
                **{f"kpi_tiktok_{name}": True for name in names},
            }
        )

    def read_figures(self, user):
        """Return the figures of the test's day as a user gets them.

        :param user: res.users
        :rtype: tuple
        """
        times = {"start_datetime": NOW - timedelta(days=1), "end_datetime": NOW + timedelta(days=1)}
        digest = self.digest.with_context(**times).with_user(user).with_company(self.company)
        digest.invalidate_recordset()
        return (
            digest.kpi_tiktok_leads_value,
            digest.kpi_tiktok_reached_value,
            digest.kpi_tiktok_response_value,
            digest.kpi_tiktok_waiting_value,
        )

    def test_figures(self):
        leads = self.new_lead() | self.new_lead() | self.new_lead() | self.new_lead()
        leads.sudo().tiktok_received_at = NOW
        for lead, minutes in zip(leads[:3], (3, 5, 58), strict=True):
            self.frozen.move_to(NOW + timedelta(minutes=minutes))
            self.set_outcome(lead, "reached")
        self.assertEqual(self.read_figures(self.manager), (4, 50, 7.0, 1))
        self.assertEqual(self.read_figures(self.chen)[0], 1)

    def test_a_lead_that_lost_its_company_is_counted_with_its_form_s(self):
        lead = self.new_lead().sudo()
        lead.write({"tiktok_received_at": NOW, "company_id": False, "team_id": False})
        self.assertEqual(self.read_figures(self.manager)[0], 1)

    def test_reader_without_sales_gets_none(self):
        reader = new_test_user(self.env, "digest_reader", company_id=self.company.id)
        with self.assertRaises(AccessError):
            self.read_figures(reader)

    def test_email_shows_them(self):
        self.new_lead().sudo().tiktok_received_at = NOW - timedelta(hours=1)
        kpis = self.digest._compute_kpis(self.company, self.manager)
        self.assertIn("kpi_tiktok_leads", [kpi["kpi_name"] for kpi in kpis])
