"""Recognize a standard question that is asked as a sentence."""

from .question_frames import (
    AFTER,
    AMBIGUOUS,
    BEFORE,
    IDIOMS,
    JOINED_AFTER,
    JOINED_BEFORE,
)

_MAX_WORDS = 16
_MAX_JOINED = 60  # characters of a sentence that is written without spaces


class SentenceReader:
    """Finds the standard field that a sentence asks for.

    :param normalize: function that returns a text without case, accents and punctuation
    :param dict keys: of standard fields, by normalized alias
    """

    def __init__(self, normalize, keys):
        ambiguous = {normalize(word) for word in AMBIGUOUS.split("|")}
        self._keys = {
            alias: key for alias, key in keys.items() if alias not in ambiguous and key != "consent"
        }
        self._joined_keys = {alias.replace(" ", ""): key for alias, key in self._keys.items()}
        self._before = self._collect_frames(normalize, BEFORE)
        self._after = self._collect_frames(normalize, AFTER)
        self._joined_before = self._collect_joined_frames(normalize, JOINED_BEFORE)
        self._joined_after = self._collect_joined_frames(normalize, JOINED_AFTER)
        self._idioms = {
            normalize(sentence): key
            for key, sentences in IDIOMS.items()
            for sentence in sentences.split("|")
        }

    def find_key(self, text):
        """Return the standard field that a sentence asks for, empty for any other.

        :param str text: normalized
        :rtype: str
        """
        if text in self._idioms:
            return self._idioms[text]
        if text.isascii():
            return self._find_between_words(text)
        return self._find_between_words(text) or self._find_between_characters(text)

    def _find_between_words(self, text):
        words = text.split()
        if not 1 < len(words) <= _MAX_WORDS:
            return ""
        ends = range(len(words), 0, -1)
        before = [n for n in range(len(words)) if not n or " ".join(words[:n]) in self._before]
        after = [n for n in ends if n == len(words) or " ".join(words[n:]) in self._after]
        parts = [(first, last) for first in before for last in after if first < last]
        # "Your name" is an alias, and so is "name" alone: the longer one tells more.
        for first, last in sorted(parts, key=lambda part: part[0] - part[1]):
            key = self._keys.get(" ".join(words[first:last]))
            if key:
                return key
        return ""

    def _find_between_characters(self, text):
        text = text.replace(" ", "")
        if len(text) > _MAX_JOINED:
            return ""
        starts = self._strip_starts({text})
        starts |= self._strip_starts(starts)  # "お客様の" and "お"
        ends = starts | {
            text.removesuffix(frame)
            for text in starts
            for frame in self._joined_after
            if text.endswith(frame)
        }
        found = {self._joined_keys[each] for each in ends if each in self._joined_keys}
        return found.pop() if len(found) == 1 else ""

    def _strip_starts(self, texts):
        return texts | {
            text.removeprefix(frame)
            for text in texts
            for frame in self._joined_before
            if text.startswith(frame)
        }

    @staticmethod
    def _collect_frames(normalize, frames):
        return {normalize(each) for some in frames.values() for each in some.split("|")}

    @classmethod
    def _collect_joined_frames(cls, normalize, frames):
        return {each.replace(" ", "") for each in cls._collect_frames(normalize, frames)} - {""}
