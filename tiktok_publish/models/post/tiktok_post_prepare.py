from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from odoo.addons.tiktok_leadgen.job_time import read_clock
from odoo.addons.tiktok_leadgen.tiktok import client
from odoo.addons.tiktok_leadgen.tiktok.values import isolate

from ... import const
from ...tiktok import post_progress, posting, text


class TiktokPost(models.Model):
    """What the composer shows, and the checks before a post goes to the queue."""

    _inherit = "tiktok.post"

    cover = fields.Binary(compute="_compute_cover", compute_sudo=True)
    photo_count = fields.Integer("Number of photos", compute="_compute_cover", compute_sudo=True)
    title_units = fields.Integer(compute="_compute_text_units")
    description_units = fields.Integer(compute="_compute_text_units")
    is_audited = fields.Boolean(
        related="company_id.tiktok_publish_audited",
        groups="tiktok_publish.tiktok_publish_group_user",
    )
    progress = fields.Integer("Progress (%)", compute="_compute_progress")
    status_text = fields.Char("Status details", compute="_compute_progress")
    state_label = fields.Char("Status", compute="_compute_state_label")
    due_at = fields.Datetime("Due", compute="_compute_progress")
    video_ids = fields.Many2many("tiktok.video", compute="_compute_video_ids")
    like_count = fields.Integer("Likes", compute="_compute_video_ids", aggregator=None)
    view_count = fields.Integer("Views", compute="_compute_video_ids", aggregator=None)

    # === COMPUTE METHODS === #

    @api.depends("image_ids.thumbnail", "image_ids.sequence", "image_ids.is_cover")
    def _compute_cover(self):
        for post in self:
            photos = post._order_photos()
            post.photo_count = len(photos)
            post.cover = photos and photos[post._find_cover_index()].thumbnail

    @api.depends("title", "description")
    def _compute_text_units(self):
        for post in self:
            post.title_units = text.count_units(post.title or "")
            post.description_units = text.count_units(post.description or "")

    @api.depends(
        *("state", "next_try_at", "needs_confirmation", "scheduled_at", "is_stopping"),
        *("publish_uid", "downloaded", "poll_at", "post_uids", "privacy_level"),
    )
    def _compute_progress(self):
        for post in self:
            post.progress = post._compute_percentage()
            post.due_at = post._find_due_time()
            post.status_text = post._describe_progress()

    def _compute_percentage(self):
        if self.state in ("published", "inbox"):
            return 100
        if self.state != "processing":
            return 0
        total = sum(self.sudo().image_ids.mapped("jpeg_size"))
        return post_progress.fetched_percentage(self.downloaded, total)

    def _describe_progress(self):
        """Return how far a post is, as a sentence.

        :return: empty where another field says it
        :rtype: str
        """
        if self.state == "queued":  # `due_at` shows a later time
            return "" if self.due_at else self.env._("It will be sent to TikTok in a moment.")
        if self.state == "processing" and self.needs_confirmation:
            return self.env._("Unconfirmed: check on TikTok whether the post is there.")
        if self.state == "processing":
            return self.env._("TikTok is fetching and checking it. This may take some minutes.")
        if self._is_moderated():
            return self.env._(
                "TikTok has published the post and is still checking it: others see it "
                "in a few minutes."
            )
        if self.is_stopping:
            return self.env._("Cancellation was requested; TikTok has not confirmed it yet.")
        return ""

    def _find_due_time(self):
        """Return when a queued post goes to TikTok, False if that is now.

        :rtype: datetime.datetime | bool
        """
        times = [self.scheduled_at, self.next_try_at] if self.state == "queued" else []
        due = max(filter(None, times), default=False)
        return due and due > read_clock(self.env) and due

    @api.depends("state", "needs_confirmation")
    def _compute_state_label(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for post in self:
            unconfirmed = post.state == "processing" and post.needs_confirmation
            post.state_label = self.env._("Unconfirmed") if unconfirmed else labels[post.state]

    @api.depends("post_uids")
    def _compute_video_ids(self):
        uids, accounts = self.attempt_id._split_post_uids(), self.account_id.ids
        videos = self.env["tiktok.video"].with_context(active_test=False)
        found = videos.search([("video_uid", "in", uids), ("account_id", "in", accounts)])
        by_uid = found.grouped(lambda video: (video.account_id, video.video_uid))
        for post in self:
            keys = [(post.account_id, uid) for uid in post.attempt_id._split_post_uids()]
            post.video_ids = videos.union(*(by_uid.get(key, videos) for key in keys))
            post.like_count = sum(post.video_ids.mapped("like_count"))
            post.view_count = sum(post.video_ids.mapped("view_count"))

    # === ACTION METHODS === #

    def action_poll(self):
        """Request the status of the post, for a user who watches it.

        :return: state and progress in words and per cent
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        post = self.sudo()
        if post._may_check_now() and post.try_lock_for_update():
            with client.deadline():
                post._request_remote_status()
        return {
            "state": post.state,
            "progress": post.progress,
            "text": post.status_text,
            # Not while a match is being looked for.
            "needs_confirmation": bool(post.needs_confirmation and post.error),
            "must_wait": bool(post.next_try_at),
        }

    def _may_check_now(self):
        """Tell whether the last check was not a moment ago, for another user who watches.

        :rtype: bool
        """
        checked_at = self.polled_at or self.sent_at
        due = read_clock(self.env) - timedelta(seconds=const.POLL_SECONDS)
        return bool(
            self.state == "processing" and self.publish_uid and checked_at and checked_at <= due
        )

    # === QUEUE === #

    def _check_and_queue(self):
        """Queue posts for the job after checking that TikTok would accept them.

        :raise UserError: with all problems found
        """
        self._check_not_stopping()
        now = read_clock(self.env)
        for post in self:
            if post.scheduled_at and post.scheduled_at <= now:
                post.scheduled_at = False  # the time of an earlier attempt
            if post.state not in ("draft", "failed", "cancelled"):
                raise UserError(self.env._("“%s” was already sent.", isolate(post.display_name)))
            problems = post._find_problems()
            if problems:
                raise UserError("\n".join(problems))
        self._put_in_queue()

    def _put_in_queue(self):
        """Queue posts for the job; the job itself checks what is not checked here."""
        self.env["tiktok.job.attempt"]._forget_attempts((const.SEND_JOB,), self.ids)
        undecided = self.attempt_id.filtered(lambda attempt: not attempt.ended_at)
        undecided.ended_at = read_clock(self.env)
        self.write(
            {
                "state": "queued",
                "attempt_id": False,
                "attempt_count": 0,
                "error_count": 0,
                **dict.fromkeys(("error", "fail_reason", "next_try_at"), False),
                **dict.fromkeys(("creator_username", "needs_confirmation"), False),
            }
        )
        self.activity_unlink([const.ACTIVITY_XMLID])
        self.env.ref(const.CRON_XMLID)._tiktok_trigger()

    # === CHECKS === #

    def _find_problems(self):
        """Return what is missing or TikTok would refuse, a sentence each.

        :rtype: list[str]
        """
        self.ensure_one()
        found = [*self._find_account_problems(), *self._find_content_problems()]
        if self.post_mode == "direct":
            found += self._find_direct_problems()
        if not self.consent:
            found.append(self.env._("Tick the box to agree to TikTok's terms."))
        return found

    def _find_account_problems(self):
        account, name = self.account_id, isolate(self.account_id.name)
        if not account.active:
            return [self.env._("The account “%s” is archived. Choose another one.", name)]
        if account.state != "connected":
            return [self.env._("The account “%s” is not connected. Connect it.", name)]
        if self.consent and self.consent_open_id != account.open_id:
            return [
                self.env._(
                    "“%s” is connected as another TikTok user than when you gave "
                    "consent. Check the post, untick the consent, and tick it again.",
                    name,
                )
            ]
        scope = posting.PUBLISH_SCOPE if self.post_mode == "direct" else posting.UPLOAD_SCOPE
        if scope not in account.granted_scope_ids.mapped("name"):
            return [
                self.env._(
                    "“%s” has not been granted permission to post. Open the account and "
                    "click “Allow posting”.",
                    name,
                )
            ]
        base = self.company_id._tiktok_media_base()
        problem = self.env["tiktok.domain.file"]._find_address_problem(base)
        return [problem] if problem else []

    def _find_content_problems(self):
        found = [photo.problem for photo in self.image_ids if photo.problem]
        if not self.image_ids:
            found.append(self.env._("Add at least one photo."))
        if len(self.image_ids) > const.MAX_PHOTOS:
            found.append(self.env._("TikTok accepts %s photos at most.", const.MAX_PHOTOS))
        if text.count_units(self.title or "") > const.MAX_TITLE:
            found.append(self.env._("The title is too long: %s at most.", const.MAX_TITLE))
        if text.count_units(self.description or "") > const.MAX_DESCRIPTION:
            limit = formatLang(self.env, const.MAX_DESCRIPTION, digits=0)
            found.append(self.env._("The description is too long: %s at most.", limit))
        return found

    def _find_direct_problems(self):
        found = []
        if not self.privacy_level:
            found.append(self.env._("Choose who can see it."))
        if self.is_disclosed and not (self.is_own_brand or self.is_branded_content):
            found.append(
                self.env._("Select whether it promotes your brand, a third party, or both.")
            )
        if self._has_branded_content() and self.privacy_level == "SELF_ONLY":
            found.append(self.env._("Branded content cannot be private: choose who can see it."))
        if (
            self.privacy_level
            and self.privacy_level != "SELF_ONLY"
            and not self.company_id.sudo().tiktok_publish_audited
        ):
            found.append(
                self.env._(
                    "TikTok has not audited your app yet: until then it accepts only "
                    "posts visible to “Only me” and drafts in the TikTok inbox."
                )
            )
        return found

    def _request_creator_problems(self):
        """Request what the account may choose today, and return what the post needs beyond it.

        :return: a sentence each
        :rtype: list[str]
        :raise ApiError: also if the account can't post now
        """
        if self.post_mode != "direct":
            return []
        creator = self.account_id._fetch_creator()
        self.creator_username = creator.username
        if creator.comment_disabled:
            self.allow_comment = False
        messages = self.env["tiktok.error.messages"]
        if not creator.is_private and not self.company_id.sudo().tiktok_publish_audited:
            return [messages._describe_code(posting.UNAUDITED)]
        if self.privacy_level in creator.privacy_options:
            return []
        return [messages._describe_code("privacy_level_option_mismatch")]

    def _explain_error(self, error):
        """Return an error of this post as a sentence.

        :param Exception error: TiktokError or UserError
        :rtype: str
        """
        return self.account_id.with_context(tiktok_of_post=True)._explain_error(error)

    def _has_branded_content(self):
        return self.is_disclosed and self.is_branded_content

    # === CONTENT === #

    def _prepare_content(self):
        """Let other addons fill in what the job adds, before the post is checked."""

    def _order_photos(self):
        """Return the photos in the order in which they are sent.

        :rtype: tiktok.post.image
        """
        return self.image_ids.sorted(lambda photo: (photo.sequence, photo.id or 0))

    def _find_cover_index(self):
        covers = [number for number, photo in enumerate(self._order_photos()) if photo.is_cover]
        return covers[0] if covers else 0

    def _is_fetched(self):
        """Tell whether TikTok has fetched all photos since the post was sent.

        :rtype: bool
        """
        photos = self.sudo().image_ids
        return bool(photos) and all(photo.fetched_at for photo in photos)

    def _build_media_urls(self, token):
        """Return the URLs at which TikTok finds the photos.

        :param str token: of the attempt
        :rtype: list[str]
        """
        self.ensure_one()
        start = f"{self.company_id._tiktok_media_base()}{const.MEDIA_ROUTE}{token}"
        return [f"{start}/{number}.jpg" for number in range(1, len(self.image_ids) + 1)]

    def _build_post_body(self, media_token):
        """Return the body of the request that sends the post.

        :param str media_token: of the photo URLs
        :rtype: dict
        """
        content = {
            "direct": self.post_mode == "direct",
            "title": self.title or "",
            "description": self.description or "",
            "cover": self._find_cover_index(),
            "privacy_level": self.privacy_level,
            "allow_comment": self.allow_comment,
            "auto_add_music": self.auto_add_music,
            "is_own_brand": self.is_disclosed and self.is_own_brand,
            "is_branded_content": self._has_branded_content(),
            "is_aigc": self.is_aigc,
        }
        return posting.build_body(content, self._build_media_urls(media_token))
