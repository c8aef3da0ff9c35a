import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from .. import const
from ..clash import CONCURRENCY_ERRORS, survives_clashes
from ..log_guard import place_of
from ..tiktok.errors import NotAllowedError, ReconnectError, RetryLaterError, TiktokError
from .tiktok_account_videos import VIDEO_SCOPE, OvertakenError
from .tiktok_sync_mixin import RETRY_MINUTES, SYNC_HOURS

_logger = logging.getLogger(__name__)

FRESH_MINUTES = 10  # a profile that was fetched so recently is not fetched again
GREETING_SECONDS = 30  # the page after the consent fetches the profile first
MAX_TRIES = 3


class TiktokAccount(models.Model):
    """When accounts are brought up to date, and who is told."""

    _inherit = "tiktok.account"

    sync_user_id = fields.Many2one(
        "res.users", "Sync asked for by", readonly=True, copy=False, ondelete="set null"
    )
    sync_text = fields.Char("Sync", compute="_compute_sync_text")
    sync_is_under_way = fields.Boolean(compute="_compute_sync_text")

    # === COMPUTE METHODS === #

    @api.depends("state", "granted_scope_ids", "sync_requested", "sync_progress", "sync_error")
    def _compute_sync_text(self):
        for account in self:
            account.sync_text = account.state == "connected" and account._sync_sentence()
            account.sync_is_under_way = (
                account.state == "connected"
                and account._may_list_videos()
                and not account.sync_error
                and bool(account.sync_requested or account.sync_progress)
            )

    def _sync_sentence(self):
        """Return how it stands with the videos, nothing if all is well."""
        if not self._may_list_videos():
            return self._no_videos()
        if self.sync_progress:
            count = formatLang(self.env, self.sync_progress.get("videos", 0), digits=0)
            if self.sync_error:
                return self.env._("The sync waits for TikTok. Videos so far: %s", count)
            return self.env._("Sync under way. Videos so far: %s", count)
        return self.sync_requested and self.env._("The sync begins in a moment")

    def _no_videos(self):
        scope = self.env["tiktok.scope"].search([("name", "=", VIDEO_SCOPE)])
        return self.env._(
            "Videos are not listed: the permission “%s” was not given at TikTok. Tick it below "
            "and press “Ask for permissions again”.",
            scope.label or VIDEO_SCOPE,
        )

    # === BY BUTTON === #

    def action_sync(self):
        """Fetch the profile now and the videos in the background, unless that is under way."""
        self.ensure_one()
        if self.sync_progress and self.sync_is_under_way:
            self.check_access("write")
            return self._tell_now(self.sync_text, "info")
        return super().action_sync()

    def _after_sync_action(self):
        if not self._may_list_videos():
            return self._tell_now(self._no_videos(), "warning")
        job = self.env.ref(const.SYNC_CRON_XMLID).sudo()
        if not job.active:
            text = self.env._(
                "The profile is up to date, the videos are not: the scheduled action “%s” is "
                "switched off.",
                job.name,
            )
            return self._tell_now(text, "warning")
        self.write({"sync_requested": True, "sync_user_id": self.env.uid})
        job._tiktok_trigger()
        text = self.env._("The profile is up to date. You are told when the videos are.")
        return self._tell_now(text, "success")

    def _tell_now(self, text, kind):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": text,
                "type": kind,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # === BY ITSELF === #

    def _connect(self, tokens):
        """Fetch the videos of an account that was just connected."""
        self.write({"sync_progress": False, "sync_requested": True, "sync_user_id": self.env.uid})
        soon = fields.Datetime.now() + timedelta(seconds=GREETING_SECONDS)
        self._wake_sync(soon)
        return super()._connect(tokens)

    def _sync_profile(self):
        user = super()._sync_profile()
        if self.sync_requested and not self.env.context.get("cron_id"):
            self._wake_sync()
        return user

    def _disconnect(self, reason="here"):
        self.write({"sync_progress": False, "sync_requested": False})
        return super()._disconnect(reason)

    @api.model
    @survives_clashes
    def _cron_sync_accounts(self):
        """Bring each account up to date that is due, one after the other."""
        due = self.search(self._sync_domain(), order="sync_next_at nulls first, id")
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for account in due:
            account._sync_alone()
            if not self._sync_tick():
                self._wake_sync()  # else the rest waits for the scheduler's next minute
                break

    @api.model
    def _wake_sync(self, at=None):
        """Have the scheduled action run.

        :param datetime at: when; default: now
        """
        self.env.ref(const.SYNC_CRON_XMLID).sudo()._trigger(at)

    @api.model
    def _sync_tick(self):
        """Commit, say that there was progress, and return the seconds that are left.

        :rtype: float
        """
        try:
            waiting = self.search_count(self._sync_domain())
            return self.env["ir.cron"]._commit_progress(1, remaining=waiting)
        except CONCURRENCY_ERRORS:
            self.env.cr.rollback()  # what was to be said of the account is said the next time
            return self.env["ir.cron"]._commit_progress(1, remaining=1)

    def _sync_alone(self):
        """Bring one account up to date; if that fails, the others don't notice."""
        self.ensure_one()
        consent = self._consent()
        try:
            self._sync_all()
        except (*CONCURRENCY_ERRORS, OvertakenError):
            self.env.cr.rollback()  # somebody else wrote to it: it stays due
        except Exception as error:  # noqa: BLE001 - one account never stops the others
            self.env.cr.rollback()
            if consent and consent == self._consent():
                self._note_failure(error)

    def _consent(self):
        """Return what tells one consent from the next; nothing if somebody deleted the account."""
        return tuple((account.open_id, account.connected_at) for account in self.exists())

    def _note_failure(self, error):
        """Say what a sync failed of, and when it is tried again."""
        if isinstance(error, ReconnectError):
            self._expire()
            self._end_sync()
        elif isinstance(error, RetryLaterError):
            self._sync_later(error)
        elif isinstance(error, (TiktokError, UserError)):
            if isinstance(error, NotAllowedError) and self._is_amid_videos():
                self.granted_scope_ids -= self._scopes([VIDEO_SCOPE])  # so it can be asked for
            self._end_sync(problem=self._explain(error))
        else:
            self._end_sync(problem=self._describe_fault(error))

    def _sync_all(self):
        if not self.exists() or self.state != "connected":
            return
        if not self._is_amid_videos() and not self._is_fresh():
            self._sync_profile()
        if self._may_list_videos():
            self._sync_videos()
        else:
            self._end_sync()

    def _is_fresh(self):
        since = fields.Datetime.now() - timedelta(minutes=FRESH_MINUTES)
        return self.last_sync_at and self.last_sync_at > since and not self.sync_error

    # === THE END OF IT === #

    def _end_sync(self, result=None, problem=False):
        """Note that the sync is over, and tell who asked for it.

        :param dict result: what was found, with the keys of `sync_progress` and gone
        :param str problem: a sentence if it failed
        """
        user = self.sync_user_id
        next_at = fields.Datetime.now() + timedelta(hours=SYNC_HOURS)
        values = {"sync_progress": False, "sync_requested": False, "sync_user_id": False}
        self.write({**values, "sync_next_at": next_at, "sync_error": problem})
        if user and (result or problem):
            self.with_context(lang=user.lang)._tell(user, result, problem)

    def _tell(self, user, result, problem):
        text = problem or self._summary(result)
        user._bus_send(
            "simple_notification",
            {
                "title": self.name,
                "message": text,
                "type": "danger" if problem else "success",
                "sticky": bool(problem),
            },
        )

    def _summary(self, result):
        """Return what a sync found, as a sentence."""
        names = ("videos", "new", "gone")
        counts = {name: formatLang(self.env, result[name] or 0, digits=0) for name in names}
        parts = [self.env._("Videos up to date: %s", counts["videos"])]
        if result["new"]:
            parts.append(self.env._("new: %s", counts["new"]))
        if result["gone"]:
            parts.append(self.env._("no longer public: %s", counts["gone"]))
        return f"{'; '.join(parts)}."

    def _sync_later(self, error):
        """Go on where it stopped when TikTok can be asked again; after some tries, tomorrow.

        :param RetryLaterError error: TikTok is down or busy
        """
        progress = self.sync_progress or {}
        tries = progress.get("tries", 0) + 1
        sentence = self._explain(error)
        if tries >= MAX_TRIES:
            self._end_sync(problem=sentence)
            return
        seconds = max(error.retry_after or 0, RETRY_MINUTES * 60)
        again = fields.Datetime.now() + timedelta(seconds=seconds)
        self.write(
            {
                "sync_progress": {**progress, "tries": tries},
                "sync_requested": False,
                "sync_next_at": again,
                "sync_error": sentence,
            }
        )
        self._wake_sync(again)

    def _describe_fault(self, error):
        """Log where a fault of ours happened, without what it holds; return a sentence."""
        _logger.warning("TikTok account %s: sync failed: %s", self.id, place_of(error))
        kind = type(error).__name__
        return self.env._("The sync failed (%s). It is tried again tomorrow.", kind)
