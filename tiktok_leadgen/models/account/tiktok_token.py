import datetime
import logging

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError

from ... import const
from ...concurrency import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, in_new_transaction
from ...job_time import read_transaction_clock
from ...tiktok import login
from ...tiktok.client import seconds_left
from ...tiktok.errors import ReconnectError, RetryLaterError, SealError, TiktokError

_logger = logging.getLogger(__name__)

MARGIN_SECONDS = 60  # a token that expires sooner is not worth using
LOCK_SECONDS = 60  # longer than any call to TikTok takes
PAUSE_MINUTES = 5  # between two attempts of the scheduled action


class TiktokToken(models.Model):
    """The tokens of an account, in a row of their own that only this code may access.

    The row is locked while TikTok makes new tokens, in a new transaction that commits
    immediately: a refresh token may work a single time, and a caller that fails later must not
    roll back the new one.
    """

    _name = "tiktok.token"
    _description = "TikTok Tokens"

    account_id = fields.Many2one("tiktok.account", required=True, index=True, ondelete="cascade")
    access_sealed = fields.Char(
        "Encrypted access token", groups=fields.NO_ACCESS, prefetch=False, copy=False
    )
    refresh_sealed = fields.Char(
        "Encrypted refresh token", groups=fields.NO_ACCESS, prefetch=False, copy=False
    )
    access_expires_at = fields.Datetime()
    access_lifetime = fields.Integer("Access token lifetime (seconds)")
    refresh_expires_at = fields.Datetime()
    is_dead = fields.Boolean(help="TikTok no longer accepts the refresh token.")
    attempted_at = fields.Datetime(help="Start of a renewal that has not been completed yet.")

    _account_uniq = models.Constraint("UNIQUE(account_id)", "An account has one set of tokens.")

    # === STORAGE === #

    @api.model
    def _store_tokens(self, account, tokens):
        """Store the tokens of an account, in place of those it had.

        :param account: tiktok.account
        :param Tokens tokens: of Login Kit
        """
        token = self.sudo().search([("account_id", "=", account.id)])
        values = self._prepare_token_values(tokens)
        if token:
            token.write(values)
        else:
            self.sudo().create({"account_id": account.id, **values})

    @api.model
    def _prepare_token_values(self, tokens):
        """Return the values that store tokens.

        :param Tokens tokens: of Login Kit
        :rtype: dict
        """
        now = read_transaction_clock(self.env)
        secrets = self.env["tiktok.secrets"]
        return {
            "access_sealed": secrets._seal_secret(tokens.access_token),
            "refresh_sealed": secrets._seal_secret(tokens.refresh_token),
            "access_expires_at": now + datetime.timedelta(seconds=tokens.expires_in),
            "access_lifetime": tokens.expires_in,
            "refresh_expires_at": now + datetime.timedelta(seconds=tokens.refresh_expires_in),
            "is_dead": False,
            "attempted_at": False,
        }

    def _decrypt_access_token(self):
        """Return the decrypted access token.

        :rtype: str
        :raise SealError: if the encryption key is missing or another one
        """
        return self.env["tiktok.secrets"]._open_secret(self.sudo().access_sealed)

    def _can_decrypt_token(self):
        try:
            return bool(self._decrypt_access_token())
        except SealError:
            return False

    # === USE === #

    @api.model
    def _get_valid_token(self, account, margin=MARGIN_SECONDS, refused=""):
        """Return a valid access token, renewing it first if it expires too soon.

        :param account: tiktok.account
        :param float margin: how many seconds it must still be valid
        :param str refused: an access token that TikTok rejects, whatever its expiry
        :rtype: str
        :raise ReconnectError: if a user must give consent again
        :raise ApiError: if it has expired and TikTok can't renew it now
        :raise SealError: if the encryption key is missing or another one
        """
        try:
            return in_new_transaction(self.env, self._get_token_in, account.id, margin, refused)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise _make_busy_error() from None

    @api.model
    def _get_token_in(self, env, account_id, margin, refused):
        """Return a valid access token in a transaction that may commit.

        :param odoo.api.Environment env: of that transaction
        :param int account_id: tiktok.account
        :param float margin: see `_get_valid_token`
        :param str refused: see `_get_valid_token`
        :rtype: str
        :raise ReconnectError: if a user must give consent again
        :raise ApiError: if it has expired and TikTok can't renew it now
        :raise SealError: if the encryption key is missing or another one
        """
        token = env["tiktok.token"].search([("account_id", "=", account_id)])
        if not token or token.is_dead:
            raise ReconnectError("The account is not connected.", "not_connected")
        access = token._decrypt_access_token()
        if token._is_valid_for(margin) and access != refused:
            return access
        token._lock_for_refresh()
        token._refresh_tokens(is_needed=access == refused)
        return token._decrypt_access_token()

    def _lock_for_refresh(self):
        """Wait for another transaction that renews this token.

        :raise psycopg2.errors.SerializationFailure: if it renewed it: a new transaction sees it
        :raise RetryLaterError: if it takes too long
        """
        wait = max(1, int(seconds_left(LOCK_SECONDS)))
        self.env.cr.execute("SET LOCAL lock_timeout = %s", [wait * 1000])
        try:
            self.env.cr.execute(
                "SELECT id FROM tiktok_token WHERE id = %s FOR NO KEY UPDATE",
                [self.id],
                log_exceptions=False,
            )
        except psycopg2.errors.LockNotAvailable:
            raise _make_busy_error() from None

    def _is_valid_for(self, margin):
        """Tell whether the access token is valid long enough; half its lifetime always is.

        :param float margin: how long, in seconds
        :rtype: bool
        """
        left = self.access_expires_at - read_transaction_clock(self.env)
        return left.total_seconds() > min(margin, self.access_lifetime / 2)

    def _refresh_tokens(self, *, is_needed=False):
        """Request new tokens from TikTok; the caller locked the row in a new transaction.

        :param bool is_needed: whether the access token is of no use, whatever its expiry
        :raise ReconnectError: if TikTok no longer accepts the refresh token
        :raise TiktokError: as TikTok refuses
        """
        self.ensure_one()
        refresh_token = self.env["tiktok.secrets"]._open_secret(self.sudo().refresh_sealed)
        own = self.env.cr  # of the new transaction
        try:
            tokens = self.account_id._make_login_kit().request_new_tokens(refresh_token)
        except (TiktokError, UserError) as error:
            is_over = self.refresh_expires_at <= read_transaction_clock(self.env)
            if login.is_consent_over(error, is_over=is_over):
                self.is_dead = True
                self.flush_recordset()
                own.commit()  # stays so, whatever the caller does
                raise ReconnectError(str(error), error.code, error.request_id) from error
            if self._is_valid_for(0) and not is_needed:
                return  # still good for now; the next one tries again
            raise
        self.write(self._prepare_token_values(tokens))
        self.flush_recordset()
        own.commit()  # before it is used: the old one may be invalid already
        _logger.info("TikTok account %s: token renewed", self.account_id.id)
        self.account_id._update_granted_scopes(tokens.scopes)

    # === SCHEDULED RENEWAL === #

    @api.model
    def _find_due_tokens(self):
        """Return the tokens to renew now; those that could not be renewed come last.

        So a token that fails each time, or takes long, does not hold up the others.

        :rtype: tiktok.token
        """
        before = read_transaction_clock(self.env) - datetime.timedelta(minutes=PAUSE_MINUTES)
        domain = [
            ("account_id.state", "=", "connected"),
            "|",
            ("attempted_at", "=", False),
            ("attempted_at", "<=", before),
        ]
        found = self.search(domain, order="attempted_at nulls first, access_expires_at, id")
        return found.filtered(lambda token: token._is_refresh_due())

    def _is_refresh_due(self):
        has_failed = self.is_dead or self.account_id.token_problem
        is_valid = self._is_valid_for(self._get_refresh_margin())
        return has_failed or not is_valid or not self._can_decrypt_token()

    def _get_refresh_margin(self):
        """Return how long before its expiry the scheduled action renews it, in seconds.

        :rtype: float
        """
        return max(self.access_lifetime / 3, const.REFRESH_MARGIN_SECONDS)

    def _claim_for_refresh(self):
        """Store that a renewal starts, before the call to TikTok: it may end the process.

        :return: whether no other transaction holds the token
        :rtype: bool
        """
        if not self.try_lock_for_update(allow_referencing=True):
            return False
        self.attempted_at = read_transaction_clock(self.env)
        self.env["ir.cron"]._commit_progress()
        return True


def _make_busy_error():
    return RetryLaterError("The access token is being renewed for too long.", "refresh_busy")
