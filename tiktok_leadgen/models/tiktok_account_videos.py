from odoo import fields, models

from .. import settings
from ..tiktok import picture, video
from ..tiktok.display import MAX_PAGES
from ..tiktok.errors import NotUnderstoodError
from ..tiktok.picture import Pictures
from .tiktok_video import shrink

VIDEO_SCOPE = "video.list"
AVATAR = (512, 512)  # pixels


class OvertakenError(Exception):
    """The sync under way is nobody's any more: the account was connected anew or disconnected."""


class TiktokAccount(models.Model):
    """Fetch the videos page by page, and the pictures."""

    _inherit = "tiktok.account"

    video_ids = fields.One2many("tiktok.video", "account_id", readonly=True)
    kept_video_count = fields.Integer("Videos", compute="_compute_kept_video_count")
    avatar_key = fields.Char(
        readonly=True, copy=False, help="What stays of the link to the picture that is kept."
    )
    sync_run = fields.Integer("Syncs so far", readonly=True, copy=False)
    sync_progress = fields.Json(
        readonly=True,
        copy=False,
        help="Where the sync under way stands: run, cursor, pages, videos, new ones, tries.",
    )

    # === COMPUTE METHODS === #

    def _compute_kept_video_count(self):
        groups = self.env["tiktok.video"]._read_group(
            [("account_id", "in", self.ids)], ["account_id"], ["__count"]
        )
        counts = {account.id: count for account, count in groups}
        for account in self:
            account.kept_video_count = counts.get(account._origin.id, 0)

    # === CRUD METHODS === #

    def unlink(self):
        """Delete the videos first: the database's cascade leaves their covers behind."""
        self.check_access("unlink")
        self._lock()
        self._all_videos().unlink()
        return super().unlink()

    # === ACTION METHODS === #

    def action_open_videos(self):
        """Show the account's videos."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("tiktok_leadgen.tiktok_video_action")
        action["domain"] = [("account_id", "=", self.id)]
        return action

    # === VIDEOS === #

    def _all_videos(self):
        videos = self.env["tiktok.video"].sudo().with_context(active_test=False)
        return videos.search([("account_id", "in", self.ids)])

    def _may_list_videos(self):
        self.ensure_one()
        return VIDEO_SCOPE in self.granted_scope_ids.mapped("name")

    def _sync_videos(self):
        """Bring the videos up to date, from where the last try stopped.

        Each page is committed and so is where to go on: it needs the memory of one page, and a
        stop at any moment costs one page. No transaction is open while TikTok is asked.

        :return: whether it came to the end; if not, time was up
        :rtype: bool
        :raise ApiError: as TikTok refuses
        :raise OvertakenError: if the account is connected to somebody else by now
        """
        self.ensure_one()
        if not self._is_amid_videos():
            self._begin_videos()
        progress = self.sync_progress
        self.env["ir.cron"]._commit_progress()
        pictures = Pictures(settings.base_url("TIKTOK_OPEN_API_BASE_URL"))
        while True:
            progress, more = self._sync_page(pictures, progress)
            if not more:
                self._end_videos(progress)
                return True
            if not self._sync_tick():
                return False

    def _is_amid_videos(self):
        return "run" in (self.sync_progress or {})

    def _begin_videos(self):
        self.sync_run += 1
        self.sync_progress = {"run": self.sync_run, "pages": 0, "videos": 0, "new": 0}

    def _sync_page(self, pictures, progress):
        """Bring one page of videos up to date.

        :param Pictures pictures: fetches covers
        :param dict progress: where the sync stands
        :return: where it stands now, and whether there are more pages
        :rtype: tuple[dict, bool]
        """
        found, cursor, more = self._fetch_videos(progress.get("cursor"))
        stuck = more and cursor in (None, progress.get("cursor"))
        if stuck or progress["pages"] >= MAX_PAGES:
            raise NotUnderstoodError("TikTok's list of videos does not end.", "endless_list")
        self._go_on(progress)
        page = video.read_page(found)
        new, links = self.env["tiktok.video"]._store_page(self, page, progress["run"])
        progress = {
            "run": progress["run"],
            "cursor": cursor,
            "pages": progress["pages"] + 1,
            "videos": progress["videos"] + len(page),
            "new": progress["new"] + new,
        }
        self.sync_progress = progress
        self.env["ir.cron"]._commit_progress()
        fetched = {video_id: pictures.get(url) for video_id, url in links.items()}
        self._go_on(progress)
        self._keep_covers(fetched)
        return progress, more

    def _go_on(self, progress):
        """Lock the account, after a call to TikTok, if the sync under way is still this one.

        What came may be of a TikTok user whose place another one has taken meanwhile.

        :param dict progress: where the sync stands
        :raise OvertakenError: if it is not
        """
        self._lock()
        if not self.exists() or (self.sync_progress or {}).get("run") != progress["run"]:
            raise OvertakenError

    def _keep_covers(self, fetched):
        """Keep covers; what could not be had is tried again in the next sync.

        :param dict fetched: pictures, by id of the video
        """
        for video_id, content in fetched.items():
            if content:
                self.env["tiktok.video"].browse(video_id)._keep_cover(content)

    def _end_videos(self, progress):
        """Archive what TikTok shows no more: all pages were seen."""
        self._go_on(progress)
        gone = self.env["tiktok.video"]._archive_unseen(self, progress["run"])
        self._end_sync({**progress, "gone": gone})

    # === PICTURE === #

    def _sync_profile(self):
        user = super()._sync_profile()
        self._keep_avatar(user.get("avatar_large_url") or user.get("avatar_url"))
        return user

    def _keep_avatar(self, url):
        """Keep the picture of the profile, if it is another one than the one we have.

        :param str url: TikTok's link, signed anew each time
        """
        url = video.link(url)
        key = picture.key(url)
        if not url or (key == self.avatar_key and self.image_1920):
            return
        content = Pictures(settings.base_url("TIKTOK_OPEN_API_BASE_URL")).get(url)
        small = content and shrink(content, AVATAR)
        if small:
            self.write({"image_1920": small, "avatar_key": key})

    def _forget_profile(self):
        self._all_videos().unlink()
        self.sudo().write({"avatar_key": False, "sync_progress": False})
        return super()._forget_profile()
