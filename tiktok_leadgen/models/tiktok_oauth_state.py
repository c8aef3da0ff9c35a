import datetime
import hashlib
import json
import logging
import secrets

from odoo import api, fields, models

from ..tiktok import client
from ..tiktok.business_login import Grant
from ..tiktok.errors import SealError
from ..tiktok.login import Tokens

_logger = logging.getLogger(__name__)

STATE_BYTES = 32
LIFE_MINUTES = 10


class TiktokOauthState(models.Model):
    """One consent that was asked for: whose, for which record, with which secret.

    Only a hash of the state is kept. It works once, for ten minutes, for the user who began.
    """

    _name = "tiktok.oauth.state"
    _description = "TikTok Consent Under Way"

    state_hash = fields.Char(required=True, index=True, groups=fields.NO_ACCESS)
    account_id = fields.Many2one("tiktok.account", index=True, ondelete="cascade")
    # Of ad accounts, instead of the account: where the consent was asked for.
    company_id = fields.Many2one("res.company", index=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    verifier_sealed = fields.Char(groups=fields.NO_ACCESS, prefetch=False)
    redirect_uri = fields.Char(required=True)
    expires_at = fields.Datetime(required=True)
    used_at = fields.Datetime()
    # Another TikTok account gave consent than before: kept until the person has answered.
    tokens_sealed = fields.Char(groups=fields.NO_ACCESS, prefetch=False)

    _state_uniq = models.Constraint("UNIQUE(state_hash)", "A state is used once.")

    @api.model
    def _begin(self, account, redirect_uri, verifier="", company=None):
        """Remember a consent that is asked for now.

        :param account: tiktok.account, an empty one for ad accounts
        :param str redirect_uri: where TikTok sends the browser
        :param str verifier: of PKCE
        :param company: res.company whose ad accounts are asked for
        :return: the state
        :rtype: str
        """
        state = secrets.token_urlsafe(STATE_BYTES)
        self.sudo().create(
            {
                "state_hash": self._hash(state),
                "account_id": account.id,
                "company_id": company and company.id,
                "user_id": self.env.user.id,
                "verifier_sealed": self.env["tiktok.vault"]._seal(verifier),
                "redirect_uri": redirect_uri,
                "expires_at": self._end(),
            }
        )
        return state

    @api.model
    def _end(self):
        return fields.Datetime.now() + datetime.timedelta(minutes=LIFE_MINUTES)

    @api.model
    def _hash(self, state):
        return hashlib.sha256(state.encode("utf-8", "replace")).hexdigest()

    @api.model
    def _find(self, state):
        """Return the consent of a state, whatever became of it.

        :rtype: tiktok.oauth.state
        """
        return self.sudo().search([("state_hash", "=", self._hash(state or ""))])

    def _use(self):
        """Take it, once: of two requests with the same state one is told no.

        :rtype: bool
        """
        self.env.cr.execute(
            "UPDATE tiktok_oauth_state SET used_at = now() AT TIME ZONE 'UTC'"
            " WHERE id = %s AND used_at IS NULL RETURNING id",
            [self.id],
            log_exceptions=False,  # whoever comes second fails, and is told no
        )
        self.invalidate_recordset(["used_at"])
        return bool(self.env.cr.fetchone())

    def _keep_tokens(self, values):
        """Keep tokens until the person has said whose account it shall be.

        However long the consent took, there are ten minutes for that.

        :param dict values: of `Tokens`
        """
        self.tokens_sealed = self.env["tiktok.vault"]._seal(json.dumps(values))
        self.expires_at = self._end()

    def _take_tokens(self):
        """Return the kept tokens, sealed, and forget them; a second caller gets nothing.

        :rtype: str | bool
        """
        self.env.cr.execute(
            "SELECT id FROM tiktok_oauth_state WHERE id = %s FOR UPDATE",
            [self.id],
            log_exceptions=False,
        )
        sealed = self.sudo().tokens_sealed
        self.sudo().tokens_sealed = False
        return sealed

    def _give_back(self):
        """Give the kept tokens back at TikTok, as well as it goes."""
        try:
            kept = self.env["tiktok.vault"]._open(self.tokens_sealed)
        except SealError as error:
            _logger.info("TikTok consent %s: %s on revoke", self.id, type(error).__name__)
            return
        if self.account_id:
            self.account_id._drop(Tokens(**json.loads(kept)), is_old=True)
        else:
            values = json.loads(kept)
            del values["names"]
            self.env["tiktok.revocation"]._plan_revocation(self.company_id, Grant(**values))

    @api.autovacuum
    def _gc_states(self):
        """Forget consents nobody came back from; what nobody answered for is given back."""
        before = fields.Datetime.now() - datetime.timedelta(days=1)
        old = self.sudo().search([("expires_at", "<", before)], limit=1000)
        with client.within():
            for consent in old.filtered("tokens_sealed"):
                consent._give_back()
        old.unlink()
        return len(old), int(len(old) == 1000)
