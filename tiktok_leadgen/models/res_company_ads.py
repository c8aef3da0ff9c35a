from odoo import fields, models
from odoo.exceptions import UserError

from .. import const, settings
from ..tiktok.business import BusinessClient
from ..tiktok.business_login import BusinessLogin, authorize_url
from ..tiktok.errors import SealError
from ..tiktok.subscription import Subscriptions
from .res_company import SALES_MANAGERS


class ResCompany(models.Model):
    """The company's app at TikTok API for Business: ad accounts, forms, subscriptions."""

    _inherit = "res.company"

    tiktok_connected_ads = fields.Integer(
        "Connected ad accounts",
        compute="_compute_tiktok_connected_ads",
        groups=SALES_MANAGERS,
    )

    # === COMPUTE METHODS === #

    def _compute_tiktok_connected_ads(self):
        counts = dict(
            self.env["tiktok.advertiser"]
            .sudo()
            ._read_group(
                [("company_id", "in", self.ids), ("state", "=", "connected")],
                ["company_id"],
                ["__count"],
            )
        )
        for company in self:
            company.tiktok_connected_ads = counts.get(company._origin, 0)

    # === CRUD METHODS === #

    def write(self, vals):
        """Tell TikTok of a new token in the address."""
        result = super().write(vals)
        if "tiktok_webhook_token" in vals:
            self._tiktok_renew_subscriptions()
        return result

    # === ACTION METHODS === #

    def action_tiktok_connect_ads(self):
        """Send the browser to TikTok's consent page for ad accounts."""
        self.ensure_one()
        self._tiktok_check_manager()
        company = self.sudo()
        redirect_uri = company._tiktok_business_redirect_uri()
        app_id, _secret = company._tiktok_business_keys()
        states = self.env["tiktok.oauth.state"]
        none = self.env["tiktok.account"]
        url = authorize_url(
            settings.base_url("TIKTOK_BUSINESS_PORTAL_BASE_URL"),
            app_id=app_id,
            state=states._begin(none, redirect_uri, company=company),
            redirect_uri=redirect_uri,
        )
        return {"type": "ir.actions.act_url", "url": url, "target": "self"}

    # === BUSINESS METHODS === #

    def _tiktok_renew_subscriptions(self):
        """Have what TikTok sends to the old address sent to the new one."""
        wanted = [("company_id", "in", self.ids), ("wants_leads", "=", True)]
        found = self.env["tiktok.advertiser"].sudo().search([*wanted, ("state", "=", "connected")])
        if found:
            found._ask_sync()

    def _tiktok_business_redirect_uri(self):
        """Return the address TikTok sends browsers back to; it must be registered there exactly.

        :rtype: str
        """
        self.ensure_one()
        return f"{self.get_base_url()}{const.BUSINESS_CALLBACK_ROUTE}"

    def _tiktok_business_app(self):
        """Return the id and secret of the Business app, else the environment's.

        :rtype: tuple[str, str]
        :raise SealError: if the secret can't be opened
        """
        self.ensure_one()
        company = self.sudo()
        app_id = company.tiktok_app_id or settings.get("TIKTOK_APP_ID")
        return app_id, self._tiktok_open_app_secret(company.tiktok_app_secret_sealed)

    def _tiktok_business_keys(self):
        """Return the same, and refuse what is missing in one sentence.

        :rtype: tuple[str, str]
        :raise UserError: if one is missing or can't be opened
        """
        try:
            app_id, secret = self._tiktok_business_app()
        except SealError as error:
            raise UserError(str(error)) from error
        if not app_id or not secret:
            raise UserError(
                self.env._(
                    "The ID and secret of your TikTok API for Business app are missing. Enter "
                    "them in CRM → Configuration → Settings → TikTok."
                )
            )
        return app_id, secret

    def _tiktok_business_login(self):
        """Return the token endpoints of the company's app.

        :rtype: BusinessLogin
        :raise UserError: if its keys are missing
        """
        base = settings.base_url("TIKTOK_BUSINESS_API_BASE_URL")
        return BusinessLogin(base, *self._tiktok_business_keys())

    def _tiktok_subscriptions(self):
        """Return the lead subscriptions of the company's app.

        :rtype: Subscriptions
        :raise UserError: if its keys are missing
        """
        client = BusinessClient(settings.base_url("TIKTOK_BUSINESS_API_BASE_URL"))
        return Subscriptions(client, *self._tiktok_business_keys())
