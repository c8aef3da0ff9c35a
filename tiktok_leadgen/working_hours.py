"""Working hours of a sales team: when it opens next, and how much of a wait was working time.

The hours of a calendar are read once for a range of days, however many leads are looked at. Times
are naive and in UTC, as Odoo stores them; the calendar's days begin and end in its time zone, or in
the team's, so the night on which clocks change has an hour more or less.
"""

from bisect import bisect_right
from datetime import timedelta, timezone

import pytz

from .time_zone import is_known_zone

FIRST_DAYS = 14  # read at first; a year where the team is closed so long
LONGEST_DAYS = 400
LONGEST = timedelta(days=LONGEST_DAYS)
SECOND = timedelta(seconds=1)
INSTANT, LAST_INSTANT = timedelta(microseconds=1), 999_999  # Odoo's days end before midnight


def find_calendar(team, company):
    """Find the working hours of a team: its own, unless of another company, else the company's.

    :param team: crm.team, may be empty
    :param company: res.company of the leads
    :return: resource.calendar with all rights, empty if there is none
    """
    own = team.sudo().tiktok_calendar_id
    if own.company_id not in (own.company_id.browse(), company):
        own = own.browse()
    return (own or company.sudo().resource_calendar_id).with_company(company)


def find_time_zone(team, company):
    """Find the time zone in which a team's working hours are meant.

    :param team: crm.team, may be empty
    :param company: res.company of the leads
    :return: the team's own, else that of its calendar; False if there is none
    :rtype: str | bool
    """
    return team.sudo().tiktok_tz or find_calendar(team, company).tz


def next_opening(calendar, moment, time_zone=False):
    """Return when work begins next, or the moment itself during working hours.

    :param calendar: resource.calendar, may be empty: always open
    :param datetime moment: UTC
    :param str time_zone: of the hours, by default the calendar's
    :return: UTC, not before the moment
    :rtype: datetime
    """
    return WorkingHours(calendar, time_zone).find_opening(moment)


def working_seconds(calendar, start, end, time_zone=False):
    """Return how much of a time is working time.

    :param calendar: resource.calendar, may be empty: always open
    :param datetime start: UTC
    :param datetime end: UTC
    :param str time_zone: of the hours, by default the calendar's
    :return: seconds, 0 if the end is before the start
    :rtype: int
    """
    return WorkingHours(calendar, time_zone).count_seconds(start, end)


class WorkingHours:
    """The working hours of one calendar, read for the days that are asked for."""

    def __init__(self, calendar, time_zone=False, resource=None):
        """Prepare the hours of a calendar; nothing is read yet.

        One without any hours, with flexible hours, or in a time zone that this server does not
        know, is always open.

        :param calendar: resource.calendar, may be empty
        :param str time_zone: of the hours, by default the calendar's
        :param resource: resource.resource whose time off counts, too
        """
        calendar = calendar.sudo()
        zone = time_zone or calendar.tz
        is_usable = calendar and is_known_zone(zone) and not calendar.flexible_hours
        self._calendar = calendar if is_usable and calendar.attendance_ids else None
        self._zone = pytz.timezone(zone) if self._calendar else None
        self._resource = resource
        self._range = None
        self._intervals = []

    # === QUESTIONS === #

    def is_open(self, moment):
        """Tell whether a moment is working time.

        :param datetime moment: UTC
        :rtype: bool
        """
        if not self._calendar:
            return True
        self._read_days(moment, moment + timedelta(days=1))
        return any(start <= moment < stop for start, stop in self._list_after(moment)[:1])

    def find_opening(self, moment):
        """Return when work begins next, or the moment itself during working hours.

        :param datetime moment: UTC
        :rtype: datetime
        """
        return self.add_seconds(moment, 0)

    def add_seconds(self, moment, seconds):
        """Return when so many seconds of working time are over.

        :param datetime moment: UTC
        :param int seconds: of work; 0 for the next opening
        :return: UTC; as if always open where the calendar has too few hours in a year
        :rtype: datetime
        """
        for days in (FIRST_DAYS, LONGEST_DAYS) if self._calendar else ():
            self._read_days(moment, moment + timedelta(days=days))
            left = timedelta(seconds=seconds)
            for start, stop in self._list_after(moment):
                begin = max(start, moment)
                if left <= stop - begin:
                    return begin + left
                left -= stop - begin
        return moment + timedelta(seconds=seconds)

    def count_seconds(self, start, end):
        """Return how much of a time is working time.

        :param datetime start: UTC
        :param datetime end: UTC
        :return: seconds, 0 if the end is before the start
        :rtype: int
        """
        if end <= start:
            return 0
        if not self._calendar:
            return (end - start) // SECOND
        if end - start > LONGEST:
            # Decades of a calendar take seconds to read: the last year stands for all of them.
            return int(self.count_seconds(end - LONGEST, end) * ((end - start) / LONGEST))
        self._read_days(start, end)
        worked = timedelta()
        for begin, stop in self._list_after(start):
            if begin >= end:
                break
            worked += min(stop, end) - max(begin, start)
        return worked // SECOND

    # === READING === #

    def _list_after(self, moment):
        """Return the hours that are not over at a moment.

        :param datetime moment: UTC
        :return: pairs of naive UTC
        :rtype: list[tuple[datetime, datetime]]
        """
        return self._intervals[bisect_right(self._intervals, moment, key=lambda each: each[1]) :]

    def _read_days(self, start, end):
        """Read the hours of a range of days, with those that were read before.

        :param datetime start: UTC
        :param datetime end: UTC
        """
        if self._range:
            if self._range[0] <= start and end <= self._range[1]:
                return
            start, end = min(start, self._range[0]), max(end, self._range[1])
        self._range = (start - timedelta(days=1), end + timedelta(days=FIRST_DAYS))
        calendar = self._calendar
        resource = self._resource or calendar.env["resource.resource"]
        company = calendar.company_id or calendar.env.company
        # Odoo would count the public holidays of all companies.
        leaves = [("time_type", "=", "leave"), ("company_id", "in", [False, company.id])]
        found = calendar._work_intervals_batch(
            *(pytz.utc.localize(bound) for bound in self._range),
            resources=resource,
            domain=leaves,
            tz=self._zone,
        )
        self._intervals = _join_intervals((start, stop) for start, stop, _of in found[resource.id])


class TeamHours:
    """The working hours of several teams: each calendar is read once."""

    def __init__(self):
        """Begin without any hours."""
        self._by_team, self._by_calendar = {}, {}

    def get_hours(self, team, company):
        """Return the working hours of a team.

        :param team: crm.team, may be empty
        :param company: res.company of the leads
        :rtype: WorkingHours
        """
        if (team, company) not in self._by_team:
            calendar, zone = find_calendar(team, company), find_time_zone(team, company)
            key = (calendar.id, zone, company.id)
            if key not in self._by_calendar:
                self._by_calendar[key] = WorkingHours(calendar, zone)
            self._by_team[team, company] = self._by_calendar[key]
        return self._by_team[team, company]


def _join_intervals(found):
    """Join intervals that touch: the days of a calendar that is open around the clock.

    :param found: iterable of pairs with a time zone, in their order
    :return: pairs of naive UTC
    :rtype: list[tuple[datetime, datetime]]
    """
    joined = []
    for pair in found:
        start, stop = (bound.astimezone(timezone.utc).replace(tzinfo=None) for bound in pair)
        stop += INSTANT if stop.microsecond == LAST_INSTANT else timedelta()
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        elif start < stop:
            joined.append((start, stop))
    return joined
