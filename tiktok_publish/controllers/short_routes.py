"""Short addresses of the company's publishing account, as a news site knows them."""

from odoo.http import Controller, request, route

from odoo.addons.tiktok_leadgen.controllers.accounts_api import (
    answer,
    api_route,
    check_connected,
    refuse_other_sites,
)
from odoo.addons.tiktok_leadgen.controllers.accounts_json import account_json, moment
from odoo.addons.tiktok_leadgen.controllers.api import ApiError, find_company
from odoo.addons.tiktok_leadgen.controllers.oauth import Oauth

from .. import const


class ShortRoutes(Controller):
    """What an administrator, TikTok and anybody may ask about the publishing account."""

    @api_route(const.AUTH_ROUTE, "GET")
    def auth(self, company_id="", **_params):
        """Send the administrator's browser to TikTok's consent page."""
        url, _state = _account(company_id)._begin_consent()
        return request.redirect(url, code=302, local=False)

    @api_route(const.AUTH_URL_ROUTE, "GET")
    def auth_url(self, company_id="", **_params):
        """Tell where that page is; the same user's browser must open it."""
        url, state = _account(company_id)._begin_consent()
        return answer({"authorization_url": url, "state": state})

    @route(
        [const.SHORT_CALLBACK_ROUTE, const.SHORT_CALLBACK_ROUTE.rstrip("/")],
        type="http",
        auth="public",
        methods=["GET"],
    )
    def callback(self, **params):
        """Finish a consent, as the long address does."""
        return Oauth().tiktok_callback(**params)

    @api_route(const.REFRESH_ROUTE, "GET", "POST")
    def refresh_token(self, company_id="", **_params):
        """Renew the account's tokens now; they are told to nobody."""
        refuse_other_sites()
        account = _account(company_id)
        check_connected(account)
        access_ends, refresh_ends = request.env["tiktok.token"]._renew(account)
        return answer(
            {
                **account_json(account),
                "access_expires_at": moment(access_ends),
                "refresh_expires_at": moment(refresh_ends),
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
    def status(self, **_params):
        """Tell anybody whether the account is connected, and nothing else."""
        account = request.env.company.sudo()._tiktok_publish_account()
        return answer({"connected": account.state == "connected"})


def _account(company_id):
    """Return the publishing account of the user's company, or of the one asked for.

    :param str company_id: as it stands in the address, empty for the user's own
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
