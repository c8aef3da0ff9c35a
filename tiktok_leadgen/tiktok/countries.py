"""Find the country that an answer names, in any language; what names two countries names none.

The names come from CLDR, which Babel brings. Common languages are loaded first, the others only for
a name that is in none of those; an index takes 8 bytes a name.
"""

import array
import bisect
import functools
import hashlib
import pickle
import re
import unicodedata
from pathlib import Path

import phonenumbers
from babel import localedata
from babel.core import get_global

from .country_aliases import (
    AMBIGUOUS_NAMES,
    COMMON_LANGUAGES,
    COUNTRY_ALIASES,
    NO_COUNTRIES,
    NOT_OFFICIAL,
    OFFICIAL_PREFIXES,
    OFFICIAL_SUFFIXES,
    OLD_CODES,
    OTHER_WORDS,
    RESIDENT_WORDS,
    SAME_LETTERS,
    US_STATES,
    WORDS_LIKE_CODES,
)

AMBIGUOUS = "-"  # what an index has for a name of several countries
_LONGEST = 120  # characters; a longer text is no country
_SHARED_CODES = (1, 7)  # of the phones of several countries
_ALIKE = str.maketrans(SAME_LETTERS)
_NO_COUNTRIES, _WORDS = NO_COUNTRIES.split("|"), WORDS_LIKE_CODES.split("|")
_US_STATES, _OTHER_WORDS = set(US_STATES.split("|")), set(OTHER_WORDS.split("|"))
_COMMON = COMMON_LANGUAGES.split("|")
# Latin, Greek, Cyrillic, Hebrew and Arabic can be written without; the marks of others are letters.
_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]"
)
_FILLERS = {"the", "and"}
_SAINT = {"st": "saint", "ste": "sainte"}
_FLAG = re.compile("([\U0001f1e6-\U0001f1ff])([\U0001f1e6-\U0001f1ff])")
_FOREIGN = "[\u0370-\u1dff\u2e80-\uffff]"  # letters that are not Latin
_SEPARATOR = re.compile(
    r"[,،;؛/|\n()（）\[\]–—:·•]+|\s-+\s|-{2,}"
    # one name in two alphabets
    rf"|(?<=[A-Za-z.])\s+(?={_FOREIGN})|(?<={_FOREIGN})\s+(?=[A-Za-z])"
)
_RESIDENT = re.compile(rf"(?:{RESIDENT_WORDS})\s+", re.IGNORECASE)
_PHONE_CODE = re.compile(r"(?:\+|00)\s?(\d{1,3})")
_ARTICLE = "ال"


def find_country(text):
    """Return the country that an answer names.

    :param str text: name in any language, short name, code, flag, or a country with its city
    :return: code of ISO 3166, empty for none or several
    :rtype: str
    """
    code = read_country(text)
    return "" if code == AMBIGUOUS else code


def read_country(text):
    """Return the country that an answer names, or whether it could be several.

    :param str text: as a person wrote it
    :return: code of ISO 3166, AMBIGUOUS for several, empty for none
    :rtype: str
    """
    text = _FLAG.sub(_read_flag, unicodedata.normalize("NFKC", text)).strip(" ,\n\t")
    if not text or len(text) > _LONGEST:
        return ""
    parts = (part.strip() for part in _SEPARATOR.split(text))
    return (
        _find_whole_name(text)
        or _find_in_parts([part for part in parts if part])
        or _find_whole_name(_RESIDENT.sub("", text))
    )


def normalize_name(text):
    """Return what all spellings of a name share, without spaces.

    :param str text: as a person wrote it
    :rtype: str
    """
    return "".join(list_words(text))


