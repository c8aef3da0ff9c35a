"""Find the state or province that an answer names, among those of a country."""

import re

from .countries import list_words

# What stands beside the name of a state, in one language or another.
_GENERIC_WORDS = (
    "state|province|region|county|district|governorate|emirate|prefecture|department|of|de|del"
    "|da|do|la|el|estado|provincia|region|departamento|comunidad|etat|departement|wilaya"
    "|oblast|krai|область|обл|край|республика|облысы|republic|il|ili|land|canton|kanton"
    "|محافظه|اماره|ولايه|منطقه|مقاطعه|省|市|县|도|県"
)
_GENERIC = set(_GENERIC_WORDS.split("|"))
_SEPARATOR = re.compile(r"[,،/()]|\s-\s|^[A-Z]{2}-(?=[A-Z0-9]{1,3}$)")


def find_state(text, states):
    """Return the state that an answer names.

    :param str text: name or code, also beside the country: "TX", "US-TX", "Texas, USA"
    :param list[tuple] states: id, name and code of each state of the country
    :return: its id, None for none or several
    :rtype: int | None
    """
    parts = [part.strip() for part in _SEPARATOR.split(text)]
    for part in dict.fromkeys((text.strip(), *parts)):
        found = _match_state(part, states) if part else set()
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def _match_state(text, states):
    """Return the states that a text names: by code, by name, or by what is special in the name.

    :param str text: one part of an answer
    :param list[tuple] states: id, name and code of each state of the country
    :return: their ids
    :rtype: set[int]
    """
    by_code = {state for state, _name, code in states if code and code == text.upper()}
    if by_code:
        return by_code
    words, known = list_words(text), [(state, list_words(name)) for state, name, _code in states]
    for select in (list, _strip_generic):
        wanted = "".join(select(words))
        found = {state for state, name in known if wanted and "".join(select(name)) == wanted}
        if found:
            return found
    return set()


def _strip_generic(words):
    return [word for word in words if word not in _GENERIC]
