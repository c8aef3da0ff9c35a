import datetime
import logging

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import const
from ..tiktok import login
from ..tiktok.client import seconds_left
from ..tiktok.errors import ReconnectError, RetryLaterError, SealError, TiktokError

_logger = logging.getLogger(__name__)

MARGIN_SECONDS = 60  # a token that ends sooner is not worth using
MAX_WAITS = 5
LOCK_SECONDS = 60  # longer than any call to TikTok takes
PAUSE_MINUTES = 5  # between two tries of the scheduled action


class TiktokToken(models.Model):
    """The tokens of an account, in a row of their own.

    Nobody has access but this code. The row is locked while TikTok makes new ones, in a cursor of
    its own that commits at once: a refresh token may work a single time, and a caller that fails
    later must not take the new one back.
    """

    _name = "tiktok.token"
    _description = "TikTok Tokens"

    account_id = fields.Many2one("tiktok.account", required=True, index=True, ondelete="cascade")
    access_sealed = fields.Char(groups=fields.NO_ACCESS, prefetch=False, copy=False)
    refresh_sealed = fields.Char(groups=fields.NO_ACCESS, prefetch=False, copy=False)
    access_expires_at = fields.Datetime()
    access_life = fields.Integer("Life of the access token (seconds)")
    refresh_expires_at = fields.Datetime()
    is_dead = fields.Boolean(help="TikTok takes the refresh token no more.")
    tried_at = fields.Datetime(help="When a renewal began that has brought no new ones yet.")

    _account_uniq = models.Constraint("UNIQUE(account_id)", "An account has one set of tokens.")

    @api.model
    def _store(self, account, tokens):
        """Keep the tokens of an account, in place of those it had.

        :param account: tiktok.account
        :param Tokens tokens: of Login Kit
        """
        token = self.sudo().search([("account_id", "=", account.id)])
        values = self._prepare(tokens)
        if token:
            token.write(values)
        else:
            self.sudo().create({"account_id": account.id, **values})

    @api.model
    def _prepare(self, tokens):
        now = fields.Datetime.now()
        vault = self.env["tiktok.vault"]
        return {
            "access_sealed": vault._seal(tokens.access_token),
            "refresh_sealed": vault._seal(tokens.refresh_token),
            "access_expires_at": now + datetime.timedelta(seconds=tokens.expires_in),
            "access_life": tokens.expires_in,
            "refresh_expires_at": now + datetime.timedelta(seconds=tokens.refresh_expires_in),
            "is_dead": False,
            "tried_at": False,
        }

    @api.model
    def _valid(self, account, margin=MARGIN_SECONDS, refused=""):
        """Return a valid access token, refreshing it first if it ends too soon.

        :param account: tiktok.account
        :param float margin: how many seconds it must still live
        :param str refused: an access token that TikTok does not take, whatever its life
        :rtype: str
        :raise ReconnectError: if a person must give consent again
        :raise ApiError: if TikTok can't refresh it now and it has ended
        :raise SealError: if the encryption key is missing or another one
        """
        for _wait in range(MAX_WAITS):
            with self.env.registry.cursor() as own:
                try:
                    return self.with_env(self.env(cr=own, su=True))._valid_locked(
                        account.id, margin, refused
                    )
                except psycopg2.errors.SerializationFailure:
                    own.rollback()  # somebody else has just refreshed it: look again
                except psycopg2.errors.LockNotAvailable:
                    own.rollback()
                    break
                except ReconnectError:
                    own.commit()  # what is dead stays so
                    raise
        raise RetryLaterError("The access token is being renewed for too long.", "refresh_busy")

    @api.model
    def _valid_locked(self, account_id, margin, refused=""):
        token = self.search([("account_id", "=", account_id)])
        if not token or token.is_dead:
            raise ReconnectError("The account is not connected.", "not_connected")
        access = token._open_access()
        if token._lives(margin) and access != refused:
            return access
        cr = self.env.cr
        wait = max(1, int(seconds_left(LOCK_SECONDS)))
        cr.execute("SET LOCAL lock_timeout = %s", [wait * 1000])
        # Whoever waited here for another's refresh gets a SerializationFailure and looks again.
        cr.execute(
            "SELECT id FROM tiktok_token WHERE id = %s FOR NO KEY UPDATE",
            [token.id],
            log_exceptions=False,
        )
        token._refresh(is_needed=access == refused)
        return token._open_access()

    def _lives(self, margin):
        """Tell whether the access token lives so long; never more than half its life is asked."""
        left = self.access_expires_at - fields.Datetime.now()
        return left.total_seconds() > min(margin, self.access_life / 2)

    @api.model
    def _due(self):
        """Return the tokens to renew now; those that could not be renewed come last.

        So a token that fails each time, or takes long, keeps the others from nothing.

        :rtype: tiktok.token
        """
        before = fields.Datetime.now() - datetime.timedelta(minutes=PAUSE_MINUTES)
        wanted = [
            ("account_id.state", "=", "connected"),
            "|",
            ("tried_at", "=", False),
            ("tried_at", "<=", before),
        ]
        found = self.search(wanted, order="tried_at nulls first, access_expires_at, id")
        return found.filtered(lambda token: token._is_due())

    def _is_due(self):
        failed = self.is_dead or self.account_id.token_problem
        return failed or not self._lives(self._early()) or not self._opens()

    def _early(self):
        """Return how long before its end the scheduled action renews it, in seconds."""
        return max(self.access_life / 3, const.REFRESH_MARGIN_SECONDS)

    def _begin_try(self):
        """Note that it is tried, before TikTok is asked: it may cost the process its life.

        :return: whether nobody else holds it
        :rtype: bool
        """
        if not self.try_lock_for_update(allow_referencing=True):
            return False
        self.tried_at = fields.Datetime.now()
        self.env["ir.cron"]._commit_progress()
        return True

    def _opens(self):
        try:
            return bool(self._open_access())
        except SealError:
            return False

    def _open_access(self):
        return self.env["tiktok.vault"]._open(self.sudo().access_sealed)

    def _refresh(self, *, is_needed=False):
        """Ask TikTok for new tokens; the caller holds the row and commits.

        :param bool is_needed: whether the access token is of no use, whatever its life
        """
        self.ensure_one()
        refresh_token = self.env["tiktok.vault"]._open(self.sudo().refresh_sealed)
        try:
            tokens = self.account_id._login_kit().refresh(refresh_token)
        except (TiktokError, UserError) as error:
            if login.ends_consent(error, is_over=self.refresh_expires_at <= fields.Datetime.now()):
                self.is_dead = True
                self.flush_recordset()
                raise ReconnectError(str(error), error.code, error.request_id) from error
            if self._lives(0) and not is_needed:
                return  # still good for now; the next one tries again
            raise
        self.write(self._prepare(tokens))
        self.flush_recordset()
        # Durable before anybody uses it: the old one may be dead already.
        own = self.env.cr
        own.commit()  # a cursor of our own
        _logger.info("TikTok account %s: token renewed", self.account_id.id)
        self.account_id._regrant(tokens.scopes)
