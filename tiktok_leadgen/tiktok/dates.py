"""Parse an answer as a day, in the order and calendar of a country; never guess."""

import datetime
import functools
import re

from babel.core import Locale

from .date_style import BUDDHIST, DAY_FIRST, GREGORIAN, MONTH_FIRST, SIMILAR, get_date_style
from .reading import simplify_text
from .reading_aliases import DATE_FILLERS, DATE_LABELS_AFTER, DATE_LABELS_BEFORE, MONTHS
from .standard import normalize_text

LONGEST_DATE = 100  # characters; a longer text is no day, and finding that out takes long
_BUDDHIST_AHEAD = 543  # years
_FIRST_BUDDHIST_YEAR = 2400
_YEARS = range(1900, 2200)
_LANGUAGES = ("ar", "de", "en", "es", "fr", "id", "kk", "pt", "ru", "th", "tr")
_MONTHS = {
    normalize_text(name): number
    for months in MONTHS
    for number, names in enumerate(months.split(), 1)
    for name in names.split("|")
}
_LABELS_BEFORE, _LABELS_AFTER = (
    {normalize_text(word): part for words, part in labels for word in words.split("|")}
    for labels in (DATE_LABELS_BEFORE, DATE_LABELS_AFTER)
)
_THAI = re.compile(r"[\u0e01-\u0e5b]")
_OFFSET = re.compile(r"\s*\(UTC([+-]\d\d:\d\d)\)$")  # as TikTok's exports write it
_ISO = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)([t ].*)?", re.ASCII)
_CLOCK = re.compile(r"(?:^|[\s,])(\d{1,2})[:.h](\d\d)(?::(\d\d))?\s*(?:([ap])\.?m\.?)?$")
# Vowel signs belong to their word, in the scripts that write them after a letter.
_PART = re.compile(r"\d+|[^\W\d_]+(?:[^\W\d]|[\u0300-\u036f\u0e30-\u0e4e])*")
_NUMBERS = re.compile(r"(\d+)\s*([/.,؍\s-])\s*(\d+)\s*([/.,؍\s-])\s*(\d+)(?!\d)")


class AmbiguousDateError(ValueError):
    """An answer that is a day in more than one way."""


def parse_date(text, country=""):
    """Return a day; 3/4/2026 is the third of April, unless the country writes the month first.

    :param str text: an answer, perhaps with a time
    :param str country: code of the country whose people write, empty if it isn't known
    :return: None for what is no day
    :rtype: datetime.date | None
    :raise AmbiguousDateError: if the country doesn't say which day it is
    """
    found = parse_moment(text, country)
    return found.date() if found else None


def parse_moment(text, country=""):
    """Return a day and time, without zone unless one is written; midnight if there is no time.

    :param str text: an answer
    :param str country: code of the country whose people write, empty if it isn't known
    :return: None for what is no day
    :rtype: datetime.datetime | None
    :raise AmbiguousDateError: if the country doesn't say which day it is
    """
    if len(text) > LONGEST_DATE:
        return None
    text = _OFFSET.sub(r"\1", text.strip()).split("(")[0]
    style = get_date_style(country)
    if _THAI.search(text):
        style = style._replace(calendar=BUDDHIST)
    text = simplify_text(text)
    return _parse_iso_date(text, style) or _parse_day_and_clock(text, style)


def _parse_iso_date(text, style):
    match = _ISO.fullmatch(text)
    if not match:
        return None
    try:
        found = datetime.datetime.fromisoformat(text.upper().replace("Z", "+00:00"))
    except ValueError:
        return None
    day = _create_date(*match.groups()[:3], style)
    return found.replace(day.year, day.month, day.day) if day else None


def _parse_day_and_clock(text, style):
    clock = _CLOCK.search(text)
    day = _parse_single_day(text[: clock.start()] if clock else text, style)
    if not day:
        return None
    return (
        _combine_with_clock(day, clock)
        if clock
        else datetime.datetime.combine(day, datetime.time())
    )


def _combine_with_clock(day, clock):
    hour, minute, second = (int(part or 0) for part in clock.groups()[:3])
    if clock[4]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if clock[4] == "p" else 0)
    try:
        return datetime.datetime.combine(day, datetime.time(hour, minute, second))
    except ValueError:
        return None


def _parse_single_day(text, style):
    """Return the day of a text without a time; an unknown word may change its meaning.

    :param str text: simplified
    :param DateStyle style: of the country
    :rtype: datetime.date | None
    """
    parts = [normalize_text(part) or part for part in _PART.findall(text)]
    words = [part for part in parts if not part.isdigit()]
    months = [_MONTHS[word] for word in words if word in _MONTHS]
    labels = {*_LABELS_BEFORE, *_LABELS_AFTER}
    unknown = {word for word in words if word not in _MONTHS} - _get_known_words() - labels
    if unknown or len(months) > 1:
        return None
    if months:
        return _parse_named_month(parts, months[0], style)
    if labels & set(words):
        return _parse_labelled_day(parts, style)
    match = _NUMBERS.search(text)
    if not match or len(parts) - len(words) != 3 or match[2] != match[4]:
        return None
    return _parse_three_numbers(match.group(1, 3, 5), match[2], style)


