"""Keep secrets and people out of the log, also where Odoo itself writes it.

Odoo prints whole addresses, failed queries with their values, and at debug level the arguments of
every call. Each record of the process is inspected when it is made, whichever code makes it and
whichever handler prints it, and is redacted by what it holds: this depends on no code being in a
certain place. What is printed changes, never whether something is.
"""

import contextlib
import contextvars
import logging
import pathlib
import re
import traceback
import urllib.parse

from . import const

# Of an address about TikTok only these parameters are printed with their values, and only values
# that are plain and too short for a secret: a list of secret ones would have to know all spellings.
SAFE_PARAMETERS = {"company_id", "for", "cursor", "max_count", "limit", "offset", "db", "debug"}
_PLAIN_NAME = re.compile(r"[\w;.-]{1,24}")
_SAFE_VALUE = re.compile(r"[\w.,-]{0,24}")
_QUERY = re.compile(r"\?[^\s'\"<>]+")
# What follows such a route without a question mark: one that was escaped, or lost when pasted.
_TAIL = re.compile(
    rf"(?i)({const.API_PREFIX}(?:webhooks/tiktok(?:-leadgen)?|accounts/oauth/\w+/tiktok(?:-business)?)"
    r"(?![\w-])/*)(?=[^\s'\"<>?/])[^\s'\"<>]+"
)
# Names of which the value is always a secret, whatever the record is about. As for all patterns
# here, the time they take grows with the length of a text alone: an address may have 64 KiB.
_NAMES = (
    r"(?:tiktok_\w{0,40}(?:secret|token|verifier)\w{0,40}|(?:client_|app_)secret"
    r"|(?:access|refresh)_token|auth_code|code_verifier)"
)
_NAME = re.compile(rf"(?i){_NAMES}")
_SIGNS = ("secret", "verifier", "auth_code", "s_token", "h_token", "tiktok_")  # one in each name
_PARAMETER = re.compile(
    r"(?i)(?<!\w)(\w+)((?:\[[^\]=&\s]{0,100}\]|%5b[^=&\s]{0,100}?%5d)?(?:=|%3d|%253d))"
    r"[^&\s\"'<>)]+"
)
# A key and its value as Python, JSON, or JSON inside JSON writes them; also a term of a domain.
_QUOTE = r"\\*[\"']"
# One that has no end goes to the end of the text.
_VALUE = r"[bu]?\\*(?:'(?:[^'\\]|\\.)*(?:'|\\?\Z)|\"(?:[^\"\\]|\\.)*(?:\"|\\?\Z))"
_ASSIGNED = re.compile(
    rf"(?is)((?<!\w){_NAMES}(?:{_QUOTE})?\s*(?:[:=]|,\s*{_QUOTE}[=!<>a-z ]+{_QUOTE}\s*,)\s*)"
    rf"{_VALUE}(?:\s+{_VALUE})*"
)
# In a record about TikTok a token is one, whatever it is of.
_TOKEN = re.compile(
    rf"(?is)((?<!\w)token(?:{_QUOTE})?\s*(?:[:=]|,\s*{_QUOTE}[=!<>a-z ]+{_QUOTE}\s*,)\s*)"
    rf"{_VALUE}(?:\s+{_VALUE})*"
)
_LOAD = ".load("
_FAILED_QUERY = "bad query: "
_LITERAL = re.compile(r"(?s)[Ee]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'")
# PostgreSQL quotes rows and parts of the query in these parts of an error, and a value at the end
# of its first line; a value may have lines of its own.
_NEXT_PART = r"\n(?:HINT|LINE \d+|DETAIL|CONTEXT)\s*:|\n\n(?:During|The above)"
_ERROR_PART = re.compile(
    rf"(?ms)^((?:DETAIL|LINE \d+|CONTEXT|QUERY|STATEMENT)\s*:).*?(?={_NEXT_PART}|\n?\Z)"
)
_ERROR_VALUE, _ERROR_VALUE_END = ': "', re.compile(rf'"(?=[ \t]*(?:{_NEXT_PART})|\s*\Z)')
# Where people and secrets are: at debug level Odoo prints each query with its values.
_PRIVATE_TABLE = re.compile(
    r"\b(?:(?:tiktok|crm|mail|utm|phone|calendar|privacy|bus)_\w+|res_(?:partner|company|users)\w*"
    r"|ir_(?:attachment|config_parameter)|pg_notify)\b"
)

_private = contextvars.ContextVar("tiktok_private", default=False)
_rules = []


@contextlib.contextmanager
def private():
    """Print queries without anything of theirs as long as this is open."""
    before = _private.set(True)
    try:
        yield
    finally:
        _private.reset(before)


def describe_error(error):
    """Return an error's kind and where it was raised: all a log may say of it.

    Its text may quote a name or a phone, so may a traceback.

    :param Exception error: that was raised
    :rtype: str
    """
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {pathlib.Path(where.filename).name}:{where.lineno}"


