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
        uid = posting.text(content.get("publish_id"))[: posting.MAX_UID]
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
    def _told_posts(self, account, since):
        """Return the posts TikTok told of for the first time since a moment.

        :param account: tiktok.account
        :param datetime since: when our post was sent
        :return: TikTok's publish ids
        :rtype: set[str]
        """
        events = self.search(
            [
                *(("account_id", "=", account.id), ("kind", "=", "account")),
                ("event_name", "=like", f"{FAMILY}%"),
            ]
        )
        new, old = set(), set()
        for event in events:
            uid = event._told_post()
            if uid:
                # Clocks that differ leave it to a person: better that than another post's id.
                is_new = event.received_at >= since
                (new if is_new else old).add(uid)
        return new - old

    def _told_post(self):
        content = developer_event.read(self.raw or "").content
        return posting.text(content.get("publish_id"))[: posting.MAX_UID]
