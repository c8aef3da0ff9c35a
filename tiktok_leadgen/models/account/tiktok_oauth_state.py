import datetime
import hashlib
import json
import logging
import secrets

from odoo import api, fields, models

from ... import const
from ...concurrency import delete_unlocked
from ...job_time import read_clock, read_transaction_clock
from ...tiktok import client
from ...tiktok.business_login import Grant
from ...tiktok.errors import SealError
from ...tiktok.login import Tokens

_logger = logging.getLogger(__name__)

STATE_BYTES = 32
LIFE_MINUTES = 10
UNOPENED_DAYS = 30  # what no encryption key opens


class TiktokOauthState(models.Model):
    """One requested authorization: by which user, for which record, with which secret.

    Only a hash of the state is stored. It works once, for ten minutes, for the user who began.
    """

    _name = "tiktok.oauth.state"
    _description = "Pending TikTok Authorization"

    state_hash = fields.Char(required=True, index=True, groups=fields.NO_ACCESS)
    account_id = fields.Many2one("tiktok.account", index=True, ondelete="cascade")
    # Of ad accounts, instead of the account: where the consent was requested.
    company_id = fields.Many2one("res.company", index=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    verifier_sealed = fields.Char("Encrypted verifier", groups=fields.NO_ACCESS, prefetch=False)
    redirect_uri = fields.Char(required=True)
    return_path = fields.Char(readonly=True)  # the page of ours from which it was requested
    expires_at = fields.Datetime(required=True)
    used_at = fields.Datetime()
    # Stored until the user has answered a question about the consent.
    tokens_sealed = fields.Char("Encrypted tokens", groups=fields.NO_ACCESS, prefetch=False)

    _state_uniq = models.Constraint("UNIQUE(state_hash)", "An OAuth state can be used only once.")

    @api.model
    def _create_state(self, account, redirect_uri, verifier="", company=None, return_path=False):
        """Create the state of an authorization that is requested now.

        :param account: tiktok.account, an empty one for ad accounts
        :param str redirect_uri: where TikTok sends the browser
        :param str verifier: of PKCE
        :param company: res.company whose ad accounts are requested
        :param return_path: of the page to show afterwards; False: the ad accounts
        :return: the state
        :rtype: str
        """
        state = secrets.token_urlsafe(STATE_BYTES)
        self.sudo().create(
            {
                "state_hash": self._hash_state(state),
                "account_id": account.id,
                "company_id": company and company.id,
                "user_id": self.env.user.id,
                "verifier_sealed": self.env["tiktok.secrets"]._seal_secret(verifier),
                "redirect_uri": redirect_uri,
                "return_path": return_path,
                "expires_at": self._get_expiry(),
            }
        )
        return state

    @api.model
    def _get_expiry(self):
        return read_clock(self.env) + datetime.timedelta(minutes=LIFE_MINUTES)

    @api.model
    def _hash_state(self, state):
        return hashlib.sha256(state.encode("utf-8", "replace")).hexdigest()

    @api.model
    def _find_by_state(self, state):
        """Return the authorization of a state, even if it was used or has expired.

        :param str state: of the callback's address
        :rtype: tiktok.oauth.state
        """
        return self.sudo().search([("state_hash", "=", self._hash_state(state or ""))])

    def _mark_used(self):
        """Mark the authorization as used: of two requests with the same state one succeeds.

        :return: whether this request is the first one
        :rtype: bool
        """
        self.env.cr.execute(
            "UPDATE tiktok_oauth_state SET used_at = now() AT TIME ZONE 'UTC'"
            " WHERE id = %s AND used_at IS NULL RETURNING id",
            [self.id],
            log_exceptions=False,  # the second request fails and is refused
        )
        self.invalidate_recordset(["used_at"])
        return bool(self.env.cr.fetchone())

    def _store_tokens(self, values):
        """Store tokens until the user has answered; that may take ten minutes from now.

        :param dict values: of `Tokens` or `Grant`
        """
        self.tokens_sealed = self.env["tiktok.secrets"]._seal_secret(json.dumps(values))
        self.expires_at = self._get_expiry()

    def _pop_stored_tokens(self):
        """Return the stored tokens and delete them; a second caller gets nothing.

        :return: JSON, empty if there are none
        :rtype: str
        :raise SealError: if they can't be opened; they stay, to be revoked later
        """
        self.env.cr.execute(
            "SELECT id FROM tiktok_oauth_state WHERE id = %s FOR UPDATE",
            [self.id],
            log_exceptions=False,
        )
        stored = self.env["tiktok.secrets"]._open_secret(self.sudo().tokens_sealed)
        self.sudo().tokens_sealed = False
        return stored

    def _revoke_stored_tokens(self):
        """Revoke the consent of the stored tokens, now or when TikTok can be reached.

        :return: whether the tokens could be opened
        :rtype: bool
        """
        try:
            stored = self.env["tiktok.secrets"]._open_secret(self.tokens_sealed)
        except SealError as error:
            _logger.info("TikTok consent %s: %s on revoke", self.id, type(error).__name__)
            return False
        if self.account_id:
            tokens = Tokens(**json.loads(stored))
            self.account_id._revoke_unused_tokens(tokens, is_old=True)
        else:
            values = json.loads(stored)
            del values["names"]
            self.env["tiktok.revocation"]._plan_revocation(self.company_id, Grant(**values))
        return True

    @api.model
    def _revoke_waiting_consents(self, accounts):
        """Revoke the consents that wait for an answer; nothing else knows their tokens.

        :param accounts: tiktok.account that are deleted, and these rows with them
        """
        own = [("account_id", "in", accounts.ids), ("tokens_sealed", "!=", False)]
        with client.deadline():
            for consent in self.sudo().search(own):
                consent._revoke_stored_tokens()

    @api.autovacuum
    def _gc_states(self):
        """Delete abandoned authorizations and revoke the consents stored in them.

        One that can't be opened waits for its encryption key, but not for ever.

        :return: how many were deleted, and whether more are left
        :rtype: tuple[int, int]
        """
        now = read_transaction_clock(self.env)
        before, oldest = (now - datetime.timedelta(days=days) for days in (1, UNOPENED_DAYS))
        old = self.sudo().search([("expires_at", "<", before)], limit=const.GC_BATCH)
        done = old = old.try_lock_for_update()
        with client.deadline():
            for consent in old.filtered("tokens_sealed"):
                if not consent._revoke_stored_tokens() and consent.expires_at > oldest:
                    done -= consent
        return delete_unlocked(done)
