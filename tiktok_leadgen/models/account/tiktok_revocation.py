import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ... import const
from ...concurrency import InterruptedAttemptsError, UnfinishedError
from ...job_time import backoff, read_clock
from ...log_filters import describe_error
from ...reader_language import process_localized
from ...tiktok import client
from ...tiktok.errors import ReconnectError, SealError, TiktokError, WrongRequestError

_logger = logging.getLogger(__name__)

FIRST_WAIT_SECONDS = 60
LONGEST_WAIT_SECONDS = 6 * 3600
KINDS = [
    ("subscription", "Lead subscriptions"),
    ("consent", "Consent to ad accounts"),
    ("account", "Consent to a TikTok account"),
]


class TiktokRevocation(models.Model):
    """A revocation that TikTok has not confirmed yet, with all that it takes.

    The row holds the sealed token; nothing else reads it. The watchdog retries, with growing
    waits, until TikTok confirms.
    """

    _name = "tiktok.revocation"
    _description = "TikTok Pending Revocation"
    _order = "next_at, id"

    kind = fields.Selection(KINDS, required=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade", help="The app this concerns."
    )
    advertiser_id = fields.Many2one("tiktok.advertiser", index=True, ondelete="set null")
    account_id = fields.Many2one("tiktok.account", index=True, ondelete="set null")
    open_id = fields.Char("TikTok user ID")
    token_sealed = fields.Char(
        "Encrypted token", groups=fields.NO_ACCESS, prefetch=False, copy=False
    )
    refresh_sealed = fields.Char(
        "Encrypted refresh token", groups=fields.NO_ACCESS, prefetch=False, copy=False
    )
    attempts = fields.Integer()
    next_at = fields.Datetime("Next attempt")
    reason = fields.Char()

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Create revocations; the cached configurations depend on them.

        :param list vals_list: of values
        :rtype: tiktok.revocation
        """
        revocations = super().create(vals_list)
        self.env["res.company"]._tiktok_invalidate_configs()
        return revocations

    def unlink(self):
        """Delete revocations; the cached configurations depend on them.

        :rtype: bool
        """
        self.env["res.company"]._tiktok_invalidate_configs()
        return super().unlink()

    # === BUSINESS METHODS === #

    @api.model
    def _revoke_consent(self, company, token_sealed, advertiser=None):
        """Revoke a consent now, or store its token until that succeeds.

        :param company: res.company, whose app the consent was given to
        :param str token_sealed: its token
        :param advertiser: tiktok.advertiser that shows a delay, or None
        """
        values = {"company_id": company.id, "token_sealed": token_sealed}
        values["advertiser_id"] = advertiser and advertiser.id
        self.sudo().create({**values, "kind": "consent"})._attempt_revocation()

    @api.model
    def _plan_revocation(self, company, grant):
        """Have the watchdog revoke a consent that connects no ad account.

        :param company: res.company where the consent was requested
        :param business_login.Grant grant: what TikTok gave
        """
        token = self.env["tiktok.business.token"]._store_token(company, grant)
        if not token.advertiser_ids:
            self._plan_token_revocations(token)

    @api.model
    def _plan_token_revocations(self, tokens):
        """Have the watchdog revoke consents, and delete their tokens.

        :param tokens: tiktok.business.token that no ad account uses
        """
        due = {"kind": "consent", "next_at": read_clock(self.env)}
        self.sudo().create(
            [
                {**due, "company_id": token.company_id.id, "token_sealed": token.token_sealed}
                for token in tokens.sudo()
                if not token.is_dead
            ]
        )
        if tokens:
            tokens.sudo().unlink()
            self.env.ref(const.WATCH_CRON_XMLID)._tiktok_trigger()

    @api.model
    def _revoke_unstored_grant(self, company, grant):
        """Revoke a consent whose token can't be sealed, so that it can't be stored and used later.

        TikTok may have given the token that connected ad accounts use: then it stays.

        :param company: res.company where the consent was requested
        :param business_login.Grant grant: what TikTok gave
        """
        uids = [*map(str, grant.advertiser_uids)]
        connected = [("advertiser_uid", "in", uids), ("state", "=", "connected")]
        if self.env["tiktok.advertiser"].search_count(connected, limit=1):
            return
        try:
            with client.deadline(client.CONSENT_SECONDS):
                company._tiktok_get_business_login().revoke(grant.access_token)
        except (TiktokError, UserError) as error:
            _logger.warning(
                "TikTok company %s: a consent stays valid at TikTok: it could be neither stored "
                "nor revoked: %s",
                company.id,
                describe_error(error),
            )

    @api.model
    def _plan_unsubscription(self, advertiser, error, company=None):
        """Have the watchdog end the subscriptions of an ad account.

        :param advertiser: tiktok.advertiser
        :param Exception error: why they could not be ended now
        :param company: res.company whose app subscribed; default: as the consent says
        """
        company = company or advertiser.business_token_id.company_id or advertiser.company_id
        values = {"company_id": company.id, "advertiser_id": advertiser.id}
        revocation = self.sudo().create({**values, "kind": "subscription"})
        revocation._plan_next_attempt(error, advertiser._explain_error(error))

    @api.model
    def _plan_account_revocation(self, account, open_id, sealed, error):
        """Have the watchdog revoke the consent of a TikTok account.

        :param account: tiktok.account
        :param str open_id: TikTok's user
        :param dict sealed: token_sealed and refresh_sealed
        :param Exception error: why it could not be revoked now
        """
        values = {"company_id": account.company_id.id, "account_id": account.id}
        values |= {**sealed, "open_id": open_id, "kind": "account"}
        self.sudo().create(values)._plan_next_attempt(error, account._explain_error(error))

    @api.model
    def _fill_pending_fields(self, records, name):
        """Fill the computed fields that say what TikTok has not confirmed yet.

        :param records: with the fields of `tiktok.disconnect.mixin`
        :param str name: of the field here that points to them
        """
        found = self.sudo().search([(name, "in", records.ids)])
        pending = {each[name].id: each for each in reversed(found)}
        for record in records:
            first = pending.get(record.id, self.browse())
            record.is_disconnecting = bool(first)
            record.disconnect_reason = first.reason
            record.disconnect_next_at = first.next_at

    @api.model
    def _cancel_superseded(self, advertiser, token):
        """Delete revocations that a new consent makes wrong: the ad account is connected again.

        :param advertiser: tiktok.advertiser
        :param token: tiktok.business.token of the new consent; TikTok may give the same again
        """
        own = self.sudo().search([("advertiser_id", "=", advertiser.id)])
        consents = [("kind", "=", "consent"), ("company_id", "=", token.company_id.id)]
        access_token = token._open_quietly()
        same = self.sudo().search(consents)
        same = same.filtered(lambda each: each._decrypt_token_or_empty() == access_token)
        revoked = own.filtered(lambda each: each.kind == "consent") - same
        revoked.advertiser_id = False
        (own - revoked | same).unlink()

    # === ATTEMPTS === #

    @api.model
    def _retry_due_revocations(self):
        """Retry what is due, until the time of the scheduled action is over.

        :return: what was due
        :rtype: tiktok.revocation
        """
        due = self.sudo().search([("next_at", "<=", read_clock(self.env))])
        work, on_error = type(self)._retry_unless_locked, type(self)._handle_attempt_error
        process_localized(due, work, on_error, job=self._name)
        return due

    def _retry_unless_locked(self):
        """Retry the revocation.

        :raise UnfinishedError: if another transaction holds it
        """
        if not self.try_lock_for_update():
            raise UnfinishedError
        self._attempt_revocation()

    def _handle_attempt_error(self, error):
        """Log where a fault of ours happened and plan the next attempt.

        :param Exception error: that the attempt raised
        """
        _logger.warning("TikTok revocation %s: %s", self.id, describe_error(error))
        reason = self.env._("The operation failed (%s).", type(error).__name__)
        if isinstance(error, InterruptedAttemptsError):
            reason = self.env["tiktok.error.messages"]._describe_error(error)
        self._plan_next_attempt(error, reason)

    def _attempt_revocation(self):
        """Request the revocation; delete the record after a success, else plan the next attempt."""
        self.ensure_one()
        try:
            if self.kind == "consent":
                self._request_consent_revocation()
            elif self.kind == "account":
                self._request_account_revocation()
            elif self.advertiser_id.state != "connected" or not self.advertiser_id.wants_leads:
                self.advertiser_id._end_subscriptions(self.company_id)
        except ReconnectError:
            _logger.info("TikTok revocation %s: was done before", self.id)
        except (TiktokError, UserError, SealError) as error:
            self._plan_next_attempt(error, self.env["tiktok.account"]._explain_error(error))
            return
        self.unlink()

    def _request_consent_revocation(self):
        token = self.env["tiktok.secrets"]._open_secret(self.sudo().token_sealed)
        self.company_id._tiktok_get_business_login().revoke(token)
        # TikTok ends the subscriptions of a consent together with it.
        rest = [("kind", "=", "subscription"), ("advertiser_id", "=", self.advertiser_id.id)]
        if self.advertiser_id:
            self.search(rest).unlink()

    def _request_account_revocation(self):
        """Revoke a consent of Login Kit, with a new access token if the old one has ended."""
        accounts = self.env["tiktok.account"].with_context(active_test=False)
        if accounts.search_count([("open_id", "=", self.open_id), ("state", "=", "connected")]):
            return  # TikTok knows one consent for each user of an app
        secrets = self.env["tiktok.secrets"]
        login_kit = accounts.new({"company_id": self.company_id.id})._make_login_kit()
        try:
            login_kit.request_revocation(secrets._open_secret(self.sudo().token_sealed))
        except (ReconnectError, WrongRequestError):
            tokens = login_kit.request_new_tokens(secrets._open_secret(self.sudo().refresh_sealed))
            self.token_sealed = secrets._seal_secret(tokens.access_token)
            # The old one may be dead.
            self.refresh_sealed = secrets._seal_secret(tokens.refresh_token)
            login_kit.request_revocation(tokens.access_token)

    def _plan_next_attempt(self, error, reason):
        """Store why an attempt failed and when the next one is due.

        :param Exception error: its ``retry_after`` (seconds) counts, if it has one
        :param str reason: a sentence
        """
        attempts = self.attempts + 1
        retry_after = getattr(error, "retry_after", None)
        wait = backoff(attempts, FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS, retry_after)
        next_at = read_clock(self.env) + wait
        self.write({"attempts": attempts, "next_at": next_at, "reason": reason})
        self.env.ref(const.WATCH_CRON_XMLID)._tiktok_trigger(next_at)
        _logger.info("TikTok revocation %s: %s", self.id, type(error).__name__)

    def _decrypt_token_or_empty(self):
        try:
            return self.env["tiktok.secrets"]._open_secret(self.sudo().token_sealed)
        except SealError:
            return ""
