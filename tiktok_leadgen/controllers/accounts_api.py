"""Accounts, for programs: the HTTP API that static/openapi.json describes.

TikTok is called inside these requests, and Odoo runs a request again where another transaction
was in its way. So nothing is written before a call, and tokens have a cursor of their own.
"""

import functools
import json
import unicodedata
import urllib.parse

from werkzeug.exceptions import HTTPException

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.http import Controller, request, route

from .. import const
from ..tiktok import client, display, errors, values
from .accounts_json import account_json
from .api import ApiError, authenticate, find_company, refuse_repeats

JSON = "application/json"
LONGEST_NAME = 200
LATEST_CURSOR = 32_503_680_000_000  # the year 3000, in milliseconds


def api_route(path, *methods):
    """Make a method a route of the API, with and without the last slash.

    :param str path: below the accounts, or from the root; ending with a slash
    :param str methods: of HTTP
    """
    full = path if path.startswith("/") else const.ACCOUNTS_ROUTE + path
    options = {"type": "http", "auth": "public", "csrf": False, "save_session": False}

    def decorate(method):
        return route([full, full.rstrip("/")], methods=list(methods), **options)(_guard(method))

    return decorate


def _guard(method):
    """Let in who may come in, and answer in JSON whatever happens.

    A refusal is raised, not returned: Odoo commits what returns.
    """

    @functools.wraps(method)
    def guarded(self, *args, **params):
        try:
            authenticate()
            refuse_repeats()
            _refuse_forgery()
            with client.within():
                return method(self, *args, **params)
        except (ApiError, UserError, errors.TiktokError) as error:
            raise HTTPException(response=refusal(error).response()) from None

    return guarded


def _refuse_forgery():
    """Refuse what another site could have a logged-in browser post.

    A form can't send JSON, and a script may not without being asked first, which nothing answers.
    A request with a key is no browser's own doing.

    :raise ApiError: 415
    """
    http = request.httprequest
    if http.method in ("GET", "HEAD") or http.mimetype == JSON:
        return
    if http.headers.get("Authorization") and not http.mimetype:
        return
    raise ApiError(415, "not_json", request.env._("Send Content-Type: application/json."))


def refuse_other_sites():
    """Refuse a GET that changes something and that another site had a logged-in browser send.

    A browser says where a request comes from: ``none`` where a person typed the address. One that
    is too old to say it, or a program with a session of its own, says at most the address before.
    A key is no browser's own doing.

    :raise ApiError: 403
    """
    headers = request.httprequest.headers
    if headers.get("Authorization"):
        return
    site = headers.get("Sec-Fetch-Site", "").lower()
    before = headers.get("Origin") or headers.get("Referer")
    if site:
        is_own = site in ("same-origin", "none")
    else:
        is_own = not before or urllib.parse.urlsplit(before).netloc == request.httprequest.host
    if not is_own:
        sentence = request.env._("Another site sent this. Open the address yourself, or use a key.")
        raise ApiError(403, "other_site", sentence)


def refusal(error):
    """Return what the caller is told about an error.

    :param Exception error: ours, Odoo's for people, or TikTok's
    :rtype: ApiError
    """
    env = request.env
    if isinstance(error, ApiError):
        return error
    if isinstance(error, AccessError):
        return ApiError(403, "forbidden", env._("Only a TikTok administrator may do this."))
    if isinstance(error, ValidationError):
        return ApiError(422, "invalid", str(error))
    if isinstance(error, UserError):
        return ApiError(409, "not_ready", str(error))
    if isinstance(error, errors.SealError):  # its text may name a file of the server
        return ApiError(
            503, "sealed", env._("The stored tokens can't be opened: ask who runs Odoo.")
        )
    return _refusal_of_tiktok(error)


def _refusal_of_tiktok(error):
    sentence = request.env["tiktok.sentences"]._for(error)
    code = error.code or "tiktok"
    if isinstance(error, errors.RetryLaterError):
        wait = error.retry_after or const.API_RETRY_SECONDS
        status = 429 if code == "rate_limit_exceeded" else 503
        return ApiError(status, code, sentence, retry_after=wait)
    if isinstance(error, (errors.ReconnectError, errors.NotAllowedError)):
        return ApiError(409, code, sentence)
    return ApiError(502, code, sentence)


