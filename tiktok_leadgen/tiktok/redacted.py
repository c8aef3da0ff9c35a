"""Describe a delivery without anything of the person: what a user can send to those who fix things.

The structure, the keys, and of each value its type, its length and what it looks like; never the
value. What a key says is shown only if it can't be an answer: relays use answers as keys, too.
"""

import ipaddress
import json
import re
import unicodedata

from . import values
from .standard import find_standard_key

MAX_ITEMS = 30  # of a list or an object that are described
MAX_DEPTH = 12
MAX_HEADERS = 40
_QUESTION_KEYS = {"field", "field_name", "key", "label", "name", "question", "title"}
_LEAST_OVERLAP = 3  # characters of a value that a key must not hold
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z_.\-]{0,39}(?:_?\d{1,2})?", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"[+(]?[\d\s().\-/]{6,}")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*")
# Headers whose value is about the format and says nothing of a person; of the others the length.
_SHOWN_HEADERS = {
    *("accept", "accept-encoding", "content-encoding", "content-length", "content-type"),
    *("transfer-encoding", "user-agent", "x-open-signature-type"),
}
# What is stored beside the headers; no header begins so.
ADDRESS_KEY = ":address"
MILLISECONDS_KEY = ":milliseconds"
_MAX_HEADER = 120  # characters that are shown
_BOUNDARY = re.compile(r"(boundary=).*", re.IGNORECASE)


def describe_headers(headers):
    """Return the headers of a request as they may be stored: nothing that is secret or personal.

    :param headers: pairs of name and value
    :return: value by name in lower case, or its length where it may be a secret
    :rtype: dict[str, str | int]
    """
    found = {}
    for name, value in list(headers)[:MAX_HEADERS]:
        key = name.lower()
        if not _IDENTIFIER.fullmatch(key):
            continue
        if key in _SHOWN_HEADERS and value.isascii() and value.isprintable():
            found[key] = _BOUNDARY.sub(r"\1…", value)[:_MAX_HEADER]
        else:
            found[key] = len(value)
    return found


def classify_address(address):
    """Return the class of the network that a request came from, instead of its address.

    :param str address: of IPv4 or IPv6
    :return: ``loopback``, ``private``, ``public_v4`` or ``public_v6``; empty if it is no address
    :rtype: str
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    found = getattr(found, "ipv4_mapped", None) or found
    if found.is_loopback:
        return "loopback"
    return f"public_v{found.version}" if found.is_global else "private"


def describe_request(headers, address):
    """Return what is stored of a request: headers without secrets, and the class of its address.

    :param headers: pairs of name and value
    :param str address: of the sender, or of a proxy that Odoo does not trust
    :rtype: dict[str, str | int]
    """
    network = classify_address(address)
    return {**describe_headers(headers), **({ADDRESS_KEY: network} if network else {})}


def redact_payload(raw):
    """Describe a payload without any of its values.

    :param str raw: JSON, or a body that could not be read
    :return: that can be written as JSON
    :rtype: dict
    """
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):
        return {"type": "unreadable", **_describe_text(raw)}
    texts = {text.casefold() for text in _list_value_texts(content)}
    overlaps = {text for text in texts if len(text) >= _LEAST_OVERLAP}
    return _Redaction(texts, overlaps).describe(content)


def _list_value_texts(content):
    """Return every value of parsed JSON as text, also those that are too deep to be described.

    :param content: parsed JSON
    :rtype: Iterator[str]
    """
    stack = [content]
    while stack:
        part = stack.pop()
        if isinstance(part, dict):
            stack += part.values()
        elif isinstance(part, list):
            stack += part
        elif part is not None and not isinstance(part, bool):
            yield str(part)


class _Redaction:
    """Describes one payload.

    :param set texts: all of its values in lower case
    :param set overlaps: those that no key may hold
    """

    def __init__(self, texts, overlaps):
        self._texts = texts
        self._overlaps = overlaps

    def describe(self, content, depth=0, name=""):
        """Describe a part of the payload.

        :param content: parsed JSON
        :param int depth: how deep it was found
        :param str name: its key
        :rtype: dict
        """
        if isinstance(content, dict):
            return self._describe_object(content, depth)
        if isinstance(content, list):
            found = {"type": "list", "length": len(content)}
            if depth < MAX_DEPTH:
                found["items"] = [self.describe(each, depth + 1) for each in content[:MAX_ITEMS]]
            return found
        if content is None:
            return {"type": "null"}
        if isinstance(content, bool):
            return {"type": "boolean"}
        if isinstance(content, (int, float)):
            kind = "integer" if isinstance(content, int) else "float"
            return {"type": kind, "length": len(str(content))}
        found = {"type": "text", **_describe_text(content)}
        if content.lstrip()[:1] in ("{", "["):
            found["looks_like"] = "json"
        standard = find_standard_key(content) if name.lower() in _QUESTION_KEYS else ""
        return {**found, "standard_question": standard} if standard else found

    def _describe_object(self, content, depth):
        """Describe an object; a key that may be an answer is numbered instead.

        :param dict content: parsed JSON
        :param int depth: how deep it was found
        :rtype: dict
        """
        found = {"type": "object", "length": len(content)}
        if depth < MAX_DEPTH:
            found["keys"] = {
                self._name_key(key, number): self.describe(value, depth + 1, key)
                for number, (key, value) in enumerate(list(content.items())[:MAX_ITEMS])
            }
        return found

    def _name_key(self, key, number):
        """Return a key, or its number and what it looks like.

        :param str key: of an object
        :param int number: of the key in its object
        :rtype: str
        """
        folded = key.casefold()
        is_free = folded not in self._texts and not any(each in folded for each in self._overlaps)
        if is_free and _IDENTIFIER.fullmatch(key):
            return key
        standard = find_standard_key(key)
        look = _describe_text(key)
        return f"key {number + 1}: {standard or look['looks_like']}, {look['length']}"


def _describe_text(text):
    """Describe a text without quoting it.

    :param str text: any text
    :return: its length, what it looks like and its alphabets
    :rtype: dict
    """
    scripts = sorted({_get_script(char) for char in text[:1000] if char.isalpha()})
    return {
        "length": len(text),
        "looks_like": _classify_text(text),
        **({"scripts": scripts} if scripts else {}),
        **({"lines": text.count("\n") + 1} if "\n" in text else {}),
    }


def _classify_text(text):
    """Return what a text looks like.

    :param str text: any text
    :rtype: str
    """
    stripped = text.strip()
    if not stripped:
        return "blank"
    if stripped.isdecimal():
        return "digits"
    checks = {"email": _EMAIL, "date": _DATE, "phone": _PHONE}
    short = stripped[: values.MAX_LINE]
    found = next((name for name, pattern in checks.items() if pattern.fullmatch(short)), "")
    if found:
        return found
    if "://" in short:
        return "address"
    return "words" if len(stripped.split()) > 1 else "word"


def _get_script(char):
    """Return the alphabet of a letter, as Unicode names it.

    :param str char: a letter
    :rtype: str
    """
    return unicodedata.name(char, "unnamed").split()[0].lower()


def redact_delivery(raw, headers, facts):
    """Return the description of a delivery as JSON.

    :param str raw: of the payload, empty for one that was removed
    :param dict headers: of `describe_headers`
    :param dict facts: what Odoo made of it; nothing personal
    :rtype: str
    """
    content = {
        "about": "Structure of a TikTok delivery. It contains no answer, no ID and no secret.",
        **facts,
        "headers": headers,
        "payload": redact_payload(raw) if raw else {"type": "removed"},
    }
    return json.dumps(content, indent=2, ensure_ascii=True)
