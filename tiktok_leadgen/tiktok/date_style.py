"""How a country writes days: which comes first, and in which calendar."""

import functools
import re
import typing

from babel.core import Locale, UnknownLocaleError, get_global

DAY_FIRST = "dm"
MONTH_FIRST = "md"

GREGORIAN = "gregorian"
BUDDHIST = "buddhist"  # its years are 543 ahead
MIXED = "mixed"  # only years of two digits look like Gregorian ones
SIMILAR = "similar"  # all its years look like Gregorian ones

# Where another calendar than the Gregorian is in everyday use.
_CALENDARS = {
    "TH": BUDDHIST,
    **dict.fromkeys(("AF", "IR", "JP", "SA", "TW"), MIXED),
    **dict.fromkeys(("ET", "NP"), SIMILAR),  # Ethiopia is 7 years behind, Nepal 56 ahead
}
_OFFICIAL = ("official", "de_facto_official")
_QUOTED = re.compile(r"'[^']*'")


class DateStyle(typing.NamedTuple):
    """How a country writes days with numbers."""

    order: str = ""  # empty: it isn't known, or its languages don't agree
    calendar: str = GREGORIAN


@functools.cache
def get_date_style(country):
    """Return how a country writes days, by the official languages that CLDR knows for it.

    A country that writes the year first tells nothing about a text with the year last.

    :param str country: ISO 3166 code of two letters, empty if it isn't known
    :rtype: DateStyle
    """
    country = (country or "").upper()
    languages = get_global("territory_languages").get(country, {})
    official = [code for code, facts in languages.items() if facts["official_status"] in _OFFICIAL]
    orders = {_get_language_order(code, country) for code in official} & {DAY_FIRST, MONTH_FIRST}
    order = orders.pop() if len(orders) == 1 else ""
    return DateStyle(order, _CALENDARS.get(country, GREGORIAN))


def _get_language_order(language, country):
    """Return which of day, month and year come first and second, empty if CLDR doesn't know.

    :param str language: code
    :param str country: ISO 3166 code of two letters
    :rtype: str
    """
    try:
        locale = Locale.parse(f"{language}_{country}")
    except (UnknownLocaleError, ValueError):
        return ""
    pattern = _QUOTED.sub("", locale.date_formats["short"].pattern).lower().replace("l", "m")
    return "".join(dict.fromkeys(char for char in pattern if char in "dmy"))[:2]
