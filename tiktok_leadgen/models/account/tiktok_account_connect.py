import logging

from odoo import fields, models
from odoo.exceptions import UserError

from ... import const, settings
from ...concurrency import in_new_transaction
from ...job_time import read_transaction_clock
from ...tiktok import login
from ...tiktok.display import VIDEO_SCOPE
from ...tiktok.errors import ReconnectError, SealError, TiktokError

_logger = logging.getLogger(__name__)
RECONNECT = "tiktok_leadgen.mail_activity_type_reconnect"


class TiktokScope(models.Model):
    """A permission that a TikTok user grants to the app."""

    _name = "tiktok.scope"
    _description = "TikTok Permission"
    _order = "sequence, id"
    _rec_name = "label"

    name = fields.Char("Scope", required=True, help="TikTok's name, such as video.list.")
    label = fields.Char(required=True, translate=True)
    unavailable_features = fields.Char(
        "Without this permission", translate=True, help="Features that do not work without it."
    )
    sequence = fields.Integer(default=10)
    is_default = fields.Boolean("Requested by default", default=True)

    _name_uniq = models.Constraint("UNIQUE(name)", "The permission already exists.")


class TiktokAccount(models.Model):
    """Authorization of an account: request the consent, store it, revoke it."""

    _name = "tiktok.account"
    _inherit = ["tiktok.account", "tiktok.disconnect.mixin"]

    redirect_uri = fields.Char(
        "Redirect URI",
        compute="_compute_redirect_uri",
        help="Register exactly this URL in your TikTok app, under Login Kit.",
    )

    # === COMPUTE METHODS === #

    def _compute_redirect_uri(self):
        for account in self:
            company = account.company_id or self.env.company
            account.redirect_uri = company._tiktok_get_redirect_uri()

    def _compute_is_disconnecting(self):
        self.env["tiktok.revocation"]._fill_pending_fields(self, "account_id")

    # === CONSENT === #

    def _lock_for_update(self):
        """Wait for the accounts' rows and read them again.

        Code that changes an account together with its videos locks the account first: two
        transactions that begin at different ends would wait for each other.

        :raise psycopg2.errors.SerializationFailure: if one was changed meanwhile
        """
        self.env.cr.execute(
            "SELECT id FROM tiktok_account WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
            [self.ids],
            log_exceptions=False,
        )
        self.invalidate_recordset()

    def _start_authorization(self):
        """Store the state of a new authorization and return TikTok's page for it.

        :return: the address of TikTok's page and the state in it
        :rtype: tuple[str, str]
        :raise UserError: if the app's keys are missing
        """
        self.ensure_one()
        self.check_access("write")
        company = self.company_id.sudo()
        app = self.sudo()._get_app_keys()
        verifier = login.make_verifier()
        redirect_uri = company._tiktok_get_redirect_uri()
        state = self.env["tiktok.oauth.state"]._create_state(self, redirect_uri, verifier)
        url = login.make_authorize_url(
            settings.base_url("TIKTOK_WEB_BASE_URL"),
            client_key=app["client_key"],
            redirect_uri=redirect_uri,
            scopes=self.scope_ids.mapped("name") or ["user.info.basic"],
            state=state,
            code_challenge=login.compute_challenge(verifier, settings.pkce_encoding()),
        )
        return url, state

    def _get_app_keys(self):
        """Return the keys of the company's developer app.

        :return: client_key and client_secret
        :rtype: dict
        :raise UserError: if one is missing or can't be decrypted
        """
        company = self.company_id.sudo()
        try:
            key, secret = company._tiktok_get_developer_app()
        except SealError as error:
            raise UserError(str(error)) from error
        if not key or not secret:
            raise UserError(
                self.env._(
                    "The client key and secret of your TikTok app are missing. Enter them in "
                    "TikTok → Configuration → Settings."
                )
            )
        return {"client_key": key, "client_secret": secret}

    def _make_login_kit(self):
        """Return a client of Login Kit for the company's developer app.

        :rtype: login.LoginKit
        :raise UserError: see `_get_app_keys`
        """
        app = self._get_app_keys()
        base = settings.base_url("TIKTOK_OPEN_API_BASE_URL")
        return login.LoginKit(base, app["client_key"], app["client_secret"])

    def _connect_account(self, tokens):
        """Store the tokens of a consent; the account is connected and its first sync due.

        The profile and videos of another TikTok user who was connected before are deleted.

        :param login.Tokens tokens: of the consent
        """
        self.ensure_one()
        self._request_first_sync()
        scopes = self._find_scopes(tokens.scopes)
        if self.open_id and self.open_id != tokens.open_id:
            self._clear_profile()
        self.env["tiktok.token"]._store_tokens(self, tokens)
        self.write(
            {
                "state": "connected",
                "open_id": tokens.open_id,
                "granted_scope_ids": [(6, 0, scopes.ids)],
                "connected_at": read_transaction_clock(self.env),
                "removed_reason": False,
                "sync_error": False,
            }
        )
        self.activity_unlink([RECONNECT])

    def _find_scopes(self, names):
        """Return the permissions with these names at TikTok.

        :param names: TikTok's names
        :rtype: tiktok.scope
        """
        return self.env["tiktok.scope"].search([("name", "in", names)])

    def _update_granted_scopes(self, names):
        """Store which permissions are granted: the owner may have revoked some at TikTok.

        If another transaction holds the account, the next renewal does it.

        :param tuple names: TikTok's names, empty if its answer had none
        """
        scopes = self._find_scopes(names)
        if not names or scopes == self.granted_scope_ids:
            return
        if self.try_lock_for_update(allow_referencing=True):
            self.granted_scope_ids = scopes

    def _describe_missing_scope(self):
        scope = self._find_scopes([VIDEO_SCOPE])
        return self.env._(
            "Videos are not listed: the permission “%s” was not granted at TikTok. Tick "
            "it below and click “Request permissions again”.",
            scope.label or VIDEO_SCOPE,
        )

    def _can_list_videos(self):
        self.ensure_one()
        return VIDEO_SCOPE in self.granted_scope_ids.mapped("name")

    def _find_duplicate_account(self, open_id):
        """Return another account of the company that is the same TikTok user.

        :param str open_id: TikTok's id of the user
        :rtype: tiktok.account
        """
        same = self._find_same_user(open_id)
        return same.filtered(lambda account: account.company_id == self.company_id)

    def _find_same_user(self, open_id):
        """Return the other accounts of any company that are the same user of the same app.

        :param str open_id: TikTok's id of the user
        :rtype: tiktok.account
        """
        same = [("open_id", "=", open_id), ("id", "!=", self.id)]
        return self.sudo().with_context(active_test=False).search(same)

    # === DISCONNECTION === #

    def _disconnect_account(self, reason="here"):
        """Disconnect the account: delete its tokens, after revoking the consent if needed.

        :param str reason: of ``removed_reason``; only ``here`` revokes the consent at TikTok
        """
        self.ensure_one()
        self.write({"sync_progress": False, "sync_requested": False})
        if reason == "here":
            self._revoke_own_consent()
            # Our snapshot is older than a renewal for the sake of the revocation: deleting in
            # this transaction would fail and start everything again.
            in_new_transaction(self.env, self._delete_tokens)
        else:
            self._delete_tokens(self.env)
        self.write(
            {
                "state": "disconnected",
                "removed_reason": reason,
                "granted_scope_ids": [(5,)],
                "sync_error": False,
            }
        )
        self.activity_unlink([RECONNECT])

    def _clear_profile(self):
        """Delete the profile, history and videos of the TikTok user connected before."""
        self._delete_videos()
        self.sudo().stat_ids.unlink()
        names = ("nickname", "username", "image_1920", "bio", "profile_url", "is_verified")
        names += (*const.ACCOUNT_COUNTS, "last_sync_at", "avatar_key", "sync_progress")
        self.sudo().write(dict.fromkeys(names, False))

    def _delete_tokens(self, env):
        """Delete the account's tokens.

        :param odoo.api.Environment env: of the transaction to do it in
        """
        env["tiktok.token"].sudo().search([("account_id", "=", self.id)]).unlink()

    def _revoke_own_consent(self):
        """Revoke the account's own consent, if it is still valid."""
        tokens = self.env["tiktok.token"].sudo()
        if tokens.search_count([("account_id", "=", self.id), ("is_dead", "=", False)]):
            self._revoke_user_consent(
                self.open_id, lambda: tokens._get_valid_token(self, 0), self._read_sealed_tokens
            )

    def _revoke_unused_tokens(self, tokens, *, is_old=False):
        """Revoke a consent that connects no account; one of the user connected here stays.

        :param login.Tokens tokens: of the consent
        :param bool is_old: whether the access token may have expired
        """
        if self.state == "connected" and self.open_id == tokens.open_id:
            return

        def get_access_token():
            nonlocal tokens
            if is_old:
                tokens = self._make_login_kit().request_new_tokens(tokens.refresh_token)
            return tokens.access_token

        def seal_tokens():
            secrets = self.env["tiktok.secrets"]
            return {
                "token_sealed": secrets._seal_secret(tokens.access_token),
                "refresh_sealed": secrets._seal_secret(tokens.refresh_token),
            }

        self._revoke_user_consent(tokens.open_id, get_access_token, seal_tokens)

    def _revoke_user_consent(self, open_id, get_access_token, seal_tokens):
        """Revoke a consent at TikTok, now or when TikTok can be reached.

        TikTok knows one consent for each user of an app: while another account of any company
        uses it, it stays.

        :param str open_id: whose consent
        :param get_access_token: called for a valid one
        :param seal_tokens: called for what revokes it later, see `_plan_account_revocation`
        """
        if self._find_same_user(open_id).filtered(lambda same: same.state == "connected"):
            return
        try:
            self._make_login_kit().request_revocation(get_access_token())
        except ReconnectError as error:
            _logger.info("TikTok account %s: %s on revoke", self.id, type(error).__name__)
        except (TiktokError, UserError, SealError) as error:
            self.env["tiktok.revocation"]._plan_account_revocation(
                self, open_id, seal_tokens(), error
            )

    def _prepare_revocation(self):
        """Read the account's own consent, to revoke it once another has replaced it.

        :return: a function that revokes it, if there is one
        """
        open_id, revocations = self.open_id, self.env["tiktok.revocation"]
        try:
            access_token = self.env["tiktok.token"].sudo()._get_valid_token(self, 0)
        except ReconnectError:
            return lambda: None
        except (TiktokError, UserError, SealError) as error:
            sealed, problem = self._read_sealed_tokens(), error
            return lambda: revocations._plan_account_revocation(self, open_id, sealed, problem)
        sealed = self._read_sealed_tokens()
        return lambda: self._revoke_user_consent(open_id, lambda: access_token, lambda: sealed)

    def _read_sealed_tokens(self):
        """Return the newest tokens, sealed; another transaction may have just renewed them.

        :rtype: dict
        """

        def read_tokens(env):
            token = env["tiktok.token"].search([("account_id", "=", self.id)])
            return {"token_sealed": token.access_sealed, "refresh_sealed": token.refresh_sealed}

        return in_new_transaction(self.env, read_tokens)
