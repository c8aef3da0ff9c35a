import shutil
import urllib.parse

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import config

from ... import const, health, settings
from ...tiktok.errors import SealError
from ...tiktok.public_url import is_public_https
from ...tiktok.values import isolate
from .res_company import MANAGER

LONGEST_URI = 512  # https://developers.tiktok.com/doc/login-kit-web: shorter than this
SHOWN = {"compute": "_compute_tiktok_shown", "groups": MANAGER}


class TiktokConfigurationCheck(models.AbstractModel):
    """Finds what is missing before an account or an ad account can be connected.

    Each problem is a sentence that says what to do.
    """

    _name = "tiktok.configuration.check"
    _description = "TikTok Configuration Check"

    @api.model
    def _find_problems(self, company):
        """Find what is missing for a company.

        :param company: res.company
        :return: sentences, the worst problem first
        :rtype: list[str]
        """
        company = company.sudo()
        return [
            *self._find_key_problems(),
            *self._find_app_problems(company),
            *self._find_url_problems(company._tiktok_get_redirect_uri()),
            *self._find_worker_problems(),
            *self._find_language_problems(),
        ]

    @api.model
    def _find_key_problems(self):
        """Find out whether secrets can be encrypted, and the stored ones decrypted.

        :return: sentences
        :rtype: list[str]
        """
        try:
            settings.sealer()
        except SealError as error:
            return [self.env._("Secrets cannot be encrypted. %(reason)s", reason=error)]
        lost = self.env["tiktok.secrets"]._count_lost_secrets()
        if lost:
            return [
                self.env._(
                    "Encrypted with a key that is no longer available: %s. Restore that "
                    "key, or enter the secrets and connect the accounts again.",
                    lost,
                )
            ]
        return []

    @api.model
    def _find_app_problems(self, company):
        """Find the keys that are missing of a company's apps; it needs no Business app.

        :param company: res.company, with all rights
        :return: sentences
        :rtype: list[str]
        """
        found = []
        if not (company.tiktok_client_key or settings.get("TIKTOK_CLIENT_ID")):
            found.append(
                self.env._(
                    "The client key is missing: your app in TikTok's developer portal has it."
                )
            )
        if not company.has_tiktok_client_secret:
            found.append(
                self.env._("The client secret is missing: it stands beside the client key.")
            )
        app_id = company.tiktok_app_id or settings.get("TIKTOK_APP_ID")
        if bool(app_id) != company.has_tiktok_app_secret:
            found.append(
                self.env._(
                    "The Business app's secret is missing: TikTok API for Business shows it."
                )
                if app_id
                else self.env._(
                    "The Business app's ID is missing: TikTok API for Business shows it "
                    "beside the secret."
                )
            )
        return found

    @api.model
    def _find_url_problems(self, uri):
        """Find out why TikTok does not accept a redirect URI.

        :param str uri: as registered at TikTok
        :return: sentences
        :rtype: list[str]
        """
        parts = urllib.parse.urlsplit(uri)
        found = []
        if not is_public_https(uri):
            found.append(
                self.env._(
                    "TikTok cannot reach %s: Odoo needs a public URL that begins with "
                    "https://. Set it as web.base.url.",
                    isolate(f"{parts.scheme}://{parts.netloc}"),
                )
            )
        if parts.query or parts.fragment or "?" in uri or "#" in uri:
            found.append(
                self.env._(
                    "TikTok does not accept redirect URIs with ? or #: correct web.base.url."
                )
            )
        if len(uri) >= LONGEST_URI:
            found.append(
                self.env._(
                    "TikTok does not accept redirect URIs of %s characters or more.", LONGEST_URI
                )
            )
        return found

    @api.model
    def _find_worker_problems(self):
        """Find out whether a second cron worker is missing where there is one.

        A node without any leaves all scheduled actions to another one.

        :return: sentences
        :rtype: list[str]
        """
        workers = config["max_cron_threads"]
        if not 0 < workers < const.CRON_WORKERS:
            return []
        return [
            self.env._(
                "Odoo runs one scheduled action at a time: leads wait while another one runs. Set "
                "max_cron_threads to %s or more.",
                const.CRON_WORKERS,
            )
        ]

    @api.model
    def _find_language_problems(self):
        """Find the languages whose pages cannot be mirrored from right to left.

        :return: sentences
        :rtype: list[str]
        """
        if shutil.which("rtlcss"):
            return []
        return [
            self.env._(
                "The pages in %s are not mirrored: the server has no rtlcss. Run “npm install -g "
                "rtlcss” there.",
                language.name,
            )
            for language in self.env["res.lang"].search([("direction", "=", "rtl")])
        ]

    @api.model
    def _describe_wait(self, status):
        """Describe for how long leads have been waiting, why, and what to do.

        :param QueueStatus status: of a company's events
        :return: sentences; False where nothing waits for long or the page says it elsewhere
        :rtype: str | bool
        """
        causes = {
            "busy": self.env._("Odoo is processing them, one batch after the other."),
            "blocked": self.env._(
                "A record they need is locked by an unfinished transaction. They are tried again "
                "automatically."
            ),
            "no_worker": self.env._(
                "No cron worker runs. Start Odoo with two cron workers (max_cron_threads = 2)."
            ),
            "job": self.env._(
                "Another scheduled action is running: %s. With two cron workers "
                "(max_cron_threads = 2) leads do not wait for it.",
                ", ".join(status.jobs),
            ),
        }
        if status.cause not in causes:
            return False
        waited = self.env._("Leads have been waiting for %s seconds.", round(status.seconds))
        return f"{waited} {causes[status.cause]}"

    @api.model
    def _describe_key(self):
        """Describe where the key is that encrypts secrets.

        :return: sentences
        :rtype: str
        """
        try:
            settings.sealer()
        except SealError as error:
            return self.env._("Cannot be used. %(reason)s", reason=error)
        if not (keys := settings.key_count()):
            return self.env._(
                "In a file of Odoo's data directory. Keep a copy elsewhere: without its "
                "key, a restored database must be connected again."
            )
        if keys == 1:
            return self.env._("From the environment.")
        return self.env._("From the environment; the first key encrypts. Keys: %s.", keys)