def install(*rules):
    """Have each record of this process redacted, once however often this is called.

    :param rules: further functions from a text about TikTok to what may be printed of it
    """
    _rules.extend(rule for rule in rules if rule not in _rules)
    make_record = logging.getLogRecordFactory()
    if getattr(make_record, "redacts_tiktok", False):
        return

    def make_redacted_record(*args, **kwargs):
        record = make_record(*args, **kwargs)
        redact_record(record)
        return record

    make_redacted_record.redacts_tiktok = True
    logging.setLogRecordFactory(make_redacted_record)


def redact_record(record):
    """Take out of a record, and of its traceback, what must not be printed.

    :param logging.LogRecord record: changed where it holds such a thing
    """
    if _private.get() and record.name == "odoo.sql_db":
        _hide_query(record)
        return
    try:
        message = _format_message(record)
    except Exception:  # noqa: BLE001 - logging itself tells of a record that can't be formatted
        return
    redacted = redact(message)
    if redacted != message or str(record.msg).startswith(_FAILED_QUERY):
        record.msg, record.args = redacted, ()
    if record.exc_info and record.exc_info[0] and not record.exc_text:
        text = logging.Formatter().formatException(record.exc_info)
        redacted = redact(text)
        if redacted != text:
            record.exc_text = redacted  # printed in place of the traceback


def _hide_query(record):
    """Reduce the record of a query to how it failed.

    :param logging.LogRecord record: of Odoo's cursor; changed in place
    """
    if record.levelno < logging.ERROR:
        record.msg, record.args = "a query with private values", ()
    else:
        error = next((arg for arg in record.args or () if isinstance(arg, Exception)), None)
        record.msg, record.args = "query failed: %s", (type(error).__name__,)


def _format_message(record):
    """Return a record's text, with queries as text and not as Python writes bytes.

    :param logging.LogRecord record: of any logger
    :rtype: str
    """
    if isinstance(record.args, tuple) and str(record.msg).startswith(_FAILED_QUERY):
        args = tuple(
            arg.decode(errors="replace") if isinstance(arg, bytes) else arg for arg in record.args
        )
        return str(record.msg) % args
    return record.getMessage()


def redact(text):
    """Return what may be printed of a text.

    :param str text: a message or a traceback
    :rtype: str
    """
    if text.startswith(_FAILED_QUERY) or ("query: " in text and _PRIVATE_TABLE.search(text)):
        text = _redact_query(text)
    if _mentions_tiktok(text):
        text = _QUERY.sub(_redact_parameters, _TAIL.sub(r"\1***", text))
        text = _TOKEN.sub(r"\1'***'", text)
        for rule in _rules:
            text = rule(text)
    if _FAILED_QUERY in text or "psycopg2" in text:
        text = _redact_error_values(_ERROR_PART.sub(r"\1 ***", text))
    lowered = text.lower()
    if any(sign in lowered for sign in _SIGNS):  # most records have none, and must cost nothing
        text = _PARAMETER.sub(_redact_parameter, text)
        text = _redact_loaded_rows(_ASSIGNED.sub(r"\1'***'", text))
    return text


def _redact_parameter(match):
    """Return a parameter without its value where its name is one of a secret.

    :param re.Match match: of ``_PARAMETER``
    :rtype: str
    """
    name = match[1].lower()
    is_secret = name == "secret" or _NAME.search(name)
    return f"{match[1]}{match[2]}***" if is_secret else match[0]


def _redact_loaded_rows(text):
    """Take the rows out of an import: their place alone tells which value is a secret.

    :param str text: a message or a traceback
    :rtype: str
    """
    before, load, rows = text.partition(_LOAD)
    return f"{before}{load}***)" if _NAME.search(rows) else text


def _redact_error_values(text):
    """Take out the values that PostgreSQL quotes at the end of an error's first line.

    :param str text: a message or a traceback
    :rtype: str
    """
    parts, position = [], 0
    while (start := text.find(_ERROR_VALUE, position)) >= 0:
        start += len(_ERROR_VALUE)
        end = _ERROR_VALUE_END.search(text, start)
        if not end:
            break
        parts.append(f"{text[position : start - 1]}***")
        position = end.end()
    return "".join(parts) + text[position:]


def _redact_query(text):
    """Take the values out of a printed query; where they can't be told apart, all that follows.

    :param str text: the query, and PostgreSQL's error after it if it failed
    :rtype: str
    """
    query, separator, error = text.rpartition("\nERROR: ")
    if not separator:
        query, error = text, ""
    start, *rest = _LITERAL.sub("\0", query).split("'", 1)
    query = start.replace("\0", "'***'") + ("***" if rest else "")
    return f"{query}{separator}{error}"


def _mentions_tiktok(text):
    text = text.lower()
    if "%" in text:
        text = urllib.parse.unquote(text)
    return "tiktok" in text or const.API_PREFIX in text


def _redact_parameters(match):
    """Return the query of an address with the values of safe parameters alone.

    :param re.Match match: of ``_QUERY``
    :return: what replaces it
    :rtype: str
    """
    parts = []
    for part in match.group()[1:].split("&"):
        name, separator, value = part.partition("=")
        if not separator:
            parts.append("***" if name else "")
        elif name in SAFE_PARAMETERS and _SAFE_VALUE.fullmatch(value):
            parts.append(part)
        else:
            parts.append(f"{name if _PLAIN_NAME.fullmatch(name) else '***'}=***")
    return "?" + "&".join(parts)
