"""Accounts, for programs: the HTTP API that static/openapi.json describes.

TikTok is called inside these requests, and Odoo runs a request again where another transaction
was in its way. So nothing is written before a call, and tokens have a cursor of their own.
"""

import functools
import unicodedata
import urllib.parse

from werkzeug.exceptions import HTTPException

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.http import Controller, request, route

from .. import const
from ..locks import refuse_locked_rows
from ..tiktok import client, display, errors, values
from .accounts_json import format_account
from .api import (
    ApiError,
    authenticate_request,
    find_company,
    make_invalid_error,
    make_json_answer,
    parse_json_body,
    parse_number,
    parse_whole_number,
    reject_repeated_parameters,
)

JSON = "application/json"
LONGEST_NAME = 200
LATEST_CURSOR = 32_503_680_000_000  # the year 3000, in milliseconds


def api_route(path, *methods):
    """Make a method a route of the API, with and without the last slash.

    :param str path: below the accounts, or from the root; ending with a slash
    :param str methods: of HTTP
    :return: a decorator
    """
    full = path if path.startswith("/") else const.ACCOUNTS_ROUTE + path
    options = {"type": "http", "auth": "public", "csrf": False, "save_session": False}

    def decorate(method):
        return route([full, full.rstrip("/")], methods=list(methods), **options)(
            _wrap_api_method(method)
        )

    return decorate


def _wrap_api_method(method):
    """Authenticate each call of a method, and answer in JSON whatever happens.

    A refusal is raised, not returned: Odoo commits what returns.

    :param method: of a controller
    :return: the wrapped method
    """

    @functools.wraps(method)
    def guarded(self, *args, **params):
        try:
            authenticate_request()
            reject_repeated_parameters()
            _reject_cross_site_post()
            with client.deadline(), refuse_locked_rows(request.env):
                return method(self, *args, **params)
        except (ApiError, UserError, errors.TiktokError) as error:
            raise HTTPException(response=make_api_error(error).make_response()) from None

    return guarded


def _reject_cross_site_post():
    """Refuse what another site could make a logged-in browser post.

    A form can't send JSON, and a script needs a preflight request first, which nothing answers.
    A browser never adds an API key of its own accord.

    :raise ApiError: 415
    """
    http = request.httprequest
    if http.method in ("GET", "HEAD") or http.mimetype == JSON:
        return
    if http.headers.get("Authorization") and not http.mimetype:
        return
    raise ApiError(415, "not_json", request.env._("Send Content-Type: application/json."))


def reject_cross_site_get():
    """Refuse a GET that changes something and that another site made a logged-in browser send.

    A browser says where a request comes from: ``none`` where a user typed the address. One that
    is too old to say it, or a program with a session of its own, sends at most the address before.
    A browser never adds an API key of its own accord.

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
        sentence = request.env._(
            "This request came from another site. Open the URL yourself, or use an API key."
        )
        raise ApiError(403, "other_site", sentence)


def make_api_error(error):
    """Return the answer to an error.

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
            503,
            "sealed",
            env._("The stored tokens cannot be decrypted: contact your Odoo administrator."),
        )
    return _make_tiktok_error(error)


