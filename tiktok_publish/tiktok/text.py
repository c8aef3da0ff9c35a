"""Fit the texts of a post: TikTok counts UTF-16 units, people read letters.

What people see as one letter (an emoji of several parts, a letter with its marks) is never
divided, a text ends at the end of a word, and a hashtag is there as a whole or not at all.
"""

import re
import unicodedata

TITLE_UNITS = 90
DESCRIPTION_UNITS = 4_000
MOST_HASHTAG_UNITS = 100
LONGEST_WORD = 40  # letters; what is longer has no ends of words to cut at, as Chinese
PLACEHOLDERS = ("title", "subtitle", "teaser", "link", "blog", "author", "hashtags")

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_ELLIPSIS = "…"
_LEAST_TEASER = 20  # units; less says nothing
_WHOLE = ("#", "@", "http://", "https://")  # half of such a word is another one, or none
_LOOSE_ENDS = frozenset(",;:·–—-([{«“„،؛")

_ZWJ = "\u200d"
# Continue a letter though they are no marks: joiners, halfwidth and Thai vowels, skin tones, tags.
_CONTINUE = re.compile(
    "[\u200c\u200d\uff9e\uff9f\u0e33\u0eb3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
)
# Signs that are written before the letter they belong to.
_PREPEND = re.compile(
    "[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e\U000110bd\U000110cd\U000111c2\U000111c3"
    "\U000113d1\U0001193f\U00011941\U00011a3a\U00011a84-\U00011a89\U00011d46\U00011f02]"
)
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]")
_JAMO = re.compile("[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]")
_HANGUL = re.compile("[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff\uac00-\ud7a3]")
_VIRAMA = 9  # combining class of the sign that joins two consonants


