import contextlib
import dataclasses
import json
import urllib.parse

import psycopg2

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.http import Controller, request, route

from .. import clash, const
from ..tiktok import client
from ..tiktok.errors import ReconnectError, SealError, TiktokError
from ..tiktok.login import Tokens
from .consent_page import Refusal, account_url, refusal_of


class Oauth(Controller):
    """TikTok sends the browser back here after its consent page.

    Each step that changes something commits in a cursor of its own, because a code and a state
    work once: were the request run again, they would be spent.
    """

    @route(
        [const.OAUTH_CALLBACK_ROUTE, const.OAUTH_CALLBACK_ROUTE.rstrip("/")],
        type="http",
        auth="public",
        methods=["GET"],
    )
    def tiktok_callback(self, **params):
        """Finish a consent, or say in one sentence why not."""
        try:
            with client.within(client.CONSENT_SECONDS):
                consent = self._take(params.get("state", ""))
                account = self._finish(consent, params)
        except Refusal as refusal:
            return refusal.response()
        return request.redirect(account_url(account))

    @route(const.OAUTH_CONFIRM_ROUTE, type="http", auth="user", methods=["POST"])
    def tiktok_confirm(self, consent_id="", answer="", **_params):
        """Put another TikTok account in the place of the one before, or leave it."""
        try:
            with client.within(client.CONSENT_SECONDS):
                account = self._decide(consent_id, answer)
        except Refusal as refusal:
            return refusal.response()
        return request.redirect(account_url(account))

    def _decide(self, consent_id, answer):
        consent, tokens = self._take_kept(consent_id)
        account = consent.account_id
        if answer == "replace":
            # Given back last: TikTok tells of it at once, and by then it is nobody's here.
            give_back = account._own_consent()
            self._keep(account, consent, tokens, replace=True)
            give_back()
            self._greet(account)
        else:
            self._drop(account, tokens)
        return account

    def _take(self, state, *, ads=False):
        """Find the consent this browser comes back from, and use it up.

        :param bool ads: whether it is one of ad accounts
        :raise Refusal: if there is none that this user may finish now
        """
        if request.env.user._is_public():
            back = urllib.parse.quote(request.httprequest.full_path, safe="")
            raise Refusal("login", url=f"/web/login?redirect={back}")
        return request.env["tiktok.oauth.state"].sudo().browse(alone(self._use, state, ads))

    def _use(self, env, state, ads):
        consent = env["tiktok.oauth.state"]._find(state)
        if not consent or bool(consent.company_id) != ads:
            raise Refusal("state_lost")
        if consent.user_id.id != request.env.uid:
            raise Refusal("other_user")
        account = in_request(consent.account_id)
        if consent.expires_at < fields.Datetime.now():
            raise Refusal("expired", account=account)
        if not consent._use():
            raise Refusal("used", account=account)
        return consent.id

    def _take_kept(self, consent_id):
        """Take the tokens that wait for an answer; they are given out once.

        :return: tiktok.oauth.state and `Tokens`
        :raise Refusal: if there are none, or not for this user
        """
        consent = self._waiting(consent_id, ads=False)
        self._check_right(consent.account_id)
        return consent, Tokens(**self._open_kept(consent))

    def _waiting(self, consent_id, *, ads):
        """Return the consent that waits for this user's answer.

        :raise Refusal: if there is none
        """
        number = int(consent_id) if consent_id.isascii() and consent_id.isdigit() else 0
        consent = (
            request.env["tiktok.oauth.state"]
            .sudo()
            .search(
                [
                    ("id", "=", number),
                    ("user_id", "=", request.env.uid),
                    ("expires_at", ">", fields.Datetime.now()),
                    ("company_id", "!=" if ads else "=", False),
                ]
            )
        )
        if not consent:
            raise Refusal("expired")
        return consent

    def _open_kept(self, consent):
        """Take what was kept of a consent, once.

        :rtype: dict
        :raise Refusal: if it is taken already or can't be opened
        """
        sealed = alone(lambda env: env["tiktok.oauth.state"].browse(consent.id)._take_tokens())
        if not sealed:
            raise Refusal("used", account=consent.account_id)
        try:
            return json.loads(request.env["tiktok.vault"]._open(sealed))
        except SealError as error:
            raise Refusal("told", account=consent.account_id, text=str(error)) from None

    def _check_right(self, account):
        try:
            account.with_user(request.env.user).check_access("write")
        except AccessError:
            raise Refusal("forbidden") from None

    def _finish(self, consent, params):
        """Turn the code into tokens and connect the account.

        :return: tiktok.account
        :raise Refusal: with the sentence for the page
        """
        account = consent.account_id
        self._check_right(account)
        if params.get("error") or not params.get("code"):
            raise refusal_of(params.get("error", ""), params.get("error_description", ""), account)
        try:
            verifier = request.env["tiktok.vault"]._open(consent.verifier_sealed)
            tokens = account._login_kit().exchange(params["code"], consent.redirect_uri, verifier)
        except (SealError, UserError) as error:
            raise Refusal("told", account=account, text=str(error)) from None
        except TiktokError as error:
            raise refusal_of(error.code, str(error), account, error.request_id) from None
        self._keep(account, consent, tokens)
        self._greet(account)
        return account

    def _keep(self, account, consent, tokens, *, replace=False):
        """Store the tokens; ask first if another TikTok account was connected here.

        :raise Refusal: if the company has this TikTok account, it can't be done, or to ask
        """
        twin = account._twin(tokens.open_id)
        if twin:
            raise self._refusal_of_twin(account, twin, tokens)
        try:
            asks = alone(self._store, account.id, consent.id, tokens, replace)
        except psycopg2.errors.UniqueViolation:
            # Somebody else connected it a moment ago; which one is not seen.
            raise self._refusal_of_twin(account, account, tokens) from None
        except clash.CONCURRENCY_ERRORS:
            self._drop(account, tokens)
            raise Refusal("busy", account=account) from None
        if asks:
            before = f"@{account.username}" if account.username else account.name
            raise Refusal("other_account", account=account, consent=consent, text=before)

    def _refusal_of_twin(self, account, twin, tokens):
        """Return what to do with a TikTok user that the company has already.

        For TikTok these tokens are one consent with a connected twin's: only without one they
        are given back.
        """
        self._drop(account, tokens)
        kind = "twin"
        if twin != account and twin.state != "connected":
            kind = "twin_lost"
        if not twin.active:
            kind = "twin_archived"
        return Refusal(kind, account=twin, text=twin.name)

    def _store(self, env, account_id, consent_id, tokens, replace):
        account = env["tiktok.account"].browse(account_id)
        account._lock()
        if account.open_id and account.open_id != tokens.open_id and not replace:
            consent = env["tiktok.oauth.state"].browse(consent_id)
            consent._keep_tokens(dataclasses.asdict(tokens))
            return True
        account._connect(tokens)
        env.flush_all()
        return False

    def _drop(self, account, tokens):
        """Give a consent back that nobody keeps; one with the user who is connected stays."""
        alone(lambda env: env["tiktok.account"].browse(account.id)._drop(tokens))

    def _greet(self, account):
        """Fetch the profile right away; if that fails the account is connected all the same."""
        with contextlib.suppress(*clash.CONCURRENCY_ERRORS):  # the scheduled action fetches it
            alone(self._first_sync, account.id)

    def _first_sync(self, env, account_id):
        account = env["tiktok.account"].browse(account_id)
        try:
            account._sync_profile()
        except ReconnectError:
            return  # the account says so already
        except (TiktokError, UserError) as error:
            account.sync_error = account._explain(error)


def alone(function, *args):
    """Call with the environment of a cursor that commits by itself, see `clash.alone`."""
    return clash.alone(request.env, function, *args)


def in_request(record):
    """Return a record of another cursor in the request's own."""
    return request.env[record._name].sudo().browse(record.id)
