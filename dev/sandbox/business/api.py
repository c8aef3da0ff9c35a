"""Envelope, tokens, parameters and limits of the API for Business."""

import functools
import json

from flask import Blueprint, Response, current_app, request

from dev.sandbox import faults_http
from dev.sandbox.seed import PERMISSIONS

PREFIX = "/open_api/v1.3"
bp = Blueprint("business", __name__, url_prefix=PREFIX)

OK = 0
PARTIAL = 20001
FAILED = 40000
NOT_ALLOWED = 40001
INVALID = 40002
NOT_FOUND = 40007
BAD_SECRET = 40101
TOKEN_EXPIRED = 40102
TOKEN_MISSING = 40104
TOKEN_DEAD = 40105
BAD_CODE = 40110
NO_APP = 40113
NO_ADVERTISER = 40300
WRONG_ROLE = 40301


class Refused(Exception):
    """A call that fails: the code, a sentence that says why, and the HTTP status."""

    def __init__(self, code, message, status=200):
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


def world():
    """Return the world that is served."""
    return current_app.config["WORLD"]


def envelope(code, message, data=None, status=200):
    """Return the answer's JSON: failures come with HTTP 200, too, except of ``/event/track/``.

    :rtype: flask.Response
    """
    body = {
        "code": code,
        "message": message,
        "request_id": world().ids.log_id(world().now()),
        "data": {} if data is None else data,
    }
    text_ = json.dumps(body, ensure_ascii=False)
    return Response(text_, status=status, mimetype="application/json")


def endpoint(method, path, *, permission=None, token=True):
    """Publish a function as an endpoint; it returns ``data`` or a response.

    :param str method: GET or POST
    :param str path: with both slashes
    :param int permission: what the token's scope must have
    :param bool token: whether ``Access-Token`` is asked for
    """

    def wrap(function):
        @functools.wraps(function)
        def view():
            with world().lock:
                try:
                    answer = _call(function, path, permission, token)
                except Refused as refusal:
                    return envelope(refusal.code, refusal.message, status=refusal.status)
            if isinstance(answer, Response):
                return answer
            if faults_http.error_code() == PARTIAL:
                return envelope(PARTIAL, "Partially successful.", answer)
            return envelope(OK, "OK", answer)

        bp.add_url_rule(path, function.__name__, view, methods=[method])
        return function

    return wrap


def _call(function, path, permission, has_token):
    fault = faults_http.error_code()
    if fault and fault != PARTIAL:
        raise Refused(fault, "A fault was set for this endpoint.")
    if not has_token:
        limit_calls(_param_or_none("app_id"), path)
        return function()
    token = bearer()
    limit_calls(token.app_id, path)
    if permission and permission not in token.scope:
        name = PERMISSIONS[permission]
        raise Refused(NOT_ALLOWED, f"The app lacks the permission {name}.")
    return function(token)


def _param_or_none(name):
    value = params().get(name)
    return value if isinstance(value, str) else None


def bearer():
    """Return the token of the caller.

    :rtype: BusinessToken
    :raise Refused: if there is none, or it is dead
    """
    if faults_http.dead_token():
        raise Refused(TOKEN_DEAD, "Access token is incorrect or has been revoked.")
    value = request.headers.get("Access-Token", "")
    if not value:
        raise Refused(TOKEN_MISSING, "Access token is empty: send the header Access-Token.")
    token = world().business_tokens.get(value)
    if not token or token.revoked:
        raise Refused(TOKEN_DEAD, "Access token is incorrect or has been revoked.")
    if token.expired:
        raise Refused(TOKEN_EXPIRED, "Access token is expired.")
    return token


def limit_calls(app_id, path):
    """Count a call of an app.

    :param str app_id: "" for none
    :param str path: of the endpoint
    :raise Refused: if a limit is reached
    """
    settings = world().settings
    reached = world().limits.business_full(app_id or "", path, settings.rate_level)
    if reached:
        raise Refused(settings.rate_code, f"App reaches the {reached} limit.")


def params():
    """Return what the caller sent: the query of a GET, the JSON object of a POST.

    :rtype: dict
    :raise Refused: if a POST is not a JSON object
    """
    if request.method == "GET":
        return request.args.to_dict()
    if request.mimetype == "multipart/form-data" and request.files:
        return request.form.to_dict()
    if request.mimetype != "application/json":
        raise Refused(INVALID, "Content-Type must be application/json.")
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Refused(INVALID, "The body must be a JSON object.")
    return body


def text(name, *, required=False, most=None):
    """Return a text parameter, "" if it is missing.

    :param int most: longest length allowed
    :raise Refused: if it is missing though required, or not a text
    """
    value = params().get(name)
    if value is None or value == "":
        if required:
            raise Refused(INVALID, f"{name}: Missing data for required field.")
        return ""
    if not isinstance(value, str):
        raise Refused(INVALID, f"{name}: Not a valid string.")
    if most and len(value) > most:
        raise Refused(INVALID, f"{name}: Longer than {most} characters.")
    return value


