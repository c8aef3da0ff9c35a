import base64
import logging

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.image import image_process

from ... import settings
from ...big_integer import BigInteger
from ...tiktok import video as tiktok_video
from ...tiktok.display import MAX_PAGES
from ...tiktok.errors import UnparsableAnswerError
from ...tiktok.picture import PictureDownloader

_logger = logging.getLogger(__name__)

COVER_SIZE = (540, 960)  # pixels: TikTok's 9:16
MAX_STORED_BYTES = 1024 * 1024  # of a picture, made smaller where Odoo can


class SyncSupersededError(Exception):
    """The account of the running sync was connected again or disconnected meanwhile."""


class TiktokVideo(models.Model):
    """A public video of an account, with its counts. Only the sync writes here."""

    _name = "tiktok.video"
    _description = "TikTok Video"
    _order = "published_at desc, id desc"
    _rec_name = "title"
    _rec_names_search = ["title", "description", "video_uid"]

    video_uid = fields.Char("Video ID", required=True, readonly=True)
    account_id = fields.Many2one(
        "tiktok.account", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    active = fields.Boolean("Public", default=True, readonly=True)
    title = fields.Char(readonly=True)
    description = fields.Text(readonly=True)
    # Stored here: TikTok's links to it end after six hours.
    image_1920 = fields.Image(
        "Cover", max_width=COVER_SIZE[0], max_height=COVER_SIZE[1], readonly=True, copy=False
    )
    share_url = fields.Char("At TikTok", readonly=True)
    embed_link = fields.Char("Player", readonly=True)
    duration = fields.Integer("Seconds", readonly=True, aggregator="avg")
    width = fields.Integer(readonly=True, aggregator=None)
    height = fields.Integer(readonly=True, aggregator=None)
    published_at = fields.Datetime("Published on", readonly=True)
    like_count = BigInteger("Likes", readonly=True)
    comment_count = BigInteger("Comments", readonly=True)
    share_count = BigInteger("Shares", readonly=True)
    view_count = BigInteger("Views", readonly=True)
    seen_run = fields.Integer("Last seen in sync", readonly=True, aggregator=None)

    _video_uid_uniq = models.Constraint(
        "UNIQUE(account_id, video_uid)", "This video is already in the account."
    )

    # === COMPUTE METHODS === #

    @api.depends("title", "description", "video_uid")
    def _compute_display_name(self):
        for video in self:
            text = video.title or (video.description or "")[:80]
            video.display_name = text or self.env._("Video %s", video.video_uid or "")

    # === SYNC OF AN ACCOUNT === #

    @api.model
    def _sync_videos(self, account):
        """Synchronize the videos of an account, from where the last attempt stopped.

        Each page is committed together with where to continue: the memory needed is that of one
        page, and a stop at any moment costs one page. No transaction is open during a call.

        :param account: tiktok.account
        :return: whether the end was reached; if not, time was up
        :rtype: bool
        :raise ApiError: as TikTok refuses
        :raise SyncSupersededError: if the account was connected again or disconnected meanwhile
        """
        if not account._has_video_progress():
            account.sync_run += 1
            account.sync_progress = {"run": account.sync_run, "pages": 0, "videos": 0, "new": 0}
        progress = account.sync_progress
        self.env["ir.cron"]._commit_progress()
        downloader = PictureDownloader(settings.base_url("TIKTOK_OPEN_API_BASE_URL"))
        while True:
            progress, has_more = self._sync_video_page(account, downloader, progress)
            if not has_more:
                self._check_not_superseded(account, progress)
                gone = self._archive_unseen_videos(account, progress["run"])
                account._finish_sync({**progress, "gone": gone})
                return True
            if not account._commit_sync_progress():
                return False

    @api.model
    def _sync_video_page(self, account, downloader, progress):
        """Fetch and store one page of videos and the covers they lack.

        :param account: tiktok.account
        :param PictureDownloader downloader: fetches covers
        :param dict progress: of the sync so far
        :return: the progress after this page, and whether there are more pages
        :rtype: tuple[dict, bool]
        :raise ApiError: as TikTok refuses
        :raise UnparsableAnswerError: if TikTok's list does not end
        :raise SyncSupersededError: if the account was connected again or disconnected meanwhile
        """
        found, cursor, has_more = account._request_video_page(progress.get("cursor"))
        is_stuck = has_more and cursor in (None, progress.get("cursor"))
        if is_stuck or progress["pages"] >= MAX_PAGES:
            raise UnparsableAnswerError("TikTok's list of videos does not end.", "endless_list")
        self._check_not_superseded(account, progress)
        page = tiktok_video.parse_page(found)
        new, links = self._store_video_page(account, page, progress["run"])
        progress = {
            "run": progress["run"],
            "cursor": cursor,
            "pages": progress["pages"] + 1,
            "videos": progress["videos"] + len(page),
            "new": progress["new"] + new,
        }
        account.sync_progress = progress
        self.env["ir.cron"]._commit_progress()
        covers = {video_id: downloader.download(url) for video_id, url in links.items()}
        self._check_not_superseded(account, progress)
        for video_id, content in covers.items():
            if content:  # one that failed is tried again in the next sync
                self.browse(video_id)._store_cover(content)
        return progress, has_more

    @api.model
    def _check_not_superseded(self, account, progress):
        """Lock the account after a call to TikTok, if the running sync is still this one.

        The answer may be about a TikTok user who was replaced by another one meanwhile.

        :param account: tiktok.account
        :param dict progress: of the sync so far
        :raise SyncSupersededError: if it is not
        """
        account._lock_for_update()
        if not account.exists() or (account.sync_progress or {}).get("run") != progress["run"]:
            raise SyncSupersededError

    # === STORAGE === #

    @api.model
    def _store_video_page(self, account, page, run):
        """Store the videos of one page: write what changed, create what is new.

        :param account: tiktok.account
        :param list page: of `tiktok.video.parse_page`
        :param int run: the number of this sync of the account
        :return: how many are new, and the links of covers that are not stored yet, by record id
        :rtype: tuple[int, dict[int, str]]
        """
        uids = [video.uid for video in page]
        known = {
            video.video_uid: video
            for video in self.with_context(active_test=False).search(
                [("account_id", "=", account.id), ("video_uid", "in", uids)]
            )
        }
        new = [video for video in page if video.uid not in known]
        for video in page:
            if video.uid in known:
                known[video.uid]._write_changes(video.values)
        self._mark_as_seen([video.id for video in known.values()], run)
        made = self.create([self._prepare_video_values(account, video, run) for video in new])
        known.update(zip((video.uid for video in new), made, strict=True))
        links = {known[video.uid].id: video.cover_url for video in page}
        return len(new), self._filter_missing_covers(links)

    @api.model
    def _prepare_video_values(self, account, video, run):
        """Return the values of a new record.

        :param account: tiktok.account
        :param tiktok.video.Video video: one video of a page
        :param int run: the number of this sync of the account
        :rtype: dict
        """
        return {
            "account_id": account.id,
            "video_uid": video.uid,
            "seen_run": run,
            **video.values,
        }

    def _write_changes(self, values):
        """Write the values that changed; a video that is listed is public.

        :param dict values: by the name of the field
        """
        self.ensure_one()
        changed = {k: v for k, v in values.items() if (self[k] or False) != (v or False)}
        if not self.active:
            changed["active"] = True
        if changed:
            self.write(changed)

    @api.model
    def _mark_as_seen(self, ids, run):
        """Store that a sync saw these videos, without counting as a change of them.

        :param list ids: of records
        :param int run: the number of the sync
        """
        if ids:
            self.env.cr.execute(
                SQL("UPDATE tiktok_video SET seen_run = %s WHERE id = ANY(%s)", run, ids)
            )
            self.browse(ids).invalidate_recordset(["seen_run"], flush=False)

    @api.model
    def _filter_missing_covers(self, links):
        """Return the links of videos that have no cover.

        :param dict links: by record id
        :rtype: dict[int, str]
        """
        linked = [video_id for video_id, url in links.items() if url]
        covered = (
            self.env["ir.attachment"]
            .sudo()
            ._read_group(
                [
                    ("res_model", "=", self._name),
                    ("res_field", "=", "image_1920"),
                    ("res_id", "in", linked),
                ],
                ["res_id"],
            )
        )
        return {each: links[each] for each in set(linked) - {row[0] for row in covered}}

    def _store_cover(self, content):
        """Store a cover, if it is a picture that can be read.

        :param bytes content: JPEG, PNG or WebP
        """
        self.ensure_one()
        small = shrink_picture(content, COVER_SIZE)
        if small:
            self.image_1920 = small

    @api.model
    def _archive_unseen_videos(self, account, run):
        """Archive what a complete sync did not see: TikTok no longer shows it.

        :param account: tiktok.account
        :param int run: the number of that sync
        :return: how many
        :rtype: int
        """
        gone = self.search([("account_id", "=", account.id), ("seen_run", "!=", run)])
        if gone:
            gone.write({"active": False})
        return len(gone)


def shrink_picture(content, size):
    """Return a picture for an image field, or nothing if it can't be read.

    :param bytes content: of the picture
    :param tuple size: the largest width and height, in pixels
    :return: base64
    :rtype: bytes | None
    """
    try:
        small = image_process(content, size=size)
    except Exception as error:  # noqa: BLE001 - Pillow raises many kinds for a broken picture
        _logger.info("A picture of TikTok's can't be read: %s", type(error).__name__)
        return None
    # Odoo leaves WebP as it comes, whatever its size.
    return base64.b64encode(small) if len(small) <= MAX_STORED_BYTES else None
