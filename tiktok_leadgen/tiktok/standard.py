"""The standard questions, under the keys of the webhook and the labels of the exports."""

import functools
import re
import unicodedata

from .question_sentence import SentenceReader
from .standard_aliases import SHORT_NAME_ALIASES, STANDARD_ALIASES

_VARIATIONS = frozenset(map(chr, range(0xFE00, 0xFE10)))  # of emoji
LONGEST_QUESTION = 500  # characters; a longer text asks for no standard field
_SPACE = re.compile(r"[\s_]+")
# Letters that Unicode does not take apart, and Arabic ones that are written both ways.
_ALIKE = str.maketrans(
    {"ı": "i", "đ": "d", "ø": "o", "ł": "l", "ـ": "", "ة": "ه", "ى": "ي", "ی": "ي", "ک": "ك"}
)


@functools.lru_cache(maxsize=4096)
def normalize_text(text):
    """Return what is left of a text without case, marks, punctuation and Unicode's doubles.

    :param str text: as a person wrote it
    :rtype: str
    """
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return " ".join("".join(map(_simplify_character, text.translate(_ALIKE))).split())


def _simplify_character(char):
    """Return a letter or digit as it is, nothing for an accent, and a space for any other sign.

    The vowels of Hindi and Thai are marks too, but no accents: without them words become others.

    :param str char: one character
    :rtype: str
    """
    if char.isalnum():
        return char
    category = unicodedata.category(char)
    if category in ("Mn", "Mc") and not unicodedata.combining(char) and char not in _VARIATIONS:
        return char
    return "" if category[0] in "MC" or unicodedata.combining(char) else " "


@functools.lru_cache(maxsize=4096)
def normalize_question(question):
    """Return what two spellings of one question share; signs and marks still count.

    :param str question: a webhook's key or an export's label
    :rtype: str
    """
    text = unicodedata.normalize("NFKC", question).casefold()
    return _SPACE.sub(" ", text).strip(" :*?؟.") or question.strip()


KEYS = tuple(STANDARD_ALIASES["en"])
_KEYS = {
    normalize_text(alias): key
    for words in STANDARD_ALIASES.values()
    for key, aliases in words.items()
    for alias in aliases.split("|")
}


_SHORT_NAMES = {
    normalize_text(alias) for aliases in SHORT_NAME_ALIASES.values() for alias in aliases.split("|")
}
_OTHER_PART = {"first_name": "last_name", "last_name": "first_name"}


_SENTENCES = SentenceReader(normalize_text, _KEYS)


@functools.lru_cache(maxsize=4096)
def find_standard_key(question):
    """Return the standard field a question asks for, empty for any other question.

    :param str question: a webhook's key, an export's label or a sentence, in any language of the
        aliases
    :rtype: str
    """
    # Unicode can make a text many times longer, and the cache would keep it.
    if len(question) > LONGEST_QUESTION:
        return ""
    text = normalize_text(question)
    return _KEYS.get(text) or _SENTENCES.find_key(text)


def find_label_key(question):
    """Return the standard field whose label a question is, empty for any other and for sentences.

    :param str question: a webhook's key or an export's label, in any language of the aliases
    :rtype: str
    """
    return _KEYS.get(normalize_text(question), "") if len(question) <= LONGEST_QUESTION else ""


def get_webhook_names(labels, known=()):
    """Return how the webhook names the questions of a form, given their labels.

    "Имя" is the whole name, and the first name where the form asks for the last name too; "Nom"
    beside "Prénom" is the last name.

    :param list labels: all that the form asks, in the form's language
    :param known: names of questions as webhook deliveries have them; they stay
    :return: a name for each label: a key of `KEYS`, once each, else the label
    :rtype: list[str]
    """
    came = {_fold_case_and_spaces(name): name for name in known}
    keys = [find_label_key(label) for label in labels]
    parts = [part for part in _OTHER_PART if part in keys]
    if len(parts) == 1 and "name" not in came:
        keys = [
            _OTHER_PART[parts[0]] if normalize_text(label) in _SHORT_NAMES else key
            for label, key in zip(labels, keys, strict=True)
        ]
    names, taken = [], set()
    for label, key in zip(labels, keys, strict=True):
        names.append(
            came.get(_fold_case_and_spaces(label)) or (key if key not in taken else "") or label
        )
        taken.add(key)
    return names


def _fold_case_and_spaces(text):
    return " ".join(text.casefold().split())
