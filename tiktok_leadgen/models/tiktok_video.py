import base64
import logging

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.image import image_process

from .big_integer import BigInteger

_logger = logging.getLogger(__name__)

COVER = (540, 960)  # pixels: TikTok's 9:16
MAX_KEPT_BYTES = 1024 * 1024  # of a picture, made smaller where Odoo can


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
    # Kept here: TikTok's links to it end after six hours.
    image_1920 = fields.Image(
        "Cover", max_width=COVER[0], max_height=COVER[1], readonly=True, copy=False
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
        "UNIQUE(account_id, video_uid)", "The account has this video already."
    )

    # === COMPUTE METHODS === #

    @api.depends("title", "description", "video_uid")
    def _compute_display_name(self):
        for video in self:
            text = video.title or (video.description or "")[:80]
            video.display_name = text or self.env._("Video %s", video.video_uid or "")

    # === SYNC === #

    @api.model
    def _store_page(self, account, page, run):
        """Bring the videos of one page up to date: write what changed, create what is new.

        :param account: tiktok.account
        :param list page: of `tiktok.video.read_page`
        :param int run: the number of this sync of the account
        :return: how many are new, and the links of covers that are not kept yet, by record id
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
                known[video.uid]._update(video.values)
        self._mark_seen([video.id for video in known.values()], run)
        made = self.create([self._prepare(account, video, run) for video in new])
        known.update(zip((video.uid for video in new), made, strict=True))
        return len(new), self._without_cover({known[v.uid].id: v.cover_url for v in page})

    @api.model
    def _prepare(self, account, video, run):
        return {
            "account_id": account.id,
            "video_uid": video.uid,
            "seen_run": run,
            **video.values,
        }

    def _update(self, values):
        """Write what changed; a video that is listed is public."""
        self.ensure_one()
        changed = {k: v for k, v in values.items() if (self[k] or False) != (v or False)}
        if not self.active:
            changed["active"] = True
        if changed:
            self.write(changed)

    @api.model
    def _mark_seen(self, ids, run):
        """Note that this sync saw them. That's no change of theirs, so it is no write."""
        if ids:
            self.env.cr.execute(
                SQL("UPDATE tiktok_video SET seen_run = %s WHERE id = ANY(%s)", run, ids)
            )
            self.browse(ids).invalidate_recordset(["seen_run"], flush=False)

    @api.model
    def _without_cover(self, links):
        """Keep the links of videos that have no cover.

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

    def _keep_cover(self, content):
        """Keep a cover, if it is one.

        :param bytes content: JPEG, PNG or WebP
        """
        self.ensure_one()
        small = shrink(content, COVER)
        if small:
            self.image_1920 = small

    @api.model
    def _archive_unseen(self, account, run):
        """Archive what a complete sync did not see: TikTok shows it no more.

        :param account: tiktok.account
        :param int run: the number of that sync
        :return: how many
        :rtype: int
        """
        gone = self.search([("account_id", "=", account.id), ("seen_run", "!=", run)])
        if gone:
            gone.write({"active": False})
        return len(gone)


def shrink(content, size):
    """Return a picture for an image field, or nothing if it can't be read.

    :param bytes content: of the picture
    :param tuple size: the most it may have, in pixels
    :rtype: bytes | None
    """
    try:
        small = image_process(content, size=size)
    except Exception as error:  # noqa: BLE001 - Pillow raises many kinds for a broken picture
        _logger.info("A picture of TikTok's can't be read: %s", type(error).__name__)
        return None
    # Odoo leaves WebP as it comes, whatever its size.
    return base64.b64encode(small) if len(small) <= MAX_KEPT_BYTES else None
