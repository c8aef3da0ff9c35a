from odoo import api, models

from odoo.addons.tiktok_leadgen.tiktok import developer_event

from ...tiktok import posting

FAMILY = "post.publish."


class TiktokDeveloperEvent(models.AbstractModel):
    """Developer webhooks in which TikTok reports posts."""

    _inherit = "tiktok.developer.event"

    @api.model
    def _process_account_event(self, event, name, content):
        """Store what became of a post, found by the attempt that TikTok's ID names.

        A post that waits to be sent again is not, if TikTok has it from an earlier attempt.

        An event may arrive before that ID is stored: then the check that follows each sending
        finds the same.

        :param event: tiktok.event with its account
        :param str name: of the event
        :param dict content: of the event
        :return: a reason if the event is ignored, empty for none
        :rtype: str
        """
        if name not in posting.EVENTS:
            return super()._process_account_event(event, name, content)
        publish_uid = _read_publish_uid(content)
        attempts = self.env["tiktok.post.attempt"]
        attempt = attempts._find_by_publish_uid(event.account_id, publish_uid)
        post, kind = attempt.post_id, posting.EVENTS[name]
        if attempt and post.attempt_id != attempt and not attempt._remove_from_queue(kind):
            attempt._store_late_outcome(kind)  # it has been sent again since
            post = post.browse()
        if not post:
            post = self._match_unconfirmed_post(event.account_id, publish_uid)
        if post:
            post._with_user_lang()._apply_developer_event(kind, content)
        return ""

    @api.model
    def _match_unconfirmed_post(self, account, publish_uid):
        """Match the only unconfirmed post of an account with what TikTok has reported.

        :param account: tiktok.account
        :param str publish_uid: of this event
        :return: the post, empty unless it was matched with this event's ID
        :rtype: tiktok.post
        """
        posts = self.env["tiktok.post"].search(
            [
                *(("account_id", "=", account.id), ("needs_confirmation", "=", True)),
                ("attempt_id.publish_uid", "=", False),
            ]
        )
        if len(posts) == 1:
            posts._match_remote_post()
        return posts.filtered(lambda post: publish_uid and post.publish_uid == publish_uid)

    @api.model
    def _find_reported_publish_uids(self, attempt):
        """Return the posts TikTok reported since an attempt started and that may be that one.

        :param attempt: tiktok.post.attempt, without an answer
        :return: TikTok's publish IDs
        :rtype: set[str]
        """
        events = self.env["tiktok.event"].search(
            [
                *(("account_id", "=", attempt.account_id.id), ("kind", "=", "account")),
                ("event_name", "=like", f"{FAMILY}%"),
            ]
        )
        possible, others = set(), set()
        for event in events:
            reported = developer_event.read(event.raw or "")
            uid = _read_publish_uid(reported.content)
            # Clocks that differ leave it to a user: better that than another post's ID.
            is_new = event.received_at >= attempt.started_at
            (possible if is_new and attempt._may_be_reported_by(reported) else others).add(uid)
        return possible - others - {""}


def _read_publish_uid(content):
    return posting.parse_text(content.get("publish_id"))[: posting.MAX_UID]
