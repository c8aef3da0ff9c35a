import logging
import secrets
from datetime import timedelta
from functools import partial

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.tiktok_leadgen.concurrency import (
    InterruptedAttemptsError,
    process_each,
    process_stages,
    retry_on_serialization_failure,
)
from odoo.addons.tiktok_leadgen.job_time import backoff, read_clock
from odoo.addons.tiktok_leadgen.log_filters import describe_error
from odoo.addons.tiktok_leadgen.tiktok import client
from odoo.addons.tiktok_leadgen.tiktok.errors import ReconnectError, RetryLaterError, TiktokError

from ... import const
from ...tiktok import posting
from .tiktok_send_permit import NOW

_logger = logging.getLogger(__name__)
FIRST_WAIT, LONGEST_WAIT = 60, 6 * 3600  # seconds
MAX_ERRORS = 8  # internal errors in a row, in all about two hours
TOKEN_BYTES = 32
JOB = "tiktok.post"  # and the method: the names of attempts


class TiktokPost(models.Model):
    """How a post is sent, and never twice.

    The attempt is committed before TikTok is called. Whatever happens then, a post without an
    answer is known as such: TikTok reports it, or a user decides.
    """

    _inherit = "tiktok.post"

    # === SCHEDULED ACTIONS === #

    @api.model
    @retry_on_serialization_failure
    def _cron_posts(self):
        """Find interrupted attempts, send what is due, and check what was sent."""
        methods = {
            "_mark_interrupted": self._find_interrupted_posts,
            "_send_due_post": self._find_posts_to_send,
            "_check_due_post": self._find_posts_to_check,
        }
        stages = (
            (f"{JOB}.{each}", partial(self._process_posts, each, methods[each])) for each in methods
        )
        process_stages(self.env, dict(stages))

    @api.model
    def _process_posts(self, method, find_posts):
        """Process posts one by one, each in the language of its responsible user.

        :param str method: of this model, private
        :param find_posts: method of this model that returns the posts
        :return: tiktok.post
        """

        def process(post):
            if post.exists():
                getattr(post._with_user_lang(), method)()

        posts = find_posts()
        process_each(posts, process, type(self)._handle_job_error, job=f"{JOB}.{method}")
        return posts

    def _with_user_lang(self):
        return self.with_context(lang=self.user_id.lang or self.env.lang)

    def _handle_job_error(self, error):
        """Wait after an internal error: an attempt that was not started yet is started later.

        :param Exception error: of this post alone
        """
        _logger.warning("TikTok post %s: %s", self.id, describe_error(error))
        post = self._with_user_lang()
        if isinstance(error, InterruptedAttemptsError) and not post.poll_at:
            post._give_up_interrupted(error.attempts)
        elif post.state == "queued":
            post.attempt_count += 1
            post.error_count += 1
            sentence = post.env._("An internal error occurred (%s).", type(error).__name__)
            if post.error_count >= MAX_ERRORS:
                post._mark_failed("", sentence)
            else:
                post._requeue_until(post._find_retry_time(), sentence)
        elif post.poll_at:
            post.attempt_id.polls += 1
            post._plan_next_check()

    def _give_up_interrupted(self, attempts):
        """Give up a post that interrupts each attempt; it is never sent again automatically.

        :param int attempts: that were interrupted
        """
        sentence = self.env._(
            "Odoo stopped each time it worked on this post (attempts: %s). It takes too long or "
            "too much memory. Use fewer or smaller photos.",
            attempts,
        )
        if self.state == "queued":
            self._mark_failed("", sentence)
        elif self.state == "processing":
            self._store_unconfirmed(sentence)

    @api.model
    def _find_posts_to_send(self):
        """Return the queued posts that are due, by the clock that wakes the job.

        :rtype: tiktok.post
        """
        self.flush_model()
        query = SQL(
            "SELECT id FROM tiktok_post WHERE %s ORDER BY scheduled_at NULLS FIRST, id",
            self._due_condition(),
        )
        return self.browse(row[0] for row in self.env.execute_query(query))

    @api.model
    def _due_condition(self):
        """Return the SQL condition of a post that is due.

        :rtype: odoo.tools.SQL
        """
        return SQL(
            """state = 'queued' AND (scheduled_at IS NULL OR scheduled_at <= %(now)s)
               AND (next_try_at IS NULL OR next_try_at <= %(now)s)""",
            now=NOW,
        )

    def _lock_due_post(self):
        """Lock the post if it is still due and no other worker has locked it.

        :rtype: bool
        """
        query = SQL(
            "SELECT id FROM tiktok_post WHERE id = %s AND %s FOR NO KEY UPDATE SKIP LOCKED",
            self.id,
            self._due_condition(),
        )
        return bool(self.env.execute_query(query))

    # === SENDING === #

    def _send_due_post(self):
        """Send a post that is still due, unless it must wait."""
        if not self._lock_due_post():
            return
        until, sentence = self._find_sending_limit()
        if until:
            self._postpone_until(until, sentence)
            return
        self._prepare_content()
        try:
            problems = self._find_problems() or self._request_creator_problems()
            if problems:
                self._mark_failed("", "\n".join(problems))
                return
            self.account_id._get_access_token()  # without one nothing is sent
        except (TiktokError, UserError) as error:
            self._handle_error_before_sending(error)
            return
        permits = self.env["tiktok.send.permit"]
        permit = permits._acquire_permit(self.account_id)
        if not permit:  # another worker has taken the last one
            self._postpone_until(*permits._find_minute_limit(self.account_id))
            return
        self._request_post(permit, self._mark_sending())

    def _request_post(self, permit, media_token):
        """Send a post whose attempt is committed, and store TikTok's answer.

        :param permit: tiktok.send.permit, acquired and committed
        :param str media_token: of the photo URLs
        """
        try:
            body = self._build_post_body(media_token)
            # Its own time, whatever was requested before: a lost answer is a post in doubt.
            with client.deadline(client.CONNECT_SECONDS + client.READ_SECONDS):
                uid = self.account_id._request_open_api(lambda api: posting.begin_post(api, body))
        except TiktokError as error:
            self._store_answer(permit, self._handle_refusal, error)
            return
        _logger.info("TikTok post %s: accepted as %s", self.id, uid or "nothing")
        if uid:
            self._store_answer(permit, self._store_publish_uid, uid)
        else:
            self._store_answer(permit, self._mark_unconfirmed, self._describe_lost_answer())

    def _mark_sending(self):
        """Start an attempt and commit it, before TikTok is called.

        :return: the token of the photo URLs
        :rtype: str
        """
        media_token = secrets.token_urlsafe(TOKEN_BYTES)
        attempt = self.env["tiktok.post.attempt"]._start_attempt(self, media_token)
        self.write(
            {
                "state": "processing",
                "attempt_id": attempt.id,
                "scheduled_at": self.scheduled_at or attempt.started_at,
                "next_try_at": False,
                "error": False,
                "attempt_count": self.attempt_count + 1,
                "error_count": 0,
            }
        )
        self.image_ids._store_fetched_at(False)
        self.env["ir.cron"]._commit_progress()
        return media_token

    def _store_answer(self, permit, store, answer):
        """Store TikTok's answer and commit it, whichever transactions write to the post.

        :param permit: tiktok.send.permit that the call held
        :param store: method of this post that stores the answer
        :param answer: argument of ``store``
        """

        @retry_on_serialization_failure
        def commit_answer(post):
            permit._release_permit()
            store(answer)
            post.env.flush_all()
            post.env["ir.cron"]._commit_progress()
            return True

        if not commit_answer(self):
            # It stays without an answer and is found as such: `_find_interrupted_posts`.
            _logger.warning("TikTok post %s: what TikTok answered could not be stored", self.id)

    def _store_publish_uid(self, publish_uid):
        """Store under which ID TikTok works on the post, and plan the first check.

        :param str publish_uid: TikTok's
        """
        soon = read_clock(self.env) + timedelta(seconds=const.POLL_SECONDS)
        self.attempt_id.write(
            {"publish_uid": publish_uid, "poll_at": soon, "outcome": "processing", "reason": False}
        )
        self.needs_confirmation = False

    def _handle_refusal(self, error):
        """Decide about a post whose sending ended with an error.

        :param TiktokError error: of the request
        """
        sentence = self._explain_error(error)
        if error.code in posting.WAITS:
            self._requeue_until(self._find_retry_time(posting.WAITS[error.code], error), sentence)
        elif isinstance(error, ReconnectError):  # a rejected token publishes nothing
            self._mark_failed(error.code, sentence, "refused")
        elif posting.may_have_arrived(error.code):
            self._mark_unconfirmed(self._describe_lost_answer(error))
        elif isinstance(error, RetryLaterError):  # it never arrived
            self._requeue_until(self._find_retry_time(FIRST_WAIT, error), sentence)
        else:
            if error.code == posting.UNAUDITED:
                self.company_id.tiktok_publish_audited = False
            self._mark_failed(error.code, sentence, "refused")

    def _handle_error_before_sending(self, error):
        """Decide about a post that was not sent: no token, or the account can't post.

        :param Exception error: TiktokError or UserError
        """
        self.attempt_count += 1
        sentence = self._explain_error(error)
        code = getattr(error, "code", "")
        if code in posting.WAITS:
            self._requeue_until(self._find_retry_time(posting.WAITS[code], error), sentence)
        elif isinstance(error, RetryLaterError):
            self._requeue_until(self._find_retry_time(FIRST_WAIT, error), sentence)
        else:
            self._mark_failed(code, sentence)

    def _describe_lost_answer(self, error=None):
        """Return a sentence on a post that TikTok may have and that is not sent again.

        :param TiktokError error: of the request, None for an answer without ID
        :rtype: str
        """
        sentence = self.env._("TikTok has not confirmed that it received this post.")
        details = [error.code, error.request_id] if error else []
        return f"{sentence} ({', '.join(filter(None, details))})" if any(details) else sentence

    # === WAITING === #

    def _find_retry_time(self, first=FIRST_WAIT, error=None):
        """Return when to try again, later after each attempt.

        :param int first: seconds after the first failure
        :param TiktokError error: its `retry_after` is respected
        :rtype: datetime.datetime
        """
        cap = max(LONGEST_WAIT, first)
        retry_after = getattr(error, "retry_after", None)
        return read_clock(self.env) + backoff(max(self.attempt_count, 1), first, cap, retry_after)

    def _requeue_until(self, until, sentence):
        """Put the post back into the queue: TikTok does not have it.

        :param datetime.datetime until: when it is tried again
        :param str sentence: the reason
        """
        self.attempt_id._end_attempt("refused", sentence)
        self.write({"state": "queued", "attempt_id": False})
        self._postpone_until(until, sentence)

    def _postpone_until(self, until, sentence):
        """Leave the post in the queue: TikTok was not called.

        :param datetime.datetime until: when it is tried again
        :param str sentence: the reason
        """
        self.write({"next_try_at": until, "error": sentence})
        self.env.ref(const.CRON_XMLID)._tiktok_trigger(until)

    def _find_sending_limit(self):
        """Return until when TikTok would refuse the post, and why.

        :return: None and an empty sentence if it would not
        :rtype: tuple[datetime.datetime | None, str]
        """
        permits = self.env["tiktok.send.permit"]
        if permits._find_next_free_time(self.account_id):
            return permits._find_minute_limit(self.account_id)
        since = read_clock(self.env) - timedelta(days=1)
        domain = [("account_id", "=", self.account_id.id), ("id", "!=", self.id)]
        domain += [("attempt_id.started_at", ">", since), ("post_mode", "=", self.post_mode)]
        if self.post_mode == "direct":
            states, most = ("processing", "published"), posting.POSTS_PER_DAY
            code = "spam_risk_too_many_posts"
        else:
            states, most = ("processing", "inbox"), posting.DRAFTS_PER_DAY
            code = "spam_risk_too_many_pending_share"
        posts = self.search([*domain, ("state", "in", states)])
        sent = sorted(posts.attempt_id.mapped("started_at"), reverse=True)[:most]
        if len(sent) == most:
            sentence = self.env["tiktok.error.messages"]._describe_code(code)
            return sent[-1] + timedelta(days=1), sentence
        return None, ""
