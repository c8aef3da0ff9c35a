import logging

import psycopg2

from odoo import fields, models
from odoo.exceptions import UserError

from .. import const, settings
from ..clash import alone
from ..tiktok import login
from ..tiktok.errors import ReconnectError, SealError, TiktokError

_logger = logging.getLogger(__name__)
RECONNECT = "tiktok_leadgen.mail_activity_type_reconnect"


class TiktokAccount(models.Model):
    """How an account gets its consent, and how it loses it."""

    _name = "tiktok.account"
    _inherit = ["tiktok.account", "tiktok.disconnect.mixin"]

    redirect_uri = fields.Char(
        "Redirect URI",
        compute="_compute_redirect_uri",
        help="Register exactly this address in your TikTok app, under Login Kit.",
    )

    # === COMPUTE METHODS === #

    def _compute_redirect_uri(self):
        for account in self:
            account.redirect_uri = (account.company_id or self.env.company)._tiktok_redirect_uri()

    def _compute_is_disconnecting(self):
        self.env["tiktok.revocation"]._fill_pending(self, "account_id")

    # === CONSENT === #

    def _lock(self):
        """Wait for the accounts' rows, and read them anew.

        Whoever changes an account together with its videos takes the account first: two that
        begin at different ends wait for each other.

        :raise psycopg2.errors.SerializationFailure: if one was changed meanwhile
        """
        self.env.cr.execute(
            "SELECT id FROM tiktok_account WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
            [self.ids],
            log_exceptions=False,
        )
        self.invalidate_recordset()

    def _begin_consent(self):
        """Remember a consent that is asked for, and return where.

        :return: TikTok's address and the state in it
        :rtype: tuple[str, str]
        :raise UserError: if the app's keys are missing
        """
        self.ensure_one()
        self.check_access("write")
        company = self.company_id.sudo()
        app = self.sudo()._app()
        verifier = login.make_verifier()
        redirect_uri = company._tiktok_redirect_uri()
        state = self.env["tiktok.oauth.state"]._begin(self, redirect_uri, verifier)
        url = login.authorize_url(
            settings.base_url("TIKTOK_WEB_BASE_URL"),
            client_key=app["client_key"],
            redirect_uri=redirect_uri,
            scopes=self.scope_ids.mapped("name") or ["user.info.basic"],
            state=state,
            code_challenge=login.challenge(verifier, company.tiktok_pkce or "hex"),
        )
        return url, state

    def _app(self):
        """Return the keys of the company's developer app.

        :return: client_key and client_secret
        :rtype: dict
        :raise UserError: if one is missing or can't be opened
        """
        company = self.company_id.sudo()
        try:
            key, secret = company._tiktok_developer_app()
        except SealError as error:
            raise UserError(str(error)) from error
        if not key or not secret:
            raise UserError(
                self.env._(
                    "The client key and secret of your TikTok app are missing. Enter them in "
                    "CRM → Configuration → Settings → TikTok."
                )
            )
        return {"client_key": key, "client_secret": secret}

    def _login_kit(self):
        app = self._app()
        base = settings.base_url("TIKTOK_OPEN_API_BASE_URL")
        return login.LoginKit(base, app["client_key"], app["client_secret"])

    def _connect(self, tokens):
        """Keep what TikTok gave: the account is connected.

        What was learned of another TikTok account before is forgotten.

        :param login.Tokens tokens: of the consent
        """
        self.ensure_one()
        scopes = self._scopes(tokens.scopes)
        if self.open_id and self.open_id != tokens.open_id:
            self._forget_profile()
        self.env["tiktok.token"]._store(self, tokens)
        self.write(
            {
                "state": "connected",
                "open_id": tokens.open_id,
                "granted_scope_ids": [(6, 0, scopes.ids)],
                "connected_at": fields.Datetime.now(),
                "removed_reason": False,
                "sync_error": False,
            }
        )
        self.activity_unlink([RECONNECT])

    def _scopes(self, names):
        return self.env["tiktok.scope"].search([("name", "in", names)])

    def _regrant(self, names):
        """Keep which permissions are given: the owner may have taken some back at TikTok.

        What somebody else holds is left to the next renewal.

        :param tuple names: what TikTok calls them, empty where it did not say
        """
        scopes = self._scopes(names)
        if not names or scopes == self.granted_scope_ids:
            return
        if self.try_lock_for_update(allow_referencing=True):
            self.granted_scope_ids = scopes

    def _twin(self, open_id):
        """Return another account of the company that is the same TikTok user.

        :rtype: tiktok.account
        """
        return self._same_user(open_id).filtered(lambda same: same.company_id == self.company_id)

    def _same_user(self, open_id):
        """Return all other accounts that are the same TikTok user of the same app."""
        same = [("open_id", "=", open_id), ("id", "!=", self.id)]
        return self.sudo().with_context(active_test=False).search(same)

    # === LOSING IT === #

    def _give_back(self, open_id, access_token, seal_tokens):
        """Revoke a consent at TikTok, now or when TikTok can be reached.

        TikTok knows one consent for each user of an app: while another account lives on it, here
        or in another company, it is kept.

        :param str open_id: whose consent
        :param access_token: called for a valid one
        :param seal_tokens: called for what revokes it later, see `_plan_account`
        """
        if self._same_user(open_id).filtered(lambda same: same.state == "connected"):
            return
        try:
            self._login_kit().revoke(access_token())
        except ReconnectError as error:
            _logger.info("TikTok account %s: %s on revoke", self.id, type(error).__name__)
        except (TiktokError, UserError, SealError) as error:
            self.env["tiktok.revocation"]._plan_account(self, open_id, seal_tokens(), error)

    def _drop(self, tokens, *, is_old=False):
        """Give a consent back that nobody keeps; one with the user who is connected here stays.

        :param login.Tokens tokens: of the consent
        :param bool is_old: whether the access token may have ended
        """
        if self.state == "connected" and self.open_id == tokens.open_id:
            return

        def access_token():
            nonlocal tokens
            if is_old:
                tokens = self._login_kit().refresh(tokens.refresh_token)
            return tokens.access_token

        def seal_tokens():
            vault = self.env["tiktok.vault"]
            return {
                "token_sealed": vault._seal(tokens.access_token),
                "refresh_sealed": vault._seal(tokens.refresh_token),
            }

        self._give_back(tokens.open_id, access_token, seal_tokens)

    def _forget_profile(self):
        """Empty what was learned of another TikTok account."""
        names = ("nickname", "username", "image_1920", "bio", "profile_url", "is_verified")
        self.write(dict.fromkeys((*names, *const.ACCOUNT_COUNTS, "last_sync_at"), False))

    def _disconnect(self, reason="here"):
        """Forget the tokens, after giving them back where TikTok can be reached."""
        self.ensure_one()
        if reason == "here":
            self._give_back_own()
            # Our snapshot is older than a renewal for the sake of giving back: deleting in here
            # would fail, and the whole begin again.
            alone(self.env, self._forget_tokens)
        else:
            self._forget_tokens(self.env)
        self.write(
            {
                "state": "disconnected",
                "removed_reason": reason,
                "granted_scope_ids": [(5,)],
                "sync_error": False,
            }
        )
        self.activity_unlink([RECONNECT])

    def _forget_tokens(self, env):
        env["tiktok.token"].sudo().search([("account_id", "=", self.id)]).unlink()

    def _own_consent(self):
        """Remember our own consent, to give it back when another has taken its place.

        :return: gives it back, if there is one
        """
        open_id, revocations = self.open_id, self.env["tiktok.revocation"]
        try:
            access_token = self.env["tiktok.token"].sudo()._valid(self, 0)
        except ReconnectError:
            return lambda: None
        except (TiktokError, UserError, SealError) as error:
            sealed, problem = self._sealed_tokens(), error
            return lambda: revocations._plan_account(self, open_id, sealed, problem)
        sealed = self._sealed_tokens()
        return lambda: self._give_back(open_id, lambda: access_token, lambda: sealed)

    def _sealed_tokens(self):
        """Return the newest tokens, sealed; another cursor may have renewed them just now.

        :rtype: dict
        """

        def read_tokens(env):
            token = env["tiktok.token"].search([("account_id", "=", self.id)])
            return {"token_sealed": token.access_sealed, "refresh_sealed": token.refresh_sealed}

        return alone(self.env, read_tokens)

    def _give_back_own(self):
        """Give our own consent back, if it is there."""
        tokens = self.env["tiktok.token"].sudo()
        if tokens.search_count([("account_id", "=", self.id), ("is_dead", "=", False)]):
            self._give_back(self.open_id, lambda: tokens._valid(self, 0), self._sealed_tokens)

    def _expire(self):
        """Say once that a person must reconnect the account."""
        for account in self.filtered(lambda account: account.state == "connected"):
            account.write({"state": "expired", "removed_reason": "expired"})
            account.activity_schedule(
                RECONNECT,
                user_id=account._who_reconnects().id,
                summary=self.env._("Reconnect %s", account.name),
                note=self.env._("TikTok takes the connection no more. Open it, press Reconnect."),
            )

    def _expire_now(self):
        """Mark it in a cursor of its own, so that the caller's failure does not take it back.

        If somebody else holds the record, the scheduled action does it in a few minutes.
        """
        with self.env.registry.cursor() as cr:
            try:
                cr.execute(
                    "SELECT id FROM tiktok_account WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED",
                    [self.id],
                    log_exceptions=False,
                )
                if not cr.fetchone():
                    return
                self.with_env(self.env(cr=cr, su=True))._expire()
                cr.flush()
            except psycopg2.errors.SerializationFailure:
                cr.rollback()

    def _who_reconnects(self):
        """Return who is told: of those who may connect the account the one who is responsible.

        :rtype: res.users
        """
        company = self.company_id
        managers = company._tiktok_managers()
        responsible = (self.user_id & managers) or (company.tiktok_responsible_id & managers)
        return responsible or managers[:1] or self.env.ref("base.user_admin")
