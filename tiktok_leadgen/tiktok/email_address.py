"""Find the e-mail address in an answer, however it was typed; what is none stays an answer."""

import functools
import re
import unicodedata

from .values import unescape_entities

_LONGEST = 254  # characters of an address, RFC 5321
_LONGEST_TEXT = 1_000  # characters; a longer answer is a text
_LONGEST_LOCAL = 64  # of what stands before the @
# What people type between two addresses, or around one.
_SEPARATOR = re.compile(r"[\s,،;؛、|/\\<>()\[\]{}«»“”„\"`:]+")
_MAILTO = re.compile(r"mailto:(//)?", re.IGNORECASE)
_LINK = re.compile(r"\S+://\S+")
_WITH_SPACES = re.compile(r"\s*(\S+)\s*@\s*(\S+)\s*")
# "ana maria@example.com", "ana@example.co m": a part of the address may be missing.
_CUT = re.compile(r"(?P<word>[^\s@<>:,;]+)\s+[^\s@<>]+@\S+|.*@\S+\s+\w{1,2}", re.DOTALL)
_LABELS = re.compile(r"e?-?mails?|correo|почта|имейл|الإيميل|ايميل|البريد", re.IGNORECASE)
_QUOTES = "'‘’‚‹›"
_NOISE_AFTER = ".!?…-#"
# Without the star, which RFC 5322 allows and which hides a part: "a***@example.com".
_LOCAL = re.compile(r"[\w!#$%&'+/=?^`{|}~-]+(?:\.[\w!#$%&'+/=?^`{|}~-]+)*")
_VARIATIONS = re.compile("[\ufe00-\ufe0f]")  # of emoji
_TOP_LEVEL = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]+", re.IGNORECASE)


@functools.lru_cache(maxsize=256)  # each lead asks several times
def find_email(text):
    """Return the first e-mail address in an answer.

    :param str text: as it was answered
    :return: without what was typed around it, empty for none
    :rtype: str
    """
    if len(text) > _LONGEST_TEXT:
        return ""
    text = _LINK.sub(" ", _MAILTO.sub(" ", _simplify_text(text))).strip()
    if text.count("@") == 1:
        text = _WITH_SPACES.sub(r"\1@\2", text) if _WITH_SPACES.fullmatch(text) else text
        cut = _CUT.fullmatch(text)
        if cut and not _is_label_word(cut["word"]):
            return ""
    return next(filter(None, map(_parse_address, _SEPARATOR.split(text))), "")


def _is_label_word(word):
    """Tell whether a word before an address is no part of it: "E-mail", or a sign.

    :param str word: None for none
    :rtype: bool
    """
    return bool(word) and bool(_LABELS.fullmatch(word) or not any(char.isalnum() for char in word))


def _simplify_text(text):
    """Return a text with ASCII signs and digits, without invisible characters.

    :param str text: as it was answered
    :rtype: str
    """
    text = unicodedata.normalize("NFKC", _VARIATIONS.sub("", unescape_entities(text)))
    if "@" not in text:
        text = text.replace("%40", "@")  # of a form that was encoded twice
    return "".join(
        str(unicodedata.decimal(char)) if char.isdecimal() else char
        for char in text.replace("。", ".")
        if unicodedata.category(char) not in ("Cf", "Cc") or char.isspace()
    )


def _parse_address(word):
    """Return the address that a word is, without signs around it.

    :param str word: between spaces, commas and brackets
    :return: empty if it is none
    :rtype: str
    """
    local, _at, domain = _strip_signs(word).partition("@")
    label, _sign, rest = local.partition("=")
    local = rest if _LABELS.fullmatch(label) else local  # email=ana@example.com
    domain = domain.partition("?")[0].rstrip(".")  # mailto:ana@example.com?subject=…
    labels = domain.split(".")
    is_address = (
        len(local) <= _LONGEST_LOCAL
        and len(local) + len(domain) < _LONGEST
        and len(labels) > 1
        and _LOCAL.fullmatch(local)
        and all(map(_is_label, labels))
        and (_TOP_LEVEL.fullmatch(labels[-1]) or not labels[-1].isascii())
        and not _mixes_alphabets(local)
    )
    return f"{local}@{domain}" if is_address else ""


def _strip_signs(word):
    """Return a word without quotes, emoji and other signs around it.

    :param str word: between spaces, commas and brackets
    :rtype: str
    """
    if word.startswith("*") and word.endswith("*"):
        word = word.strip("*")
    first, last = 0, len(word)
    while first < last and (word[first] in _QUOTES or _is_foreign_sign(word[first])):
        first += 1
    while last > first and (
        word[last - 1] in _QUOTES + _NOISE_AFTER or _is_foreign_sign(word[last - 1])
    ):
        last -= 1
    return word[first:last]


def _is_foreign_sign(char):
    return not char.isascii() and unicodedata.category(char)[0] in "SP"


def _is_label(label):
    """Tell whether a text can stand between the dots of a domain.

    :param str label: in ASCII, or in the letters of another language
    :rtype: bool
    """
    is_long = not 0 < len(label) < 64
    if is_long or label[0] == "-" or label[-1] == "-" or _mixes_alphabets(label):
        return False
    return all(char == "-" or unicodedata.category(char)[0] in "LNM" for char in label)


def _mixes_alphabets(part):
    """Tell whether Latin letters stand beside others, which may only look like Latin ones.

    :param str part: of an address
    :rtype: bool
    """
    letters = [char for char in part if char.isalpha()]
    latin = [char.isascii() or unicodedata.name(char, "").startswith("LATIN") for char in letters]
    return any(latin) and not all(latin)
