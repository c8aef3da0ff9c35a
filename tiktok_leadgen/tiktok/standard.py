"""The standard questions, under the keys of the webhook and the labels of the exports."""

import functools
import re
import unicodedata

from .standard_aliases import SHORT_NAME_ALIASES, STANDARD_ALIASES

LONGEST_QUESTION = 500  # characters; a longer text asks for no standard field
_NO_WORD = re.compile(r"[\W_]+")
_SPACE = re.compile(r"[\s_]+")
# Letters of their own that Unicode does not take apart, and Arabic that is written both ways.
_ALIKE = str.maketrans({"ı": "i", "đ": "d", "ø": "o", "ł": "l", "ـ": "", "ة": "ه", "ى": "ي"})


@functools.lru_cache(maxsize=4096)
def normalize_text(text):
    """Return what is left of a text without case, marks, punctuation and Unicode's doubles.

    :param str text: as a person wrote it
    :rtype: str
    """
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    text = "".join(char for char in text if unicodedata.category(char)[0] not in "MC")
    return _NO_WORD.sub(" ", text.translate(_ALIKE)).strip()


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


def find_standard_key(question):
    """Return the standard field a question asks for, empty for any other question.

    :param str question: a webhook's key or an export's label, in any language of the aliases
    :rtype: str
    """
    # Unicode can make a text many times longer, and the cache would keep it.
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
    keys = [find_standard_key(label) for label in labels]
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
