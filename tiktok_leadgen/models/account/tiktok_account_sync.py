import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, formatLang

from ... import const, settings
from ...big_integer import BigInteger
from ...concurrency import (
    InterruptedAttemptsError,
    UnfinishedError,
    commit_progress,
    retry_on_serialization_failure,
)
from ...job_time import read_clock, read_transaction_clock
from ...log_filters import describe_error
from ...reader_language import process_localized
from ...tiktok import picture, profile, video
from ...tiktok.display import VIDEO_SCOPE
from ...tiktok.errors import NotAllowedError, ReconnectError, RetryLaterError, TiktokError
from .tiktok_video import SyncSupersededError, shrink_picture

_logger = logging.getLogger(__name__)

FRESH_MINUTES = 10  # a profile that was fetched so recently is not fetched again
FIRST_SYNC_SECONDS = 30  # the page after the consent fetches the profile first
MAX_ATTEMPTS = 3
AVATAR_SIZE = (512, 512)  # pixels


class TiktokAccount(models.Model):
    """Synchronization of an account with TikTok: when, what of, and who is notified."""

    _inherit = "tiktok.account"

    last_sync_at = fields.Datetime("Last sync", readonly=True, copy=False)
    sync_error = fields.Char("Last problem", readonly=True, copy=False)
    sync_user_id = fields.Many2one(
        "res.users", "Sync requested by", readonly=True, copy=False, ondelete="set null"
    )
    sync_run = fields.Integer("Number of syncs", readonly=True, copy=False)
    sync_progress = fields.Json(
        readonly=True,
        copy=False,
        help="Progress of the running sync: run, cursor, pages, videos, new videos, attempts.",
    )
    sync_text = fields.Char("Sync", compute="_compute_sync_text")
    sync_is_under_way = fields.Boolean(compute="_compute_sync_text")
    avatar_key = fields.Char(
        readonly=True, copy=False, help="What remains of the link to the stored picture."
    )

    # === COMPUTE METHODS === #

    @api.depends("state", "granted_scope_ids", "sync_requested", "sync_progress", "sync_error")
    def _compute_sync_text(self):
        for account in self:
            account.sync_text = account.state == "connected" and account._describe_sync()
            account.sync_is_under_way = (
                account.state == "connected"
                and account._can_list_videos()
                and not account.sync_error
                and bool(account.sync_requested or account.sync_progress)
            )

    def _describe_sync(self):
        """Return the progress of the videos' sync as a sentence, empty if there is none."""
        if not self._can_list_videos():
            return self._describe_missing_scope()
        if self.sync_progress:
            count = formatLang(self.env, self.sync_progress.get("videos", 0), digits=0)
            if self.sync_error:
                return self.env._("The sync is waiting for TikTok. Videos so far: %s", count)
            return self.env._("Sync in progress. Videos so far: %s", count)
        return self.sync_requested and self.env._("The sync starts in a moment")

    # === REQUESTS === #

    def _request_video_sync(self):
        """Request the videos from the scheduled action.

        :return: the notification for the user who requested it
        :rtype: dict
        """
        if not self._can_list_videos():
            return self._prepare_notification(self._describe_missing_scope(), "warning")
        job = self.env.ref(const.SYNC_CRON_XMLID).sudo()
        if not job.active:
            text = self.env._(
                "The profile is up to date, the videos are not: the scheduled action "
                "“%s” is turned off.",
                job.name,
            )
            return self._prepare_notification(text, "warning")
        self.write({"sync_requested": True, "sync_user_id": self.env.uid})
        job._tiktok_trigger()
        text = self.env._("The profile is up to date. You are notified when the videos are.")
        return self._prepare_notification(text, "success")

    def _request_first_sync(self):
        """Request the videos of an account that is being connected."""
        self.write({"sync_progress": False, "sync_requested": True, "sync_user_id": self.env.uid})
        self._trigger_sync(read_clock(self.env) + timedelta(seconds=FIRST_SYNC_SECONDS))

    @api.model
    def _trigger_sync(self, at=None):
        """Trigger the scheduled action.

        :param datetime at: when, by the database's clock; default: now
        """
        self.env.ref(const.SYNC_CRON_XMLID)._tiktok_trigger(at)

    # === SCHEDULED ACTION === #

    @api.model
    @retry_on_serialization_failure
    def _cron_sync_accounts(self):
        """Synchronize each account that is due, one after the other."""
        due = self.search(self._sync_domain(), order="sync_next_at nulls first, id")
        due._sync_each_account()

    def _sync_each_account(self):
        """Synchronize the accounts, each in a transaction of its own."""
        connections = {account.id: account._get_connection() for account in self}

        def sync_account(account):
            connections[account.id] = account._get_connection()
            account._sync_account()

        def handle_error(account, error):
            connection = account._get_connection()
            if connection and connection == connections[account.id]:
                account._handle_sync_error(error)

        process_localized(self, sync_account, handle_error, job=self._name)

    @api.model
    def _commit_sync_progress(self):
        """Commit, report progress to the scheduler and return the seconds that are left.

        :rtype: float
        """
        return commit_progress(self.env)

    def _get_connection(self):
        """Return what distinguishes one consent from the next; empty if the account was deleted.

        :rtype: tuple
        """
        return tuple((account.open_id, account.connected_at) for account in self.exists())

    def _sync_account(self):
        """Synchronize the profile, unless it is fresh, and the videos.

        :raise UnfinishedError: if there was no time for all videos
        """
        if not self.exists() or self.state != "connected":
            return
        if not self._has_video_progress() and not self._is_profile_fresh():
            self._sync_profile()
        if not self._can_list_videos():
            self._finish_sync()
        elif not self.env["tiktok.video"]._sync_videos(self):
            raise UnfinishedError

    def _has_video_progress(self):
        return "run" in (self.sync_progress or {})

    def _is_profile_fresh(self):
        since = read_clock(self.env) - timedelta(minutes=FRESH_MINUTES)
        return self.last_sync_at and self.last_sync_at > since and not self.sync_error

    # === PROFILE === #

    def _sync_profile(self):
        """Fetch the profile and store it: its values, today's counts and the picture.

        :return: the profile as TikTok gives it
        :rtype: dict
        :raise ApiError: as TikTok refuses
        """
        self.ensure_one()
        user = self._request_profile()
        values = profile.parse_profile(user)
        changed = {k: v for k, v in values.items() if (self[k] or False) != (v or False)}
        self.write({**changed, "last_sync_at": read_clock(self.env), "sync_error": False})
        if any(user.get(name) is not None for name in const.ACCOUNT_COUNTS):
            self.env["tiktok.account.stat"]._store_today(self)
        self._store_avatar(user.get("avatar_large_url") or user.get("avatar_url"))
        if self.sync_requested and not self.env.context.get("cron_id"):
            self._trigger_sync()
        return user

    def _store_avatar(self, url):
        """Fetch and store the picture of the profile, unless it is the stored one.

        :param str url: TikTok's link, signed again each time
        """
        url = video.parse_link(url)
        key = picture.strip_signature(url)
        if not url or (key == self.avatar_key and self.image_1920):
            return
        base = settings.base_url("TIKTOK_OPEN_API_BASE_URL")
        content = picture.PictureDownloader(base).download(url)
        small = content and shrink_picture(content, AVATAR_SIZE)
        if small:
            self.write({"image_1920": small, "avatar_key": key})

    # === END OF A SYNC === #

    def _finish_sync(self, result=None, problem=False):
        """Store that the sync ended and notify the user who requested it.

        :param dict result: what was found, with the keys of `sync_progress` and gone
        :param str problem: a sentence if it failed
        """
        user = self.sync_user_id
        next_at = read_clock(self.env) + timedelta(hours=const.SYNC_HOURS)
        values = {"sync_progress": False, "sync_requested": False, "sync_user_id": False}
        self.write({**values, "sync_next_at": next_at, "sync_error": problem})
        if user and (result or problem):
            self.with_context(lang=user.lang)._notify_sync_user(user, result, problem)

    def _notify_sync_user(self, user, result, problem):
        """Send the result of a sync to a user's screen.

        :param user: res.users who requested it
        :param dict result: see `_finish_sync`
        :param str problem: see `_finish_sync`
        """
        notification = {
            "title": self.name,
            "message": problem or self._describe_result(result),
            "type": "danger" if problem else "success",
            "sticky": bool(problem),
        }
        user._bus_send("simple_notification", notification)

    def _describe_result(self, result):
        """Return what a sync found, as a sentence.

        :param dict result: see `_finish_sync`
        :rtype: str
        """
        names = ("videos", "new", "gone")
        counts = {name: formatLang(self.env, result[name] or 0, digits=0) for name in names}
        parts = [self.env._("Videos up to date: %s", counts["videos"])]
        if result["new"]:
            parts.append(self.env._("new: %s", counts["new"]))
        if result["gone"]:
            parts.append(self.env._("no longer public: %s", counts["gone"]))
        return f"{'; '.join(parts)}."

    def _handle_sync_error(self, error):
        """Store why a sync failed and when it is retried.

        :param Exception error: that the sync raised
        """
        if isinstance(error, SyncSupersededError):
            return  # the new connection stays due
        if isinstance(error, ReconnectError):
            self._mark_expired()
            self._finish_sync()
        elif isinstance(error, RetryLaterError):
            self._schedule_sync_retry(error)
        elif isinstance(error, (TiktokError, UserError, InterruptedAttemptsError)):
            if isinstance(error, NotAllowedError) and self._has_video_progress():
                self.granted_scope_ids -= self._find_scopes([VIDEO_SCOPE])  # offers to request it
            self._finish_sync(problem=self._explain_error(error))
        else:
            _logger.warning("TikTok account %s: sync failed: %s", self.id, describe_error(error))
            kind = type(error).__name__
            problem = self.env._("The sync failed (%s). It is retried tomorrow.", kind)
            self._finish_sync(problem=problem)

    def _schedule_sync_retry(self, error):
        """Continue where the sync stopped when TikTok responds again; give up after some attempts.

        :param RetryLaterError error: TikTok is down or busy
        """
        progress = self.sync_progress or {}
        attempts = progress.get("attempts", 0) + 1
        sentence = self._explain_error(error)
        if attempts >= MAX_ATTEMPTS:
            self._finish_sync(problem=sentence)
            return
        seconds = max(error.retry_after or 0, const.SYNC_RETRY_MINUTES * 60)
        next_at = read_clock(self.env) + timedelta(seconds=seconds)
        self.write(
            {
                "sync_progress": {**progress, "attempts": attempts},
                "sync_requested": False,
                "sync_next_at": next_at,
                "sync_error": sentence,
            }
        )
        self._trigger_sync(next_at)


