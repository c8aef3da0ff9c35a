"""Short routes of the company's publishing account."""

from odoo.http import Controller, request, route

from odoo.addons.tiktok_leadgen.controllers.accounts_api import (
    api_route,
    check_connected,
    reject_cross_site_get,
)
from odoo.addons.tiktok_leadgen.controllers.accounts_json import format_account, format_rfc3339
from odoo.addons.tiktok_leadgen.controllers.api import ApiError, find_company, make_json_answer
from odoo.addons.tiktok_leadgen.controllers.oauth import Oauth

from .. import const


class ShortRoutes(Controller):
    """Consent, token renewal and status of the publishing account."""

    @api_route(const.AUTH_ROUTE, "GET")
    def redirect_to_consent(self, company_id="", **_params):
        """Redirect the administrator's browser to TikTok's consent page.

        :param str company_id: empty for the user's own
        :rtype: odoo.http.Response
        """
        url, _state = _find_publishing_account(company_id)._start_authorization()
        return request.redirect(url, code=302, local=False)

    @api_route(const.AUTH_URL_ROUTE, "GET")
    def get_consent_url(self, company_id="", **_params):
        """Return the URL of that page; the same user's browser must open it.

        :param str company_id: empty for the user's own
        :rtype: odoo.http.Response
        """
        url, state = _find_publishing_account(company_id)._start_authorization()
        return make_json_answer({"authorization_url": url, "state": state})

    @route(
        [const.SHORT_CALLBACK_ROUTE, const.SHORT_CALLBACK_ROUTE.rstrip("/")],
        type="http",
        auth="public",
        methods=["GET"],
    )
    def finish_consent(self, **params):
        """Finish a consent, as the long route does.

        :param params: of the address
        :rtype: odoo.http.Response
        """
        return Oauth().tiktok_callback(**params)

    @api_route(const.REFRESH_ROUTE, "GET", "POST")
    def renew_tokens(self, company_id="", **_params):
        """Renew the account's tokens now; the answer does not contain them.

        :param str company_id: empty for the user's own
        :rtype: odoo.http.Response
        """
        reject_cross_site_get()
        account = _find_publishing_account(company_id)
        check_connected(account)
        access_ends, refresh_ends = request.env["tiktok.token"]._force_renewal(account)
        return make_json_answer(
            {
                **format_account(account),
                "access_expires_at": format_rfc3339(access_ends),
                "refresh_expires_at": format_rfc3339(refresh_ends),
            }
        )

    @route(
        [const.STATUS_ROUTE, const.STATUS_ROUTE.rstrip("/")],
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
        readonly=True,
    )
    def get_connection_status(self, **_params):
        """Return whether the account is connected, and nothing else: the route is public.

        :rtype: odoo.http.Response
        """
        account = request.env.company.sudo()._tiktok_publish_account()
        return make_json_answer({"connected": account.state == "connected"})


def _find_publishing_account(company_id):
    """Return the publishing account of the user's company, or of the requested one.

    :param str company_id: as in the URL, empty for the user's own
    :rtype: tiktok.account
    :raise ApiError: 403 or 404, and 409 if no account was chosen
    """
    company = find_company(company_id)
    account = company._tiktok_publish_account().with_user(request.env.user)
    if not account:
        sentence = request.env._(
            "No publishing account is chosen. Choose one in CRM → Configuration → Settings."
        )
        raise ApiError(409, "no_account", sentence)
    account.check_access("write")
    return account
