from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.tiktok_leadgen.tiktok.errors import TiktokError

from .. import const
from ..tiktok import posting
from .tiktok_post_slot import NOW

WAITS = (5, 10, 20, 40, 60, 120, 300, 600, 1200, 2400, 3600)  # seconds between two questions
GIVE_UP = {  # hours after which TikTok is asked no more
    "processing": 24,
    "published": 48,
    "inbox": 72,
    "cancelled": 24,
}
AFTER = {  # what may still become of it
    "processing": ("published", "inbox", "failed"),
    "inbox": ("published", "failed"),
    "failed": ("published", "inbox"),
    "cancelled": ("published", "inbox"),
    "published": (),
}


class TiktokPost(models.Model):
    """What became of a post: TikTok is asked, and tells."""

    _inherit = "tiktok.post"

    poll_at = fields.Datetime("TikTok is asked again on", readonly=True, copy=False, index=True)
    polled_at = fields.Datetime("Asked last on", readonly=True, copy=False)
    polls = fields.Integer("Times asked", readonly=True, copy=False)
    downloaded = fields.Integer("Bytes TikTok fetched", readonly=True, copy=False)
    former_uids = fields.Char(readonly=True, copy=False)  # of tries before, separated by commas
    is_gone = fields.Boolean("No longer public", readonly=True, copy=False)

    # === CRUD METHODS === #

    def write(self, vals):
        """Remember TikTok's ids of earlier tries: what it tells of them answers no new one."""
        if "publish_uid" in vals:
            for post in self.filtered("publish_uid"):
                known = [*(post.former_uids or "").split(","), post.publish_uid]
                post.former_uids = ",".join(dict.fromkeys(filter(None, known)))
        return super().write(vals)

    # === ASKING === #

    @api.model
    def _poll_due(self):
        """Ask about each post whose turn it is, by the clock that wakes the job."""
        self.flush_model(["poll_at", "publish_uid"])
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM tiktok_post
                    WHERE poll_at <= %s AND publish_uid IS NOT NULL ORDER BY poll_at, id""",
                NOW,
            )
        )
        for post in self.browse([row[0] for row in rows]):
            if post.try_lock_for_update():
                post._alone("_poll")
            if not self.env["ir.cron"]._commit_progress(1):
                return

    def _poll(self):
        """Ask TikTok how far it is, and plan the next time."""
        self.ensure_one()
        if not self.publish_uid:
            return
        now = fields.Datetime.now()
        self.write({"polled_at": now, "polls": self.polls + 1})
        try:
            uid = self.publish_uid
            status = self.account_id._ask_open(lambda api: posting.fetch_status(api, uid))
        except (TiktokError, UserError) as error:
            self._after_no_status(error)
            return
        self.downloaded = status.downloaded
        self._take(status.state, status.fail_reason, status.post_uids)
        self._plan_poll()

    def _after_no_status(self, error):
        """TikTok did not say.

        :param Exception error: why
        """
        unknown = ("invalid_publish_id", "token_not_authorized_for_specified_publish_id")
        if getattr(error, "code", "") in unknown:
            self.poll_at = False
            self._give_up(self._explain(error))
            return
        self._plan_poll()

    def _plan_poll(self):
        """Ask again later each time, as long as there is something to learn."""
        waiting = self.state == "processing" or self.is_stopping
        waiting = waiting or (not self.post_uids and (self.state == "inbox" or self._is_public()))
        hours = GIVE_UP.get(self.state, 0)
        until = (self.sent_at or self.create_date) + timedelta(hours=hours)
        now = fields.Datetime.now()
        if waiting and until > now:
            wait = WAITS[min(self.polls, len(WAITS) - 1)]
            self.poll_at = now + timedelta(seconds=wait)
            return
        self.poll_at = False
        self._give_up(self.env._("TikTok has not said for a day what became of it."))

    def _is_public(self):
        return self.state == "published" and self.privacy_level == "PUBLIC_TO_EVERYONE"

    def _is_moderated(self):
        """Tell whether TikTok has published a post that the public can't see yet."""
        return self._is_public() and bool(self.poll_at) and not self.post_uids

    def _give_up(self, sentence):
        """Have a person decide what became of it, if that is open.

        :param str sentence: why nobody else can
        """
        if self.is_stopping:
            self.write({"state": "processing", "is_stopping": False})
        if self.state == "processing":
            self._mark_unconfirmed(sentence)

    # === LEARNING === #

    def _take(self, state, fail_reason="", post_uids=()):
        """Note what TikTok says; the same may come again, and in any order.

        :param str state: ``processing``, ``published``, ``inbox`` or ``failed``
        :param str fail_reason: TikTok's
        :param tuple post_uids: of the posts the public sees
        """
        self.ensure_one()
        if state == "failed" and self.is_stopping:
            self.write({"is_stopping": False, "poll_at": False})
        elif state == "failed" and "failed" in AFTER.get(self.state, ()):
            self._take_failure(fail_reason)
        elif state in AFTER.get(self.state, ()):
            self._finish(state)
        if post_uids:
            self._note_public(post_uids)

    def _take_event(self, what, content):
        """Note what TikTok told of a post by itself.

        :param str what: of `posting.EVENTS`
        :param dict content: of the event
        """
        post_uid = posting.uid(content.get("post_id"))
        if what == "gone":
            self.is_gone = True
        elif what == "public":
            self._take("published", post_uids=(post_uid,) if post_uid else ())
        else:
            # TikTok's own name of it is unsettled.
            reason = content.get("reason") or content.get("fail_reason")
            self._take(what, posting.text(reason)[:100])
        if self.state == "published" and not self.post_uids and not self.poll_at:
            self._plan_poll()

    def _take_failure(self, reason):
        sentence = self.env["tiktok.sentences"]._of(reason)
        if reason in posting.WAITS:
            self.publish_uid = False
            self._wait(self._growing(posting.WAITS[reason]), sentence)
        else:
            self._fail(reason, sentence)

    def _finish(self, state):
        """TikTok has done what was asked.

        :param str state: ``published`` or ``inbox``
        """
        was_cancelled = self.state == "cancelled"
        self.write(
            {
                "state": state,
                "error": False,
                "fail_reason": False,
                "media_token_hash": False,  # the photos are gone from the web
                "post_url": self.post_url or posting.profile_url(self._creator_name()),
                **dict.fromkeys(("needs_confirmation", "is_stopping"), False),
            }
        )
        self.activity_unlink([const.ACTIVITY_XMLID])
        if was_cancelled:
            self._ask_person(
                self.env._("A cancelled TikTok post is there all the same"),
                self.env._("TikTok was faster. Delete it in the TikTok app if it must go."),
            )

    def _note_public(self, post_uids):
        """Note under which ids the public sees it.

        :param tuple post_uids: TikTok's
        """
        known = (self.post_uids or "").split(",") if self.post_uids else []
        merged = list(dict.fromkeys([*known, *post_uids]))
        if merged == known and not self.is_gone:
            return
        url = posting.post_url(self._creator_name(), merged[-1])
        self.write({"post_uids": ",".join(merged), "post_url": url, "is_gone": False})

    def _creator_name(self):
        """Return under which name the account posts, empty if TikTok has not told it.

        The profile needs a permission of its own; who may post is told without it.
        """
        return self.creator_username or self.account_id.username or ""

    def _fail(self, reason, sentence):
        """Give up, and tell its person.

        :param str reason: TikTok's code, empty for none
        :param str sentence: what happened and what to do
        """
        self.write(
            {
                "state": "failed",
                "fail_reason": reason or False,
                "error": sentence,
                "needs_confirmation": False,
                "media_token_hash": False,
                "poll_at": False,
            }
        )
        self._ask_person(self.env._("A TikTok post failed"), sentence)

    def _ask_person(self, summary, note):
        self.activity_unlink([const.ACTIVITY_XMLID])
        user = self.user_id.filtered("active") or self.account_id.user_id.filtered("active")
        user = user or self.account_id._fallback_user()
        self.activity_schedule(const.ACTIVITY_XMLID, user_id=user.id, summary=summary, note=note)
