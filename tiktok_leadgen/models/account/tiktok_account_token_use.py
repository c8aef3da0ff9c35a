import contextlib
import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ... import settings
from ...concurrency import (
    PG_CONCURRENCY_EXCEPTIONS_TO_RETRY,
    InterruptedAttemptsError,
    UnfinishedError,
    in_new_transaction,
    process_each,
    retry_on_serialization_failure,
)
from ...log_filters import describe_error
from ...reader_language import in_reader_language
from ...tiktok import client
from ...tiktok.display import DisplayApi
from ...tiktok.errors import ReconnectError, TiktokError
from ...tiktok.values import isolate
from .tiktok_account_connect import RECONNECT

_logger = logging.getLogger(__name__)


class TiktokAccount(models.Model):
    """Use of an account's tokens: call TikTok with them, renew them, report that they ended."""

    _inherit = "tiktok.account"

    token_problem = fields.Char(
        readonly=True, copy=False, help="Why the last renewal failed; empty if it did not."
    )

    # === CALLS TO TIKTOK === #

    def _get_access_token(self, refused=""):
        """Return a valid access token; the only way to get one.

        :param str refused: a token that TikTok rejects although it should be valid
        :rtype: str
        :raise ApiError: see `tiktok.token._get_valid_token`
        :raise SealError: if the encryption key is missing or another one
        """
        self.ensure_one()
        try:
            return self.env["tiktok.token"]._get_valid_token(self, refused=refused)
        except ReconnectError:
            self._mark_expired_now()
            raise

    def _call_with_token(self, request):
        """Call TikTok with an access token, and again with a new one if TikTok rejects it.

        TikTok may end a token early, and another process may have just renewed it. If the new
        one is rejected too, a user must reconnect the account.

        :param request: takes an access token and calls TikTok with it
        :return: what the request returns
        :raise ReconnectError: after the account was marked as expired
        :raise ApiError: as TikTok refuses
        """
        access_token = self._get_access_token()
        try:
            return request(access_token)
        except ReconnectError:
            access_token = self._get_access_token(refused=access_token)
        try:
            return request(access_token)
        except ReconnectError:
            self._mark_expired_now()
            raise

    def _request_profile(self):
        """Return the profile as TikTok gives it.

        :rtype: dict
        :raise ApiError: as TikTok refuses
        """
        base = settings.base_url("TIKTOK_OPEN_API_BASE_URL")
        scopes = self.granted_scope_ids.mapped("name")
        return self._call_with_token(lambda token: DisplayApi(base, token).request_user(scopes))

    def _request_video_page(self, cursor=None, *count):
        """Return one page of videos as TikTok gives it, see `DisplayApi.request_videos`.

        :param int cursor: of the page before; None for the first
        :param count: how many videos at most
        :rtype: tuple[list, int | None, bool]
        :raise ApiError: as TikTok refuses
        """
        base = settings.base_url("TIKTOK_OPEN_API_BASE_URL")
        return self._call_with_token(
            lambda token: DisplayApi(base, token).request_videos(cursor, *count)
        )

    # === RENEWAL === #

    @api.model
    @retry_on_serialization_failure
    def _cron_refresh_tokens(self):
        """Renew tokens well before they end, and mark accounts whose consent was revoked."""
        due = self.env["tiktok.token"].sudo()._find_due_tokens()
        process_each(due, self._refresh_token, self._handle_refresh_error, job=due._name)

    @api.model
    def _refresh_token(self, token):
        """Renew one token, unless another transaction holds it.

        :param token: tiktok.token
        :raise UnfinishedError: if another transaction holds it
        :raise TiktokError: as TikTok refuses
        """
        if not token._claim_for_refresh():
            raise UnfinishedError
        account = token.account_id
        with client.deadline():
            self.env["tiktok.token"]._get_valid_token(account, token._get_refresh_margin())
        account._store_token_problem()

    @api.model
    def _handle_refresh_error(self, token, error):
        """Store why a renewal failed; mark the account if only a user can fix it.

        :param token: tiktok.token, perhaps deleted meanwhile
        :param Exception error: that the renewal raised
        """
        account = in_reader_language(token.exists().account_id)
        if isinstance(error, ReconnectError):
            account._mark_expired_now()
        elif isinstance(error, (TiktokError, UserError, InterruptedAttemptsError)):
            account._store_token_problem(account._explain_error(error))
        else:
            _logger.warning(
                "TikTok account %s: renewal failed: %s", account.id, describe_error(error)
            )
            account._store_token_problem(
                account.env._(
                    "The access token could not be renewed (%s). It is retried in a few minutes.",
                    type(error).__name__,
                )
            )

    def _store_token_problem(self, problem=False):
        """Store why a renewal failed; a successful one clears it, and no other problem.

        :param str problem: a sentence, empty after a success
        """
        for account in self.filtered(lambda account: problem or account.token_problem):
            if problem or account.sync_error == account.token_problem:
                account.sync_error = problem
            account.token_problem = problem

    # === EXPIRY === #

    def _mark_expired(self):
        """Mark connected accounts as expired and schedule one activity to reconnect each."""
        for account in self.filtered(lambda account: account.state == "connected"):
            account.write({"state": "expired", "removed_reason": "expired"})
            account.activity_schedule(
                RECONNECT,
                user_id=account._get_reconnect_user().id,
                summary=self.env._("Reconnect %s", isolate(account.name)),
                note=self.env._(
                    "TikTok no longer accepts the connection. Open it and click Reconnect."
                ),
            )

    def _mark_expired_now(self):
        """Mark the account as expired in a new transaction, kept if the caller fails.

        If another transaction holds the record, the scheduled action does it in a few minutes.
        """
        with contextlib.suppress(*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
            in_new_transaction(self.env, self._mark_expired_unless_locked)

    def _mark_expired_unless_locked(self, env):
        """Mark the account as expired, unless another transaction holds it.

        :param odoo.api.Environment env: of the transaction to do it in
        """
        env.cr.execute(
            "SELECT id FROM tiktok_account WHERE id = ANY(%s) FOR NO KEY UPDATE SKIP LOCKED",
            [self.ids],
            log_exceptions=False,
        )
        if env.cr.fetchone():
            self.with_env(env)._mark_expired()

    def _get_reconnect_user(self):
        """Return who reconnects the account: the responsible user, else another manager.

        :rtype: res.users
        """
        company = self.company_id
        managers = company._tiktok_get_managers()
        responsible = (self.user_id & managers) or (company.tiktok_responsible_id & managers)
        return responsible or managers[:1] or company._tiktok_find_administrator()
