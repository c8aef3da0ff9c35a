from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.tiktok_leadgen.tiktok import client

from .. import const
from ..tiktok import text

BEGUN, FETCHED = 10, 80  # per cent of the way


class TiktokPost(models.Model):
    """What the composer and those who watch a post are shown."""

    _inherit = "tiktok.post"

    cover = fields.Binary(compute="_compute_cover", compute_sudo=True)
    photo_count = fields.Integer("Number of photos", compute="_compute_cover", compute_sudo=True)
    title_units = fields.Integer(compute="_compute_units")
    description_units = fields.Integer(compute="_compute_units")
    is_audited = fields.Boolean(
        related="company_id.tiktok_publish_audited",
        groups="tiktok_publish.tiktok_publish_group_user",
    )
    progress = fields.Integer("Progress (%)", compute="_compute_progress")
    status_text = fields.Char("How it stands", compute="_compute_progress")
    state_label = fields.Char("Status", compute="_compute_state_label")
    due_at = fields.Datetime("Due", compute="_compute_progress")
    video_ids = fields.Many2many(
        "tiktok.video", compute="_compute_video_ids", string="Videos at TikTok"
    )
    like_count = fields.Integer("Likes", compute="_compute_video_ids", aggregator=None)
    view_count = fields.Integer("Views", compute="_compute_video_ids", aggregator=None)

    # === COMPUTE METHODS === #

    @api.depends("image_ids.thumbnail", "image_ids.sequence", "image_ids.is_cover")
    def _compute_cover(self):
        for post in self:
            photos = post._photos()
            post.photo_count = len(photos)
            post.cover = photos and photos[post._cover_index()].thumbnail

    @api.depends("title", "description")
    def _compute_units(self):
        for post in self:
            post.title_units = text.units(post.title or "")
            post.description_units = text.units(post.description or "")

    @api.depends(
        *(
            "state",
            "publish_uid",
            "downloaded",
            "next_try_at",
            "needs_confirmation",
            "scheduled_at",
        ),
        "is_stopping",
        "poll_at",
        "post_uids",
        "privacy_level",
    )
    def _compute_progress(self):
        for post in self:
            post.progress = post._percent()
            post.due_at = post._due_later()
            post.status_text = post._standing()

    def _percent(self):
        if self.state in ("published", "inbox"):
            return 100
        if self.state != "processing":
            return 0
        whole = sum(self.sudo().image_ids.mapped("jpeg_size"))
        part = min(self.downloaded / whole, 1) if whole else 0
        return BEGUN + int((FETCHED - BEGUN) * part)

    def _standing(self):
        """Return where a post is on its way, as a sentence."""
        if self.state == "queued":  # later: a field beside it shows when
            return "" if self.due_at else self.env._("It is handed over to TikTok in a moment.")
        if self.state == "processing" and self.needs_confirmation:
            return self.env._("Unconfirmed: check on TikTok whether the post is there.")
        if self.state == "processing":
            return self.env._("TikTok fetches and checks it. That may take some minutes.")
        if self._is_moderated():
            return self.env._(
                "TikTok has published it, and still checks it: others see it in some minutes."
            )
        if self.is_stopping:
            return self.env._("TikTok is asked to stop it, and has not said yet that it did.")
        return ""

    def _due_later(self):
        """Return when a queued post goes to TikTok, False if that is now.

        :rtype: datetime | bool
        """
        times = [self.scheduled_at, self.next_try_at] if self.state == "queued" else []
        due = max(filter(None, times), default=False)
        return due and due > fields.Datetime.now() and due

    @api.depends("state", "needs_confirmation")
    def _compute_state_label(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for post in self:
            unconfirmed = post.state == "processing" and post.needs_confirmation
            post.state_label = self.env._("Unconfirmed") if unconfirmed else labels[post.state]

    @api.depends("post_uids")
    def _compute_video_ids(self):
        uids = {uid for post in self for uid in (post.post_uids or "").split(",") if uid}
        accounts = self.account_id.ids
        videos = self.env["tiktok.video"].with_context(active_test=False)
        found = videos.search([("video_uid", "in", list(uids)), ("account_id", "in", accounts)])
        for post in self:
            own = (post.post_uids or "").split(",")
            mine = found.filtered(
                lambda video, post=post, own=own: (
                    video.account_id == post.account_id and video.video_uid in own
                )
            )
            post.video_ids = mine
            post.like_count = sum(mine.mapped("like_count"))
            post.view_count = sum(mine.mapped("view_count"))

    # === ACTION METHODS === #

    def action_poll(self):
        """Ask TikTok how far it is, for somebody who watches.

        :return: state and how far it is in words and per cent
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        post = self.sudo()
        if post._may_poll() and post.try_lock_for_update():
            with client.within():
                post._poll()
        return {
            "state": post.state,
            "progress": post.progress,
            "text": post.status_text,
            # Not while it is looked for.
            "needs_confirmation": bool(post.needs_confirmation and post.error),
            "must_wait": bool(post.next_try_at),
        }

    def _may_poll(self):
        """Tell whether TikTok was not asked just now, by another who watches."""
        asked = self.polled_at or self.sent_at
        due = fields.Datetime.now() - timedelta(seconds=const.POLL_SECONDS)
        return bool(self.state == "processing" and self.publish_uid and asked and asked <= due)
