from odoo import api, fields, models

from .. import const, settings
from ..tiktok.errors import SealError
from .res_company import MANAGER, SALES_MANAGERS


class ResCompany(models.Model):
    """The company's app at TikTok for Developers: Login Kit, videos, publishing."""

    _inherit = "res.company"

    tiktok_client_key = fields.Char(
        "Client key", groups=MANAGER, help="Of your app in TikTok's developer portal."
    )
    tiktok_pkce = fields.Selection(
        [("hex", "Hexadecimal (TikTok's way)"), ("base64url", "Base64url (RFC 7636)")],
        "Proof of login (PKCE)",
        default="hex",
        required=True,
        groups=SALES_MANAGERS,
        help="Leave it unless TikTok refuses the code verifier.",
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
