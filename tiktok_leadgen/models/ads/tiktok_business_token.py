from odoo import api, fields, models

from ... import settings
from ...tiktok.business_client import BusinessClient
from ...tiktok.errors import SealError


class TiktokBusinessToken(models.Model):
    """The token of one consent to the Marketing API.

    All ad accounts of the consent share it and are revoked together with it. It does not expire.
    """

    _name = "tiktok.business.token"
    _description = "TikTok Ads Consent"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, help="The app that received the consent."
    )
    user_id = fields.Many2one("res.users", "Granted by", ondelete="set null")
    app_uid = fields.Char("App")
    token_sealed = fields.Char(
        "Encrypted token", groups=fields.NO_ACCESS, prefetch=False, copy=False
    )
    is_dead = fields.Boolean(help="No longer accepted by TikTok.")
    advertiser_ids = fields.One2many("tiktok.advertiser", "business_token_id")

    # === BUSINESS METHODS === #

    @api.model
    def _store_token(self, company, grant):
        """Store the token of a consent; the same token stays one row.

        :param company: res.company whose app received it
        :param business_login.Grant grant: what TikTok gave
        :rtype: tiktok.business.token
        """
        tokens = self.sudo()
        for known in tokens.search([("company_id", "=", company.id)]):
            if known._open_quietly() == grant.access_token:
                known.is_dead = False
                return known
        return tokens.create(
            {
                "company_id": company.id,
                "user_id": self.env.uid,
                "app_uid": company._tiktok_get_business_app()[0],
                "token_sealed": self.env["tiktok.secrets"]._seal_secret(grant.access_token),
            }
        )

    def _open_token(self):
        """Return the access token.

        :return: empty for none
        :rtype: str
        :raise SealError: if the encryption key is missing or another one
        """
        return self.env["tiktok.secrets"]._open_secret(self.sudo().token_sealed)

    def _open_quietly(self):
        """Return the access token, empty if it can't be opened.

        :rtype: str
        """
        try:
            return self._open_token()
        except SealError:
            return ""

    def _get_business_client(self):
        """Return the client of the Marketing API; if TikTok rejects the token, it is invalidated.

        :rtype: BusinessClient
        :raise SealError: if the encryption key is missing or another one
        """
        self.ensure_one()
        base = settings.base_url("TIKTOK_BUSINESS_API_BASE_URL")
        return BusinessClient(base, self._open_token(), on_dead=self._invalidate_token)

    def _invalidate_token(self):
        """Mark the token as invalid and revoke its ad accounts, in a transaction of its own.

        Rows that another transaction holds are left to `_cron_sync_advertisers`.
        """
        with self.env.registry.cursor() as cr:
            token = self.with_env(self.env(cr=cr, su=True))
            cr.execute(
                "SELECT id FROM tiktok_business_token WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED",
                [self.id],
            )
            if not cr.fetchone():
                return
            token.is_dead = True
            cr.execute(
                "SELECT id FROM tiktok_advertiser WHERE business_token_id = %s"
                " FOR NO KEY UPDATE SKIP LOCKED",
                [self.id],
            )
            ids = [row[0] for row in cr.fetchall()]
            token.env["tiktok.advertiser"].browse(ids)._mark_revoked("taken")
            cr.flush()

    def _revoke_tokens(self, advertiser=None):
        """Delete the tokens and revoke them at TikTok, now or when TikTok can be reached.

        :param advertiser: tiktok.advertiser that shows a delay, or None
        """
        for token in self.sudo():
            company, sealed, is_dead = token.company_id, token.token_sealed, token.is_dead
            token.unlink()
            if not is_dead:
                self.env["tiktok.revocation"]._revoke_consent(company, sealed, advertiser)

    @api.model
    def _revoke_unused_tokens(self):
        """Have the watchdog revoke the consents that no ad account uses."""
        unused = self.sudo().search([("advertiser_ids", "=", False)]).try_lock_for_update()
        self.env["tiktok.revocation"]._plan_token_revocations(unused)
