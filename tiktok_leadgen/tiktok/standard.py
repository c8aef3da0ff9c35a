"""The questions everybody asks, under the keys of the webhook and the labels of the exports."""

import functools
import re
import unicodedata

from .standard_words import WORDS

LONGEST_QUESTION = 500  # characters; a longer text asks for no standard field
_NO_WORD = re.compile(r"[\W_]+")
_SPACE = re.compile(r"[\s_]+")
# Letters of their own that Unicode does not take apart, and Arabic that is written both ways.
_ALIKE = str.maketrans({"ı": "i", "đ": "d", "ø": "o", "ł": "l", "ـ": "", "ة": "ه", "ى": "ي"})


@functools.lru_cache(maxsize=4096)
def plain(text):
    """Return what is left of a text without case, marks, punctuation and Unicode's doubles.

    :param str text: as somebody wrote it
    :rtype: str
    """
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    text = "".join(char for char in text if unicodedata.category(char)[0] not in "MC")
    return _NO_WORD.sub(" ", text.translate(_ALIKE)).strip()


@functools.lru_cache(maxsize=4096)
def same(question):
    """Return what two spellings of one question share; signs and marks still count.

    :param str question: a webhook's key or an export's label
    :rtype: str
    """
    text = unicodedata.normalize("NFKC", question).casefold()
    return _SPACE.sub(" ", text).strip(" :*?؟.") or question.strip()


KEYS = tuple(WORDS["en"])
_KEYS = {
    plain(alias): key
    for words in WORDS.values()
    for key, aliases in words.items()
    for alias in aliases.split("|")
}


def standard_key(question):
    """Return the standard field a question asks for, empty for any other question.

    :param str question: a webhook's key or an export's label, in any of the languages of `WORDS`
    :rtype: str
    """
    # Unicode can make a text many times longer, and the cache would keep it.
    return _KEYS.get(plain(question), "") if len(question) <= LONGEST_QUESTION else ""
