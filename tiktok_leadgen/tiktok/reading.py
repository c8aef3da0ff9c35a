"""Parse an answer as a number, a yes or an option, however people write it; never guess.

Each function returns None for what it can't parse: the answer then stays a text.
"""

import re
import unicodedata

from .reading_aliases import CURRENCIES, NO, SCALES, YES
from .standard import normalize_text

_LARGEST = 10**15
LONGEST_ANSWER = 1_000  # characters; a longer text is no number, yes or option, and is not cached
_SCALES = {normalize_text(word): factor for words, factor in SCALES for word in words.split("|")}
_YES, _NO = ({normalize_text(word) for word in words.split("|")} for words in (YES, NO))
_CURRENCIES = {normalize_text(word) for word in CURRENCIES.split("|")}
_NUMBER = re.compile(r"[+\-]?\d[\d.,' ]*")
_INDIAN = re.compile(r"\d{1,2}(,\d\d)+,\d{3}")
_MARKS = {"٫": ".", "٬": ",", "،": ",", "−": "-", "–": "-", "’": "'"}


def simplify_text(text):
    """Return a text with ASCII digits, marks and spaces only, in lower case.

    :param str text: an answer
    :rtype: str
    """
    text = "".join(char if _is_countable_digit(char) else "�" for char in text)
    text = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(map(_simplify_character, text)).split())


def _is_countable_digit(char):
    """Tell whether a character is no digit, or a digit of a number: "10²" is not 102.

    :param str char: one character
    :rtype: bool
    """
    return char.isdecimal() or not char.isdigit()


def _simplify_character(char):
    if char.isdecimal() and not char.isascii():
        return str(unicodedata.decimal(char))
    if unicodedata.category(char) in ("Zs", "Cf"):
        return " " if char.isspace() else ""
    return _MARKS.get(char, char)


def parse_number(text):
    """Return a number: "2,000 $", "1.500,50 €", "٥٠٠ ألف", "2k"; None for "about 2k", "2-4 M".

    :param str text: an answer
    :rtype: float | None
    """
    if len(text) > LONGEST_ANSWER:
        return None
    text = simplify_text(text)
    match = _NUMBER.search(text)
    if not match:
        return None
    before, digits, after = text[: match.start()], match.group().strip(" .,'"), text[match.end() :]
    factor, found = _find_scale_factor(before, after), _parse_grouped_digits(digits)
    if factor is None or found is None or abs(found * factor) >= _LARGEST:
        return None
    return found * factor


def _find_scale_factor(before, after):
    """Return by how much to multiply for the words around a number, None for unknown words.

    :param str before: the number
    :param str after: the number
    :rtype: int | None
    """
    factor = 1
    for words in (before, after):
        for word in re.findall(r"[^\W\d_]+\$?|\S", words):
            if unicodedata.category(word[-1]) == "Sc" or word in "./-" or _is_currency_word(word):
                continue
            if factor != 1 or words is before or normalize_text(word) not in _SCALES:
                return None
            factor = _SCALES[normalize_text(word)]
    return None if "-" in before + after.replace("/-", "") else factor


def _is_currency_word(word):
    return normalize_text(word) in _CURRENCIES


def _parse_grouped_digits(text):
    """Return the value of digits with separators; groups of three are thousands.

    :param str text: digits and separators
    :rtype: float | None
    """
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
    if len(groups) > 1 and not _are_thousands_groups(groups):
        return None
    return sign * float(f"{''.join(groups)}.{part or 0}")


def _are_thousands_groups(groups):
    first, *others = groups
    return 1 <= len(first) <= 3 and first[0] != "0" and all(len(each) == 3 for each in others)


def parse_yes_no(text):
    """Return whether an answer says yes, None for anything but yes and no.

    :param str text: an answer
    :rtype: bool | None
    """
    if len(text) > LONGEST_ANSWER:
        return None
    word = normalize_text(simplify_text(text))
    return True if word in _YES else False if word in _NO else None


def match_option(text, options):
    """Return the option an answer names, by key or label; None for none or several.

    :param str text: an answer
    :param options: pairs of key and label
    :rtype: str | None
    """
    if len(text) > LONGEST_ANSWER:
        return None
    wanted = normalize_text(text) or text.strip()
    found = {
        key for key, label in options if wanted in (normalize_text(str(key)), normalize_text(label))
    }
    exact = {key for key, label in options if text.strip() in (str(key), label)}
    found = exact or found
    return found.pop() if len(found) == 1 else None


def split_full_name(text):
    """Return given and family name of a full name: "Ana María Pérez", "Pérez, Ana María".

    :param str text: an answer
    :rtype: tuple[str, str]
    """
    family, comma, given = text.partition(",")
    if not comma:
        given, _space, family = text.strip().rpartition(" ")
    return (given.strip(), family.strip()) if given.strip() else (family.strip(), "")
