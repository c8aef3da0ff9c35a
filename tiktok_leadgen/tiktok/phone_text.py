"""Take the numbers out of a phone answer: digits of any script, words, extensions, two numbers."""

import re
import unicodedata

MIN_DIGITS = 7  # of a whole number; shorter ones are a part of something
MAX_DIGITS = 17  # 15 of E.164 after 00
_LONGEST = 1_000  # characters; a longer answer is a text
_PLUS = "+＋﹢⁺➕"
_EXTENSION = re.compile(
    r"""(?: [;,]? \s* (?<![^\W\d_])(?:ext(?:ension|n)?|x|int(?:erno)?|anexo|ramal|poste|dahili
                          |доб(?:авочный)?|внутр(?:енний)?|ішкі|داخلي|تحويلة|内线|分机|内線|내선)
            [\s.:=]* | \s*\#\s* ) \d{1,6} \s* (?=$|[;,/\n])""",
    re.IGNORECASE | re.VERBOSE,
)
# The letter that looks like a zero or a one, written for it.
_LOOKALIKE = re.compile(r"(?<![^\W\d_])[oOоОlI](?=\d)|(?<=\d)[oOоОlI](?![^\W\d_])")
_COMMAND = re.compile(r"[*#]")
_NO_NUMBER = re.compile(r"[^\d+()./\- ]+")
_DIGIT = re.compile(r"\d")
_SEPARATORS = ("/", " - ")


def split_numbers(text, is_number):
    """Return the numbers of an answer as people wrote them, with ASCII digits.

    :param str text: as it was answered
    :param is_number: tells whether a part is one whole number
    :return: nothing where a rest of digits is left that is no number: it may belong to one
    :rtype: list[str]
    """
    if len(text) > _LONGEST:
        return []
    text = _EXTENSION.sub("", simplify_digits(text))
    if _COMMAND.search(text) or _LOOKALIKE.search(text):
        return []
    parts = [part for part in _split_words(text) if _DIGIT.search(part)]
    if parts and all(count_digits(part) < MIN_DIGITS for part in parts):
        whole = " ".join(parts)  # 050,123,4567
        return [whole] if is_number(whole) and _has_no_word(text) else []
    found = [number for part in parts for number in _split_part(part, is_number)]
    return found if all(count_digits(part) >= MIN_DIGITS for part in found) else []


def simplify_digits(text):
    """Return a text with ASCII digits, pluses, hyphens and spaces, without invisible characters.

    :param str text: as it was answered
    :rtype: str
    """
    return "".join(map(_simplify_character, text)).strip()


def count_digits(text):
    """Count the ASCII digits of a text.

    :param str text: of `simplify_digits`
    :rtype: int
    """
    return len(_DIGIT.findall(text))


def has_digits(text):
    """Tell whether a text has as many digits as a phone number.

    :param str text: as it was answered
    :rtype: bool
    """
    return count_digits(simplify_digits(text)) >= MIN_DIGITS


def _simplify_character(char):
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    if char in _PLUS:
        return "+"
    kind = unicodedata.category(char)
    if kind == "Cf":
        return ""
    if kind == "Pd" or char == "−":
        return "-"
    if kind == "Zs" or char == "\t":
        return " "
    return {"．": ".", "（": "(", "）": ")", "／": "/", "＊": "*", "﹡": "*"}.get(char) or (
        "#" if char in "＃﹟" else char
    )


def _split_words(text):
    """Return what is between words and other signs; each plus begins a number.

    :param str text: of `simplify_digits`
    :rtype: list[str]
    """
    parts = []
    for part in _NO_NUMBER.split(text):
        is_reversed = part.count("+") == 1 and part.rstrip().endswith("+")  # right to left
        ordered = "+" + part.replace("+", "") if is_reversed else part
        head, *others = re.split(r"\+(?=[\s(]*\d)", ordered)
        # A bracket before the plus belongs to its number.
        parts += [head.rstrip("( "), *(f"+{each}" for each in others)]
    return [part.strip(" -./") for part in parts]


def _has_no_word(text):
    return not any(char.isalpha() for char in text)


def _split_part(part, is_number):
    """Return the numbers in a part: itself, or two without a word between them.

    :param str part: digits and signs
    :param is_number: tells whether a part is one whole number
    :rtype: list[str]
    """
    if is_number(part):
        return [part]
    for separator in _SEPARATORS:
        pieces = [piece.strip() for piece in part.split(separator)]
        if len(pieces) > 1 and all(count_digits(piece) >= MIN_DIGITS for piece in pieces):
            return pieces
    words = part.split()
    halves = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words))]
    whole = [pair for pair in halves if is_number(pair[0]) and is_number(pair[1])]
    return list(whole[0]) if len(whole) == 1 else [part]
