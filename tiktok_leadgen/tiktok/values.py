"""Parse single values the way TikTok and relays really send them."""

import html
import json
import math
import re
import urllib.parse
from datetime import datetime, timezone

_LATEST = 32_503_680_000  # the year 3000, in seconds: anything above is milliseconds
_LAST_MOMENT = 7_258_118_400  # the year 2200: what is later was written in another calendar
_LARGEST_EXACT = 2**53  # a float above it has lost digits of an id
_LONGEST_UID = 64  # TikTok's have 19 digits; a longer text is no id, and no index would take it
# An entry of PostgreSQL's indexes takes 2,704 bytes, a character up to 4 of them.
MAX_LINE = 300  # characters; Odoo indexes a contact's name together with its company's
MAX_NAME = 512  # characters; TikTok's own limit for the names of campaigns, ad groups and ads
_DEEPEST = 20  # an answer is a text, at most a list of texts
_DIGITS = re.compile(r"[0-9]{1,20}")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# Marks, embeddings, overrides and isolates of Unicode's bidirectional algorithm, and the byte order
# mark. Joiners stay: Persian and emoji are written with them.
_BIDI_MARKS = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_NUMBER = re.compile(r"-?\d+(\.\d*)?", re.ASCII)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});", re.IGNORECASE)


def parse_uid(value):
    """Return an external id as text, with all of its 19 digits.

    :param value: number or text; TikTok sends both
    :return: the id, empty for none; TikTok's 0 means none too
    :rtype: str
    """
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, float):
        if not value.is_integer() or abs(value) > _LARGEST_EXACT:
            return ""
        value = int(value)
    if isinstance(value, (int, str)):
        text = remove_unstorable(str(value)).strip()
        return "" if text == "0" or len(text) > _LONGEST_UID else text
    return ""


def join_texts(value):
    """Return all values in it as one text, which may have line breaks.

    :param value: anything JSON can hold
    :rtype: str
    """
    return ", ".join(list_texts(value))


def list_texts(value, depth=0):
    """Return every value in it, as texts, empty ones left out.

    :param value: text, number, yes or no, list or object
    :param int depth: how deep it was found; too deep it is no answer
    :rtype: list[str]
    """
    if value is None or depth > _DEEPEST:
        return []
    if isinstance(value, (list, tuple)):
        return [item for part in value for item in list_texts(part, depth + 1)]
    if isinstance(value, dict):
        inner = next((value[k] for k in ("value", "label", "name", "text") if k in value), None)
        if inner is None or isinstance(inner, dict) or describes_person(value):
            return _serialize_object(value)
        return list_texts(inner, depth + 1)
    if isinstance(value, bool):
        return ["true" if value else "false"]
    found = remove_unstorable(value if isinstance(value, str) else str(value)).strip()
    return [found] if found else []


def describes_person(value):
    """Tell whether an object is a person with an address or a number, and no choice with a label.

    :param dict value: of an answer
    :rtype: bool
    """
    keys = [str(key).lower() for key in value]
    return "value" not in keys and any("mail" in key or "phone" in key for key in keys)


def _serialize_object(value):
    try:
        return [json.dumps(value, ensure_ascii=True)]
    except RecursionError:
        return []


def shorten_name(name):
    """Return a name that fits in an indexed column, with an ellipsis for what is left out.

    :param str name: of a campaign, an ad group, an ad or a form
    :rtype: str
    """
    return name if len(name) <= MAX_NAME else f"{name[: MAX_NAME - 1]}…"


def parse_whole_number(value):
    """Return what a header, an address or a file name says in digits.

    Digits of other scripts, such as a superscript two, are none here: `int` takes some of them,
    and `str.isdigit` takes more. A number of more than 20 digits is none either.

    :param str value: anything
    :rtype: int | None
    """
    return int(value) if _DIGITS.fullmatch(value) else None


def is_number(text):
    """Tell whether an id is one of TikTok's: those of relays can be any text.

    :param str text: the id, False for none
    :rtype: bool
    """
    return parse_whole_number(text or "") is not None


def format_line(value):
    """Return a value as one line that reads in the order it is written.

    A name goes into subjects, lists and sentences: line breaks and other control characters
    become spaces, and marks that change the direction of the text are removed.

    :param value: anything JSON can hold
    :rtype: str
    """
    return " ".join(_BIDI_MARKS.sub("", _CONTROLS.sub(" ", join_texts(value))).split())


def remove_unstorable(value):
    """Drop what PostgreSQL can't store: NUL and lone surrogates.

    :param str value: any text
    :rtype: str
    """
    if "\x00" in value:
        value = value.replace("\x00", "")
    return value.encode("utf-8", "replace").decode("utf-8")


def unescape_entities(text):
    """Return a text without the entities of HTML that a relay wrote into it: ``O&#39;Brien``.

    :param str text: as it was answered
    :rtype: str
    """
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text) if "&" in text else text


def parse_moment(value):
    """Return a time as seconds since 1970.

    :param value: seconds, milliseconds, or text as in TikTok's exports, always UTC
    :rtype: int | None
    """
    if isinstance(value, str):
        value = value.strip()
        if not _NUMBER.fullmatch(value):
            return _parse_written_moment(value)
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    seconds = int(value) // 1000 if value > _LATEST else int(value)
    return seconds if 0 < seconds < _LAST_MOMENT else None


def _parse_written_moment(value):
    plain = value.split("(")[0].strip().replace("Z", "+00:00")
    try:
        parsed = datetime.fromisoformat(plain)
    except ValueError:
        return None
    if parsed.tzinfo is None:
        parsed = parsed.replace(tzinfo=timezone.utc)
    seconds = int(parsed.timestamp())
    return seconds if 0 < seconds < _LAST_MOMENT else None


def split_url(url):
    """Return the parts of a URL that another program wrote.

    :param str url: anything
    :return: its parts, all empty if it is no URL
    :rtype: urllib.parse.SplitResult
    """
    try:
        return urllib.parse.urlsplit(url)
    except ValueError:  # such as an incomplete address in brackets
        return urllib.parse.urlsplit("")


def isolate(text):
    """Return a name or a number so that a sentence of the other direction does not reorder it.

    :param str text: of any direction
    :return: between the marks U+2068 and U+2069
    :rtype: str
    """
    return f"\u2068{text}\u2069" if text else ""