class AccountsApi(Controller):
    """What programs may do with accounts, as a user of Odoo."""

    @api_route("", "GET")
    def accounts(self, limit="", offset="", **_params):
        """List the accounts of the user's companies."""
        found = request.env["tiktok.account"]
        found.check_access("read")
        limit = number("limit", limit, const.API_PAGE, 1, const.API_LARGEST_PAGE)
        offset = number("offset", offset, 0, 0, 2**31 - 1)
        page = found.search([], limit=limit, offset=offset)
        rows = [account_json(account) for account in page]
        total = found.search_count([])
        return answer({"accounts": rows, "total": total, "limit": limit, "offset": offset})

    @api_route("", "POST")
    def create_account(self, **_params):
        """Make an account; it is connected by the consent that `connect` begins."""
        accounts = request.env["tiktok.account"]
        accounts.check_access("create")
        values_ = body({"platform", "name", "company_id"})
        if values_.get("platform") != "tiktok":
            raise invalid("platform", request.env._("It must be tiktok."))
        company_id = values_.get("company_id", request.env.company.id)
        if isinstance(company_id, bool) or whole(company_id) is None:
            raise invalid("company_id", request.env._("It must be a number."))
        company = find_company(str(whole(company_id)))
        account = accounts.with_company(company).create(
            {"name": account_name(values_.get("name")), "company_id": company.id}
        )
        return answer(account_json(account), status=201)

    @api_route("<account_id>/", "GET")
    def account(self, account_id, **_params):
        """Tell about one account."""
        return answer(account_json(find_account(account_id)))

    @api_route("<account_id>/connect/", "POST")
    def connect(self, account_id, **_params):
        """Begin a consent: the same user's browser must open the address and finish it."""
        account = find_account(account_id, "write")
        body(set())
        url, state = account._begin_consent()
        return answer({"authorization_url": url, "state": state})

    @api_route("<account_id>/sync/", "POST")
    def sync(self, account_id, **_params):
        """Fetch the profile now, and whatever else a sync brings."""
        account = find_account(account_id, "write")
        body(set())
        check_connected(account)
        account.sudo()._sync_profile()
        account.sudo()._after_sync_action()
        return answer(account_json(account))

    @api_route("<account_id>/tiktok-profile/", "GET")
    def profile(self, account_id, **_params):
        """Give the profile as TikTok gives it now."""
        account = find_account(account_id)
        check_connected(account)
        return answer(account.sudo()._fetch_profile())

    @api_route("<account_id>/tiktok-videos/", "GET")
    def videos(self, account_id, cursor="", max_count="", **_params):
        """Give one page of public videos as TikTok gives it now."""
        account = find_account(account_id)
        cursor = number("cursor", cursor, 0, 0, LATEST_CURSOR)
        most = display.MAX_VIDEOS
        max_count = number("max_count", max_count, most, 1, most)
        check_connected(account)
        found, following, more = account.sudo()._fetch_videos(cursor or None, max_count)
        return answer({"videos": found, "cursor": following, "has_more": more})

    @api_route("<account_id>/disconnect/", "POST")
    def disconnect(self, account_id, **_params):
        """Give the consent back and forget the tokens."""
        account = find_account(account_id, "write")
        body(set())
        if account.state == "draft":
            check_connected(account)
        if account.state != "disconnected":
            account.sudo()._disconnect()
        return answer(account_json(account))


def answer(content, status=200):
    """Return JSON.

    :rtype: odoo.http.Response
    """
    return request.make_json_response(content, status=status)


def invalid(name, why):
    """Return the refusal of one value.

    :rtype: ApiError
    """
    return ApiError(422, "invalid", f"{name}: {why}")


def body(names):
    """Return the object that was posted; nothing is an empty one.

    :param set names: what may be in it
    :rtype: dict
    :raise ApiError: 422
    """
    env = request.env
    raw = request.httprequest.get_data()
    try:
        content = json.loads(raw) if raw.strip() else {}
    except (ValueError, RecursionError):
        raise ApiError(422, "not_json", env._("The body is not JSON.")) from None
    if not isinstance(content, dict):
        raise ApiError(422, "invalid", env._("The body must be an object."))
    unknown = sorted(content.keys() - names)
    if unknown:
        raise ApiError(422, "invalid", env._("The body holds a name that is not known here."))
    return content


def number(name, text, default, least, most):
    """Return a number of the address, within its bounds.

    :param str text: what came, empty for nothing
    :rtype: int
    :raise ApiError: 422
    """
    if text == "" and name not in request.httprequest.args:
        return default
    if text.isascii() and text.isdigit() and len(text) <= 20 and least <= int(text) <= most:
        return int(text)
    why = request.env._("It must be a number from %(least)s to %(most)s.", least=least, most=most)
    raise invalid(name, why)


def whole(value):
    """Return a number of JSON without its fraction of nothing, or None.

    :rtype: int | None
    """
    whole_ = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return int(value) if whole_ else None


def account_name(name):
    """Return the name for a new account.

    :raise ApiError: 422
    """
    if not isinstance(name, str) or not name.strip() or len(name) > LONGEST_NAME:
        why = request.env._("It must be a text of 1 to %s letters.", LONGEST_NAME)
        raise invalid("name", why)
    if values.clean(name) != name or any(unicodedata.category(each) == "Cc" for each in name):
        raise invalid("name", request.env._("It holds a character that can't be stored."))
    return name.strip()


def find_account(text, operation="read"):
    """Return one account of the user's companies.

    :param str text: its id, as it stands in the address
    :param str operation: what shall be done with it
    :raise ApiError: 404 if there is none that this user could see
    :raise AccessError: without the right
    """
    accounts = request.env["tiktok.account"]
    accounts.check_access(operation)
    number_ = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    account = accounts.with_context(active_test=False).search([("id", "=", number_)])
    if not account:
        raise ApiError(404, "not_found", request.env._("You have no such account."))
    account.check_access(operation)
    return account


def check_connected(account):
    """Refuse what needs a connection where there is none.

    :raise ApiError: 409
    """
    if account.state == "expired":
        sentence = request.env._("TikTok takes the connection no more. Connect it again.")
        raise ApiError(409, "reconnect", sentence)
    if account.state != "connected":
        raise ApiError(409, "not_connected", request.env._("The account is not connected."))
