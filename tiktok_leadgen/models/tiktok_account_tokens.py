import logging

from odoo import api, models
from odoo.exceptions import UserError

from .. import const
from ..clash import CONCURRENCY_ERRORS, survives_clashes
from ..log_guard import place_of
from ..tiktok import client
from ..tiktok.errors import ReconnectError, TiktokError

_logger = logging.getLogger(__name__)


class TiktokAccount(models.Model):
    """When the tokens of accounts are renewed, and what is said where that fails."""

    _inherit = "tiktok.account"

    @api.model
    @survives_clashes
    def _cron_refresh_tokens(self):
        """Renew tokens well before they end, and mark accounts whose consent is gone.

        What remains is not told to the scheduler: it would repeat this at once, ten times, and
        where TikTok is slow the process be killed. A new run is asked for instead.
        """
        for token in self.env["tiktok.token"].sudo()._due():
            self._renew_alone(token)
            if not self._renew_tick():
                self.env.ref(const.REFRESH_CRON_XMLID).sudo()._trigger()
                break

    @api.model
    def _renew_alone(self, token):
        """Renew one token; if that fails, the others don't notice."""
        try:
            if token._begin_try():
                self._renew(token)
        except CONCURRENCY_ERRORS:
            self.env.cr.rollback()  # somebody else wrote to it: a later run looks again
        except Exception as error:  # noqa: BLE001 - one token never stops the others
            self.env.cr.rollback()
            account = token.exists().account_id
            _logger.warning("TikTok account %s: renewal failed: %s", account.id, place_of(error))
            account.sync_error = self.env._(
                "The access token could not be renewed (%s). It is tried again in a few minutes.",
                type(error).__name__,
            )

    @api.model
    def _renew(self, token):
        account = token.account_id
        try:
            with client.within():
                token._valid(account, token._early())
        except ReconnectError:
            account._expire_now()
        except (TiktokError, UserError) as error:
            account.sync_error = account._explain(error)

    @api.model
    def _renew_tick(self):
        """Commit, say that there was progress, and return the seconds that are left.

        :rtype: float
        """
        try:
            return self.env["ir.cron"]._commit_progress(1)
        except CONCURRENCY_ERRORS:
            self.env.cr.rollback()  # what was to be said of the account is said the next time
            return self.env["ir.cron"]._commit_progress(1)