def uid(name, *, required=False):
    """Return an id parameter: digits in a text.

    :raise Refused: if it is missing though required, or not such a text
    """
    value = text(name, required=required)
    if value and not value.isdigit():
        raise Refused(INVALID, f"{name}: Not a valid id.")
    return value


def one_of(name, choices, default=""):
    """Return a parameter that must be one of some values.

    :raise Refused: if it is another
    """
    value = text(name) or default
    if value and value not in choices:
        raise Refused(INVALID, f"{name}: Must be one of {', '.join(choices)}.")
    return value


def array(name, default=None):
    """Return a list parameter; in a query it is JSON.

    :raise Refused: if it is not a list
    """
    value = params().get(name)
    if value is None:
        return default
    if isinstance(value, str):
        value = _json(name, value)
    if not isinstance(value, list):
        raise Refused(INVALID, f"{name}: Not a valid list.")
    return value


def _json(name, value):
    try:
        return json.loads(value)
    except ValueError:
        raise Refused(INVALID, f"{name}: Not valid JSON.") from None


def struct(name):
    """Return an object parameter, or None; in a query it is JSON."""
    value = params().get(name)
    if isinstance(value, str):
        value = _json(name, value)
    if value is not None and not isinstance(value, dict):
        raise Refused(INVALID, f"{name}: Not a valid object.")
    return value


def paged(items, most=100):
    """Return one page of a list, and ``page_info``.

    :param int most: largest page_size
    :rtype: tuple[list, dict]
    """
    page, size = _whole("page", 1), _whole("page_size", 10)
    if page < 1:
        raise Refused(INVALID, "page: Must be greater than or equal to 1.")
    if not 1 <= size <= most:
        raise Refused(INVALID, f"page_size: Must be between 1 and {most}.")
    info = {
        "page": page,
        "page_size": size,
        "total_number": len(items),
        "total_page": -(-len(items) // size),
    }
    return items[(page - 1) * size : page * size], info


def _whole(name, default):
    value = params().get(name, default)
    try:
        return int(value)
    except (TypeError, ValueError):
        raise Refused(INVALID, f"{name}: Not a valid integer.") from None


def app_of(app_id, secret):
    """Return the app these keys belong to.

    :rtype: BusinessApp
    :raise Refused: if there is none or the secret is another
    """
    app = world().business_apps.get(app_id)
    if not app:
        raise Refused(NO_APP, "The app does not exist.")
    if app.secret != secret:
        raise Refused(BAD_SECRET, "App id and secret do not match.")
    return app


def keyed_app():
    """Return the app whose ``app_id`` and ``secret`` are in the parameters."""
    return app_of(text("app_id", required=True), text("secret", required=True))


def owner(token, *, admin=False, detail=None):
    """Check that the token may act for the advertiser or library it names.

    :param BusinessToken token: whose right is checked
    :param bool admin: whether the person must be Admin of the ad account
    :param dict detail: where the ids are, default: the parameters
    :return: the advertiser's id and the library's, one of them ""
    :rtype: tuple[str, str]
    """
    advertiser_id, library_id = _owner_ids(detail)
    if bool(advertiser_id) == bool(library_id):
        raise Refused(INVALID, "Give either advertiser_id or library_id.")
    account = _account(advertiser_id, library_id)
    if account.advertiser_id not in token.advertiser_ids:
        raise Refused(NOT_ALLOWED, "No permission: the app is not authorised for this advertiser.")
    if admin and account.role != "ADMIN":
        raise Refused(NOT_ALLOWED, "No permission: the person is not Admin of the ad account.")
    return advertiser_id, library_id


def _owner_ids(detail):
    if detail is None:
        return uid("advertiser_id"), uid("library_id")
    ids = [detail.get(name) or "" for name in ("advertiser_id", "library_id")]
    if not all(isinstance(each, str) for each in ids):
        raise Refused(INVALID, "advertiser_id, library_id: Not a valid string.")
    return ids


def _account(advertiser_id, library_id):
    state = world()
    if library_id:
        library = state.libraries.get(library_id)
        if not library:
            raise Refused(NOT_FOUND, "The library does not exist.")
        advertiser_id = library.advertiser_id
    account = state.advertisers.get(advertiser_id)
    if not account:
        raise Refused(NO_ADVERTISER, "The advertiser does not exist.")
    return account


def form_of(page_id, advertiser_id, library_id):
    """Return a form of this owner; one moved to a library is no longer its advertiser's.

    :rtype: Form
    :raise Refused: if there is none
    """
    form = world().forms.get(page_id)
    if not form or not owns(form, advertiser_id, library_id):
        raise Refused(NOT_FOUND, "page_id: The page does not exist for this owner.")
    return form


def owns(record, advertiser_id, library_id):
    """Tell whether a form or lead belongs to this advertiser or library."""
    if record.library_id != "0":
        return record.library_id == library_id
    return record.advertiser_id == advertiser_id
