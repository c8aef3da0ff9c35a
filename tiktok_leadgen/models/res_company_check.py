import urllib.parse

from odoo import models

from .. import const, settings
from ..tiktok.errors import SealError
from .res_company_overview import is_public_https

LONGEST_URI = 512  # https://developers.tiktok.com/doc/login-kit-web: shorter than this


class ResCompany(models.Model):
    """What must still be done before an account or an ad account can be connected."""

    _inherit = "res.company"

    def _tiktok_missing(self):
        """Return what is missing, worst first, each a sentence that says what to do.

        :rtype: list[str]
        """
        self.ensure_one()
        company = self.sudo()
        return [
            *company._tiktok_missing_key(),
            *company._tiktok_missing_app(),
            *company._tiktok_missing_address(),
            *company._tiktok_missing_workers(),
        ]

    def _tiktok_missing_key(self):
        try:
            settings.sealer()
        except SealError as error:
            return [self.env._("Secrets can't be sealed. %(reason)s", reason=error)]
        lost = self.env["tiktok.vault"]._count_lost()
        if lost:
            return [
                self.env._(
                    "Sealed with an encryption key that is not here any more: %s. "
                    "Give that key back, or enter the secrets and connect the accounts again.",
                    lost,
                )
            ]
        return []

    def _tiktok_missing_app(self):
        found = []
        key = self.tiktok_client_key or settings.get("TIKTOK_CLIENT_ID")
        secret = self.has_tiktok_client_secret
        if not key:
            found.append(
                self.env._(
                    "The client key is missing: your app in TikTok's developer portal has it."
                )
            )
        if not secret:
            found.append(
                self.env._("The client secret is missing: it stands beside the client key.")
            )
        app_id = self.tiktok_app_id or settings.get("TIKTOK_APP_ID")
        if bool(app_id) != self.has_tiktok_app_secret:
            found.append(
                self.env._(
                    "The Business app's secret is missing: TikTok API for Business shows it."
                )
                if app_id
                else self.env._("The Business app's ID is missing: it stands beside its secret.")
            )
        return found

    def _tiktok_missing_address(self):
        uri = self._tiktok_redirect_uri()
        parts = urllib.parse.urlsplit(uri)
        found = []
        if not is_public_https(uri):
            found.append(
                self.env._(
                    "TikTok can't reach %s: Odoo needs a public address that begins with "
                    "https://. Set it as web.base.url.",
                    f"{parts.scheme}://{parts.netloc}",
                )
            )
        if parts.query or parts.fragment or "?" in uri or "#" in uri:
            found.append(
                self.env._("TikTok takes no redirect URI with ? or # in it: mend web.base.url.")
            )
        if len(uri) >= LONGEST_URI:
            found.append(
                self.env._("TikTok takes no redirect URI of %s characters or more.", LONGEST_URI)
            )
        return found

    def _tiktok_key_state(self):
        """Say where the key is that seals secrets.

        :rtype: str
        """
        try:
            settings.sealer()
        except SealError as error:
            return self.env._("Not usable. %(reason)s", reason=error)
        keys = settings.key_count()
        if not keys:
            return self.env._(
                "In a file of Odoo's data directory. Keep a copy of it outside: a database "
                "without its key must be connected anew."
            )
        if keys == 1:
            return self.env._("From the environment.")
        return self.env._("From the environment, where the first key seals. Keys: %s.", keys)

    def action_tiktok_check(self):
        """Say what is missing."""
        self.ensure_one()
        self._tiktok_check_manager()
        missing = self._tiktok_missing()
        if not missing:
            return self._tiktok_notify(
                self.env._("Nothing is missing"),
                self.env._("Register the addresses shown here at TikTok, then connect an account."),
            )
        return self._tiktok_notify(
            self.env._("Something is missing"), " ".join(missing), "warning", sticky=True
        )

    def action_tiktok_reseal(self):
        """Seal all secrets with the newest key, so that the older ones can be taken away."""
        self._tiktok_check_manager()
        done, failed = self.env["tiktok.vault"]._reseal_all()
        if failed:
            return self._tiktok_notify(
                self.env._("Some could not be opened"),
                self.env._("Secrets: %(failed)s of %(all)s.", failed=failed, all=failed + done),
                "warning",
                sticky=True,
            )
        return self._tiktok_notify(
            self.env._("Sealed anew"),
            self.env._("All secrets now need the newest key only: %s.", done),
        )

    def _tiktok_developer_webhook_url(self):
        """Return the address to register as callback of the developer app.

        :rtype: str
        """
        self.ensure_one()
        return f"{self.get_base_url()}{const.DEVELOPER_WEBHOOK_ROUTE}"
