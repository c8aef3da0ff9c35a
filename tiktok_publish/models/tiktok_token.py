from odoo import api, models

from odoo.addons.tiktok_leadgen.tiktok.errors import ReconnectError


class TiktokToken(models.Model):
    _inherit = "tiktok.token"

    @api.model
    def _renew(self, account):
        """Make new tokens now, though the ones there are may still be good.

        Whoever asks while somebody else renews them gets what that one got.

        :param account: tiktok.account
        :return: when the access token ends and when the refresh token does, UTC
        :rtype: tuple[datetime, datetime]
        :raise ApiError: as TikTok refuses; what was there stays good
        :raise ReconnectError: if a person must give consent again
        """
        tokens = self.sudo()
        try:
            known = tokens.search([("account_id", "=", account.id)])._open_access()
            tokens._valid(account, 0, refused=known)
        except ReconnectError:
            account._expire_now()
            raise
        return tokens._ends(account)

    @api.model
    def _ends(self, account):
        # In a cursor of its own: the caller's snapshot is older than the renewal.
        with self.env.registry.cursor() as own:
            tokens = self.with_env(self.env(cr=own, su=True))
            token = tokens.search([("account_id", "=", account.id)])
            return token.access_expires_at, token.refresh_expires_at
