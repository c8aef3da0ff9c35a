import logging
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.tiktok_leadgen import settings

from .. import const
from ..tiktok import posting

_logger = logging.getLogger(__name__)
SILENT_MINUTES = 5  # no call of ours takes so long: whoever made it is gone
TOLD_HOURS = 72  # after which TikTok tells no more of a post


class TiktokPost(models.Model):
    """A post without an answer: TikTok may have it, so it is never sent again by ourselves."""

    _inherit = "tiktok.post"

    # Stays when a person decides: what TikTok tells may be about that try.
    lost_at = fields.Datetime("Answer lost on", readonly=True, copy=False)

    @api.model
    def _settle_unanswered(self):
        """Find posts whose sender died before it could note TikTok's answer."""
        since = fields.Datetime.now() - timedelta(minutes=SILENT_MINUTES)
        domain = [
            *(("state", "=", "processing"), ("publish_uid", "=", False)),
            *("|", ("needs_confirmation", "=", False), ("error", "=", False)),
            ("sent_at", "<", since),
        ]
        for post in self.search(domain):
            if post.try_lock_for_update():
                post._alone("_mark_unanswered")
            self.env["ir.cron"]._commit_progress(1)

    def _mark_unanswered(self):
        self._mark_unconfirmed(self.env._("Odoo was stopped while it spoke with TikTok."))

    def _mark_unconfirmed(self, sentence):
        """TikTok may have it or not: never send it again by ourselves.

        :param str sentence: what happened
        """
        if self.state != "processing":
            return  # somebody decided meanwhile
        self.needs_confirmation = True
        if not self.publish_uid:
            self.lost_at = fields.Datetime.now()
            # What TikTok tells from here on finds it by itself; what it told until now is found
            # by a new transaction: this one began before TikTok was called.
            self.env["ir.cron"]._commit_progress()
            if self.publish_uid or self.state != "processing" or self._match_remote_post():
                return
        self.error = sentence
        self._ask_person(
            self.env._("Unconfirmed TikTok post: check on TikTok whether it is there"), sentence
        )

    def _check_again(self):
        """Look once more what became of a post without an answer."""
        if self.publish_uid or self._match_remote_post():
            self._poll()

    def _describe_unconfirmed(self):
        """Return what is known of a post that TikTok has told nothing of."""
        if self._is_fetched():
            return self.env._(
                "TikTok has not told yet what became of this post. It has fetched all photos, so "
                "it probably took the post: open the account in the TikTok app and look for it."
            )
        return self.env._(
            "TikTok has not told yet what became of this post, and has not fetched all photos. "
            "Open the account in the TikTok app and look for it."
        )

    def _match_remote_post(self):
        """Match a post without an answer with the one TikTok told of, where it can be no other.

        TikTok tells of all posts an app makes of an account, so also of those that another program
        made with the same app. Ours is one of which TikTok has fetched all photos, whose addresses
        nobody else knows, and TikTok told of it later; it is the only one of ours without an
        answer, and the only one told of that no post of ours is known by.

        :return: whether there was one
        :rtype: bool
        """
        if not self._is_fetched() or self._find_unanswered() != self:
            return False
        told = self.env["tiktok.event"]._told_posts(self)
        found = told - self._known_publish_uids(told)
        if len(found) != 1:
            return False
        (publish_uid,) = found
        _logger.info("TikTok post %s: matched with %s by TikTok's webhook", self.id, publish_uid)
        self._after_begin(publish_uid)
        self.write({"error": False, "lost_at": False})
        self.activity_unlink([const.ACTIVITY_XMLID])
        self.env.ref(const.CRON_XMLID)._trigger(self.poll_at)
        return True

    def _is_fetched(self):
        """Tell whether TikTok has fetched all photos since the post was sent."""
        photos = self.sudo().image_ids
        return bool(photos) and all(photo.fetched_at for photo in photos)

    def _find_unanswered(self):
        """Return the posts of the TikTok user that TikTok may tell of without our knowing the id.

        :return: of all companies; what a person has decided about belongs to them
        :rtype: tiktok.post
        """
        since = fields.Datetime.now() - timedelta(hours=TOLD_HOURS)
        return self.sudo().search(
            [
                ("consent_open_id", "=", self.consent_open_id),
                *("|", ("lost_at", ">", since)),
                *("&", ("state", "=", "processing"), ("publish_uid", "=", False)),
            ]
        )

    @api.model
    def _known_publish_uids(self, told):
        """Return under which ids TikTok knows posts of ours, earlier tries included.

        :param set told: the ids that matter
        :rtype: set[str]
        """
        domain = ["|", ("publish_uid", "in", list(told)), ("former_uids", "!=", False)]
        posts = self.sudo().search(domain)
        known = {post.publish_uid for post in posts}
        return known.union(*((post.former_uids or "").split(",") for post in posts))

    def _may_be_told_by(self, event):
        """Tell whether an event may be about this post: its app, TikTok user, kind and way.

        :param DeveloperEvent event: read
        :rtype: bool
        """
        company = self.company_id.sudo()
        app = company.tiktok_client_key or settings.get("TIKTOK_CLIENT_ID")
        direct = self.post_mode == "direct"
        return (
            bool(event.open_id and event.client_key)
            and (event.client_key, event.open_id) == (app, self.consent_open_id)
            and posting.may_be_photo_post(event.name, event.content, direct=direct)
        )
