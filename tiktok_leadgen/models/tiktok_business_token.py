from odoo import api, fields, models

from .. import settings
from ..tiktok.business import BusinessClient
from ..tiktok.errors import SealError


class TiktokBusinessToken(models.Model):
    """The token of one consent to the Marketing API, in a row of its own.

    All ad accounts of the consent share it: when it dies they all do. It has no end by itself.
    """

    _name = "tiktok.business.token"
    _description = "TikTok Ads Consent"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, help="Whose app it was given to."
    )
    user_id = fields.Many2one("res.users", "Given by", ondelete="set null")
    app_uid = fields.Char("App")
    token_sealed = fields.Char(groups=fields.NO_ACCESS, prefetch=False, copy=False)
    is_dead = fields.Boolean(help="TikTok takes it no more.")
    advertiser_ids = fields.One2many("tiktok.advertiser", "business_token_id")

    @api.model
    def _keep(self, company, grant):
        """Keep the token of a consent; the same token stays one row.

        :param company: res.company, whose app it was given to
        :param business_login.Grant grant: what TikTok gave
        :rtype: tiktok.business.token
        """
        vault = self.env["tiktok.vault"]
        tokens = self.sudo()
        for known in tokens.search([("company_id", "=", company.id)]):
            if known._open_quietly() == grant.access_token:
                known.is_dead = False
                return known
        return tokens.create(
            {
                "company_id": company.id,
                "user_id": self.env.uid,
                "app_uid": company._tiktok_business_app()[0],
                "token_sealed": vault._seal(grant.access_token),
            }
        )

    def _open(self):
        """Return the token, empty for none.

        :raise SealError: if the encryption key is missing or another one
        """
        return self.env["tiktok.vault"]._open(self.sudo().token_sealed)

    def _open_quietly(self):
        try:
            return self._open()
        except SealError:
            return ""

    def _client(self):
        """Return what calls the Marketing API with this token; a dead one is marked at once.

        :rtype: BusinessClient
        :raise SealError: if the encryption key is missing or another one
        """
        self.ensure_one()
        base = settings.base_url("TIKTOK_BUSINESS_API_BASE_URL")
        return BusinessClient(base, self._open(), on_dead=self._bury)

    def _bury(self):
        """Mark it dead, and its ad accounts with it, in a cursor of its own.

        What somebody else holds is left to `_cron_sync_advertisers`.
        """
        with self.env.registry.cursor() as own:
            buried = self.with_env(self.env(cr=own, su=True))
            own.execute(
                "SELECT id FROM tiktok_business_token WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED",
                [self.id],
            )
            if not own.fetchone():
                return
            buried.is_dead = True
            own.execute(
                "SELECT id FROM tiktok_advertiser WHERE business_token_id = %s"
                " FOR NO KEY UPDATE SKIP LOCKED",
                [self.id],
            )
            ids = [row[0] for row in own.fetchall()]
            buried.env["tiktok.advertiser"].browse(ids)._lose("taken")
            own.flush()

    def _give_back(self, advertiser=None):
        """Revoke it at TikTok, now or when TikTok can be reached; here it is gone.

        :param advertiser: tiktok.advertiser that shows a delay, or None
        """
        for token in self.sudo():
            company, sealed, is_dead = token.company_id, token.token_sealed, token.is_dead
            token.unlink()
            if not is_dead:
                self.env["tiktok.revocation"]._revoke_consent(company, sealed, advertiser)

    @api.model
    def _drop_unused(self):
        """Give back what no ad account lives on any more."""
        self.sudo().search([("advertiser_ids", "=", False)])._give_back()
