import logging

from odoo import api, fields, models
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

    token_problem = fields.Char(
        readonly=True, copy=False, help="What the last renewal failed of, empty if it did not."
    )

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
                self.env.ref(const.REFRESH_CRON_XMLID)._tiktok_trigger()
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
            sentence = self.env._(
                "The access token could not be renewed (%s). It is tried again in a few minutes.",
                type(error).__name__,
            )
            account._note_renewal(sentence)

    @api.model
    def _renew(self, token):
        account = token.account_id
        try:
            with client.within():
                token._valid(account, token._early())
        except ReconnectError:
            account._expire_now()
        except (TiktokError, UserError) as error:
            account._note_renewal(account._explain(error))
        else:
            account._note_renewal()

    def _note_renewal(self, problem=False):
        """Say what a renewal failed of; one that succeeds takes that back, and no other's words.

        :param str problem: a sentence
        """
        for account in self.filtered(lambda account: problem or account.token_problem):
            if problem or account.sync_error == account.token_problem:
                account.sync_error = problem
            account.token_problem = problem

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
