"""Faults as HTTP: applied around every endpoint of both platforms."""

import json
import socket
import time

from flask import Response, abort, current_app, g, request

GATEWAY = "<html><head><title>{0}</title></head><body><h1>{0}</h1>nginx</body></html>"


def install(app):
    """Let the faults act on every API call of an application.

    :param flask.Flask app: has the world in its configuration
    """
    app.before_request(_before)
    app.after_request(_after)


def api_path():
    """Return the endpoint of this request as faults name it, or None for a page.

    :rtype: str | None
    """
    path = request.path
    if path.startswith("/open_api/v1.3/"):
        return path.removeprefix("/open_api/v1.3")
    if path.startswith(("/v2/", "/portal/", "/upload/")):
        return path
    return None


def _before():
    path = api_path()
    g.fault = current_app.config["WORLD"].faults.apply(path) if path else None
    if not g.fault:
        return None
    return _instead(g.fault)


def _instead(fault):
    kind, value = fault.kind, fault.value
    if kind == "status":
        status = int(value or 502)
        return Response(GATEWAY.format(f"{status} Error"), status, mimetype="text/html")
    if kind == "429":
        wait = str(value or 1)
        return Response("Too Many Requests", 429, {"Retry-After": wait}, mimetype="text/plain")
    if kind == "garbage":
        return Response("<!doctype html><p>please wait", 200, mimetype="text/html")
    if kind == "slow":
        time.sleep(float(value or 3))
    if kind == "hang":
        current_app.config["WORLD"].faults.wait(float(value or 60))
        _cut()
        return Response(status=504)
    return None


def _after(response):
    fault = getattr(g, "fault", None)
    if fault and fault.kind == "truncated":
        return _truncated(response)
    if fault and fault.kind == "reset":
        _cut()
    if fault and fault.kind == "data":
        return _other_data(response, fault.value)
    return response


def _other_data(response, value):
    """Return a success with other data, in the envelope of the platform."""
    value = json.loads(value) if isinstance(value, str) and value else value
    answer = response.get_json(silent=True) if response.is_json else None
    if answer is None or "code" in answer:
        body = {"code": 0, "message": "OK", "request_id": "fault", "data": value}
    elif "data" in answer:
        body = {"data": value, "error": {"code": "ok", "message": "", "log_id": "fault"}}
    else:
        body = value or {}  # tokens of Login Kit have no envelope
    return Response(json.dumps(body), response.status, mimetype="application/json")


def _truncated(response):
    whole = response.get_data()
    half = Response(whole[: len(whole) // 2], response.status, mimetype=response.mimetype)
    half.headers["Content-Length"] = str(len(whole))
    half.automatically_set_content_length = False
    return half


def _cut():
    """Close the connection without an answer."""
    connection = request.environ.get("werkzeug.socket")
    if connection is None:
        abort(502)
    connection.shutdown(socket.SHUT_RDWR)


def error_code():
    """Return the platform's error code that a fault asks for, or None."""
    fault = getattr(g, "fault", None)
    if not fault or fault.kind != "code":
        return None
    value = str(fault.value or 50000)
    return int(value) if value.isdigit() else value


def dead_token():
    """Tell whether a fault makes this call's token dead."""
    fault = getattr(g, "fault", None)
    return bool(fault) and fault.kind == "dead_token"
