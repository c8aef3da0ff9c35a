"""Answer 503 to TikTok while Odoo has no database.

Without a database Odoo has none of our routes and says 404; some callers take that for the end.
503 says that it is worth trying again: TikTok does so for 24 hours.
"""

import functools
import json
import logging

import psycopg2

from odoo import http

from . import const

_logger = logging.getLogger(__name__)
TEXT = "Odoo has no database now, try again.\n"
_prefixes = []


def install(*prefixes):
    """Have this process answer 503 below these paths while it has no database.

    It takes no part in anything else. Called again it only adds paths.

    :param prefixes: what paths begin with
    """
    _prefixes.extend(prefix for prefix in prefixes if prefix not in _prefixes)
    request = http.Request
    if getattr(request._serve_nodb, "guards_tiktok", False):
        return
    request._serve_nodb = _guard_nodb(request._serve_nodb)
    request._serve_db = _guard_db(request._serve_db)


def _is_ours(path):
    return path.startswith(tuple(_prefixes))


def _guard_nodb(serve):
    """Wrap what Odoo does where it has or finds no database, or no connection is left.

    :param serve: Odoo's function, called with the request
    :return: the function that replaces it
    """

    @functools.wraps(serve)
    def serve_nodb(self):
        if _is_ours(self.httprequest.path):
            return make_unavailable(self.httprequest.path)
        return serve(self)

    serve_nodb.guards_tiktok = True
    return serve_nodb


def _guard_db(serve):
    """Wrap what Odoo does with a database, which may end at any moment.

    :param serve: Odoo's function, called with the request
    :return: the function that replaces it
    """

    @functools.wraps(serve)
    def serve_db(self):
        try:
            return serve(self)
        except psycopg2.Error as error:
            # Where Odoo has an answer already, that is the one.
            if hasattr(error, "error_response") or not _is_ours(self.httprequest.path):
                raise
            _logger.warning("TikTok: no answer of the database: %s", type(error).__name__)
            return make_unavailable(self.httprequest.path)

    return serve_db


def make_unavailable(path):
    """Return the answer that says to try again.

    :param str path: of the request; the API speaks JSON
    :rtype: odoo.http.Response
    """
    headers = {"Retry-After": str(const.DATABASE_RETRY_SECONDS), "Cache-Control": "no-store"}
    if path.startswith(const.ACCOUNTS_ROUTE):
        error = {"code": "unavailable", "message": TEXT.strip()}
        body, kind = json.dumps({"error": error}), "application/json"
    else:
        body, kind = TEXT, "text/plain"
    return http.Response(body, status=503, headers=headers, mimetype=kind)