class ResConfigSettings(models.TransientModel):
    """TikTok's page in the settings, with its configuration check.

    Nothing here is stored in this model's own table, the secrets least of all.
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
        """Store a new secret; an empty one is the field that was not changed."""
        for wizard in self.filtered("tiktok_client_secret"):
            wizard.company_id.tiktok_client_secret = wizard.tiktok_client_secret
        self.invalidate_recordset(["tiktok_client_secret"], flush=False)

    def _inverse_tiktok_app_secret(self):
        """Store a new secret; an empty one is the field that was not changed."""
        for wizard in self.filtered("tiktok_app_secret"):
            wizard.company_id.tiktok_app_secret = wizard.tiktok_app_secret
        self.invalidate_recordset(["tiktok_app_secret"], flush=False)

    @api.depends("company_id")
    def _compute_tiktok_shown(self):
        check = self.env["tiktok.configuration.check"]
        for wizard in self:
            company = wizard.company_id.sudo()
            wizard.tiktok_client_key_state = self._tiktok_describe_id(
                company.tiktok_client_key, "TIKTOK_CLIENT_ID"
            )
            wizard.tiktok_client_secret_state = self._tiktok_describe_secret(
                company.tiktok_client_secret_sealed, "TIKTOK_CLIENT_SECRET"
            )
            wizard.tiktok_app_id_state = self._tiktok_describe_id(
                company.tiktok_app_id, "TIKTOK_APP_ID"
            )
            wizard.tiktok_app_secret_state = self._tiktok_describe_secret(
                company.tiktok_app_secret_sealed, "TIKTOK_APP_SECRET"
            )
            wizard.tiktok_redirect_uri = company._tiktok_get_redirect_uri()
            wizard.tiktok_business_redirect_uri = company._tiktok_get_business_redirect_uri()
            wizard.tiktok_developer_webhook_url = company._tiktok_get_developer_webhook_url()
            wizard.tiktok_key_state = check._describe_key()
            wizard.tiktok_missing = "\n".join(check._find_problems(company))

    def _tiktok_describe_id(self, own, name):
        value = settings.get(name)
        return self.env._("%s from the environment", value) if value and not own else False

    def _tiktok_describe_secret(self, own, name):
        if own:
            return self.env._("A secret is set. It is never shown; a new one replaces it.")
        if settings.get(name):
            return self.env._("A secret is set, from the environment.")
        return False

    # === ACTION METHODS === #

    def action_tiktok_check(self):
        """Check the configuration of the company.

        :return: a notification that says what is missing
        :rtype: dict
        """
        return self.company_id.action_tiktok_check()

    def action_tiktok_reseal(self):
        """Encrypt all secrets with the newest key.

        :return: a notification
        :rtype: dict
        """
        return self.company_id.action_tiktok_reseal()

    def action_tiktok_new_health_token(self):
        """Create a new token for monitoring; the old one no longer counts.

        :return: a notification that shows the URL with the token, once
        :rtype: dict
        :raise AccessError: if the user is no administrator: it counts all companies
        """
        if not self.env.user._is_system():
            raise AccessError(self.env._("Only an administrator of Odoo can do this."))
        token = health.replace_token(self.env(su=True))
        url = f"{self.get_base_url()}{const.HEALTH_ROUTE}?token={token}"
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Copy it now: it is shown only once"),
                "message": url,
                "type": "warning",
                "sticky": True,
            },
        }