@functools.cache
def _get_known_words():
    """Return the words that change nothing about a day: "on", "of", and its name in the week.

    :rtype: frozenset[str]
    """
    known = {normalize_text(word) for word in DATE_FILLERS.split("|")}
    for language in _LANGUAGES:
        days = Locale.parse(language).days
        names = [*days["format"]["wide"].values(), *days["format"]["abbreviated"].values()]
        known.update(
            normalize_text(part) for name in names for part in _PART.findall(name.casefold())
        )
    return frozenset(word for word in known if not word.isdigit())


def _parse_named_month(parts, month, style):
    """Return the day of "21 November 2026", "Nov 21st, 2026", "21 Nov 26".

    :param list parts: words and numbers of the text
    :param int month: 1 to 12
    :param DateStyle style: of the country
    :rtype: datetime.date | None
    """
    numbers = [part for part in parts if part.isdigit()]
    if len(numbers) != 2:
        return None
    years = [number for number in numbers if len(number) == 4]
    if len(years) == 1:
        numbers.remove(years[0])
        return _create_date(years[0], month, numbers[0], style)
    # "5-12 May" and "May 5, 12" may be two days: a short year comes last, after the month.
    is_short = len(parts) == 3 and not parts[1].isdigit()
    return _create_date(numbers[1], month, numbers[0], style) if is_short else None


def _parse_labelled_day(parts, style):
    """Return the day of "ngày 21 tháng 11 năm 2026" or "2026年11月21日", whose parts have names.

    :param list parts: words and numbers of the text
    :param DateStyle style: of the country
    :rtype: datetime.date | None
    """
    found, rest = {}, []
    for before, part, after in zip(["", *parts], parts, [*parts[1:], ""], strict=False):
        if part.isdigit():
            label = _LABELS_BEFORE.get(before) or _LABELS_AFTER.get(after)
            label = label or ("year" if len(part) == 4 else "")
            if label in found:
                return None
            found.update({label: part} if label else {})
            rest += [] if label else [part]
    missing = {"year", "month", "day"} - found.keys()
    if len(missing) != len(rest) or len(rest) > 1:
        return None
    found.update(zip(missing, rest, strict=True))
    return _create_date(found["year"], found["month"], found["day"], style)


def _parse_three_numbers(numbers, mark, style):
    """Return the day of three numbers, by the country's order where several are possible.

    :param tuple numbers: three texts of digits
    :param str mark: between them
    :param DateStyle style: of the country
    :rtype: datetime.date | None
    :raise AmbiguousDateError: if the country leaves open which day it is
    """
    one, two, year = numbers
    if len(one) == 4:
        return _create_date(*numbers, style)
    if max(len(one), len(two)) > 2:
        return None
    if len(year) == 2 and (not style.order or style.calendar != GREGORIAN):
        raise AmbiguousDateError
    found = {
        DAY_FIRST: _create_date(year, two, one, style),
        MONTH_FIRST: _create_date(year, one, two, style),
    }
    days = set(found.values()) - {None}
    if len(days) < 2:
        return days.pop() if days else None
    if mark != "." or style.order == DAY_FIRST:
        order = style.order
    else:
        # Who writes dots puts the day first, unless the month comes first there.
        order = "" if style.order == MONTH_FIRST else DAY_FIRST
    if not order:
        raise AmbiguousDateError
    return found[order]


def _create_date(year, month, day, style):
    """Return a day, None if there is none or if its year is unclear.

    :param str year: digits
    :param month: digits or number
    :param str day: digits
    :param DateStyle style: of the country
    :rtype: datetime.date | None
    """
    year = _parse_year_digits(year, style)
    if not year or len(str(month)) > 2 or len(day) > 2:
        return None
    try:
        return datetime.date(year, int(month), int(day))
    except ValueError:
        return None


def _parse_year_digits(digits, style):
    """Return the year that digits mean, None if that is unclear.

    :param str digits: two or four
    :param DateStyle style: of the country
    :rtype: int | None
    """
    year = int(digits)
    if len(digits) == 2:
        is_clear = style.order and style.calendar == GREGORIAN
        # Of 40 to 69 neither a birthday nor a plan can be told apart.
        century = 2000 if year < 40 else 1900 if year >= 70 else 0
        return century + year if is_clear and century else None
    if len(digits) != 4 or style.calendar == SIMILAR:
        return None
    if year > _FIRST_BUDDHIST_YEAR and style.calendar == BUDDHIST:
        year -= _BUDDHIST_AHEAD
    return year if year in _YEARS else None
