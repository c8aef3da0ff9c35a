from odoo import api, models

from odoo.addons.tiktok_leadgen.tiktok import developer_event

from ..tiktok import posting

FAMILY = "post.publish."


class TiktokEvent(models.Model):
    """What TikTok tells of posts by itself."""

    _inherit = "tiktok.event"

    def _process_account_event(self, name, content):
        """Note what became of a post. It may be told before we have stored its id: then the
        question that follows each sending learns the same.
        """
        if name not in posting.EVENTS:
            return super()._process_account_event(name, content)
        posts = self.env["tiktok.post"]
        uid = _publish_uid(content)
        mine = [("account_id", "=", self.account_id.id)]
        post = uid and posts.search([*mine, ("publish_uid", "=", uid)], limit=1)
        if not post:
            doubtful = posts.search(
                [*mine, ("needs_confirmation", "=", True), ("publish_uid", "=", False)]
            )
            if len(doubtful) == 1:
                doubtful._match_remote_post()
            post = uid and doubtful.filtered(lambda each: each.publish_uid == uid)
        if post:
            post._take_event(posting.EVENTS[name], content)
        return ""

    @api.model
    def _told_posts(self, post):
        """Return the posts TikTok told of since one of ours was sent, and that may be that one.

        :param post: tiktok.post, sent and without an answer
        :return: TikTok's publish ids
        :rtype: set[str]
        """
        events = self.search(
            [
                *(("account_id", "=", post.account_id.id), ("kind", "=", "account")),
                ("event_name", "=like", f"{FAMILY}%"),
            ]
        )
        possible, others = set(), set()
        for event in events:
            told = developer_event.read(event.raw or "")
            uid = _publish_uid(told.content)
            # Clocks that differ leave it to a person: better that than another post's id.
            is_new = event.received_at >= post.sent_at
            (possible if is_new and post._may_be_told_by(told) else others).add(uid)
        return possible - others - {""}


def _publish_uid(content):
    return posting.text(content.get("publish_id"))[: posting.MAX_UID]
