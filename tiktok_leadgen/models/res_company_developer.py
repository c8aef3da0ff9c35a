from odoo import api, fields, models

from .. import const, settings
from ..tiktok.errors import SealError
from .res_company import MANAGER


class ResCompany(models.Model):
    """The company's app at TikTok for Developers: Login Kit, videos, publishing."""

    _inherit = "res.company"

    tiktok_client_key = fields.Char(
        "Client key", groups=MANAGER, help="Of your app in TikTok's developer portal."
    )
    tiktok_client_secret = fields.Char(
        "Client secret",
        compute="_compute_tiktok_client_secret",
        inverse="_inverse_tiktok_client_secret",
        groups=MANAGER,
        help="It is sealed when you save and never shown again.",
    )
    tiktok_client_secret_sealed = fields.Char(groups=fields.NO_ACCESS, prefetch=False, copy=False)
    has_tiktok_client_secret = fields.Boolean(
        "Client secret is set", compute="_compute_has_tiktok_client_secret"
    )
    tiktok_pkce = fields.Selection(
        [("hex", "Hexadecimal (TikTok's way)"), ("base64url", "Base64url (RFC 7636)")],
        "Proof of login (PKCE)",
        default="hex",
        required=True,
        help="Leave it unless TikTok refuses the code verifier.",
    )

    # === COMPUTE METHODS === #

    def _compute_tiktok_client_secret(self):
        self.tiktok_client_secret = False  # what is sealed is never shown again

    def _inverse_tiktok_client_secret(self):
        for company in self:
            sealed = self.env["tiktok.vault"]._seal(company.tiktok_client_secret)
            company.sudo().tiktok_client_secret_sealed = sealed
        # What was typed must not be read back in the same request.
        self.invalidate_recordset(["tiktok_client_secret"], flush=False)

    @api.depends("tiktok_client_secret_sealed")
    def _compute_has_tiktok_client_secret(self):
        for company in self:
            company.has_tiktok_client_secret = bool(
                company.sudo().tiktok_client_secret_sealed or settings.get("TIKTOK_CLIENT_SECRET")
            )

    # === BUSINESS METHODS === #

    def _tiktok_developer_app(self):
        """Return the company's client key and secret, else the environment's.

        :rtype: tuple[str, str]
        :raise SealError: if the secret can't be opened
        """
        self.ensure_one()
        company = self.sudo()
        key = company.tiktok_client_key or settings.get("TIKTOK_CLIENT_ID")
        secret = self.env["tiktok.vault"]._open(company.tiktok_client_secret_sealed)
        return key, secret or settings.get("TIKTOK_CLIENT_SECRET")

    @api.model
    def _tiktok_developer_apps(self):
        """Return the developer apps of all companies; the webhook has one address for all.

        :return: the companies' ids, lowest first, by client key and secret; and whether a secret
            could not be opened
        :rtype: tuple[dict[tuple[str, str], list[int]], bool]
        """
        shared_key = settings.get("TIKTOK_CLIENT_ID")
        shared_secret = settings.get("TIKTOK_CLIENT_SECRET")
        apps, is_sealed = {}, False
        for company_id, config in sorted(self._tiktok_lead_configs().items()):
            try:
                own = self.env["tiktok.vault"]._open(config["tiktok_client_secret_sealed"])
            except SealError:
                is_sealed = True
                continue
            secret = own or shared_secret
            if secret:
                app = (config["tiktok_client_key"] or shared_key, secret)
                apps.setdefault(app, []).append(company_id)
        return apps, is_sealed

    def _tiktok_redirect_uri(self):
        """Return the address TikTok sends browsers back to; it must be registered there exactly.

        :rtype: str
        """
        self.ensure_one()
        return f"{self.get_base_url()}{const.OAUTH_CALLBACK_ROUTE}"
