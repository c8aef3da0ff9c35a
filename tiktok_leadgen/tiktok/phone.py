"""Parse a phone number however people write it: one person has one number, and never a wrong one.

The metadata of `phonenumbers` decides what a number is. What could be two numbers stays a text.
"""

import dataclasses
import functools
import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumberFormat, PhoneNumberType

from .phone_countries import is_only_reading, list_mobiles
from .phone_text import MAX_DIGITS, split_numbers

UNKNOWN_COUNTRY = "country"  # it could be a number of several countries, or of one not named
NO_NUMBER = "number"  # it is a number of no country
_MIN_DIGITS = 6  # of mobiles in the smallest countries
_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
# No person has such a number; patterns that are wide enough match foreign mobiles.
_IMPERSONAL = (PhoneNumberType.VOICEMAIL, PhoneNumberType.PAGER, PhoneNumberType.PREMIUM_RATE)
_PREFIX_LEFT_OUT = ("AR",)  # mobiles are written as fixed lines are, without the prefix
_EIGHT = ("RU", "KZ")  # at home they dial 8 before a number, and abroad +7
_EIGHT_APART = re.compile(r"\+?\s*8[\s(.\-]")
# Mexico: what was dialled until 2019, and the 1 of mobiles from abroad.
_MEXICAN_PREFIX = re.compile(r"(?:044|045|01)(?=\d{10}$)")
_MEXICAN_OLD_MOBILE = re.compile(r"(?:1|044|045|01)(?=\d{10}$)")
# Brazil: mobiles have nine digits since 2016, and what begins with 6, 8 or 9 is one.
_BRAZILIAN_OLD_MOBILE = re.compile(r"(\d\d)([689]\d{7})")
# Two ways to write one number, each with what the other one has there: Argentina's mobiles have a 9
# from abroad, which many leave out, and contacts still have the 1 of Mexico's mobiles and Brazil's
# mobiles without the 9.
_EQUIVALENTS = (
    (re.compile(r"\+549([1-8]\d{9})"), r"+54\1"),
    (re.compile(r"\+54([1-8]\d{9})"), r"+549\1"),
    (re.compile(r"\+521([2-9]\d{9})"), r"+52\1"),
    (re.compile(r"\+52([2-9]\d{9})"), r"+521\1"),
    (re.compile(r"\+55(\d\d)9([689]\d{7})"), r"+55\1\2"),
    (re.compile(r"\+55(\d\d)([689]\d{7})"), r"+55\g<1>9\2"),
)
# What the last texts and countries gave: the number of a new lead is parsed again when Odoo
# computes its fields.
_parsed = {}
_MAX_PARSED = 1_000


@dataclasses.dataclass(frozen=True)
class Phone:
    """What is known of the number in an answer."""

    number: str = ""  # E.164, empty where the text has to stay as it is
    issue: str = ""  # why it has to: UNKNOWN_COUNTRY or NO_NUMBER


@dataclasses.dataclass(frozen=True)
class _Reading:
    """A number that digits can mean."""

    number: str
    is_mobile: bool
    is_usual: bool = True  # of the usual length of its kind
    is_dialled: bool = True  # as at home: with the prefix of the country if it has one


def parse_phone(text, own="", others=()):
    """Return the number of an answer, if there is only one that it can mean.

    :param str text: as it was answered; of several numbers it is the first
    :param str own: ISO code of the country that the person named, empty for none
    :param tuple others: ISO codes to try after it, such as those of the form and the company
    :rtype: Phone
    """
    others = tuple(code for code in dict.fromkeys(others) if code and code != own)
    found = _parsed.get((text, own, others))
    if not found:
        found = _choose_phone(text, own, others)
        if len(_parsed) >= _MAX_PARSED:
            _parsed.clear()
        for each in filter(None, (text, found.number)):
            _parsed[each, own, others] = found
    return found


