"""Read an answer as a number, a date or a yes, however people write it; never guess.

Each function returns None for what it can't read: the answer then stays what it is.
"""

import datetime
import re
import unicodedata

from .reading_words import CURRENCIES, MONTHS, NO, SCALES, YES
from .standard import plain

_LARGEST = 10**15
_BUDDHIST = 2400  # Thailand's years are 543 ahead
_SCALES = {plain(word): factor for words, factor in SCALES for word in words.split("|")}
_MONTHS = {
    plain(name): number
    for months in MONTHS
    for number, names in enumerate(months.split(), 1)
    for name in names.split("|")
}
_YES, _NO = ({plain(word) for word in words.split("|")} for words in (YES, NO))
_CURRENCIES = {plain(word) for word in CURRENCIES.split("|")}
_NUMBER = re.compile(r"[+\-]?\d[\d.,' ]*")
_INDIAN = re.compile(r"\d{1,2}(,\d\d)+,\d{3}")
_MARKS = {"٫": ".", "٬": ",", "،": ",", "−": "-", "–": "-", "’": "'"}
_CLOCK = re.compile(r"(?:^|[\s,])(\d{1,2})[:.h](\d\d)(?::(\d\d))?\s*(?:([ap])\.?m\.?)?$")


def _simple(text):
    """Return a text with ASCII digits, marks and spaces only, in lower case."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(map(_simple_char, text)).split())


def _simple_char(char):
    if char.isdigit() and not char.isascii():
        return str(unicodedata.digit(char))
    if unicodedata.category(char) in ("Zs", "Cf"):
        return " " if char.isspace() else ""
    return _MARKS.get(char, char)


def number(text):
    """Return a number: "2,000 $", "1.500,50 €", "٥٠٠ ألف", "2k"; None for "about 2k", "2-4 M".

    :param str text: an answer
    :rtype: float | None
    """
    text = _simple(text)
    match = _NUMBER.search(text)
    if not match:
        return None
    before, digits, after = text[: match.start()], match.group().strip(" .,'"), text[match.end() :]
    factor, found = _factor(before, after), _digits(digits)
    if factor is None or found is None or abs(found * factor) >= _LARGEST:
        return None
    return found * factor


def _factor(before, after):
    """Return by how much to multiply for the words around a number, None for unknown words."""
    factor = 1
    for words in (before, after):
        for word in re.findall(r"[^\W\d_]+\$?|\S", words):
            if unicodedata.category(word[-1]) == "Sc" or word in "./-" or _is_currency(word):
                continue
            if factor != 1 or words is before or plain(word) not in _SCALES:
                return None
            factor = _SCALES[plain(word)]
    return None if "-" in before + after.replace("/-", "") else factor


def _is_currency(word):
    return plain(word) in _CURRENCIES


def _digits(text):
    """Return what digits with separators are worth; groups of three are thousands."""
    sign = -1 if text.startswith("-") else 1
    text = text.lstrip("+-")
    last = max(text.rfind("."), text.rfind(","))
    mark = text[last] if last >= 0 else ""
    whole, _, part = text.rpartition(mark) if mark else (text, "", "")
    if mark and (text.count(mark) > 1 or (len(part) == 3 and whole.lstrip("0"))):
        whole, part = text, ""  # "1.000.000", "1,500"
    elif mark == "," and len(part) > 2 and whole.lstrip("0"):
        return None
    if _INDIAN.fullmatch(whole):
        whole = whole.replace(",", "")
    groups = re.split(r"[.,' ]", whole)
    if len(set(re.findall(r"[.,' ]", whole))) > 1 or (not part.isdigit() and part):
        return None
    if len(groups) > 1 and not _are_thousands(groups):
        return None
    return sign * float(f"{''.join(groups)}.{part or 0}")


def _are_thousands(groups):
    first, *others = groups
    return 1 <= len(first) <= 3 and first[0] != "0" and all(len(each) == 3 for each in others)


def yes_no(text):
    """Return whether an answer says yes, None for anything but yes and no.

    :param str text: an answer
    :rtype: bool | None
    """
    word = plain(_simple(text))
    return True if word in _YES else False if word in _NO else None


def date(text, month_first=False):
    """Return a day; 3/4/2026 is the third of April, unless the month comes first.

    :param str text: an answer, perhaps with a time
    :param bool month_first: how the company writes days
    :rtype: datetime.date | None
    """
    found = moment(text, month_first)
    return found.date() if found else None


def moment(text, month_first=False):
    """Return a day and time, without zone unless one is written; midnight if there is no time.

    :param str text: an answer
    :param bool month_first: how the company writes days
    :rtype: datetime.datetime | None
    """
    text = _simple(text.split("(")[0])
    return _iso(text) or _written(text, month_first)


def _iso(text):
    try:
        return datetime.datetime.fromisoformat(text.upper().replace("Z", "+00:00"))
    except ValueError:
        return None


def _written(text, month_first):
    clock = _CLOCK.search(text)
    day = _day(text[: clock.start()] if clock else text, month_first)
    if not day:
        return None
    return _at(day, clock) if clock else datetime.datetime.combine(day, datetime.time())


def _at(day, clock):
    hour, minute, second = (int(part or 0) for part in clock.groups()[:3])
    if clock[4]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if clock[4] == "p" else 0)
    try:
        return datetime.datetime.combine(day, datetime.time(hour, minute, second))
    except ValueError:
        return None


def _day(text, month_first):
    parts = re.findall(r"\d+|[^\W\d_]+(?:[^\W\d]|[\u0300-\u036f\u0e30-\u0e4e])*", text)
    numbers = [part for part in parts if part.isdigit()]
    words = [part for part in parts if not part.isdigit()]
    months = [_MONTHS[plain(word)] for word in words if plain(word) in _MONTHS]
    if len(numbers) == 2 and len(months) == 1:
        first, second = numbers
        year, day = (first, second) if len(first) == 4 else (second, first)
        return _made(year, months[0], day)
    if len(numbers) != 3 or any(plain(word) not in ("thang", "nam", "ngay") for word in words):
        return None
    if len(numbers[0]) == 4:
        return _made(*numbers)
    one, two, year = numbers
    day, month = (one, two) if "." in text or not month_first else (two, one)
    return _made(year, month, day) or ("." not in text and _made(year, day, month)) or None


def _made(year, month, day):
    year = int(year)
    if len(str(year)) <= 2:
        year += 2000 if year < 70 else 1900
    if year > _BUDDHIST:
        year -= 543
    try:
        return datetime.date(year, int(month), int(day)) if 1900 <= year < 2200 else None
    except ValueError:
        return None


def option(text, options):
    """Return the option an answer names, by key or label; None for none or several.

    :param str text: an answer
    :param options: pairs of key and label
    :rtype: str | None
    """
    wanted = plain(text) or text.strip()
    found = {key for key, label in options if wanted in (plain(str(key)), plain(label))}
    exact = {key for key, label in options if text.strip() in (str(key), label)}
    found = exact or found
    return found.pop() if len(found) == 1 else None


def split_name(text):
    """Return given and family name of a full name: "Ana María Pérez", "Pérez, Ana María".

    :param str text: an answer
    :rtype: tuple[str, str]
    """
    family, comma, given = text.partition(",")
    if not comma:
        given, _space, family = text.strip().rpartition(" ")
    return (given.strip(), family.strip()) if given.strip() else (family.strip(), "")
