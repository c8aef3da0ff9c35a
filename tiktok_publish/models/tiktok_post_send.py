import logging
import random
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.tiktok_leadgen.clash import CONCURRENCY_ERRORS, MAX_CLASHES, survives_clashes
from odoo.addons.tiktok_leadgen.log_guard import place_of
from odoo.addons.tiktok_leadgen.tiktok import signature
from odoo.addons.tiktok_leadgen.tiktok.errors import (
    ReconnectError,
    RetryLaterError,
    SealError,
    TiktokError,
)

from .. import const
from ..tiktok import posting
from .tiktok_post_slot import NOW

_logger = logging.getLogger(__name__)
FIRST_WAIT, LONGEST_WAIT = 60, 6 * 3600  # seconds
MAX_FAULTS = 8  # of ours, in all about two hours


class TiktokPost(models.Model):
    """How a post is sent, and never twice.

    That it is being sent is committed before TikTok is called. So whatever happens then, a post
    without an answer is known as such: TikTok is asked or tells, else a person decides.
    """

    _inherit = "tiktok.post"

    # === SCHEDULED ACTIONS === #

    @api.model
    @survives_clashes
    def _cron_posts(self):
        """Send what is due, settle what got no answer, and ask TikTok about what was sent."""
        self._settle_unanswered()
        tried = self.browse()
        while post := self._claim(tried):
            tried += post
            post._alone("_send")
            if not self.env["ir.cron"]._commit_progress(1):
                return
        self._poll_due()

    @api.model
    def _claim(self, tried):
        """Lock the next post that is due and that nobody else works on.

        :param tried: those that had their turn in this run
        :rtype: tiktok.post
        """
        self.env["ir.cron"]._commit_progress()  # a row that was changed since is no clash then
        self.flush_model()
        self.env.cr.execute(
            SQL(
                # By the clock that wakes the job: by an earlier one it would find nothing due.
                """SELECT id FROM tiktok_post
                    WHERE state = 'queued' AND id <> ALL(%(tried)s)
                      AND (scheduled_at IS NULL OR scheduled_at <= %(now)s)
                      AND (next_try_at IS NULL OR next_try_at <= %(now)s)
                    ORDER BY scheduled_at NULLS FIRST, id
                    LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED""",
                tried=tried.ids,
                now=NOW,
            )
        )
        return self.browse([row[0] for row in self.env.cr.fetchall()])

    def _alone(self, method):
        """Do something with one post, in its person's language; the others never notice.

        :param str method: of this model, private
        """
        self.ensure_one()
        post = self.with_context(lang=self.user_id.lang or self.env.lang)
        try:
            getattr(post, method)()
        except CONCURRENCY_ERRORS:
            self.env.cr.rollback()  # somebody else wrote to it: it stays due
        except Exception as error:  # noqa: BLE001 - one post never stops the others
            self.env.cr.rollback()
            _logger.warning("TikTok post %s: %s", self.id, place_of(error))
            post._after_fault(type(error).__name__)

    def _after_fault(self, name):
        """Go on after a fault of ours: before the call it is tried later, after it nobody knows."""
        if self.state == "queued":
            self.tries += 1
            self.faults += 1
            sentence = self.env._("A fault of ours (%s).", name)
            if self.faults >= MAX_FAULTS:
                self._fail("", sentence)
            else:
                self._wait(self._growing(), sentence)
        elif self.poll_at:
            self.polls += 1
            self._plan_poll()

    # === SENDING === #

    def _send(self):
        """Send one post that is due, unless it must wait."""
        until, sentence = self._limit()
        if until:
            self._hold_back(until, sentence)
            return
        self._make_ready()
        try:
            problems = self._problems() or self._creator_problems()
            if problems:
                self._fail("", "\n".join(problems))
                return
            self.account_id._access_token()  # without one nothing is sent
        except (TiktokError, UserError) as error:
            self._not_sent(error)
            return
        slot = self.env["tiktok.post.slot"]._take(self.account_id)
        if not slot:  # another worker has taken the last one
            self._hold_back(*self._minute_limit())
            return
        self._begin(slot, self._mark_sending())

    def _begin(self, slot, media_token):
        """Have TikTok begin a post that is marked as being sent.

        :param slot: tiktok.post.slot, taken and committed
        :param str media_token: of the photos' addresses
        """
        try:
            body = self._body(media_token)
            uid = self.account_id._ask_open(lambda api: posting.begin(api, body))
        except TiktokError as error:
            self._write_down(slot, self._after_refusal, error)
            return
        _logger.info("TikTok post %s: begun as %s", self.id, uid or "nothing")
        if uid:
            self._write_down(slot, self._after_begin, uid)
        else:
            self._write_down(slot, self._mark_unconfirmed, self._describe_lost_answer())

    def _make_ready(self):
        """Let other addons put in what only the job puts in, before it is looked at."""

    def _mark_sending(self):
        """Write down that it is being sent, before it is.

        :return: the token of the photos' addresses
        :rtype: str
        """
        now = fields.Datetime.now()
        media_token = self._new_media_token()
        self.write(
            {
                "state": "processing",
                "sent_at": now,
                "scheduled_at": self.scheduled_at or now,
                "next_try_at": False,
                "error": False,
                "tries": self.tries + 1,
                "faults": 0,
                "media_token_hash": signature.hash_token(media_token),
                "publish_uid": False,
                "polls": 0,
                "downloaded": 0,
                "poll_at": False,
            }
        )
        self.image_ids._write_fetched(False)
        self.env["ir.cron"]._commit_progress()
        return media_token

    def _write_down(self, slot, write, answer):
        """Write down what TikTok answered, and commit, whoever else writes to the post.

        :param slot: tiktok.post.slot that the call held
        :param write: does it
        :param answer: what to write down
        """
        for _clash in range(MAX_CLASHES):
            try:
                slot._release()
                write(answer)
                self.env.flush_all()
                self.env["ir.cron"]._commit_progress()
                return
            except CONCURRENCY_ERRORS:
                self.env.cr.rollback()
        # It stays without an answer, and so it is settled as such: `_settle_unanswered`.
        _logger.warning("TikTok post %s: what TikTok answered could not be stored", self.id)

    def _after_begin(self, publish_uid):
        soon = fields.Datetime.now() + timedelta(seconds=const.POLL_SECONDS)
        self.write({"publish_uid": publish_uid, "poll_at": soon, "needs_confirmation": False})

    def _after_refusal(self, error):
        """TikTok was called and refused, or nobody knows.

        :param TiktokError error: what came back
        """
        sentence = self._explain(error)
        if error.code in posting.WAITS:
            self._wait(self._growing(posting.WAITS[error.code], error), sentence)
        elif isinstance(error, ReconnectError):  # a refused token begins nothing
            self._fail(error.code, sentence)
        elif posting.may_have_begun(error.code):
            self._mark_unconfirmed(self._describe_lost_answer(error))
        elif isinstance(error, RetryLaterError):  # it never arrived
            self._wait(self._growing(FIRST_WAIT, error), sentence)
        else:
            if error.code == posting.UNAUDITED:
                self.company_id.tiktok_publish_audited = False
            self._fail(error.code, sentence)

    def _creator_problems(self):
        """Return what the account does not offer today: nobody may have looked since it was chosen.

        :rtype: list[str]
        :raise ApiError: also if the account can't post now
        """
        if self.post_mode != "direct":
            return []
        creator = self.account_id._ask_open(posting.creator_info)
        self.creator_username = creator.username
        if creator.comment_disabled:
            self.allow_comment = False
        if self.privacy_level in creator.privacy_options:
            return []
        return [self.env["tiktok.sentences"]._of("privacy_level_option_mismatch")]

    def _not_sent(self, error):
        """There was no token to send it with, or the account can't post.

        :param Exception error: why
        """
        self.tries += 1
        sentence = self._explain(error)
        code = getattr(error, "code", "")
        if code in posting.WAITS:
            self._wait(self._growing(posting.WAITS[code], error), sentence)
        elif isinstance(error, RetryLaterError):
            self._wait(self._growing(FIRST_WAIT, error), sentence)
        elif isinstance(error, (SealError, UserError, TiktokError)):
            self._fail(code, sentence)

    def _explain(self, error):
        return self.account_id.with_context(tiktok_of_post=True)._explain(error)

    def _describe_lost_answer(self, error=None):
        """Return what is said of a post that TikTok may have: never to send it again.

        :param TiktokError error: what came in place of an answer, None for an answer without ID
        :rtype: str
        """
        sentence = self.env._("TikTok has not confirmed that it took this post.")
        details = [error.code, error.request_id] if error else []
        return f"{sentence} ({', '.join(filter(None, details))})" if any(details) else sentence

    # === WAITING === #

    def _growing(self, least=FIRST_WAIT, error=None):
        """Return when to try again, later each time.

        :param int least: seconds
        :param error: has TikTok's own wish, if it has one
        :rtype: datetime.datetime
        """
        seconds = min(least * 2 ** max(self.tries - 1, 0), max(LONGEST_WAIT, least))
        seconds *= random.uniform(1, 1.2)  # noqa: S311 - not a secret
        seconds = max(seconds, getattr(error, "retry_after", None) or 0)
        return fields.Datetime.now() + timedelta(seconds=seconds)

    def _wait(self, until, sentence):
        """Put it back into the queue: TikTok has nothing of it.

        :param datetime until: when it is tried again
        :param str sentence: why
        """
        self.write(
            {
                "state": "queued",
                "next_try_at": until,
                "error": sentence,
                "media_token_hash": False,
                "sent_at": False,
            }
        )
        self.env.ref(const.CRON_XMLID)._trigger(until)

    def _hold_back(self, until, sentence):
        """Leave a post in the queue: TikTok was not called.

        :param datetime until: when it is tried again
        :param str sentence: why
        """
        self.write({"next_try_at": until, "error": sentence})
        self.env.ref(const.CRON_XMLID)._trigger(until)

    def _limit(self):
        """Return until when TikTok would refuse it, and why; nothing if it would not.

        :rtype: tuple[datetime.datetime | None, str]
        """
        if self.env["tiktok.post.slot"]._next_free_at(self.account_id):
            return self._minute_limit()
        since = fields.Datetime.now() - timedelta(days=1)
        day = [("account_id", "=", self.account_id.id), ("id", "!=", self.id)]
        day += [("sent_at", ">", since), ("post_mode", "=", self.post_mode)]
        if self.post_mode == "direct":
            states, most = ("processing", "published"), posting.POSTS_PER_DAY
            why = "spam_risk_too_many_posts"
        else:
            states, most = ("processing", "inbox"), posting.DRAFTS_PER_DAY
            why = "spam_risk_too_many_pending_share"
        found = self.search([*day, ("state", "in", states)], order="sent_at desc", limit=most)
        if len(found) == most:
            return found[-1].sent_at + timedelta(days=1), self.env["tiktok.sentences"]._of(why)
        return None, ""

    def _minute_limit(self):
        """Return until when all slots of this minute are taken, and the sentence for it.

        :rtype: tuple[datetime.datetime, str]
        """
        until = self.env["tiktok.post.slot"]._next_free_at(self.account_id)
        soon = fields.Datetime.now() + timedelta(seconds=const.POLL_SECONDS)
        sentence = self.env._("TikTok takes 6 posts of an account in a minute. It waits its turn.")
        return until or soon, sentence
