import math
import re

from odoo.http import Controller, request, route

from .. import const, settings
from ..models.res_company import MANAGER

_BEARER = re.compile(r"(?i)^bearer\s+(\S+)$")


class ApiError(Exception):
    """A refusal of the API: status, code, a sentence, and how many seconds to wait if any."""

    def __init__(self, status, code, message, retry_after=None):
        super().__init__(message)
        self.status = status
        self.code = code
        self.retry_after = retry_after

    def response(self):
        body = {"error": {"code": self.code, "message": str(self)}}
        headers = {}
        if self.retry_after is not None:
            headers["Retry-After"] = str(math.ceil(self.retry_after))
        return request.make_json_response(body, headers=headers, status=self.status)


class Api(Controller):
    """What other programs may ask, as a user of Odoo."""

    @route(
        [const.LEADGEN_CONFIG_ROUTE, const.LEADGEN_CONFIG_ROUTE.rstrip("/")],
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
    )
    def leadgen_config(self, company_id="", **_params):
        """Return the webhook address of the user's company."""
        try:
            authenticate()
            refuse_repeats()
            company = find_company(company_id)
            url = find_webhook_url(company)
        except ApiError as refusal:
            return refusal.response()
        return request.make_json_response(
            {
                "webhook_url": url,
                "company_id": company.id,
                "company_name": company.name,
                "enabled": company.tiktok_leadgen_enabled,
            }
        )


def authenticate():
    """Find who asks, by API key or by the session.

    :raise ApiError: 401 if nobody does; a key beats the session
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


def refuse_repeats():
    """Refuse an address that says the same thing twice: nobody knows which is meant.

    :raise ApiError: 422
    """
    for name, given in request.httprequest.args.lists():
        if len(given) > 1:
            raise ApiError(422, "invalid", request.env._("%s is given more than once.", name))


def find_company(text):
    """Return the company the user works in, or the one asked for.

    :param str text: a company's id, empty for the user's own
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
            "The webhook token can't be shown. Give the encryption key back, or click New token "
            "on the page TikTok."
        )
        raise ApiError(409, "no_token", sentence)
    return url