def _choose_phone(text, own, others):
    """Parse an answer that was not parsed lately.

    :param str text: as it was answered; of several numbers it is the first
    :param str own: ISO code of the country that the person named, empty for none
    :param tuple others: ISO codes to try after it
    :rtype: Phone
    """
    parse = functools.cache(lambda part: _parse_number(part, own, others))
    parts = split_numbers(text, lambda part: bool(parse(part)))
    number = next(filter(None, map(parse, parts)), "")
    if number:
        return Phone(number)
    is_unsure = any(_lacks_country(part) for part in parts)
    return Phone(issue=UNKNOWN_COUNTRY if is_unsure else NO_NUMBER)


def parse_phone_of_country(text, country):
    """Return the number of an answer, if it is one of a country that a user chose.

    :param str text: as it was answered
    :param str country: ISO code
    :return: E.164, empty if it is no number of the country
    :rtype: str
    """
    code = f"+{phonenumbers.country_code_for_region(country)}"
    for part in split_numbers(text, lambda part: bool(_parse_number(part, country, ()))):
        digits = re.sub(r"\D", "", part)
        readings = (_read_local(digits, country), _read_international(digits.removeprefix("00")))
        for reading in readings:
            if reading and reading.number.startswith(code):
                return reading.number
    return ""


def list_equivalents(number):
    """Return the spellings of one person's number, itself first.

    :param str number: E.164
    :rtype: list[str]
    """
    found = ((pattern.fullmatch(number), other) for pattern, other in _EQUIVALENTS)
    return [number, *(match.expand(other) for match, other in found if match)]


def list_phone_countries(text):
    """Return the countries in which an answer is a mobile number.

    :param str text: as it was answered
    :return: ISO codes, one for each number that it can mean: not Åland beside Finland
    :rtype: list[str]
    """
    parts = split_numbers(text, lambda part: False)
    digits = re.sub(r"\D", "", parts[0]) if parts else ""
    whole = _read_international(digits.removeprefix("00"))
    return [
        each.country
        for each in list_mobiles()
        if each.is_main
        and (
            each.match_number(digits)
            or each.match_number(f"{each.prefix}{digits}")
            or (whole and whole.is_mobile and whole.number.startswith(f"+{each.code}"))
        )
    ]


# === READINGS === #


def _lacks_country(part):
    """Tell whether a part of an answer may be a number whose country is not known.

    :param str part: one number with ASCII digits
    :rtype: bool
    """
    digits = re.sub(r"\D", "", part)
    if part.startswith("+") and digits[0] != "0":
        return _starts_with_eight(digits)
    return _MIN_DIGITS <= len(digits) < MAX_DIGITS - 2 and not digits.startswith("00")


def _parse_number(part, own, others):
    """Return the only number that a part of an answer can mean, empty for none or several.

    :param str part: one number with ASCII digits
    :param str own: ISO code of the country that the person named, empty for none
    :param tuple others: ISO codes to try after it
    :rtype: str
    """
    digits = re.sub(r"\D", "", part)
    if not _MIN_DIGITS <= len(digits) <= MAX_DIGITS:
        return ""
    if part.startswith("+") and digits[0] != "0":
        return _choose_international(part, digits, own, others)
    if digits.startswith("00"):
        found = _read_international(digits[2:])
        if found:
            return found.number
    return _choose_local(part, digits, own, others)


def _choose_international(part, digits, own, others):
    """Return the number of digits after a plus, empty if they are none.

    :param str part: as it was written
    :param str digits: of the part
    :param str own: ISO code of the country that the person named, empty for none
    :param tuple others: ISO codes to try after it
    :rtype: str
    """
    found = _read_international(digits)
    eight = _read_international(f"7{digits[1:]}") if _starts_with_eight(digits) else None
    if not (found and eight):
        return (found or eight or _NONE).number
    # +8 495 123-45-67: a Russian's, or of Vietnam
    is_home = own in _EIGHT or any(code in _EIGHT for code in others)
    if is_home and _EIGHT_APART.match(part):
        return eight.number
    return "" if is_home or _EIGHT_APART.match(part) else found.number