def list_words(text):
    """Return the words of a name without case, marks, punctuation and Unicode's doubles.

    :param str text: as a person wrote it
    :rtype: list[str]
    """
    text = unicodedata.normalize("NFKC", text).casefold().replace("'", "").replace("’", "")
    text = _MARKS.sub("", unicodedata.normalize("NFKD", text)).translate(_ALIKE)
    kinds = ((char, unicodedata.category(char)) for char in text)
    text = "".join(
        char if kind[0] in "LNM" else "" if kind == "Cf" else " " for char, kind in kinds
    )
    return [_SAINT.get(word, word) for word in text.split() if word not in _FILLERS]


# === PARTS OF AN ANSWER === #


def _find_in_parts(parts):
    """Return the country that the parts of an answer agree on: "Dubai, UAE", "Egypt (Cairo)".

    :param list[str] parts: between commas, brackets and the like
    :return: its code, empty for none or several
    :rtype: str
    """
    codes = [_find_whole_name(part) for part in parts]
    named = set(codes) - {""}
    if len(parts) < 2 or len(named) != 1:
        return AMBIGUOUS if len(named) > 1 else ""
    code = named.pop()
    rest = [part for part, found in zip(parts, codes, strict=True) if not found]
    return code if all(_says_nothing_else(part, code) for part in rest) else ""


def _says_nothing_else(part, code):
    """Tell whether a part of an answer may be a city of the country that another part names.

    "Lebanon, Ohio" and "Turkey or Greece" are not.

    :param str part: that names no country
    :param str code: of the country
    :rtype: bool
    """
    words = list_words(part)
    is_us_state = code != "US" and "".join(words) in _US_STATES
    if len(words) > 4 or is_us_state or any(word.isdigit() for word in words):
        return False
    names = {_find_name(word) for word in words if len(word) > 2}
    return names <= {"", code} and not _OTHER_WORDS & set(words)


def _find_whole_name(text):
    """Return the country that a text names as a whole.

    :param str text: a name or a code
    :return: its code, AMBIGUOUS for several, empty for none
    :rtype: str
    """
    code = _find_code(text)
    if code:
        return code
    words = list_words(text)
    return _find_name("".join(words)) or _find_official_name(words)


def _find_code(text):
    """Return the country of a code.

    :param str text: "AE", "ARE", "ae", "+971"
    :return: its code, AMBIGUOUS where it is a name or a word as well, empty for none
    :rtype: str
    """
    found = _PHONE_CODE.fullmatch(text)
    if found:
        number = int(found[1])
        region = phonenumbers.region_code_for_country_code(number)
        return "" if number in _SHARED_CODES or region in ("ZZ", "001") else region
    code = _get_codes().get(text.upper(), "") if re.fullmatch("[A-Za-z]{2,3}", text) else ""
    if text.upper() == "NA" or (code and text.casefold() in _WORDS and not text.isupper()):
        return AMBIGUOUS  # not available, or not Norway
    if not code or text.isupper():
        return code
    name = _find_name(text.casefold())
    return code if name in ("", code) else AMBIGUOUS


def _read_flag(match):
    """Return the code that a flag is made of, apart from what stands beside it.

    :param re.Match match: two regional indicators
    :rtype: str
    """
    return "".join((", ", *(chr(ord(char) - 0x1F1E6 + 65) for char in match.groups()), ", "))


def _find_official_name(words):
    """Return the country of an official name: "Republic of Kazakhstan", "جمهورية العراق".

    :param list[str] words: of the name
    :return: its code, empty for none
    :rtype: str
    """
    for prefix in _get_official_words()[0]:
        if tuple(words[: len(prefix)]) == prefix:
            code = _find_name("".join(words[len(prefix) :]))
            return "" if code in NOT_OFFICIAL else code
    if len(words) > 1 and words[-1] in _get_official_words()[1]:
        code = _find_name("".join(words[:-1]))
        return "" if code in NOT_OFFICIAL else code
    return ""


