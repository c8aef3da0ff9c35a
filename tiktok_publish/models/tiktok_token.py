import psycopg2

from odoo import api, fields, models

from odoo.addons.tiktok_leadgen.models.tiktok_token import MAX_WAITS
from odoo.addons.tiktok_leadgen.tiktok.errors import ReconnectError, RetryLaterError


class TiktokToken(models.Model):
    _inherit = "tiktok.token"

    @api.model
    def _renew(self, account):
        """Make new tokens now, though the ones there are may still be good.

        :param account: tiktok.account
        :return: tiktok.token
        :raise ApiError: as TikTok refuses; what was there stays good
        :raise ReconnectError: if a person must give consent again
        """
        try:
            return self._renew_alone(account)
        except ReconnectError:
            account._expire_now()
            raise

    @api.model
    def _renew_alone(self, account):
        for _wait in range(MAX_WAITS):
            with self.env.registry.cursor() as own:
                tokens = self.with_env(self.env(cr=own, su=True))
                try:
                    # Not committed by itself: where the renewal fails, the old end counts again.
                    token = tokens.search([("account_id", "=", account.id)])
                    token.access_expires_at = fields.Datetime.now()
                    token.flush_recordset()
                    tokens._valid_locked(account.id, 0)
                    return self.sudo().browse(token.id)
                except psycopg2.errors.SerializationFailure:
                    own.rollback()  # somebody else renews them: look again
                except ReconnectError:
                    own.commit()  # what is dead stays so
                    raise
        raise RetryLaterError("The access token is being renewed for too long.", "refresh_busy")
