from odoo import api, fields, models

from .. import settings
from .res_company import MANAGER

SHOWN = {"compute": "_compute_tiktok_shown", "groups": MANAGER}


class ResConfigSettings(models.TransientModel):
    """TikTok's block in the settings of CRM.

    Nothing here is kept in this model's own table, the secrets least of all.
    """

    _inherit = "res.config.settings"

    tiktok_client_key = fields.Char(
        related="company_id.tiktok_client_key", readonly=False, groups=MANAGER
    )
    tiktok_client_secret = fields.Char(
        "Client secret",
        compute="_compute_tiktok_secrets",
        inverse="_inverse_tiktok_client_secret",
        groups=MANAGER,
    )
    tiktok_pkce = fields.Selection(related="company_id.tiktok_pkce", readonly=False, groups=MANAGER)
    tiktok_app_id = fields.Char(related="company_id.tiktok_app_id", readonly=False, groups=MANAGER)
    tiktok_app_secret = fields.Char(
        "Business app secret",
        compute="_compute_tiktok_secrets",
        inverse="_inverse_tiktok_app_secret",
        groups=MANAGER,
    )
    # As the user, who sees the token of their own companies only.
    tiktok_webhook_url = fields.Char(
        related="company_id.tiktok_webhook_url", related_sudo=False, groups=MANAGER
    )
    tiktok_webhook_url_masked = fields.Char(
        related="company_id.tiktok_webhook_url_masked", groups=MANAGER
    )
    tiktok_client_key_state = fields.Char(**SHOWN)
    tiktok_client_secret_state = fields.Char(**SHOWN)
    tiktok_app_id_state = fields.Char(**SHOWN)
    tiktok_app_secret_state = fields.Char(**SHOWN)
    tiktok_redirect_uri = fields.Char("Redirect URI", **SHOWN)
    tiktok_business_redirect_uri = fields.Char("Ads redirect URI", **SHOWN)
    tiktok_developer_webhook_url = fields.Char("Callback URL", **SHOWN)
    tiktok_key_state = fields.Char(**SHOWN)
    tiktok_missing = fields.Text(**SHOWN)

    # === COMPUTE METHODS === #

    @api.depends("company_id")
    def _compute_tiktok_secrets(self):
        self.tiktok_client_secret = False  # what is sealed is never shown again
        self.tiktok_app_secret = False

    def _inverse_tiktok_client_secret(self):
        """Keep a new secret; an empty one is the field nobody touched."""
        for wizard in self.filtered("tiktok_client_secret"):
            wizard.company_id.tiktok_client_secret = wizard.tiktok_client_secret
        self.invalidate_recordset(["tiktok_client_secret"], flush=False)

    def _inverse_tiktok_app_secret(self):
        """Keep a new secret; an empty one is the field nobody touched."""
        for wizard in self.filtered("tiktok_app_secret"):
            wizard.company_id.tiktok_app_secret = wizard.tiktok_app_secret
        self.invalidate_recordset(["tiktok_app_secret"], flush=False)

    @api.depends("company_id")
    def _compute_tiktok_shown(self):
        for wizard in self:
            company = wizard.company_id.sudo()
            wizard.tiktok_client_key_state = self._tiktok_id_state(
                company.tiktok_client_key, "TIKTOK_CLIENT_ID"
            )
            wizard.tiktok_client_secret_state = self._tiktok_secret_state(
                company.tiktok_client_secret_sealed, "TIKTOK_CLIENT_SECRET"
            )
            wizard.tiktok_app_id_state = self._tiktok_id_state(
                company.tiktok_app_id, "TIKTOK_APP_ID"
            )
            wizard.tiktok_app_secret_state = self._tiktok_secret_state(
                company.tiktok_app_secret_sealed, "TIKTOK_APP_SECRET"
            )
            wizard.tiktok_redirect_uri = company._tiktok_redirect_uri()
            wizard.tiktok_business_redirect_uri = company._tiktok_business_redirect_uri()
            wizard.tiktok_developer_webhook_url = company._tiktok_developer_webhook_url()
            wizard.tiktok_key_state = company._tiktok_key_state()
            wizard.tiktok_missing = "\n".join(company._tiktok_missing())

    def _tiktok_id_state(self, own, name):
        value = settings.get(name)
        return self.env._("%s from the environment", value) if value and not own else False

    def _tiktok_secret_state(self, own, name):
        if own:
            return self.env._("A secret is set. It can't be shown; a new one replaces it.")
        if settings.get(name):
            return self.env._("A secret is set, from the environment.")
        return False

    # === ACTION METHODS === #

    def action_tiktok_check(self):
        """Say what is missing."""
        return self.company_id.action_tiktok_check()

    def action_tiktok_reseal(self):
        """Seal all secrets with the newest key."""
        return self.company_id.action_tiktok_reseal()
