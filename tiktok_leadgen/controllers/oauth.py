import dataclasses
import json
import urllib.parse

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.http import Controller, request, route

from .. import const
from ..tiktok.errors import ApiError, SealError
from ..tiktok.login import Tokens
from .consent_page import Refusal, refusal_of


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
            consent = self._take(params.get("state", ""))
            account = self._finish(consent, params)
        except Refusal as refusal:
            return refusal.response()
        return request.redirect(f"/odoo/tiktok-accounts/{account.id}")

    @route(const.OAUTH_CONFIRM_ROUTE, type="http", auth="user", methods=["POST"])
    def tiktok_confirm(self, consent_id="", answer="", **_params):
        """Put another TikTok account in the place of the one before, or leave it."""
        consents = request.env["tiktok.oauth.state"].sudo()
        consent = consents.search(
            [
                ("id", "=", int(consent_id) if consent_id.isdigit() else 0),
                ("user_id", "=", request.env.user.id),
                ("tokens_sealed", "!=", False),
                ("expires_at", ">", fields.Datetime.now()),
            ]
        )
        if not consent:
            return Refusal("expired").response()
        account = consent.account_id
        account.with_user(request.env.user).check_access("write")
        sealed, consent.tokens_sealed = consent.tokens_sealed, False
        tokens = Tokens(**json.loads(request.env["tiktok.vault"]._open(sealed)))
        if answer == "replace":
            account._connect(tokens)
            account._forget_profile()
        else:
            account._give_back(tokens)
        return request.redirect(f"/odoo/tiktok-accounts/{account.id}")

    def _take(self, state):
        """Find the consent this browser comes back from, and use it up.

        :raise Refusal: if there is none that this user may finish now
        """
        if request.env.user._is_public():
            back = urllib.parse.quote(request.httprequest.full_path, safe="")
            raise Refusal("login", url=f"/web/login?redirect={back}")
        with request.env.registry.cursor() as cr:
            consent = request.env(cr=cr, su=True)["tiktok.oauth.state"]._find(state)
            if not consent:
                raise Refusal("state_lost")
            if consent.user_id.id != request.env.uid:
                raise Refusal("other_user")
            if consent.expires_at < fields.Datetime.now():
                raise Refusal("expired", account=consent.account_id)
            if not consent._use():
                raise Refusal("used", account=consent.account_id)
            consent_id = consent.id
        return request.env["tiktok.oauth.state"].sudo().browse(consent_id)

    def _finish(self, consent, params):
        """Turn the code into tokens and connect the account.

        :raise Refusal: with the sentence for the page
        """
        account = consent.account_id
        try:
            account.with_user(request.env.user).check_access("write")
        except AccessError:
            raise Refusal("forbidden") from None
        if params.get("error") or not params.get("code"):
            raise refusal_of(params.get("error", ""), params.get("error_description", ""), account)
        try:
            verifier = request.env["tiktok.vault"]._open(consent.verifier_sealed)
            tokens = account._login_kit().exchange(params["code"], consent.redirect_uri, verifier)
        except ApiError as error:
            raise refusal_of(error.code, str(error), account, error.request_id) from None
        except (SealError, UserError) as error:
            raise Refusal("told", account=account, text=str(error)) from None
        return self._connect(account, consent, tokens)

    def _connect(self, account, consent, tokens):
        twin = account._twin(tokens.open_id)
        if twin:
            account._give_back(tokens)
            raise Refusal("twin", account=account, text=twin.name)
        with request.env.registry.cursor() as cr:
            env = request.env(cr=cr, su=True)
            if account.open_id and account.open_id != tokens.open_id:
                env["tiktok.oauth.state"].browse(consent.id)._keep_tokens(
                    dataclasses.asdict(tokens)
                )
            else:
                env["tiktok.account"].browse(account.id)._connect(tokens)
        if account.open_id and account.open_id != tokens.open_id:
            raise Refusal("other_account", account=account, consent=consent)
        self._greet(account)
        return account

    def _greet(self, account):
        """Fetch the profile right away; if that fails the account is connected all the same."""
        with request.env.registry.cursor() as cr:
            fresh = request.env(cr=cr, su=True)["tiktok.account"].browse(account.id)
            try:
                fresh._sync_profile()
            except (ApiError, SealError, UserError) as error:
                fresh.sync_error = fresh._explain(error)