class TiktokAccountStat(models.Model):
    """The four counts of an account on one day, as the last sync of that day found them."""

    _name = "tiktok.account.stat"
    _description = "TikTok Account History"
    _order = "date desc, id desc"
    _rec_name = "date"

    account_id = fields.Many2one(
        "tiktok.account", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    date = fields.Date(required=True, readonly=True)
    # Of several days the largest: counts of days don't add up.
    follower_count = fields.Integer("Followers", readonly=True, aggregator="max")
    following_count = fields.Integer("Following", readonly=True, aggregator="max")
    likes_count = BigInteger("Likes", readonly=True, aggregator="max")
    video_count = fields.Integer("Public videos", readonly=True, aggregator="max")

    _day_uniq = models.Constraint("UNIQUE(account_id, date)", "An account has one record per day.")

    @api.model
    def _store_today(self, account):
        """Insert or update today's counts of an account.

        :param account: tiktok.account whose counts are up to date
        """
        counts = [account[name] for name in const.ACCOUNT_COUNTS]
        columns = [SQL.identifier(name) for name in const.ACCOUNT_COUNTS]
        # One statement: a button and the scheduled action may run at the same time.
        self.env.cr.execute(
            SQL(
                """INSERT INTO tiktok_account_stat
                          (account_id, company_id, date, %(columns)s,
                           create_uid, create_date, write_uid, write_date)
                   VALUES (%(account)s, %(company)s, %(today)s, %(counts)s,
                           %(uid)s, %(now)s, %(uid)s, %(now)s)
              ON CONFLICT (account_id, date)
                DO UPDATE SET (%(columns)s, write_date) = ROW (%(counts)s, EXCLUDED.write_date)""",
                columns=SQL(", ").join(columns),
                counts=SQL(", ").join(SQL("%s", count) for count in counts),
                account=account.id,
                company=account.company_id.id,
                today=read_transaction_clock(self.env).date(),
                uid=self.env.uid,
                now=read_transaction_clock(self.env),
            )
        )
        self.invalidate_model()
