from datetime import timedelta

from odoo.tests import tagged

from ..common_speed import NOW, SpeedCommon, seconds
from .test_working_hours import create_calendar


@tagged("post_install", "-at_install")
class TestResponseReport(SpeedCommon):
    """The share of leads reached within the target, and when leads arrive."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.tiktok_calendar_id = create_calendar(cls.env, cls.company)
        cls.report = cls.env["tiktok.response.report"]

    def lead_at(self, moment, minutes=None):
        """Return a lead that is submitted at a moment, and called some minutes later."""
        self.frozen.move_to(moment)
        lead = self.make(create_time=seconds(moment))
        if minutes is not None:
            self.frozen.move_to(moment + timedelta(minutes=minutes))
            self.calls(lead.with_user(lead.user_id)).action_done()
        return lead

    def row(self, lead):
        """Return the row of a lead."""
        return self.report.search([("lead_id", "=", lead.id)])

    def test_share_within_target_counts_working_hours(self):
        night = NOW.replace(hour=23)
        # Ana is called at 9:04, Boris an hour late; the third lead is not due yet.
        leads = [
            self.lead_at(night, minutes=10 * 60 + 4),
            self.lead_at(NOW, minutes=70),
            self.lead_at(NOW.replace(year=2090)),
        ]
        rows = [self.row(lead) for lead in leads]
        self.assertEqual([row.in_time_count for row in rows], [1, 0, 0])
        self.assertEqual([row.work_minutes for row in rows], [4, 70, 0])
        self.assertEqual(rows[0].response_minutes, 604)
        self.assertEqual([row.closed_count for row in rows], [1, 0, 0])
        domain = [("lead_id", "in", [lead.id for lead in leads])]
        [[share]] = self.report._read_group(domain, [], ["in_time_share:avg"])
        self.assertEqual(share, 0.5)

    def test_lead_without_a_call_counts_when_it_is_overdue(self):
        lead = self.lead_at(NOW)
        lead.tiktok_call_due_at = "2020-01-01"
        domain = [("lead_id", "=", lead.id)]
        [[share]] = self.report._read_group(domain, [], ["in_time_share:avg"])
        self.assertEqual(share, 0)

    def test_lead_is_due_once_contacted_or_overdue(self):
        called, late = self.lead_at(NOW, minutes=5), self.lead_at(NOW)
        later = self.lead_at(NOW.replace(year=2090))
        late.tiktok_call_due_at = "2020-01-01"
        self.assertEqual([self.row(lead).due_count for lead in (called, late, later)], [1, 1, 0])

    def test_hours_and_weekdays_are_those_of_the_team(self):
        lead = self.lead_at(NOW.replace(hour=22))  # a Wednesday
        self.assertEqual((self.row(lead).weekday, self.row(lead).hour), ("3", "22"))
        self.team.tiktok_tz = "Asia/Tokyo"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((self.row(lead).weekday, self.row(lead).hour), ("4", "07"))

    def test_unknown_time_zone_is_utc(self):
        lead = self.lead_at(NOW)
        calendar = self.team.tiktok_calendar_id
        self.env.flush_all()
        self.cr.execute(
            "UPDATE resource_calendar SET tz = 'Mars/Olympus' WHERE id = %s", [calendar.id]
        )
        self.env.invalidate_all()
        self.assertEqual(self.row(lead).hour, "10")

    def test_salesperson_sees_own_leads_only(self):
        mine, other = self.lead_at(NOW), self.lead_at(NOW)
        self.assertNotEqual(mine.user_id, other.user_id)
        seen = self.report.with_user(mine.user_id).search([]).lead_id
        self.assertIn(mine, seen)
        self.assertNotIn(other, seen)
