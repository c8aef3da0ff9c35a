"""How the mobile numbers of each country look, by the metadata of `phonenumbers`."""

import functools
import re
import typing

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberFormat, PhoneNumberType

_WITHOUT_PREFIX = ("IN",)  # people leave out the prefix that the metadata writes


class MobileNumbers(typing.NamedTuple):
    """How the mobile numbers of a country look."""

    country: str
    is_main: bool  # of those that share the code
    code: str
    prefix: str  # dialled before them at home
    has_prefix: bool  # people write it
    lengths: frozenset
    pattern: re.Pattern

    def match_number(self, digits):
        """Return the number that digits are in this country, empty for none.

        :param str digits: as they are dialled there
        :rtype: str
        """
        if self.prefix and digits.startswith(self.prefix):
            national = digits[len(self.prefix) :]
        else:
            national = "" if self.has_prefix else digits
        is_mobile = len(national) in self.lengths and self.pattern.fullmatch(national)
        return f"+{self.code}{national}" if is_mobile else ""


@functools.cache
def list_mobiles():
    """Return how the mobile numbers of all countries look.

    :rtype: list[MobileNumbers]
    """
    found = []
    for country in sorted(phonenumbers.SUPPORTED_REGIONS):
        metadata = PhoneMetadata.metadata_for_region(country)
        mobile, prefix = metadata.mobile, metadata.national_prefix or ""
        example = phonenumbers.example_number_for_type(country, PhoneNumberType.MOBILE)
        if not (example and mobile.national_number_pattern):
            continue
        written = phonenumbers.format_number(example, PhoneNumberFormat.NATIONAL)
        found.append(
            MobileNumbers(
                country,
                country == phonenumbers.region_code_for_country_code(metadata.country_code),
                str(metadata.country_code),
                prefix,
                bool(prefix) and written.startswith(prefix) and country not in _WITHOUT_PREFIX,
                frozenset(mobile.possible_length),
                re.compile(mobile.national_number_pattern),
            )
        )
    return found


def is_only_reading(digits, number):
    """Tell whether digits are no mobile number of a country but the one they begin with.

    :param str digits: without a plus
    :param str number: E.164 that they mean if the plus is missing
    :rtype: bool
    """
    return all(each.match_number(digits) in ("", number) for each in list_mobiles())
