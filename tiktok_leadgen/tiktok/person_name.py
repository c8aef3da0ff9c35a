"""Put a person's name together from the parts that a form asks for."""

import re
import unicodedata

from .standard import normalize_text

# Line breaks as a relay writes them into a text.
_WRITTEN_BREAK = re.compile(r"\\[rnt]|<br\s*/?>", re.IGNORECASE)
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
    elif _holds_name(last, first):
        first = ""
    return " ".join(part for part in (first, name, last) if part)


def clean_name(text):
    """Return a name on one line, without quotes around it.

    :param str text: as it was answered
    :rtype: str
    """
    text = " ".join(_WRITTEN_BREAK.sub(" ", text).split())
    for left, right in _QUOTES:
        if len(text) > 2 and text[0] == left and text[-1] == right:
            return text[1:-1].strip()
    return text


def _says_something(text):
    """Tell whether a text is more than the dash or dot that a required field got.

    :param str text: of a name
    :rtype: bool
    """
    return any(unicodedata.category(char)[0] not in "PZ" for char in text)


def _holds_name(whole, part):
    """Tell whether all words of a name stand in another one, in the same order.

    :param str whole: of which it may be a part
    :param str part: empty for none, which no name holds
    :rtype: bool
    """
    known, wanted = normalize_text(whole), normalize_text(part)
    if _WITHOUT_SPACES.fullmatch(wanted):
        return known.startswith(wanted) or known.endswith(wanted)
    return bool(wanted) and f" {wanted} " in f" {known} "
