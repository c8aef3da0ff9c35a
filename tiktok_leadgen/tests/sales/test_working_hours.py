from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.tests import TransactionCase, tagged

from ...working_hours import (
    TeamHours,
    WorkingHours,
    find_calendar,
    next_opening,
    working_seconds,
)
from ..common_speed import NOW, SpeedCommon, seconds

WEEKDAYS, EVERY_DAY = "01234", "0123456"


def moment(month, day, hour=0, minute=0, second=0, **parts):
    """Return a moment of 2031; 3 March is a Monday."""
    values = {"month": month, "day": day, "hour": hour, "minute": minute, "second": second}
    return NOW.replace(year=2031, **values, **parts)


def create_calendar(env, company, days=WEEKDAYS, hours=((9, 17),), tz="UTC", **values):
    """Return working hours.

    :param env: of the test
    :param company: res.company
    :param str days: numbers of weekdays, 0 for Monday
    :param tuple hours: pairs of a day's hours
    :param str tz: their time zone
    :param values: further values
    :rtype: resource.calendar
    """
    attendances = [
        Command.create(
            {
                "name": f"{day} {start}",
                "dayofweek": day,
                "hour_from": start,
                "hour_to": stop,
                "day_period": "morning" if start < 12 else "afternoon",
            }
        )
        for day in days
        for start, stop in hours
    ]
    return env["resource.calendar"].create(
        {
            "name": "Hours of the test",
            "company_id": company.id,
            "tz": tz,
            "attendance_ids": attendances,
            **values,
        }
    )


