"""When a lead is called again that did not answer: “15m, 2h, 1d”, within working hours."""

import re
from datetime import datetime, time, timedelta

import pytz

from odoo.addons.tiktok_leadgen.time_zone import is_known_zone

from . import const

_STEP = re.compile(r"(\d{1,3})\s*([mhd])")
_UNITS = {"m": "minutes", "h": "hours"}


def parse_pattern(text):
    """Parse a company's pattern.

    :param str text: steps, separated by commas: a number, and m, h or d
    :return: numbers and units, in their order
    :rtype: list[tuple[int, str]]
    :raise ValueError: if it is no pattern
    """
    parts = [part.strip().lower() for part in text.split(",") if part.strip()]
    found = [_STEP.fullmatch(part) for part in parts]
    if not parts or len(parts) > const.MOST_STEPS or not all(found):
        raise ValueError("not a pattern")
    steps = [(int(match[1]), match[2]) for match in found]
    if not all(number for number, _unit in steps):
        raise ValueError("a step of 0")
    return steps


def find_next_try(pattern, failures, hours, now, time_zone):
    """Find when to call again.

    :param str pattern: of the company
    :param int failures: how many tries in a row had no answer, from 1
    :param WorkingHours hours: of the team
    :param datetime now: UTC
    :param str time_zone: in which days begin; UTC if it is False or unknown here
    :return: UTC, None once the pattern is used up
    :rtype: datetime | None
    """
    steps = parse_pattern(pattern)
    if failures > len(steps):
        return None
    number, unit = steps[failures - 1]
    if unit == "d":
        return hours.find_opening(_find_day_start(now, number, time_zone))
    return hours.find_opening(now + timedelta(**{_UNITS[unit]: number}))


def _find_day_start(now, days, time_zone):
    """Find when a later day begins.

    :param datetime now: UTC
    :param int days: how many days later
    :param str time_zone: in which days begin; UTC if it is False or unknown here
    :return: UTC
    :rtype: datetime
    """
    zone = pytz.timezone(time_zone if time_zone and is_known_zone(time_zone) else "UTC")
    day = pytz.utc.localize(now).astimezone(zone).date() + timedelta(days=days)
    start = zone.localize(datetime.combine(day, time()))
    return start.astimezone(pytz.utc).replace(tzinfo=None)
