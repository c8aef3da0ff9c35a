from odoo import api, models

from odoo.addons.tiktok_leadgen.tiktok.errors import ReconnectError


class TiktokToken(models.Model):
    """Renewal on demand, for the short routes."""

    _inherit = "tiktok.token"

    @api.model
    def _force_renewal(self, account):
        """Renew the tokens now, although the present ones may still be valid.

        Of several requests at the same time, one renews them and the others get its tokens.

        :param account: tiktok.account
        :return: when the access token ends and when the refresh token does, UTC
        :rtype: tuple[datetime, datetime]
        :raise ApiError: as TikTok refuses; the present tokens stay valid
        :raise ReconnectError: if the owner must give consent again
        """
        tokens = self.sudo()
        try:
            known = tokens.search([("account_id", "=", account.id)])._decrypt_access_token()
            tokens._get_valid_token(account, 0, refused=known)
        except ReconnectError:
            account._mark_expired_now()
            raise
        return tokens._read_token_ends(account)

    @api.model
    def _read_token_ends(self, account):
        """Return when the tokens of an account end.

        :param account: tiktok.account
        :return: of the access token and of the refresh token, UTC
        :rtype: tuple[datetime, datetime]
        """
        # In a cursor of its own: the caller's snapshot is older than the renewal.
        with self.env.registry.cursor() as own:
            tokens = self.with_env(self.env(cr=own, su=True))
            token = tokens.search([("account_id", "=", account.id)])
            return token.access_expires_at, token.refresh_expires_at
