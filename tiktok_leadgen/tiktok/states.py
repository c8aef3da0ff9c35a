"""Find the state or province that an answer names, among those of a country."""

import functools
import re
import unicodedata

from .countries import list_words
from .state_aliases import STATE_ALIASES

# What stands beside the name of a state, in one language or another.
_GENERIC_WORDS = (
    "state|province|region|county|district|governorate|emirate|prefecture|department|of|de|del"
    "|da|do|la|el|estado|provincia|region|departamento|comunidad|etat|departement|wilaya"
    "|oblast|krai|область|обл|край|республика|облысы|republic|il|ili|land|canton|kanton"
    "|محافظه|اماره|ولايه|منطقه|مقاطعه|مدينه|省|市|县|도|県|г|город|city|ao|автономный|округ|tinh|thanh|pho|tp|voivodeship"
)
_GENERIC = {
    unicodedata.normalize("NFC", each)
    for word in _GENERIC_WORDS.split("|")
    for each in list_words(word)
}
# The same in languages that are written without spaces, and the article of Arabic.
_JOINED = re.compile(
    "^(?:ال|จังหวัด)|(?<=..)(?:特别行政区|自治区|省|市|縣|県|府|都|道|특별자치시|특별자치도|특별시|광역시|시|도)$"
)
_SEPARATOR = re.compile(r"[,،/()]|\s-\s|^[A-Z]{2}-(?=[A-Z0-9]{1,3}$)")


def find_state(text, states, country=""):
    """Return the state that an answer names.

    :param str text: name or code, also beside the country: "TX", "US-TX", "Texas, USA"
    :param list[tuple] states: id, name and code of each state of the country
    :param str country: its ISO code, empty for a country without other names of its states
    :return: its id, None for none or several
    :rtype: int | None
    """
    named = [
        (state, code, [name, *_list_aliases(country).get(code, ())]) for state, name, code in states
    ]
    parts = [part.strip() for part in _SEPARATOR.split(text)]
    for part in dict.fromkeys((text.strip(), *parts)):
        found = _match_state(part, named, country) if part else {}
        if found:
            return _choose_state(found)
    return None


def _match_state(text, states, country):
    """Return the states that a text names: by code, by name, or by what is special in the name.

    :param str text: one part of an answer
    :param list[tuple] states: id, code and names of each state of the country
    :param str country: its ISO code
    :return: their codes by id
    :rtype: dict[int, str]
    """
    codes = (text.upper(), f"{country}-{text.upper()}")
    by_code = {state: code for state, code, _names in states if code and code in codes}
    if by_code:
        return by_code
    whole, special = _simplify_name(text)
    for is_special, expected in ((False, {whole}), (True, {whole, special})):
        found = {
            state: code
            for state, code, names in states
            for name in names
            if (_simplify_name(name)[is_special] or None) in expected
        }
        if found:
            return found
    return {}


def _choose_state(found):
    """Return the only state; of one state in two languages the one with the plain code.

    :param dict found: codes by id, such as "ZH" and "ZH-FR"
    :return: an id, None if they are several
    :rtype: int | None
    """
    state = min(found, key=lambda each: len(found[each]))
    is_same = all(f"{code}-".startswith(f"{found[state]}-") for code in found.values())
    return state if len(found) == 1 or (found[state] and is_same) else None


@functools.lru_cache(maxsize=4096)
def _simplify_name(name):
    """Return a name without spaces, and what is special in it: without "State of".

    :param str name: of a state, or an answer
    :rtype: tuple[str, str]
    """
    words = [unicodedata.normalize("NFC", word) for word in list_words(name)]
    special = (_JOINED.sub("", word) for word in words if word not in _GENERIC)
    return "".join(words), "".join(special)


@functools.lru_cache(maxsize=256)
def _list_aliases(country):
    """Return more names of the states of a country.

    :param str country: ISO code
    :return: names by Odoo's code of the state
    :rtype: dict[str, list[str]]
    """
    pairs = (pair.partition("=") for pair in STATE_ALIASES.get(country, "").split("|") if pair)
    return {code: names.split("/") for code, _sign, names in pairs}
