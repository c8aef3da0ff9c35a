"""Recognize lead IDs whose last digits a spreadsheet has replaced by zeros.

A spreadsheet computes with 15 digits. TikTok's IDs have 19, so a file that was opened and saved
there has the same ID for all leads of some hours: ``7600000000000000123`` becomes ``7.6E+18``, or
``7600000000000000000`` in a column that is wide enough.
"""

import re
import unicodedata

EXACT_DIGITS = 15
_LEAST_DIGITS = 18  # of an ID whose zeros say something: three of them at its end
_LEAST_SHARE = 0.01  # of IDs that end in zeros; one of 10,000 true ones does
_LEAST_COUNT = 3  # of them, if others of the file do not end so
# 7.6E+18, 7,6E+18, 7.6e18, and a number with a decimal mark behind its digits
_NOTATION = re.compile(
    r"[+-]?\d+(?:[.,٫]\d+)?\s*(?:e\s*\+?|[x×*]\s*10\^?)\s*0?(?:1[5-9]|2\d)|\d{16,}[.,٫]0*",
    re.IGNORECASE | re.ASCII,
)


def is_number_notation(text):
    """Tell whether a text is an ID that a spreadsheet shows as a number.

    :param str text: of a cell, without guards
    :rtype: bool
    """
    if text.isdecimal():
        return False  # what nearly all of them are
    text = text.strip()
    if not text.isascii():
        text = "".join(str(unicodedata.decimal(char, char)) for char in text)
    return bool(_NOTATION.fullmatch(text))


def ends_in_zeros(uid):
    """Tell whether an ID has no other digits than a spreadsheet would have left.

    :param str uid: of a lead
    :rtype: bool
    """
    zeros = len(uid) - EXACT_DIGITS
    return len(uid) >= _LEAST_DIGITS and uid.isdecimal() and uid.endswith("0" * zeros)


class RoundedIdCounter:
    """Counts the IDs of one file, to decide whether those that end in zeros were rounded."""

    def __init__(self):
        self._long = self._zeros = 0

    def add_id(self, uid):
        """Count one ID.

        :param str uid: of a lead
        """
        if len(uid) >= _LEAST_DIGITS and uid.isdecimal():
            self._long += 1
            self._zeros += ends_in_zeros(uid)

    @property
    def has_rounded_ids(self):
        """Whether IDs that end in zeros are too many to be true.

        :rtype: bool
        """
        if self._zeros == self._long:
            return self._zeros > 0
        return self._zeros >= _LEAST_COUNT and self._zeros >= self._long * _LEAST_SHARE
