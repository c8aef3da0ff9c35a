from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.tiktok_leadgen.job_time import read_clock
from odoo.addons.tiktok_leadgen.tiktok import client
from odoo.addons.tiktok_leadgen.tiktok.errors import TiktokError

from ... import const
from ...tiktok import post_progress, posting
from .tiktok_send_permit import NOW

SILENT_MINUTES = 5  # no request takes so long: the process that sent it has died


class TiktokPost(models.Model):
    """The outcome of a post: TikTok answers a check or reports it, or a user decides."""

    _inherit = "tiktok.post"

    # === CHECKING === #

    @api.model
    def _find_posts_to_check(self):
        """Return the posts whose check is due, by the clock that wakes the job.

        :rtype: tiktok.post
        """
        self.env.flush_all()
        query = SQL(
            """SELECT post.id FROM tiktok_post post
                 JOIN tiktok_post_attempt attempt ON attempt.id = post.attempt_id
                WHERE attempt.poll_at <= %s AND attempt.publish_uid IS NOT NULL
                ORDER BY attempt.poll_at, post.id""",
            NOW,
        )
        return self.browse(row[0] for row in self.env.execute_query(query))

    def _check_due_post(self):
        """Check a post unless another worker does."""
        if self.try_lock_for_update() and self.poll_at:
            self._request_remote_status()

    def _request_remote_status(self):
        """Request the status of the post, and plan the next check."""
        self.ensure_one()
        attempt, uid = self.attempt_id, self.publish_uid
        if not uid:
            return
        attempt.write({"polled_at": read_clock(self.env), "polls": attempt.polls + 1})
        try:
            status = self.account_id._request_open_api(lambda api: posting.fetch_status(api, uid))
        except (TiktokError, UserError) as error:
            self._handle_status_error(error)
            return
        attempt.downloaded = status.downloaded
        self._apply_remote_status(status.state, status.fail_reason, status.post_uids)
        self._plan_next_check()

    def _handle_status_error(self, error):
        """Plan the next check, or none if TikTok does not know the post.

        :param Exception error: TiktokError or UserError
        """
        unknown = ("invalid_publish_id", "token_not_authorized_for_specified_publish_id")
        if getattr(error, "code", "") in unknown:
            self._stop_checking(self._explain_error(error))
            return
        self._plan_next_check()

    def _plan_next_check(self):
        """Check again later each time, as long as there is something left to know."""
        is_open = self.state == "processing" or self.is_stopping
        is_open = is_open or (not self.post_uids and (self.state == "inbox" or self._is_public()))
        hours = post_progress.polling_hours(self.state)
        until = (self.sent_at or self.create_date) + timedelta(hours=hours)
        now = read_clock(self.env)
        if is_open and until > now:
            self.attempt_id.poll_at = now + timedelta(seconds=post_progress.poll_wait(self.polls))
            return
        self._stop_checking(self.env._("TikTok has not reported the result for a day."))

    def _is_public(self):
        return self.state == "published" and self.privacy_level == "PUBLIC_TO_EVERYONE"

    def _is_moderated(self):
        """Tell whether TikTok has published a post that the public can't see yet.

        :rtype: bool
        """
        return self._is_public() and bool(self.poll_at) and not self.post_uids

    def _stop_checking(self, sentence):
        """Check no longer, and let a user decide what became of the post if that is open.

        :param str sentence: the reason
        """
        self.attempt_id.poll_at = False
        if self.is_stopping:
            self.write({"state": "processing", "is_stopping": False})
        if self.state == "processing":
            self._mark_unconfirmed(sentence)

    # === RESULT === #

    def _apply_remote_status(self, state, fail_reason="", post_uids=()):
        """Store what TikTok says; the same may come again, and in any order.

        :param str state: ``processing``, ``published``, ``inbox`` or ``failed``
        :param str fail_reason: TikTok's code
        :param tuple post_uids: of the posts the public sees
        """
        self.ensure_one()
        if state == "failed" and self.is_stopping:
            self.is_stopping = False
            self.attempt_id._end_attempt("cancelled")
        elif state == "failed" and post_progress.may_become(self.state, "failed"):
            self._apply_remote_failure(fail_reason)
        elif post_progress.may_become(self.state, state):
            self._mark_finished(state)
        if post_uids:
            self._store_public_uids(post_uids)

    def _apply_developer_event(self, kind, content):
        """Store what a developer webhook reports of the current attempt.

        :param str kind: of `posting.EVENTS`
        :param dict content: of the event
        """
        post_uid = posting.parse_uid(content.get("post_id"))
        if kind == "gone":
            self.is_gone = True
        elif kind == "public":
            self._apply_remote_status("published", post_uids=(post_uid,) if post_uid else ())
        else:
            reason = content.get("reason") or content.get("fail_reason")  # unsettled at TikTok
            self._apply_remote_status(kind, posting.parse_text(reason)[:100])
        if self.state == "published" and not self.post_uids and not self.poll_at:
            self._plan_next_check()

    def _apply_remote_failure(self, reason):
        """Fail the post, or send it again later if TikTok only requires to wait.

        :param str reason: TikTok's code
        """
        sentence = self.env["tiktok.error.messages"]._describe_code(reason)
        if reason in posting.WAITS:
            self._requeue_until(self._find_retry_time(posting.WAITS[reason]), sentence)
        else:
            self._mark_failed(reason, sentence)

    def _mark_finished(self, state):
        """Record that TikTok has the post.

        :param str state: ``published`` or ``inbox``
        """
        was_cancelled = self.state == "cancelled"
        self.attempt_id._end_attempt(state)
        url = self.post_url or posting.build_profile_url(self._get_creator_name())
        self.attempt_id.post_url = url
        names = ("error", "fail_reason", "needs_confirmation", "is_stopping")
        self.write({"state": state, **dict.fromkeys(names, False)})
        self.activity_unlink([const.ACTIVITY_XMLID])
        if was_cancelled:
            self._schedule_review_activity(
                self.env._("A cancelled TikTok post was published anyway"),
                self.env._(
                    "TikTok has already published it. Delete it in the TikTok app if needed."
                ),
            )

    def _store_public_uids(self, post_uids):
        """Store under which IDs the public sees the post, and the ads that show it.

        :param tuple post_uids: TikTok's
        """
        self.attempt_id._store_public_uids(post_uids, self._get_creator_name())
        if self.is_gone:
            self.is_gone = False
        self._link_known_ads()

    def _get_item_uids(self):
        return self.attempt_id._split_post_uids()

    def _get_creator_name(self):
        """Return the name under which the account posts, empty if it is unknown.

        :rtype: str
        """
        return self.creator_username or self.account_id.username or ""

    def _mark_failed(self, reason, sentence, outcome="failed"):
        """Give up, and notify the responsible user.

        :param str reason: TikTok's code, empty for none
        :param str sentence: what happened and what to do
        :param str outcome: of the attempt, if there is one
        """
        self.attempt_id._end_attempt(outcome, sentence)
        self.write(
            {
                "state": "failed",
                "fail_reason": reason or False,
                "error": sentence,
                "needs_confirmation": False,
            }
        )
        self._schedule_review_activity(self.env._("A TikTok post failed"), sentence)

    def _schedule_review_activity(self, summary, note):
        """Give the responsible user an activity, in place of an earlier one.

        :param str summary: of the activity
        :param str note: what happened and what to do
        """
        self.activity_unlink([const.ACTIVITY_XMLID])
        user = self.user_id.filtered("active") or self.account_id.user_id.filtered("active")
        user = user or self.company_id._tiktok_get_responsible()
        self.activity_schedule(const.ACTIVITY_XMLID, user_id=user.id, summary=summary, note=note)

    # === UNCONFIRMED === #

    @api.model
    def _find_interrupted_posts(self):
        """Return posts whose sender died before it could store TikTok's answer.

        :rtype: tiktok.post
        """
        since = read_clock(self.env) - timedelta(minutes=SILENT_MINUTES)
        return self.search(
            [
                *(("state", "=", "processing"), ("attempt_id.publish_uid", "=", False)),
                *("|", ("needs_confirmation", "=", False), ("error", "=", False)),
                ("attempt_id.started_at", "<", since),
            ]
        )

    def _mark_interrupted(self):
        """Mark a post as unconfirmed unless its answer was stored meanwhile."""
        if self.try_lock_for_update() and not self.publish_uid:
            sentence = self.env._("Odoo was stopped while communicating with TikTok.")
            self._mark_unconfirmed(sentence)

    def _mark_unconfirmed(self, sentence):
        """Record that TikTok may have the post or not: it is never sent again automatically.

        :param str sentence: what happened
        """
        if self.state != "processing":
            return  # a user decided meanwhile
        self.needs_confirmation = True
        self.attempt_id.outcome = "unconfirmed"
        if not self.publish_uid:
            self.attempt_id.lost_at = read_clock(self.env)
            # What TikTok reports from here on is matched when it arrives; what it reported until
            # now is visible to a new transaction only: this one began before TikTok was called.
            self.env["ir.cron"]._commit_progress()
            if self.publish_uid or self.state != "processing" or self._match_remote_post():
                return
        self._store_unconfirmed(sentence)

    def _store_unconfirmed(self, sentence):
        """Have a user decide about a post that TikTok may have or not.

        :param str sentence: what happened
        """
        self.write({"needs_confirmation": True, "error": sentence})
        self.attempt_id.write({"outcome": "unconfirmed", "reason": sentence})
        self._schedule_review_activity(
            self.env._("Unconfirmed TikTok post: check on TikTok whether it is there"), sentence
        )

    def _match_remote_post(self):
        """Match a post without an answer with the one TikTok reported, if it can be no other.

        :return: whether there was one
        :rtype: bool
        """
        publish_uid = self.attempt_id._find_unreported_uid()
        if not publish_uid:
            return False
        self._store_publish_uid(publish_uid)
        self.attempt_id.lost_at = False
        self.error = False
        self.activity_unlink([const.ACTIVITY_XMLID])
        self.env.ref(const.CRON_XMLID)._tiktok_trigger(self.poll_at)
        return True

    def _check_remote_post(self):
        """Check again what became of an unconfirmed post."""
        if self.publish_uid or self._match_remote_post():
            self._request_remote_status()

    # === CANCELLATION === #

    def _cancel_post(self):
        """Cancel one post; at TikTok, that is a request which may come too late.

        :raise UserError: if it is too late
        """
        self.ensure_one()
        self.lock_for_update()
        is_sent = self.state == "processing"
        if is_sent:
            self._request_cancellation()
        elif self.state != "queued":
            raise UserError(self.env._("There is nothing left to cancel."))
        self.write(
            {
                "state": "cancelled",
                "is_stopping": is_sent,
                **dict.fromkeys(("error", "next_try_at", "needs_confirmation"), False),
            }
        )
        self.activity_unlink([const.ACTIVITY_XMLID])

    def _request_cancellation(self):
        """Request the cancellation, and plan checks until TikTok confirms it.

        :raise UserError: if it is too late or TikTok refuses
        """
        if not self.publish_uid:
            raise UserError(
                self.env._("The post is being sent to TikTok and can no longer be stopped.")
            )
        try:
            uid = self.publish_uid
            with client.deadline():
                self.account_id._request_open_api(lambda api: posting.cancel_post(api, uid))
        except TiktokError as error:
            # Explained without `tiktok_of_post`: a cancellation is not tried again automatically.
            raise UserError(self.account_id._explain_error(error)) from error
        soon = read_clock(self.env) + timedelta(seconds=const.POLL_SECONDS)
        self.attempt_id.write({"poll_at": soon, "polls": 0, "media_token_hash": False})
        self.env.ref(const.CRON_XMLID)._tiktok_trigger(soon)

    def _check_not_stopping(self):
        """Check that TikTok can no longer publish an earlier attempt.

        :raise UserError: if it can
        """
        if any(post.is_stopping for post in self):
            raise UserError(
                self.env._(
                    "Cancellation was requested and TikTok has not confirmed it yet. "
                    "Wait a minute to avoid a duplicate post."
                )
            )
