"""Put a person's name together from the parts that a form asks for."""

import re
import unicodedata

from .standard import normalize_text
from .values import unescape_entities

# Line breaks as a relay writes them into a text.
_WRITTEN_BREAK = re.compile(r"\\[rnt]|<br\s*/?>", re.IGNORECASE)
# What is not seen, without the joiners that Persian and emoji are written with.
_INVISIBLE = re.compile(
    r"[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
# What programs write for no value; a person may be called Null.
_NO_VALUES = ("null", "undefined", "None", "NaN", "(null)", "[object Object]")
_NO_ANSWERS = ("n/a", "n.a.", "n\\a", "none", "nil")
_QUOTES = ('""', "“”", "«»", "„“", "''", "‘’")
_HANDLE = re.compile(r"[@_#\d]")  # a nickname: ana_99, @ana
_WITHOUT_SPACES = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+")


def join_names(name, first, last):
    """Return the full name.

    What some call their name is a part of it ("Nom" beside "Prénom" is the family's), and what they
    call their first name may be all of it.

    :param str name: as it was answered, empty for none
    :param str first: the first name, empty for none
    :param str last: the last name, empty for none
    :rtype: str
    """
    name, first, last = map(clean_name, (name, first, last))
    if name and (first or last):
        first, last = (part if _says_something(part) else "" for part in (first, last))
    if first and last:
        if _holds_name(name, first) and _holds_name(name, last) and "," not in name:
            return name
        name = ""  # a nickname, or one of the two again
    elif name and (first or last):
        if _HANDLE.search(name) or _holds_name(first or last, name):
            name = ""
        elif _holds_name(name, first or last):
            return name
    if _holds_name(first, last) or not _says_something(last):
        last = "" if first or name else last
    elif _holds_name(last, first) or not _says_something(first):
        first = ""
    return " ".join(part for part in (first, name, last) if part)


def clean_name(text):
    """Return a name on one line, without quotes around it.

    :param str text: as it was answered
    :rtype: str
    """
    text = _INVISIBLE.sub("", _WRITTEN_BREAK.sub(" ", unescape_entities(text)))
    text = " ".join(text.split()).strip(",; ")
    if text in _NO_VALUES:
        return ""
    for left, right in _QUOTES:
        if len(text) > 2 and text[0] == left and text[-1] == right:
            return text[1:-1].strip()
    return text


def _says_something(text):
    """Tell whether a text is more than the dash, dot or "n/a" that a required field got.

    :param str text: of a name
    :rtype: bool
    """
    if text.lower() in _NO_ANSWERS:
        return False
    return any(unicodedata.category(char)[0] not in "PZ" for char in text)


def _holds_name(whole, part):
    """Tell whether all words of a name stand in another one, in the same order.

    :param str whole: of which it may be a part
    :param str part: empty for none, which no name holds
    :rtype: bool
    """
    # A letter of Korean is a syllable, not a part of one.
    known, wanted = (unicodedata.normalize("NFC", normalize_text(each)) for each in (whole, part))
    if _WITHOUT_SPACES.fullmatch(wanted):
        return known.startswith(wanted) or known.endswith(wanted)
    return bool(wanted) and f" {wanted} " in f" {known} "