def count_units(text):
    """Return a text's length as TikTok counts it.

    :param str text: of any script
    :return: UTF-16 units
    :rtype: int
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split_clusters(text):
    """Split a text into what people see as letters.

    Where Unicode's rules (UAX 29) need tables Python does not have, two are left together.

    :param str text: of any script
    :rtype: list[str]
    """
    found, flags, joined = [], 0, False
    for char in text:
        if found and _continues(found[-1], char, flags, joined):
            found[-1] += char
        else:
            found.append(char)
            flags, joined = 0, False
        flags += bool(_FLAG.match(char))
        joined = joined or unicodedata.combining(char) == _VIRAMA
    return found


def _continues(cluster, char, flags, joined):
    last = cluster[-1]
    if unicodedata.category(char).startswith("M") or _CONTINUE.match(char):
        return True
    if last == _ZWJ or _PREPEND.match(last) or last + char == "\r\n":
        return True
    if _FLAG.match(char):
        return flags % 2 == 1 and bool(_FLAG.match(last))
    if joined and unicodedata.category(char) == "Lo":
        return True
    hangul = _HANGUL.match(last) and _HANGUL.match(char)
    return bool(hangul and (_JAMO.match(char) or _JAMO.match(last)))


def cut_text(text, most, mark=_ELLIPSIS):
    """Shorten a text to a number of units, at the end of a word.

    :param str text: of any script
    :param int most: UTF-16 units, the mark included
    :param str mark: replaces the missing end
    :rtype: str
    """
    text = text.strip()
    if count_units(text) <= most:
        return text
    letters = split_clusters(text)
    fitting = _count_fitting_letters(letters, most - count_units(mark))
    shown = letters[: _find_word_end(letters, fitting)]
    shortened = _trim_loose_ends("".join(shown))
    return shortened + mark if shortened else ""


def _count_fitting_letters(letters, most):
    """Return how many letters fit.

    :param list letters: of `split_clusters`
    :param int most: UTF-16 units
    :rtype: int
    """
    used = 0
    for place, letter in enumerate(letters):
        used += count_units(letter)
        if used > most:
            return place
    return len(letters)


def _find_word_end(letters, end):
    """Return the last end of a word up to a place; a word that is too long is divided.

    :param list letters: of `split_clusters`
    :param int end: number of letters that fit
    :rtype: int
    """
    if end == 0 or letters[end].isspace():
        return end
    begin = end
    while begin and not letters[begin - 1].isspace():
        begin -= 1
    word = "".join(letters[begin:end])
    if end - begin > LONGEST_WORD and not word.startswith(_WHOLE):
        return end
    if begin == 0 and not word.startswith(_WHOLE):
        return end  # the only word there is
    return begin


def _trim_loose_ends(text):
    """Remove what cannot be last in a text, without dividing a letter.

    :param str text: of any script
    :rtype: str
    """
    letters = split_clusters(text)
    while letters and (letters[-1] in _LOOSE_ENDS or letters[-1].isspace()):
        letters.pop()
    return "".join(letters)


def join_lines(text):
    """Return a text in one line, without needless spaces.

    :param str text: may be False
    :rtype: str
    """
    return " ".join((text or "").split())


def make_hashtag(text):
    """Build a hashtag from any text: letters, digits and underscores of any script.

    :param str text: one or more words
    :return: with its ``#``, empty if there is no letter in it or if it is too long
    :rtype: str
    """
    words = _split_words(unicodedata.normalize("NFC", text or ""))
    if len(words) > 1:
        words = [_capitalize_word(word) for word in words]
    made = "#" + unicodedata.normalize("NFC", "".join(words))
    has_letter = any(unicodedata.category(char).startswith("L") for char in made)
    return made if has_letter and count_units(made) <= MOST_HASHTAG_UNITS else ""


def _split_words(text):
    """Return the words of a text; apostrophes and invisible signs divide none.

    :param str text: of any script
    :rtype: list[str]
    """
    words, inside = [], False
    for char in text:
        kind = unicodedata.category(char)
        if kind[0] == "L" or kind == "Nd" or char == "_" or (kind[0] == "M" and inside):
            if not inside:
                words.append("")
            words[-1] += char
            inside = True
        elif kind != "Cf" and char not in "'’ʼ":
            inside = False
    return words


def _capitalize_word(word):
    first = word[0].upper()
    return (first if len(first) == 1 else word[0]) + word[1:]


def make_hashtags(*texts):
    """Build hashtags, each once whatever its case, in this order.

    :param str texts: each becomes one
    :rtype: list[str]
    """
    made = {}
    for text in texts:
        tag = make_hashtag(text)
        if tag:
            made.setdefault(tag.casefold(), tag)
    return list(made.values())


def split_hashtags(text):
    """Read hashtags from a list, with or without ``#``, separated by spaces or commas.

    :param str text: may be False
    :rtype: list[str]
    """
    return make_hashtags(*re.split(r"[\s,،;#]+", text or ""))


def find_unknown_placeholders(template):
    """Return the placeholders of a template that no article has.

    :param str template: with placeholders as ``{title}``
    :rtype: list[str]
    """
    return [name for name in _PLACEHOLDER.findall(template) if name not in PLACEHOLDERS]


def compose_text(template, parts, tags=(), most=DESCRIPTION_UNITS):
    """Fill a template so that it fits.

    The teaser gives way first, then hashtags from the last one on, then whatever is at the end.

    :param str template: with placeholders as ``{title}``
    :param dict parts: texts by placeholder
    :param list tags: hashtags, the most important first
    :param int most: UTF-16 units
    :rtype: str
    """
    parts = {name: join_lines(text) for name, text in parts.items()}
    tags = list(tags)
    text = _fill_template(template, parts, tags)
    over = count_units(text) - most
    if over > 0 and parts.get("teaser"):
        room = count_units(parts["teaser"]) - over
        parts["teaser"] = cut_text(parts["teaser"], room) if room >= _LEAST_TEASER else ""
        text = _fill_template(template, parts, tags)
    while count_units(text) > most and tags:
        tags.pop()
        text = _fill_template(template, parts, tags)
    return cut_text(text, most)


def _fill_template(template, parts, tags):
    parts = {**parts, "hashtags": " ".join(tags)}
    lines = []
    for line in template.splitlines():
        names = _PLACEHOLDER.findall(line)
        if names and not any(parts.get(name) for name in names):
            continue  # a line whose placeholders are all empty
        lines.append(_PLACEHOLDER.sub(lambda found: parts.get(found[1]) or "", line).rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