def _make_tiktok_error(error):
    sentence = request.env["tiktok.error.messages"]._describe_error(error)
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
    def list_accounts(self, limit="", offset="", **_params):
        """List the accounts of the user's companies.

        :param str limit: how many at most
        :param str offset: how many to skip
        :rtype: odoo.http.Response
        """
        found = request.env["tiktok.account"]
        found.check_access("read")
        limit = parse_number("limit", limit, const.API_PAGE, 1, const.API_LARGEST_PAGE)
        offset = parse_number("offset", offset, 0, 0, 2**31 - 1)
        page = found.search([], limit=limit, offset=offset)
        rows = [format_account(account) for account in page]
        total = found.search_count([])
        return make_json_answer(
            {"accounts": rows, "total": total, "limit": limit, "offset": offset}
        )

    @api_route("", "POST")
    def create_account(self, **_params):
        """Create an account; it is connected by the consent that `connect` begins.

        :rtype: odoo.http.Response
        :raise ApiError: 422 if a value of the body is invalid
        """
        accounts = request.env["tiktok.account"]
        accounts.check_access("create")
        values_ = parse_json_body({"platform", "name", "company_id"})
        if values_.get("platform") != "tiktok":
            raise make_invalid_error("platform", request.env._("It must be tiktok."))
        company_id = values_.get("company_id", request.env.company.id)
        if isinstance(company_id, bool) or parse_whole_number(company_id) is None:
            raise make_invalid_error("company_id", request.env._("It must be a number."))
        company = find_company(str(parse_whole_number(company_id)))
        account = accounts.with_company(company).create(
            {"name": check_account_name(values_.get("name")), "company_id": company.id}
        )
        return make_json_answer(format_account(account), status=201)

    @api_route("<account_id>/", "GET")
    def read_account(self, account_id, **_params):
        """Return one account.

        :param str account_id: as it stands in the address
        :rtype: odoo.http.Response
        """
        return make_json_answer(format_account(find_account(account_id)))

    @api_route("<account_id>/connect/", "POST")
    def connect_account(self, account_id, **_params):
        """Begin a consent: the same user's browser must open the address and finish it.

        :param str account_id: as it stands in the address
        :rtype: odoo.http.Response
        """
        account = find_account(account_id, "write")
        parse_json_body(set())
        url, state = account._start_authorization()
        return make_json_answer({"authorization_url": url, "state": state})

    @api_route("<account_id>/sync/", "POST")
    def sync_account(self, account_id, **_params):
        """Fetch the profile now and request the videos.

        :param str account_id: as it stands in the address
        :rtype: odoo.http.Response
        """
        account = find_account(account_id, "write")
        parse_json_body(set())
        check_connected(account)
        account.sudo()._sync_profile()
        account.sudo()._request_video_sync()
        return make_json_answer(format_account(account))

    @api_route("<account_id>/tiktok-profile/", "GET")
    def read_profile(self, account_id, **_params):
        """Return the profile as TikTok gives it now.

        :param str account_id: as it stands in the address
        :rtype: odoo.http.Response
        """
        account = find_account(account_id)
        check_connected(account)
        return make_json_answer(account.sudo()._request_profile())

    @api_route("<account_id>/tiktok-videos/", "GET")
    def list_videos(self, account_id, cursor="", max_count="", **_params):
        """Return one page of public videos as TikTok gives it now.

        :param str account_id: as it stands in the address
        :param str cursor: of the page before, milliseconds since 1970
        :param str max_count: how many at most
        :rtype: odoo.http.Response
        """
        account = find_account(account_id)
        cursor = parse_number("cursor", cursor, 0, 0, LATEST_CURSOR)
        most = display.MAX_VIDEOS
        max_count = parse_number("max_count", max_count, most, 1, most)
        check_connected(account)
        found, following, more = account.sudo()._request_video_page(cursor or None, max_count)
        return make_json_answer({"videos": found, "cursor": following, "has_more": more})

    @api_route("<account_id>/disconnect/", "POST")
    def disconnect_account(self, account_id, **_params):
        """Revoke the consent and delete the tokens.

        :param str account_id: as it stands in the address
        :rtype: odoo.http.Response
        """
        account = find_account(account_id, "write")
        parse_json_body(set())
        if account.state == "draft":
            check_connected(account)
        if account.state != "disconnected":
            account.sudo()._disconnect_account()
        return make_json_answer(format_account(account))


def check_account_name(name):
    """Return the valid name for a new account.

    :param name: of JSON
    :rtype: str
    :raise ApiError: 422
    """
    if not isinstance(name, str) or not name.strip() or len(name) > LONGEST_NAME:
        reason = request.env._("It must be a text of 1 to %s letters.", LONGEST_NAME)
        raise make_invalid_error("name", reason)
    if values.remove_unstorable(name) != name or any(
        unicodedata.category(each) == "Cc" for each in name
    ):
        raise make_invalid_error(
            "name", request.env._("It contains a character that cannot be stored.")
        )
    return name.strip()


def find_account(text, operation="read"):
    """Return one account of the user's companies.

    :param str text: its id, as it stands in the address
    :param str operation: ``read`` or ``write``
    :rtype: tiktok.account
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
    """Refuse what needs a connection if the account has none.

    :param account: tiktok.account
    :raise ApiError: 409
    """
    if account.state == "expired":
        sentence = request.env._("TikTok no longer accepts the connection. Reconnect it.")
        raise ApiError(409, "reconnect", sentence)
    if account.state != "connected":
        raise ApiError(409, "not_connected", request.env._("The account is not connected."))
