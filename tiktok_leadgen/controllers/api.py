import json
import math
import re

from odoo.http import Controller, request, route

from .. import const, settings
from ..models.company.res_company import MANAGER

_BEARER = re.compile(r"(?i)^bearer\s+(\S+)$")


class ApiError(Exception):
    """A refusal of the API.

    :param int status: of HTTP
    :param str code: for programs
    :param str message: a sentence
    :param float retry_after: seconds to wait before the next request, if any
    """

    def __init__(self, status, code, message, retry_after=None):
        super().__init__(message)
        self.status = status
        self.code = code
        self.retry_after = retry_after

    def make_response(self):
        """Return the JSON answer.

        :rtype: odoo.http.Response
        """
        body = {"error": {"code": self.code, "message": str(self)}}
        headers = {}
        if self.retry_after is not None:
            headers["Retry-After"] = str(math.ceil(self.retry_after))
        return request.make_json_response(body, headers=headers, status=self.status)


class Api(Controller):
    """What other programs may request, as a user of Odoo."""

    @route(
        [const.LEADGEN_CONFIG_ROUTE, const.LEADGEN_CONFIG_ROUTE.rstrip("/")],
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
    )
    def leadgen_config(self, company_id="", **_params):
        """Return the webhook address of the user's company.

        :param str company_id: empty for the user's own company
        :rtype: odoo.http.Response
        """
        try:
            authenticate_request()
            reject_repeated_parameters()
            company = find_company(company_id)
            url = find_webhook_url(company)
        except ApiError as refusal:
            return refusal.make_response()
        return request.make_json_response(
            {
                "webhook_url": url,
                "company_id": company.id,
                "company_name": company.name,
                "enabled": company.tiktok_leadgen_enabled,
            }
        )


def authenticate_request():
    """Authenticate the request by API key or by the session; a key wins over the session.

    :raise ApiError: 401 if neither is valid
    """
    header = request.httprequest.headers.get("Authorization", "")
    if header:
        found = _BEARER.match(header)
        keys = request.env["res.users.apikeys"].sudo()
        uid = found and keys._check_credentials(scope="rpc", key=found.group(1))
        if not uid:
            raise ApiError(401, "unauthorized", request.env._("This API key is not valid."))
        request.update_env(user=uid)
    elif request.env.user._is_public():
        raise ApiError(
            401,
            "unauthorized",
            request.env._("Log in, or send an API key as Authorization: Bearer."),
        )


def reject_repeated_parameters():
    """Refuse an address that has the same parameter twice: it is ambiguous.

    :raise ApiError: 422
    """
    for name, given in request.httprequest.args.lists():
        if len(given) > 1:
            raise ApiError(422, "invalid", request.env._("%s is given more than once.", name))


def find_company(text):
    """Return the company the user works in, or the one asked for.

    :param str text: a company's id, empty for the user's own
    :rtype: res.company
    :raise ApiError: 403 without the right, 404 if it isn't one of the user's companies
    """
    env = request.env
    if not env.user.has_group(MANAGER):
        raise ApiError(403, "forbidden", env._("Only a TikTok administrator may see this."))
    if not text:
        return env.company
    company = env.user.company_ids.filtered(lambda c: c.id == settings.company_id(text))
    if not company:
        raise ApiError(404, "not_found", env._("You have no such company."))
    return company.with_company(company)


def find_webhook_url(company):
    """Return the company's webhook address with its token.

    :param company: res.company
    :rtype: str
    :raise ApiError: 409 if there is no token, or no encryption key opens it
    """
    url = company.tiktok_webhook_url
    if not url:
        sentence = request.env._(
            "The webhook token cannot be shown. Restore the encryption key, or click New "
            "token on the TikTok page."
        )
        raise ApiError(409, "no_token", sentence)
    return url


def make_json_answer(content, status=200):
    """Return a JSON answer.

    :param content: what JSON can express
    :param int status: of HTTP
    :rtype: odoo.http.Response
    """
    return request.make_json_response(content, status=status)


def make_invalid_error(name, reason):
    """Return the error about one invalid value.

    :param str name: of the parameter
    :param str reason: a sentence
    :rtype: ApiError
    """
    return ApiError(422, "invalid", f"{name}: {reason}")


def parse_json_body(names):
    """Return the posted JSON object; an empty body is an empty one.

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
        raise ApiError(422, "invalid", env._("The body contains an unknown name."))
    return content


def parse_number(name, text, default, least, most):
    """Return a number given in the address, within its bounds.

    :param str name: of the parameter
    :param str text: its value, empty if it is missing
    :param int default: for a missing one
    :param int least: smallest allowed number
    :param int most: largest allowed number
    :rtype: int
    :raise ApiError: 422
    """
    if text == "" and name not in request.httprequest.args:
        return default
    if text.isascii() and text.isdigit() and len(text) <= 20 and least <= int(text) <= most:
        return int(text)
    reason = request.env._(
        "It must be a number from %(least)s to %(most)s.", least=least, most=most
    )
    raise make_invalid_error(name, reason)


def parse_whole_number(value):
    """Return a whole number given in JSON, such as 2 or 2.0, or None.

    :param value: of JSON
    :rtype: int | None
    """
    whole_ = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return int(value) if whole_ else None
