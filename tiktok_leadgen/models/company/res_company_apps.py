from odoo import api, fields, models
from odoo.exceptions import UserError

from ... import company_setup, const, settings
from ...job_time import read_transaction_clock
from ...tiktok.business_client import BusinessClient
from ...tiktok.business_login import BusinessLogin
from ...tiktok.errors import SealError
from ...tiktok.subscription import Subscriptions
from .res_company import MANAGER, SALES_MANAGERS

# Replaces a secret that the company does not have, by the field in which it is entered.
VARIABLES = {
    "tiktok_app_secret": "TIKTOK_APP_SECRET",
    "tiktok_client_secret": "TIKTOK_CLIENT_SECRET",
}
SEALED = {"groups": fields.NO_ACCESS, "prefetch": False, "copy": False}


class ResCompany(models.Model):
    """The company's two apps at TikTok, and the URLs at which TikTok reaches Odoo.

    The developer app (TikTok for Developers) is for accounts: Login Kit, videos, publishing. The
    Business app (TikTok API for Business) is for ad accounts.

    A secret is entered, sealed and never shown again: the field in which it is entered has no
    value of its own, so reading it gives nothing. The webhook's token has no column either: what a
    stored field holds can be found out by searching from models that search with all rights, such
    as attachments, whatever the field's groups are.
    """

    _inherit = "res.company"

    tiktok_client_key = fields.Char(
        "Client key", groups=MANAGER, help="From your app in TikTok's developer portal."
    )
    tiktok_client_secret = fields.Char(
        "Client secret",
        store=False,
        copy=False,
        inverse="_inverse_tiktok_client_secret",
        groups=MANAGER,
        help="It is encrypted when you save and never shown again.",
    )
    tiktok_client_secret_sealed = fields.Char("Encrypted client secret", **SEALED)
    has_tiktok_client_secret = fields.Boolean(
        "Client secret is set", compute="_compute_has_tiktok_secrets", groups=SALES_MANAGERS
    )
    tiktok_app_id = fields.Char(
        "Business app ID", groups=MANAGER, help="From your app in TikTok API for Business."
    )
    tiktok_app_secret = fields.Char(
        "Business app secret",
        store=False,
        copy=False,
        inverse="_inverse_tiktok_app_secret",
        groups=MANAGER,
        help="Checks TikTok's signature. It is encrypted when you save and never shown again.",
    )
    tiktok_app_secret_sealed = fields.Char("Encrypted app secret", **SEALED)
    has_tiktok_app_secret = fields.Boolean(
        "App secret is set", compute="_compute_has_tiktok_secrets", groups=SALES_MANAGERS
    )
    tiktok_webhook_token = fields.Char(
        "Webhook token",
        compute="_compute_tiktok_webhook_token",
        inverse="_inverse_tiktok_webhook_token",
        copy=False,
        groups=fields.NO_ACCESS,
        help="The secret part of the webhook URL: anyone who knows it can send leads.",
    )
    tiktok_webhook_url = fields.Char(
        "Webhook URL",
        compute="_compute_tiktok_webhook_url",
        groups=MANAGER,
        help="Enter it in your relay, such as Zapier or Make.",
    )
    tiktok_webhook_url_masked = fields.Char(
        "Webhook URL (hidden token)", compute="_compute_tiktok_webhook_url_masked", groups=MANAGER
    )
    tiktok_token_grace_hours = fields.Integer(
        "Accept the old token for (hours)",
        default=const.TOKEN_GRACE_HOURS,
        required=True,
        groups=MANAGER,
        help="After New token, the URL with the old token keeps working for this many hours, "
        "so that you can replace it without losing a lead. 0 ends it immediately.",
    )
    tiktok_old_token_until = fields.Datetime(
        "Old token accepted until", compute="_compute_tiktok_old_token_until", groups=MANAGER
    )

    _tiktok_token_grace_hours_positive = models.Constraint(
        "CHECK(tiktok_token_grace_hours >= 0)",
        "An old token can't be accepted for less than 0 hours.",
    )

    # === COMPUTE METHODS === #

    @api.depends(*(f"{name}_sealed" for name in VARIABLES))
    def _compute_has_tiktok_secrets(self):
        for company in self:
            for name, variable in VARIABLES.items():
                sealed = company.sudo()[f"{name}_sealed"]
                company[f"has_{name}"] = bool(sealed or settings.get(variable))

    # One inverse for each: Odoo calls it with what was entered in its field alone.
    def _inverse_tiktok_app_secret(self):
        self._tiktok_seal_secret("tiktok_app_secret")

    def _inverse_tiktok_client_secret(self):
        self._tiktok_seal_secret("tiktok_client_secret")

    def _tiktok_seal_secret(self, name):
        """Seal what was entered; an empty one removes the secret.

        :param str name: of the field in which it was entered
        """
        secrets = self.env["tiktok.secrets"]
        for company in self:
            company.sudo()[f"{name}_sealed"] = secrets._seal_secret(company[name])
        # What was entered must not be read back in the same request.
        self.invalidate_recordset([name], flush=False)

    def _compute_tiktok_webhook_token(self):
        tokens = self.env["tiktok.webhook.token"]._reveal_tokens(self)
        for company in self:
            company.tiktok_webhook_token = tokens.get(company._origin.id, False)

    def _inverse_tiktok_webhook_token(self):
        for company in self:
            token = company.tiktok_webhook_token
            self.env["tiktok.webhook.token"]._replace_token(company, token)

    @api.depends("tiktok_webhook_token")
    @api.depends_context("uid", "su")
    def _compute_tiktok_webhook_url(self):
        """Show the URL to TikTok administrators of the company, if there is a token."""
        for company in self:
            token = company.sudo().tiktok_webhook_token
            may_see = self.env.su or company._tiktok_is_manager()
            company.tiktok_webhook_url = (
                f"{company._tiktok_get_webhook_base()}{token}" if token and may_see else False
            )

    def _compute_tiktok_webhook_url_masked(self):
        for company in self:
            company.tiktok_webhook_url_masked = f"{company._tiktok_get_webhook_base()}••••••••"

    def _compute_tiktok_old_token_until(self):
        ends = {
            token.company_id.id: token.expires_at
            for token in reversed(self.env["tiktok.webhook.token"]._find_old_tokens(self))
        }
        for company in self:
            company.tiktok_old_token_until = ends.get(company._origin.id, False)

    # === ACTION METHODS === #

    def action_tiktok_new_token(self):
        """Create a new token; the old one stays accepted for the time the company chose.

        :return: a notification
        :rtype: dict
        """
        self._tiktok_check_manager()
        for company in self.sudo():
            company.tiktok_webhook_token = self.env["tiktok.webhook.token"]._generate_token()
        return self._tiktok_prepare_notification(
            self.env._("New token"),
            self.env._("Copy the URL and paste it where the old one is."),
        )

    def action_tiktok_revoke_old_token(self):
        """Stop accepting the tokens that were replaced.

        :return: a notification
        :rtype: dict
        :raise UserError: if there is none
        """
        self._tiktok_check_manager()
        tokens = self.env["tiktok.webhook.token"]._find_old_tokens(self)
        if not tokens:
            raise UserError(self.env._("The old token is no longer accepted. Reload the page."))
        tokens._expire_tokens(read_transaction_clock(self.env))
        return self._tiktok_prepare_notification(
            self.env._("Old token revoked"),
            self.env._("Deliveries to the old URL are now quarantined."),
        )

    def action_tiktok_connect_ads(self):
        """Open TikTok's consent page for ad accounts, or the page that asks for the app's keys.

        :return: the action that opens it
        :rtype: dict
        """
        self._tiktok_check_manager()
        return company_setup.open_consent(self.sudo(), self)

    def action_tiktok_save_and_connect(self, app_id=None, secret=None):
        """Store the keys of the Business app that are given, and open TikTok's consent page.

        :param str app_id: empty leaves it as it is
        :param str secret: empty leaves it as it is
        :return: as `action_tiktok_connect_ads`; TikTok sends the browser back to the page
        :rtype: dict
        """
        self._tiktok_check_manager()
        company_setup.store_app_keys(self.sudo(), app_id, secret)
        return self.with_context(tiktok_from_page=True).action_tiktok_connect_ads()

    # === DEVELOPER APP === #

    def _tiktok_get_developer_app(self):
        """Return the company's client key and secret, else the environment's.

        :return: both; empty texts if there are none
        :rtype: tuple[str, str]
        :raise SealError: if the secret can't be opened
        """
        self.ensure_one()
        company = self.sudo()
        key = company.tiktok_client_key or settings.get("TIKTOK_CLIENT_ID")
        secret = self.env["tiktok.secrets"]._open_secret(company.tiktok_client_secret_sealed)
        return key, secret or settings.get("TIKTOK_CLIENT_SECRET")

    @api.model
    def _tiktok_find_developer_apps(self):
        """Find the developer apps of all companies; the webhook has one URL for all.

        :return: the companies' ids, lowest first, by client key and secret; and whether a secret
            could not be opened
        :rtype: tuple[dict[tuple[str, str], list[int]], bool]
        """
        shared_key = settings.get("TIKTOK_CLIENT_ID")
        shared_secret = settings.get("TIKTOK_CLIENT_SECRET")
        secrets = self.env["tiktok.secrets"]
        apps, is_sealed = {}, False
        for company_id, config in sorted(self._tiktok_lead_configs().items()):
            try:
                own = secrets._open_secret(config["tiktok_client_secret_sealed"])
            except SealError:
                is_sealed = True
                continue
            secret = own or shared_secret
            if secret:
                app = (config["tiktok_client_key"] or shared_key, secret)
                apps.setdefault(app, []).append(company_id)
        return apps, is_sealed

    # === BUSINESS APP === #

    def _tiktok_get_business_app(self):
        """Return the ID and secret of the Business app, else the environment's.

        :return: both; empty texts if there are none
        :rtype: tuple[str, str]
        :raise SealError: if the secret can't be opened
        """
        self.ensure_one()
        company = self.sudo()
        app_id = company.tiktok_app_id or settings.get("TIKTOK_APP_ID")
        return app_id, self._tiktok_open_app_secret(company.tiktok_app_secret_sealed)

    @api.model
    def _tiktok_open_app_secret(self, sealed):
        """Open a company's app secret, else return the environment's.

        :param str sealed: the company's own, sealed
        :return: the secret, empty if there is none
        :rtype: str
        :raise SealError: if it can't be opened
        """
        return self.env["tiktok.secrets"]._open_secret(sealed) or settings.get("TIKTOK_APP_SECRET")

    def _tiktok_require_business_app(self):
        """Return the ID and secret of the Business app.

        :return: both
        :rtype: tuple[str, str]
        :raise UserError: if one is missing or can't be opened
        """
        try:
            app_id, secret = self._tiktok_get_business_app()
        except SealError as error:
            raise UserError(str(error)) from error
        if not app_id or not secret:
            message = self.env._(
                "The ID and secret of your TikTok API for Business app are missing. Enter them in "
                "CRM → Integrations → TikTok."
            )
            raise UserError(message)
        return app_id, secret

    def _tiktok_get_business_login(self):
        """Return the token endpoints of the company's app.

        :return: a client of them
        :rtype: BusinessLogin
        """
        base_url = settings.base_url("TIKTOK_BUSINESS_API_BASE_URL")
        return BusinessLogin(base_url, *self._tiktok_require_business_app())

    def _tiktok_get_subscriptions(self):
        """Return the lead subscriptions of the company's app.

        :return: a client of them
        :rtype: Subscriptions
        """
        client = BusinessClient(settings.base_url("TIKTOK_BUSINESS_API_BASE_URL"))
        return Subscriptions(client, *self._tiktok_require_business_app())

    # === URLS === #

    def _tiktok_get_redirect_uri(self):
        """Return the URL to which Login Kit sends browsers back; TikTok compares it exactly.

        :return: absolute
        :rtype: str
        """
        self.ensure_one()
        return f"{self.get_base_url()}{const.OAUTH_CALLBACK_ROUTE}"

    def _tiktok_get_business_redirect_uri(self):
        """Return the URL to which the Business app sends browsers back; compared exactly.

        :return: absolute
        :rtype: str
        """
        self.ensure_one()
        return f"{self.get_base_url()}{const.BUSINESS_CALLBACK_ROUTE}"

    def _tiktok_get_developer_webhook_url(self):
        """Return the callback URL of the developer app.

        :return: absolute
        :rtype: str
        """
        self.ensure_one()
        return f"{self.get_base_url()}{const.DEVELOPER_WEBHOOK_ROUTE}"

    def _tiktok_get_webhook_base(self):
        """Return the URL of the company's lead webhook up to its token.

        :return: absolute; without a host for a company that is not saved
        :rtype: str
        """
        company = self._origin
        base = company.get_base_url() if company else ""
        return f"{base}{const.LEAD_WEBHOOK_ROUTE}?company_id={company.id}&token="
