"""Keep tokens and people out of the log, also where Odoo itself writes it.

The access log prints whole addresses, and a failed query is printed with all its values. Two
filters mend both; they change what is printed, never whether something is.
"""

import contextlib
import contextvars
import logging
import pathlib
import re
import traceback

_TOKEN = re.compile(r"(?i)((?:[?&]|%3f|%26)(?:token|code|auth_code|state)(?:=|%3d))[^&\s\"'#]+")
_QUERY = re.compile(r"\?[^\s'\"]+")
_private = contextvars.ContextVar("tiktok_private", default=False)


@contextlib.contextmanager
def private():
    """Print queries without their values as long as this is open."""
    before = _private.set(True)
    try:
        yield
    finally:
        _private.reset(before)


def place_of(error):
    """Return an error's kind and where it was raised: all a log may say of it.

    Its text may quote a name or a phone, so may a traceback.

    :param Exception error: that was raised
    :rtype: str
    """
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {pathlib.Path(where.filename).name}:{where.lineno}"


class _AddressFilter(logging.Filter):
    """Masks secrets in printed addresses of our routes."""

    def filter(self, record):
        message = record.getMessage()
        if "tiktok" in message and _TOKEN.search(message):
            record.msg, record.args = _TOKEN.sub(r"\1***", message), ()
        return True


class _QueryFilter(logging.Filter):
    """Masks the values of queries while `private` is open."""

    def filter(self, record):
        if _private.get() and record.levelno >= logging.ERROR:
            error = next((arg for arg in record.args or () if isinstance(arg, Exception)), None)
            record.msg, record.args = "query failed: %s", (type(error).__name__,)
        elif _private.get():
            record.msg, record.args = "a query with private values", ()
        return True


class _CallFilter(logging.Filter):
    """Masks the query of addresses that we call: some of TikTok's want the app's secret there."""

    def filter(self, record):
        message = record.getMessage()
        if "?" in message:
            record.msg, record.args = _QUERY.sub("?***", message), ()
        return True


FILTERS = {
    "werkzeug": _AddressFilter,
    "odoo.sql_db": _QueryFilter,
    "urllib3.connectionpool": _CallFilter,
}


def install():
    """Put the filters on the loggers that print addresses and queries, once."""
    for name, kind in FILTERS.items():
        logger = logging.getLogger(name)
        if not any(type(found).__name__ == kind.__name__ for found in logger.filters):
            logger.addFilter(kind())