def _find_name(key):
    """Return the country of a name, with or without the Arabic article.

    :param str key: of `normalize_name`
    :return: its code, AMBIGUOUS for several, empty for none
    :rtype: str
    """
    if len(key) < 2:
        return ""
    keys = [key]
    if key[0] >= "\u0600" and key[0] <= "\u06ff":
        keys.append(key[len(_ARTICLE) :] if key.startswith(_ARTICLE) else _ARTICLE + key)
    for each in keys:
        if each in _get_ambiguous():
            return AMBIGUOUS
    for get_names in (_get_aliases, _get_common_index, _get_other_index):
        code = next(filter(None, map(get_names().get, keys)), "")
        if code:
            return AMBIGUOUS if code in _NO_COUNTRIES else code
    return ""


# === NAMES === #


class NameIndex:
    """Countries by name, 8 bytes each: 6 of a hash of the name, 2 of the code.

    :param dict names: code by name
    """

    def __init__(self, names):
        entries = (_hash_name(name) | _pack_code(code) for name, code in names.items())
        self._entries = array.array("Q", sorted(entries))

    def __len__(self):
        return len(self._entries)

    def get(self, name):
        """Return the code of a name, empty for none.

        :param str name: of `normalize_name`
        :rtype: str
        """
        wanted = _hash_name(name)
        position = bisect.bisect_left(self._entries, wanted)
        if position == len(self._entries) or self._entries[position] >> 16 != wanted >> 16:
            return ""
        first, second = divmod(self._entries[position] & 0xFFFF, 256)
        return f"{chr(first)}{chr(second)}".strip()


def _hash_name(name):
    digest = hashlib.blake2b(name.encode(), digest_size=6).digest()
    return int.from_bytes(digest, "big") << 16


def _pack_code(code):
    first, second = code.ljust(2)
    return ord(first) << 8 | ord(second)


@functools.cache
def _get_common_index():
    return _index_names(_COMMON)


@functools.cache
def _get_other_index():
    return _index_names(set(localedata.locale_identifiers()) - set(_COMMON))


def _index_names(languages):
    """Return the index of CLDR's names.

    :param languages: of Babel, any number
    :rtype: NameIndex
    """
    found = {}
    for language in languages:
        for code, name in _read_territories(language).items():
            key = normalize_name(name) if len(code) == 2 else ""
            if key and found.setdefault(key, code) != code:
                found[key] = AMBIGUOUS
    return NameIndex(found)


def _read_territories(language):
    """Return the names of territories of a language that its parent does not have.

    Babel itself would keep all data of all languages in memory, 400 MB.

    :param str language: of Babel
    :return: names by code, empty for a language that this version of Babel does not have
    :rtype: dict[str, str]
    """
    try:
        with Path(localedata.resolve_locale_filename(language)).open("rb") as file:
            return pickle.load(file).get("territories", {})  # noqa: S301 - Babel's own
    except FileNotFoundError:
        return {}


@functools.cache
def _get_codes():
    """Return the codes of ISO 3166, of two and of three letters, and Babel's UK.

    :return: code of two letters by code
    :rtype: dict[str, str]
    """
    codes = {code for code in _read_territories("en") if len(code) == 2 and code.isalpha()}
    codes -= set(_NO_COUNTRIES)
    found = {code: code for code in codes}
    for alias, targets in get_global("territory_aliases").items():
        is_code = len(alias) == 3 and alias.isalpha() and alias not in OLD_CODES
        if is_code and len(targets) == 1 and targets[0] in codes:
            found[alias] = targets[0]
    return found


@functools.cache
def _get_aliases():
    return {
        normalize_name(alias): code
        for code, aliases in COUNTRY_ALIASES.items()
        for alias in aliases.split("|")
    }


@functools.cache
def _get_ambiguous():
    return {normalize_name(name) for name in AMBIGUOUS_NAMES.split("|")}


@functools.cache
def _get_official_words():
    prefixes = {tuple(list_words(prefix)) for prefix in OFFICIAL_PREFIXES.split("|")}
    suffixes = {normalize_name(suffix) for suffix in OFFICIAL_SUFFIXES.split("|")}
    return sorted(prefixes, key=len, reverse=True), suffixes