def _starts_with_eight(digits):
    return len(digits) == 11 and digits[0] == "8"


def _choose_local(part, digits, own, others):
    """Return the number of digits without a plus, empty if they are none or could be two.

    :param str part: as it was written
    :param str digits: as they were dialled
    :param str own: ISO code of the country that the person named, empty for none
    :param tuple others: ISO codes to try after it
    :rtype: str
    """
    local = named = _read_local(digits, own) if own else None
    if not local:
        readings = (_read_local(digits, code) for code in others)
        # A fixed line without its prefix could be a number of any other country.
        local = next((r for r in readings if r and (r.is_mobile or r.is_dialled)), None)
    foreign = _read_international(digits) if digits[0] != "0" else None
    if not foreign or (local and local.number == foreign.number):
        return (local or _NONE).number
    # A fixed line of the company's country, or a mobile of another: no one knows.
    is_dialled = local and local.is_dialled and (named or _EIGHT_APART.match(part))
    if local and local.is_usual and (local.is_mobile or is_dialled):
        return local.number
    if local and local.is_dialled:
        return ""
    is_only = foreign.is_mobile and is_only_reading(digits, foreign.number)
    return foreign.number if is_only else ""


def _read_local(digits, country):
    """Return the number that digits mean in a country, None for none.

    :param str digits: as they were dialled there
    :param str country: ISO code
    :rtype: _Reading | None
    """
    metadata = PhoneMetadata.metadata_for_region(country)
    if metadata is None:
        return None
    if country == "MX":
        digits = _MEXICAN_PREFIX.sub("", digits)
    return _read_number(digits, country, metadata.national_prefix or "")


def _read_international(digits):
    """Return the number of digits that begin with a country's code, None for none.

    :param str digits: after the plus
    :rtype: _Reading | None
    """
    return _read_number(f"+{digits}") if digits else None


def _read_number(text, country=None, prefix=""):
    """Return the number of a text, None for none.

    :param str text: digits, after a plus if they are international
    :param str country: ISO code, None for an international number
    :param str prefix: what is dialled before a number in the country
    :rtype: _Reading | None
    """
    try:
        number = phonenumbers.parse(text, country)
    except NumberParseException:
        return None
    national = _modernize_number(number)
    kind = phonenumbers.number_type(number)
    if kind == PhoneNumberType.UNKNOWN or (country and kind in _IMPERSONAL):
        return None
    return _Reading(
        phonenumbers.format_number(number, PhoneNumberFormat.E164),
        is_mobile=kind in _MOBILE,
        is_usual=text in (national, f"{prefix}{national}")
        and len(national) == _get_usual_length(country, kind),
        is_dialled=not prefix
        or prefix == "1"
        or country in _PREFIX_LEFT_OUT
        or text.startswith(prefix),
    )


def _modernize_number(number):
    """Write a number as it is dialled today, where its country changed its numbers.

    :param PhoneNumber number: changed in place
    :return: its digits without the country's code
    :rtype: str
    """
    digits = changed = phonenumbers.national_significant_number(number)
    if number.country_code == 52:
        changed = _MEXICAN_OLD_MOBILE.sub("", digits)
    elif number.country_code == 55 and _BRAZILIAN_OLD_MOBILE.fullmatch(digits):
        changed = f"{digits[:2]}9{digits[2:]}"
    if changed != digits:
        number.national_number, number.italian_leading_zero = int(changed), None
    return changed


@functools.cache
def _get_usual_length(country, kind):
    """Return how many digits the numbers of a kind usually have, 0 if it is not known.

    :param str country: ISO code, None for any
    :param int kind: of number
    :rtype: int
    """
    example = country and phonenumbers.example_number_for_type(country, kind)
    return len(phonenumbers.national_significant_number(example)) if example else 0


_NONE = _Reading("", False)
