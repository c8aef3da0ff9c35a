from odoo import api, fields, models

from .. import settings
from .res_company import MANAGER, SALES_MANAGERS

# What stands in for a secret the company has none of its own, by the field it is typed in.
VARIABLES = {
    "tiktok_app_secret": "TIKTOK_APP_SECRET",
    "tiktok_client_secret": "TIKTOK_CLIENT_SECRET",
}


class ResCompany(models.Model):
    """The secrets of the company's apps: typed, sealed, and never shown again.

    The field a secret is typed in has no value of its own, so reading it gives nothing.
    """

    _inherit = "res.company"

    tiktok_app_secret = fields.Char(
        "Business app secret",
        store=False,
        copy=False,
        inverse="_inverse_tiktok_app_secret",
        groups=MANAGER,
        help="Checks TikTok's signature. It is sealed when you save and never shown again.",
    )
    tiktok_app_secret_sealed = fields.Char(groups=fields.NO_ACCESS, prefetch=False, copy=False)
    has_tiktok_app_secret = fields.Boolean(
        "App secret is set", compute="_compute_has_tiktok_secrets", groups=SALES_MANAGERS
    )
    tiktok_client_secret = fields.Char(
        "Client secret",
        store=False,
        copy=False,
        inverse="_inverse_tiktok_client_secret",
        groups=MANAGER,
        help="It is sealed when you save and never shown again.",
    )
    tiktok_client_secret_sealed = fields.Char(groups=fields.NO_ACCESS, prefetch=False, copy=False)
    has_tiktok_client_secret = fields.Boolean(
        "Client secret is set", compute="_compute_has_tiktok_secrets", groups=SALES_MANAGERS
    )

    # === COMPUTE METHODS === #

    # One inverse for each: Odoo calls it with what was typed in its field alone.
    def _inverse_tiktok_app_secret(self):
        self._tiktok_seal("tiktok_app_secret")

    def _inverse_tiktok_client_secret(self):
        self._tiktok_seal("tiktok_client_secret")

    def _tiktok_seal(self, name):
        """Seal what was typed; an empty one takes the secret away.

        :param str name: of the field it was typed in
        """
        for company in self:
            company.sudo()[f"{name}_sealed"] = self.env["tiktok.vault"]._seal(company[name])
        # What was typed must not be read back in the same request.
        self.invalidate_recordset([name], flush=False)

    @api.depends(*(f"{name}_sealed" for name in VARIABLES))
    def _compute_has_tiktok_secrets(self):
        for company in self:
            for name, variable in VARIABLES.items():
                sealed = company.sudo()[f"{name}_sealed"]
                company[f"has_{name}"] = bool(sealed or settings.get(variable))
