from datetime import timedelta

from odoo.tests import tagged

from ..common import entry
from ..common_speed import NOW, SpeedCommon

UNKNOWN = "Mars/Olympus_Mons"  # a database can hold names that a newer server does not know


@tagged("post_install", "-at_install")
class TestUnknownTimeZone(SpeedCommon):
    """A time zone that the server does not know is read as UTC, and stops nothing."""

    def setUp(self):
        super().setUp()
        self.env.flush_all()
        partners = (self.sellers + self.manager).partner_id + self.company.partner_id
        for table, records in (
            ("res_partner", partners),
            ("resource_calendar", self.company.resource_calendar_id),
        ):
            query = f"UPDATE {table} SET tz = %s WHERE id = ANY(%s)"  # noqa: S608 - two names
            self.env.cr.execute(query, [UNKNOWN, records.ids])
        self.env.invalidate_all()

    def test_the_overview_opens(self):
        self.new_lead()
        reports = self.env["tiktok.lead.report"].with_user(self.manager)
        for context in ({}, {"tz": UNKNOWN}, {"tz": "localtime"}):
            found = reports.with_context(**context).action_overview(365)
            self.assertEqual(found["waiting"]["count"], 1)

    def test_the_companys_page_opens(self):
        company = self.company.with_user(self.manager)
        self.assertIn("tiktok_received_today", company.read(["tiktok_received_today"])[0])

    def test_a_lead_is_assigned_and_handed_over(self):
        self.company.tiktok_reassign_minutes = 20
        lead = self.new_lead()
        self.assertEqual(lead.user_id, self.ana)
        self.assertEqual(lead.tiktok_reassign_at, NOW + timedelta(minutes=20))
        self.later(20)
        self.assertEqual(lead.user_id, self.boris)

    def test_a_date_and_time_in_an_answer_is_read(self):
        answers = {"name": "Zoe", "When?": "2026-05-12 10:00"}
        form = self.make(answers=answers).tiktok_form_id
        field = self.env["ir.model.fields"].create(
            {
                "name": "x_when",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "ttype": "datetime",
            }
        )
        question = form.question_ids.filtered(lambda question: question.name == "When?")
        question.write({"target": "field", "field_name": field.name})
        content = entry(answers=answers)
        self.receive(content)
        self.process()
        self.assertEqual(str(self.lead(content["id"]).x_when), "2026-05-12 10:00:00")