@tagged("post_install", "-at_install")
class TestWorkingHours(TransactionCase):
    """Openings and working time of a calendar, on the days on which it is not as usual."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Clocks"})
        cls.day = create_calendar(cls.env, cls.company)
        cls.around_the_clock = create_calendar(cls.env, cls.company, EVERY_DAY, ((0, 24),))

    def close(self, first, last, company=None, **values):
        """Close a calendar for a time."""
        company = company or self.company
        leave = (
            self.env["resource.calendar.leaves"]
            .with_company(company)
            .create({"name": "Closed", "date_from": first, "date_to": last, **values})
        )
        leave.flush_recordset()  # Odoo computes its company in the environment that flushes

    def test_opening_is_now_at_work_and_the_next_morning_after_it(self):
        monday = moment(3, 3)
        for hour, expected in ((8, 9), (9, 9), (12, 12), (17, 24 + 9), (23, 24 + 9)):
            with self.subTest(hour=hour):
                found = next_opening(self.day, monday + timedelta(hours=hour))
                self.assertEqual(found, monday + timedelta(hours=expected))

    def test_weekend_and_public_holiday_are_closed(self):
        friday, tuesday = moment(3, 7, 18), moment(3, 11, 9)
        self.close(moment(3, 10), moment(3, 10, 23, 59, 59))
        self.assertEqual(next_opening(self.day, friday), tuesday)
        self.assertEqual(working_seconds(self.day, friday, tuesday + timedelta(hours=1)), 3600)

    def test_long_closure_ends_at_the_first_opening_after_it(self):
        self.close(moment(3, 1), moment(8, 31, 23, 59, 59))
        self.assertEqual(next_opening(self.day, moment(3, 3)), moment(9, 1, 9))

    def test_holiday_of_another_company_closes_no_one_else(self):
        other = self.env["res.company"].create({"name": "Other clocks"})
        self.close(moment(3, 3), moment(3, 4), company=other)
        self.assertEqual(next_opening(self.day, moment(3, 3)), moment(3, 3, 9))

    def test_team_around_the_clock_is_always_open(self):
        start = moment(3, 8, 23, 59, 30)  # a Saturday
        self.assertEqual(next_opening(self.around_the_clock, start), start)
        end = start + timedelta(days=3)
        self.assertEqual(working_seconds(self.around_the_clock, start, end), 3 * 86400)
        midnight = moment(3, 8, 23, 59, 59, microsecond=999999)
        self.assertTrue(WorkingHours(self.around_the_clock).is_open(midnight))

    def test_calendar_without_hours_is_always_open(self):
        empty = self.env["resource.calendar"]
        none = create_calendar(self.env, self.company, "")
        flexible = create_calendar(self.env, self.company, schedule_type="flexible")
        unknown = create_calendar(self.env, self.company)
        self.cr.execute(
            "UPDATE resource_calendar SET tz = 'Mars/Olympus' WHERE id = %s", [unknown.id]
        )
        self.env.invalidate_all()
        night = moment(3, 8, 3)
        for calendar in (empty, none, flexible, unknown):
            with self.subTest(calendar=calendar):
                self.assertEqual(next_opening(calendar, night), night)
                self.assertEqual(working_seconds(calendar, night, night + timedelta(hours=1)), 3600)

    def test_hours_follow_the_clock_of_the_time_zone(self):
        # Clocks in Paris change on 30 March and on 26 October 2031, both Sundays.
        for day, hour in ((28, 8), (31, 7)):
            opening = next_opening(self.day, moment(3, day), "Europe/Paris")
            self.assertEqual(opening, moment(3, day, hour))
        for month, day, hours in ((3, 30, 23), (10, 26, 25), (6, 1, 24)):
            with self.subTest(month=month):
                calendar = create_calendar(
                    self.env, self.company, "6", ((0, 24),), tz="Europe/Paris"
                )
                noon = moment(month, day, 12)
                whole = (noon - timedelta(days=1), noon + timedelta(days=1))
                self.assertEqual(working_seconds(calendar, *whole), hours * 3600)

    def test_half_hour_zone_and_lunch_break(self):
        calendar = create_calendar(
            self.env, self.company, hours=((9, 12), (13, 17)), tz="Asia/Kolkata"
        )
        self.assertEqual(
            next_opening(calendar, moment(3, 3, 6, 45)),  # 12:15
            moment(3, 3, 7, 30),
        )
        day = (moment(3, 3), moment(3, 4))
        self.assertEqual(working_seconds(calendar, *day), 7 * 3600)

    def test_no_working_time_before_the_start(self):
        noon = moment(3, 3, 12)
        self.assertEqual(working_seconds(self.day, noon, noon - timedelta(hours=1)), 0)

    def test_wait_of_decades_is_not_read_day_by_day(self):
        calendars, ranges = type(self.day), []
        read = calendars._work_intervals_batch

        def watch_range(calendar, start, end, *args, **options):
            ranges.append(end - start)
            return read(calendar, start, end, *args, **options)

        with patch.object(calendars, "_work_intervals_batch", watch_range):
            found = working_seconds(self.day, moment(3, 3).replace(year=1971), moment(3, 3))
        self.assertLess(max(ranges), timedelta(days=500))
        of_a_year = working_seconds(self.day, moment(3, 3).replace(year=2030), moment(3, 3))
        self.assertAlmostEqual(found, 60 * of_a_year, delta=of_a_year)

    def test_hours_are_read_once_for_many_leads(self):
        hours = WorkingHours(self.day)
        noon = moment(3, 3, 12)
        hours.find_opening(noon)
        before = self.cr.sql_log_count
        for minutes in range(0, 10 * 1440, 7):
            hours.find_opening(noon + timedelta(minutes=minutes))
        self.assertEqual(self.cr.sql_log_count, before)


@tagged("post_install", "-at_install")
class TestWorkingHoursOfLeads(SpeedCommon):
    """What is due, and how long a lead waited, in the hours of its team."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.night = NOW.replace(hour=23)
        cls.opening = NOW.replace(hour=9) + timedelta(days=1)
        cls.team.tiktok_calendar_id = create_calendar(cls.env, cls.company)

    def test_lead_at_night_is_due_in_the_morning(self):
        self.frozen.move_to(self.night)
        self.company.tiktok_reassign_minutes = 30
        lead = self.new_lead()
        self.assertEqual(lead.tiktok_opens_at, self.opening)
        self.assertEqual(lead.tiktok_call_due_at, self.opening + timedelta(minutes=10))
        self.assertEqual(lead.tiktok_remind_at, self.opening + timedelta(minutes=5))
        self.assertEqual(lead.tiktok_reassign_at, self.opening + timedelta(minutes=30))
        self.assertEqual(self.calls(lead).date_deadline, self.opening.date())

    def test_lead_during_working_hours_has_no_opening(self):
        lead = self.new_lead()
        self.assertFalse(lead.tiktok_opens_at)
        self.assertEqual(lead.tiktok_call_due_at, NOW + timedelta(minutes=10))

    def test_no_reminder_at_night_and_each_in_the_morning(self):
        self.frozen.move_to(self.night)
        lead = self.new_lead()
        start = (self.night - NOW) // timedelta(minutes=1)
        morning = (self.opening - NOW) // timedelta(minutes=1)
        for minutes, count in ((start + 90, 0), (morning + 4, 0), (morning + 5, 1)):
            self.later(minutes)
            self.assertEqual(lead.tiktok_reminded, count)
        self.assertEqual(lead.tiktok_remind_at, self.opening + timedelta(minutes=15))

    def test_response_counts_working_time_beside_the_plain_clock(self):
        self.frozen.move_to(self.night)
        lead = self.make(create_time=seconds(self.night))
        self.frozen.move_to(self.opening + timedelta(minutes=4))
        self.calls(lead.with_user(lead.user_id)).action_done()
        self.assertEqual(lead.tiktok_response_work_seconds, 4 * 60)
        self.assertEqual(lead.tiktok_response_seconds, 10 * 3600 + 4 * 60)

    def test_contact_before_the_opening_counts_as_one_second(self):
        self.frozen.move_to(self.night)
        lead = self.make(create_time=seconds(self.night))
        self.calls(lead.with_user(lead.user_id)).action_done()
        self.assertEqual(lead.tiktok_response_work_seconds, 1)

    def test_team_without_hours_has_the_companys_and_its_own_time_zone(self):
        self.team.write({"tiktok_calendar_id": False, "tiktok_tz": "Asia/Tokyo"})
        lead = self.new_lead()  # 19:00 in Tokyo; the company's hours are 8:00 to 17:00
        self.assertEqual(lead.tiktok_opens_at, NOW.replace(hour=23))

    def test_lead_at_night_is_assigned_to_the_member_on_duty(self):
        nights = create_calendar(self.env, self.company, EVERY_DAY, ((20, 24),))
        self.env["resource.resource"].create(
            {
                "name": "Boris",
                "user_id": self.boris.id,
                "company_id": self.company.id,
                "calendar_id": nights.id,
                "tz": "UTC",
            }
        )
        self.frozen.move_to(self.night)
        self.assertEqual(self.make_many(3).user_id, self.boris)
        self.frozen.move_to(self.opening)
        self.assertEqual(self.make_many(2).user_id, self.ana | self.chen)

    def test_team_of_all_companies_can_have_the_hours_of_one(self):
        team = self.env["crm.team"].create({"name": "Everywhere"})
        team.tiktok_calendar_id = self.team.tiktok_calendar_id
        self.assertEqual(find_calendar(team, self.company), self.team.tiktok_calendar_id)
        other = find_calendar(team, self.other_company)
        self.assertEqual(other, self.other_company.resource_calendar_id)

    def test_teams_that_share_hours_have_them_read_once(self):
        hours = TeamHours()
        other = self.team.copy({"name": "Others"})
        other.tiktok_calendar_id = self.team.tiktok_calendar_id
        self.assertIs(
            hours.get_hours(self.team, self.company), hours.get_hours(other, self.company)
        )
        other.tiktok_tz = "Asia/Tokyo"
        self.assertIsNot(
            TeamHours().get_hours(other, self.company), hours.get_hours(self.team, self.company)
        )

    def test_queries_of_a_batch_do_not_grow_with_its_leads(self):
        def cost(count):
            self.env.invalidate_all()
            vals_list = [
                {"user_id": self.ana.id, "team_id": self.team.id} for _number in range(count)
            ]
            before = self.cr.sql_log_count
            self.env["tiktok.lead.notification"]._fill_clock_values(self.company, vals_list)
            return self.cr.sql_log_count - before

        cost(1)
        self.assertEqual(cost(1), cost(200))
