import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import const
from ..clash import CONCURRENCY_ERRORS
from ..log_guard import place_of
from ..tiktok.errors import ReconnectError, SealError, TiktokError, WrongRequestError

_logger = logging.getLogger(__name__)

FIRST_WAIT_SECONDS = 60
LONGEST_WAIT_SECONDS = 6 * 3600
KINDS = [
    ("subscription", "Lead subscriptions"),
    ("consent", "Consent to ad accounts"),
    ("account", "Consent to a TikTok account"),
]


class TiktokRevocation(models.Model):
    """Something that TikTok still has to end: it could not be reached when it was asked.

    The row keeps what that takes, the sealed token included; nothing else reads it. The watchdog
    tries again, with growing waits, until TikTok has done it.
    """

    _name = "tiktok.revocation"
    _description = "TikTok Pending Revocation"
    _order = "next_at, id"

    kind = fields.Selection(KINDS, required=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade", help="Whose app it is about."
    )
    advertiser_id = fields.Many2one("tiktok.advertiser", index=True, ondelete="set null")
    account_id = fields.Many2one("tiktok.account", index=True, ondelete="set null")
    open_id = fields.Char("TikTok user ID")
    token_sealed = fields.Char(groups=fields.NO_ACCESS, prefetch=False, copy=False)
    refresh_sealed = fields.Char(groups=fields.NO_ACCESS, prefetch=False, copy=False)
    attempts = fields.Integer()
    next_at = fields.Datetime("Next attempt")
    reason = fields.Char()

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        revocations = super().create(vals_list)
        self.env["res.company"]._tiktok_forget_configs()
        return revocations

    def unlink(self):
        self.env["res.company"]._tiktok_forget_configs()
        return super().unlink()

    # === BUSINESS METHODS === #

    @api.model
    def _revoke_consent(self, company, token_sealed, advertiser=None):
        """Revoke a consent now, or keep its token until that succeeds.

        :param company: res.company, whose app the consent was given to
        :param str token_sealed: its token
        :param advertiser: tiktok.advertiser that shows a delay, or None
        """
        values = {"company_id": company.id, "token_sealed": token_sealed}
        values["advertiser_id"] = advertiser and advertiser.id
        self.sudo().create({**values, "kind": "consent"})._attempt()

    @api.model
    def _plan_revocation(self, company, grant):
        """Have the watchdog revoke a consent that no ad account is connected with.

        :param company: res.company where the consent was asked for
        :param business_login.Grant grant: what TikTok gave
        """
        token = self.env["tiktok.business.token"]._keep(company, grant)
        if token.advertiser_ids:
            return
        values = {"company_id": token.company_id.id, "token_sealed": token.token_sealed}
        self.sudo().create({**values, "kind": "consent", "next_at": fields.Datetime.now()})
        token.unlink()
        self.env.ref(const.WATCH_CRON_XMLID).sudo()._trigger()

    @api.model
    def _plan_unsubscription(self, advertiser, error):
        """Have the subscriptions of an ad account ended later.

        :param advertiser: tiktok.advertiser that is still on its consent
        :param Exception error: why they could not be ended now
        """
        company = advertiser.business_token_id.company_id or advertiser.company_id
        values = {"company_id": company.id, "advertiser_id": advertiser.id}
        self.sudo().create({**values, "kind": "subscription"})._plan(
            error, advertiser._explain(error)
        )

    @api.model
    def _plan_account(self, account, open_id, sealed, error):
        """Have the consent of a TikTok account revoked later.

        :param account: tiktok.account
        :param str open_id: TikTok's user
        :param dict sealed: token_sealed and refresh_sealed
        :param Exception error: why it could not be revoked now
        """
        values = {"company_id": account.company_id.id, "account_id": account.id}
        self.sudo().create({**values, **sealed, "open_id": open_id, "kind": "account"})._plan(
            error, account._explain(error)
        )

    @api.model
    def _fill_pending(self, records, name):
        """Tell each record whether TikTok still has to end something of it.

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
    def _cancel(self, advertiser, token):
        """Forget what a new consent takes back: the ad account is connected again.

        :param advertiser: tiktok.advertiser
        :param token: tiktok.business.token of the new consent; TikTok may give the same again
        """
        own = self.sudo().search([("advertiser_id", "=", advertiser.id)])
        consents = [("kind", "=", "consent"), ("company_id", "=", token.company_id.id)]
        access_token = token._open_quietly()
        same = (
            self.sudo().search(consents).filtered(lambda each: each._open_quietly() == access_token)
        )
        revoked = own.filtered(lambda each: each.kind == "consent") - same
        revoked.advertiser_id = False
        (own - revoked | same).unlink()

    @api.model
    def _retry_due(self):
        """Try again what is due, until the time of the scheduled action is over."""
        due = self.sudo().search([("next_at", "<=", fields.Datetime.now())])
        for revocation in due:
            try:
                revocation._attempt_alone()
                left = self.env["ir.cron"]._commit_progress(1)
            except CONCURRENCY_ERRORS:
                self.env.cr.rollback()  # it stays due
                left = self.env["ir.cron"]._commit_progress(1)
            if not left:
                self.env.ref(const.WATCH_CRON_XMLID).sudo()._trigger()
                return

    # === ONE ATTEMPT === #

    def _attempt_alone(self):
        """Try one again; if that fails, the others don't notice."""
        try:
            if self.try_lock_for_update():
                self._attempt()
        except CONCURRENCY_ERRORS:
            raise
        except Exception as error:  # noqa: BLE001 - one never stops the others
            self.env.cr.rollback()
            _logger.warning("TikTok revocation %s: %s", self.id, place_of(error))
            self._plan(error, self.env._("It failed (%s).", type(error).__name__))

    def _attempt(self):
        """Ask TikTok once; forget what is done, plan what failed."""
        self.ensure_one()
        try:
            if self.kind == "consent":
                self._request_revocation()
            elif self.kind == "account":
                self._request_account_revocation()
            else:
                self.advertiser_id._end_subscriptions(self.company_id)
        except ReconnectError:
            _logger.info("TikTok revocation %s: was done before", self.id)
        except (TiktokError, UserError, SealError) as error:
            self._plan(error, self.env["tiktok.account"]._explain(error))
            return
        self.unlink()

    def _request_revocation(self):
        token = self.env["tiktok.vault"]._open(self.sudo().token_sealed)
        self.company_id._tiktok_business_login().revoke(token)
        # TikTok ends the subscriptions of a consent together with it.
        rest = [("kind", "=", "subscription"), ("advertiser_id", "=", self.advertiser_id.id)]
        if self.advertiser_id:
            self.search(rest).unlink()

    def _request_account_revocation(self):
        """Revoke a consent of Login Kit, with a new access token if the old one has ended."""
        accounts = self.env["tiktok.account"].with_context(active_test=False)
        if accounts.search_count([("open_id", "=", self.open_id), ("state", "=", "connected")]):
            return  # TikTok knows one consent for each user of an app
        vault = self.env["tiktok.vault"]
        login_kit = accounts.new({"company_id": self.company_id.id})._login_kit()
        try:
            login_kit.revoke(vault._open(self.sudo().token_sealed))
        except (ReconnectError, WrongRequestError):
            tokens = login_kit.refresh(vault._open(self.sudo().refresh_sealed))
            self.token_sealed = vault._seal(tokens.access_token)
            self.refresh_sealed = vault._seal(tokens.refresh_token)  # the old one may be dead
            login_kit.revoke(tokens.access_token)

    def _plan(self, error, reason):
        """Write down why it failed and when it is tried again.

        :param Exception error: of which `retry_after` counts
        :param str reason: a sentence
        """
        wait = min(FIRST_WAIT_SECONDS * 2 ** min(self.attempts, 20), LONGEST_WAIT_SECONDS)
        wait = max(wait, getattr(error, "retry_after", None) or 0)
        next_at = fields.Datetime.now() + timedelta(seconds=wait)
        self.write({"attempts": self.attempts + 1, "next_at": next_at, "reason": reason})
        self.env.ref(const.WATCH_CRON_XMLID).sudo()._trigger(next_at)
        _logger.info("TikTok revocation %s: %s", self.id, type(error).__name__)

    def _open_quietly(self):
        try:
            return self.env["tiktok.vault"]._open(self.sudo().token_sealed)
        except SealError:
            return ""
