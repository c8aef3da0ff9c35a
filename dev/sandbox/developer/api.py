"""Envelope, bearer tokens and limits of the developer platform."""

import functools
import json

from flask import Response, current_app, request

from dev.sandbox import faults_http

MINUTE = 60


class Refused(Exception):
    """A call that fails: the code, a sentence that says why, the HTTP status."""

    def __init__(self, code, message, status=400):
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


def world():
    """Return the world that is served."""
    return current_app.config["WORLD"]


def envelope(data, code="ok", message="", status=200):
    """Return the answer's JSON.

    :rtype: flask.Response
    """
    log_id = world().ids.log_id(world().now())
    body = {"data": data, "error": {"code": code, "message": message, "log_id": log_id}}
    return Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/json")


def endpoint(bp, method, path, *, scope=None, per_minute, per_app=False):
    """Publish a function as an endpoint; it takes the token and returns ``data``.

    :param str scope: what the person must have granted
    :param int per_minute: calls in a sliding minute, per token
    :param bool per_app: whether the switch may count per app instead
    """

    def wrap(function):
        @functools.wraps(function)
        def view():
            with world().lock:
                try:
                    token = _bearer()
                    _limit(token, path, per_minute, per_app)
                    if scope:
                        check_scope(token, scope)
                    data = function(token)
                except Refused as refusal:
                    return envelope({}, refusal.code, refusal.message, refusal.status)
            return envelope(data)

        bp.add_url_rule(path, function.__name__, view, methods=[method])
        return function

    return wrap


def _bearer():
    fault = faults_http.error_code()
    if fault:
        raise Refused(str(fault), "A fault was set for this endpoint.", 500)
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    token = world().developer_tokens.get(value) if kind == "Bearer" else None
    if faults_http.dead_token() or not token or token.dead:
        raise Refused(
            "access_token_invalid", "The access token is invalid or not found in the request.", 401
        )
    if token.access_expires <= world().now():
        raise Refused("access_token_invalid", "The access token is expired.", 401)
    return token


def _limit(token, path, per_minute, per_app):
    if world().settings.rate_level == "off":
        return
    shared = per_app and world().settings.display_limit_per == "app"
    key = (token.client_key if shared else token.access, path)
    if world().limits.window_full(key, MINUTE, per_minute):
        raise Refused("rate_limit_exceeded", f"More than {per_minute} calls in a minute.", 429)


def check_scope(token, *scopes):
    """Refuse a token that has none of these scopes.

    :raise Refused: ``scope_not_authorized``
    """
    if not set(scopes) & set(token.scopes):
        raise Refused(
            "scope_not_authorized",
            f"The user did not authorize the scope required: {' or '.join(scopes)}.",
            401,
        )


def creator_of(token):
    """Return the account a token belongs to."""
    return world().creators[token.username]


def json_body(error="invalid_params"):
    """Return the JSON object that was posted; an empty body is an empty one.

    :param str error: the code this family of endpoints uses
    :raise Refused: if it is not a JSON object
    """
    if not request.get_data():
        return {}
    charset = request.mimetype_params.get("charset", "").upper()
    if request.mimetype != "application/json" or charset != "UTF-8":
        raise Refused(error, "Content-Type must be application/json; charset=UTF-8.")
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Refused(error, "The body must be a JSON object.")
    return body
