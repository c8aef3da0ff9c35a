import contextlib
import dataclasses
import json
import logging
import urllib.parse

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.http import Controller, request, route

from .. import concurrency, const
from ..job_time import read_clock
from ..log_filters import describe_error
from ..tiktok import client
from ..tiktok.errors import ReconnectError, SealError, TiktokError
from ..tiktok.login import Tokens
from .consent_page import ConsentError, get_account_url, make_consent_error

_logger = logging.getLogger(__name__)


class Oauth(Controller):
    """The callback of Login Kit: TikTok sends the browser back here after its consent page.

    Each step that changes something commits in a new transaction, because a code and a state
    work once: they would be spent if Odoo repeated the request.
    """

    @route(
        [const.OAUTH_CALLBACK_ROUTE, const.OAUTH_CALLBACK_ROUTE.rstrip("/")],
        type="http",
        auth="public",
        methods=["GET"],
    )
    def tiktok_callback(self, **params):
        """Finish an authorization, or show why it failed.

        :param params: of the callback's address
        :rtype: odoo.http.Response
        """
        try:
            with client.deadline(client.CONSENT_SECONDS):
                consent = self._use_state(params.get("state", ""))
                account = self._finish_authorization(consent, params)
        except ConsentError as refusal:
            return refusal.render_page()
        return request.redirect(get_account_url(account))

    @route(const.OAUTH_CONFIRM_ROUTE, type="http", auth="user", methods=["POST"])
    def tiktok_confirm(self, consent_id="", answer="", **_params):
        """Replace the connected TikTok account by another one, or keep it.

        :param str consent_id: tiktok.oauth.state that waits for the answer
        :param str answer: ``replace`` or anything else
        :rtype: odoo.http.Response
        """
        try:
            with client.deadline(client.CONSENT_SECONDS):
                account = self._answer_replacement(consent_id, answer)
        except ConsentError as refusal:
            return refusal.render_page()
        return request.redirect(get_account_url(account))

    def _answer_replacement(self, consent_id, answer):
        """Replace the connected TikTok user, or revoke the new consent.

        :param str consent_id: tiktok.oauth.state that waits for the answer
        :param str answer: ``replace`` or anything else
        :return: tiktok.account
        :raise ConsentError: if there is no such consent, or it can't be connected
        """
        consent, tokens = self._pop_waiting_tokens(consent_id)
        account = consent.account_id
        if answer == "replace":
            # Revoked last: TikTok reports it immediately, and by then no account has it.
            revoke_previous = account._prepare_revocation()
            self._connect_account(account, consent, tokens, replace=True)
            revoke_previous()
            self._sync_first_profile(account)
        else:
            self._revoke_unused_tokens(account, tokens)
        return account

    def _use_state(self, state, *, ads=False):
        """Find the authorization this browser comes back from, and mark it as used.

        :param str state: of the callback's address
        :param bool ads: whether it is one of ad accounts
        :rtype: tiktok.oauth.state
        :raise ConsentError: if there is none that this user may finish now
        """
        if request.env.user._is_public():
            back = urllib.parse.quote(request.httprequest.full_path, safe="")
            raise ConsentError("login", url=f"/web/login?redirect={back}")
        return (
            request.env["tiktok.oauth.state"]
            .sudo()
            .browse(in_own_transaction(self._mark_state_used, state, ads))
        )

    def _mark_state_used(self, env, state, ads):
        """Mark the authorization of a state as used, in a transaction of its own.

        :param odoo.api.Environment env: of that transaction
        :param str state: of the callback's address
        :param bool ads: whether it is one of ad accounts
        :return: the id of tiktok.oauth.state
        :rtype: int
        :raise ConsentError: if there is none that this user may finish now
        """
        consent = env["tiktok.oauth.state"]._find_by_state(state)
        if not consent or bool(consent.company_id) != ads:
            raise ConsentError("state_lost")
        if consent.user_id.id != request.env.uid:
            raise ConsentError("other_user")
        account = in_request_transaction(consent.account_id)
        if consent.expires_at < read_clock(env):
            raise ConsentError("expired", account=account)
        if not consent._mark_used():
            raise ConsentError("used", account=account)
        return consent.id

    def _pop_waiting_tokens(self, consent_id):
        """Return the tokens that wait for an answer, and delete them.

        :param str consent_id: tiktok.oauth.state
        :return: tiktok.oauth.state and `Tokens`
        :raise ConsentError: if there are none, or not for this user
        """
        consent = self._find_waiting_state(consent_id, ads=False)
        self._check_account_access(consent.account_id)
        return consent, Tokens(**self._pop_stored_values(consent))

    def _find_waiting_state(self, consent_id, *, ads):
        """Return the authorization that waits for this user's answer.

        :param str consent_id: tiktok.oauth.state
        :param bool ads: whether it is one of ad accounts
        :rtype: tiktok.oauth.state
        :raise ConsentError: if there is none
        """
        number = int(consent_id) if consent_id.isascii() and consent_id.isdigit() else 0
        consent = (
            request.env["tiktok.oauth.state"]
            .sudo()
            .search(
                [
                    ("id", "=", number),
                    ("user_id", "=", request.env.uid),
                    ("expires_at", ">", read_clock(request.env)),
                    ("company_id", "!=" if ads else "=", False),
                ]
            )
        )
        if not consent:
            raise ConsentError("expired")
        return consent

    def _pop_stored_values(self, consent):
        """Return the decrypted values stored with an authorization, and delete them.

        :param consent: tiktok.oauth.state
        :rtype: dict
        :raise ConsentError: if they are deleted already or can't be decrypted
        """
        try:
            stored = in_own_transaction(
                lambda env: env["tiktok.oauth.state"].browse(consent.id)._pop_stored_tokens()
            )
        except SealError as error:
            raise ConsentError("error_text", account=consent.account_id, text=str(error)) from None
        if not stored:
            raise ConsentError("used", account=consent.account_id)
        return json.loads(stored)

    def _check_account_access(self, account):
        try:
            account.with_user(request.env.user).check_access("write")
        except AccessError:
            raise ConsentError("forbidden") from None

    def _finish_authorization(self, consent, params):
        """Exchange the code for tokens and connect the account.

        :param consent: tiktok.oauth.state
        :param dict params: of the callback's address
        :return: tiktok.account
        :raise ConsentError: with the sentence for the page
        """
        account = consent.account_id
        self._check_account_access(account)
        if params.get("error") or not params.get("code"):
            raise make_consent_error(
                params.get("error", ""), params.get("error_description", ""), account
            )
        try:
            verifier = request.env["tiktok.secrets"]._open_secret(consent.verifier_sealed)
            tokens = account._make_login_kit().request_tokens(
                params["code"], consent.redirect_uri, verifier
            )
        except (SealError, UserError) as error:
            raise ConsentError("error_text", account=account, text=str(error)) from None
        except TiktokError as error:
            raise make_consent_error(error.code, str(error), account, error.request_id) from None
        self._connect_account(account, consent, tokens)
        self._sync_first_profile(account)
        return account

    def _connect_account(self, account, consent, tokens, *, replace=False):
        """Connect the account; ask first if another TikTok user was connected here.

        :param account: tiktok.account
        :param consent: tiktok.oauth.state
        :param Tokens tokens: of Login Kit
        :param bool replace: whether the user agreed to replace another TikTok user
        :raise ConsentError: if the company has this TikTok account, it can't be done, or to ask
        """
        duplicate = account._find_duplicate_account(tokens.open_id)
        if duplicate:
            raise self._make_duplicate_error(account, duplicate, tokens)
        try:
            must_ask = in_own_transaction(
                self._connect_or_store, account.id, consent.id, tokens, replace
            )
        except psycopg2.errors.UniqueViolation:
            # Another request has just connected it; this one does not see which account.
            raise self._make_duplicate_error(account, account, tokens) from None
        except concurrency.PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self._revoke_unused_tokens(account, tokens)
            raise ConsentError("busy", account=account) from None
        except (UserError, SealError) as error:  # such as a key that seals nothing
            self._revoke_unused_tokens(account, tokens)
            raise ConsentError("error_text", account=account, text=str(error)) from None
        if must_ask:
            before = f"@{account.username}" if account.username else account.name
            raise ConsentError("other_account", account=account, consent=consent, text=before)

    def _make_duplicate_error(self, account, duplicate, tokens):
        """Return the error about a TikTok user that the company has already.

        For TikTok these tokens and those of a connected duplicate are one consent: it is only
        revoked if no account has it.

        :param account: tiktok.account that was to be connected
        :param duplicate: tiktok.account with this TikTok user
        :param Tokens tokens: of Login Kit
        :rtype: ConsentError
        """
        self._revoke_unused_tokens(account, tokens)
        kind = "duplicate"
        if duplicate != account and duplicate.state != "connected":
            kind = "duplicate_disconnected"
        if not duplicate.active:
            kind = "duplicate_archived"
        return ConsentError(kind, account=duplicate, text=duplicate.name)

    def _connect_or_store(self, env, account_id, consent_id, tokens, replace):
        """Connect the account, or store the tokens until the user has agreed to replace.

        :param odoo.api.Environment env: of a transaction of its own
        :param int account_id: tiktok.account
        :param int consent_id: tiktok.oauth.state
        :param Tokens tokens: of Login Kit
        :param bool replace: whether the user agreed to replace another TikTok user
        :return: whether the user must be asked
        :rtype: bool
        """
        account = env["tiktok.account"].browse(account_id)
        account._lock_for_update()
        if account.open_id and account.open_id != tokens.open_id and not replace:
            consent = env["tiktok.oauth.state"].browse(consent_id)
            consent._store_tokens(dataclasses.asdict(tokens))
            return True
        account._connect_account(tokens)
        env.flush_all()
        return False

    def _revoke_unused_tokens(self, account, tokens):
        """Revoke a consent that connects no account.

        :param account: tiktok.account
        :param Tokens tokens: of Login Kit
        """

        def revoke_tokens(env):
            env["tiktok.account"].browse(account.id)._revoke_unused_tokens(tokens)

        try:
            in_own_transaction(revoke_tokens)
        except UserError as error:
            _logger.warning(
                "TikTok account %s: a consent stays valid at TikTok: it could be neither stored "
                "nor revoked: %s",
                account.id,
                describe_error(error),
            )

    def _sync_first_profile(self, account):
        """Fetch the profile immediately; if that fails the account stays connected.

        :param account: tiktok.account
        """
        with contextlib.suppress(
            *concurrency.PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
        ):  # the scheduled action fetches it
            in_own_transaction(self._sync_profile_in, account.id)

    def _sync_profile_in(self, env, account_id):
        """Fetch the profile of an account that was just connected.

        :param odoo.api.Environment env: of a transaction of its own
        :param int account_id: tiktok.account
        """
        account = env["tiktok.account"].browse(account_id)
        try:
            account._sync_profile()
        except ReconnectError:
            return  # the account says so already
        except (TiktokError, UserError) as error:
            account.sync_error = account._explain_error(error)


def in_own_transaction(function, *args):
    """Call a function in a transaction of its own, see `concurrency.in_new_transaction`.

    :param function: takes an environment and the arguments
    :param args: passed on to the function
    :return: what the function returns
    """
    return concurrency.in_new_transaction(request.env, function, *args)


def in_request_transaction(record):
    """Return a record of another transaction in the request's own.

    :param record: of any model
    :return: the same record
    """
    return request.env[record._name].sudo().browse(record.id)
