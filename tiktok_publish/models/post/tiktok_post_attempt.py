import logging
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.tiktok_leadgen import settings
from odoo.addons.tiktok_leadgen.job_time import read_clock
from odoo.addons.tiktok_leadgen.tiktok import signature

from ... import const
from ...tiktok import posting

_logger = logging.getLogger(__name__)
REPORTING_HOURS = 72  # after which TikTok no longer reports a post


class TiktokPostAttempt(models.Model):
    """One request that sends a post to TikTok, and its outcome.

    The row is committed before the call, so a crash leaves it without an answer and never unknown.
    Developer webhooks name an attempt by TikTok's publish ID.
    """

    _name = "tiktok.post.attempt"
    _description = "TikTok Post Attempt"
    _order = "id desc"
    _rec_name = "started_at"

    post_id = fields.Many2one("tiktok.post", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="post_id.company_id", store=True, index=True)
    # As they were when the post was sent: a post that failed can be changed and sent again.
    account_id = fields.Many2one("tiktok.account", required=True, index=True, ondelete="cascade")
    open_id = fields.Char("TikTok user", readonly=True)
    post_mode = fields.Char("Mode", readonly=True)
    started_at = fields.Datetime("Started on", required=True, readonly=True)
    ended_at = fields.Datetime("Ended on", readonly=True)
    outcome = fields.Selection(
        [
            ("sending", "Sending"),
            ("processing", "Processing"),
            ("unconfirmed", "Unconfirmed"),
            ("published", "Published"),
            ("inbox", "In the TikTok inbox"),
            ("failed", "Failed"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="sending",
    )
    reason = fields.Char(readonly=True)
    publish_uid = fields.Char("TikTok's publish ID", readonly=True, index="btree_not_null")
    post_uids = fields.Char("TikTok's post IDs", readonly=True, help="Separated by commas.")
    post_url = fields.Char(
        "Link to TikTok",
        readonly=True,
        help="Link to the post, or to its account until TikTok reports the public ID.",
    )
    # Kept when a user decides about the post: what TikTok reports may still be about this attempt.
    lost_at = fields.Datetime("Answer lost on", readonly=True)
    poll_at = fields.Datetime("Next check at TikTok", readonly=True, index="btree_not_null")
    polled_at = fields.Datetime("Last requested on", readonly=True)
    polls = fields.Integer("Number of checks", readonly=True)
    downloaded = fields.Integer("Bytes TikTok fetched", readonly=True)
    # TikTok alone knows the token of the photo URLs: with it, anyone can fetch the photos.
    media_token_hash = fields.Char(groups=fields.NO_ACCESS, prefetch=False)

    _media_token_uniq = models.UniqueIndex("(media_token_hash) WHERE media_token_hash IS NOT NULL")

    # === BUSINESS METHODS === #

    @api.model
    def _start_attempt(self, post, media_token):
        """Create the attempt that sends a post now.

        :param post: tiktok.post
        :param str media_token: of the photo URLs
        :rtype: tiktok.post.attempt
        """
        return self.create(
            {
                "post_id": post.id,
                "account_id": post.account_id.id,
                "open_id": post.consent_open_id,
                "post_mode": post.post_mode,
                "started_at": read_clock(self.env),
                "media_token_hash": signature.hash_token(media_token),
            }
        )

    def _end_attempt(self, outcome, reason=""):
        """Record the outcome of an attempt; its photos are no longer served.

        :param str outcome: one of the selection
        :param str reason: sentence for the user, empty for none
        """
        values = {"outcome": outcome, "reason": reason or False, "media_token_hash": False}
        if outcome not in ("published", "inbox"):
            values["poll_at"] = False
        self.write({**values, "ended_at": read_clock(self.env)})

    def _store_late_outcome(self, kind):
        """Store what TikTok reports of an attempt whose post has been sent again since.

        :param str kind: of `posting.EVENTS`
        """
        if kind != "gone":
            self.outcome = "published" if kind == "public" else kind

    def _remove_from_queue(self, kind):
        """Make this the current attempt again if TikTok has a post that waits to be sent again.

        :param str kind: of `posting.EVENTS`, what TikTok reports of this attempt
        :return: whether the post was taken from the queue, so that it is not sent twice
        :rtype: bool
        """
        post = self.post_id
        if post.state != "queued" or kind not in ("published", "public", "inbox"):
            return False
        post.write({"state": "processing", "attempt_id": self.id, "next_try_at": False})
        return True

    def _store_public_uids(self, post_uids, username):
        """Add the IDs under which the public sees the post.

        :param tuple post_uids: TikTok's
        :param str username: of the account, empty if unknown
        """
        known = self._split_post_uids()
        merged = list(dict.fromkeys([*known, *post_uids]))
        if merged != known:
            url = posting.build_post_url(username, merged[-1])
            self.write({"post_uids": ",".join(merged), "post_url": url})

    def _split_post_uids(self):
        """Return TikTok's IDs of the posts the public sees.

        :rtype: list[str]
        """
        return [uid for each in self for uid in (each.post_uids or "").split(",") if uid]

    # === MATCHING === #

    @api.model
    def _find_by_publish_uid(self, account, publish_uid):
        """Return the attempt that TikTok knows under an ID.

        :param account: tiktok.account
        :param str publish_uid: TikTok's
        :rtype: tiktok.post.attempt
        """
        domain = [("account_id", "=", account.id), ("publish_uid", "=", publish_uid)]
        return self.search(domain, limit=1) if publish_uid else self.browse()

    def _find_unreported_uid(self):
        """Return the ID of the one post TikTok reported that can only be this attempt.

        TikTok reports all posts an app makes of an account, including those of other programs with
        the same app. An attempt is matched if TikTok has fetched all its photos, from URLs only
        TikTok knows, and reported the post afterwards; if no other post of Odoo lacks an answer;
        and if no other attempt is known under the reported ID.

        :return: TikTok's publish ID, empty if there is none or more than one
        :rtype: str
        """
        self.ensure_one()
        if not self.post_id._is_fetched() or self._find_unanswered().post_id != self.post_id:
            return ""
        reported = self.env["tiktok.developer.event"]._find_reported_publish_uids(self)
        found = reported - self._find_known_uids(reported)
        if len(found) != 1:
            return ""
        (publish_uid,) = found
        _logger.info(
            "TikTok post %s: matched with %s by TikTok's webhook", self.post_id.id, publish_uid
        )
        return publish_uid

    def _find_unanswered(self):
        """Return the attempts of the TikTok user that TikTok may report though their ID is unknown.

        :return: of all companies, including those a user has decided about
        :rtype: tiktok.post.attempt
        """
        since = read_clock(self.env) - timedelta(hours=REPORTING_HOURS)
        return self.sudo().search(
            [
                ("open_id", "=", self.open_id),
                *("|", ("lost_at", ">", since)),
                *("&", ("ended_at", "=", False), ("publish_uid", "=", False)),
            ]
        )

    def _describe_missing_report(self):
        """Return what is known of an attempt that TikTok has reported nothing of.

        :rtype: str
        """
        if self.post_id._is_fetched():
            return self.env._(
                "TikTok has not reported the result of this post. It has fetched all "
                "photos, so it probably received the post: open the account in the "
                "TikTok app and look for it."
            )
        return self.env._(
            "TikTok has not reported the result of this post and has not fetched all "
            "photos. Open the account in the TikTok app and look for it."
        )

    @api.model
    def _find_known_uids(self, publish_uids):
        """Return which IDs belong to attempts of any company.

        :param set publish_uids: TikTok's
        :rtype: set[str]
        """
        known = self.sudo().search([("publish_uid", "in", list(publish_uids))])
        return set(known.mapped("publish_uid"))

    def _may_be_reported_by(self, event):
        """Tell whether an event may be about this attempt: its app, TikTok user, kind and mode.

        :param DeveloperEvent event: read
        :rtype: bool
        """
        company = self.company_id.sudo()
        app = company.tiktok_client_key or settings.get("TIKTOK_CLIENT_ID")
        direct = self.post_mode == "direct"
        return (
            bool(event.open_id and event.client_key)
            and (event.client_key, event.open_id) == (app, self.open_id)
            and posting.may_be_photo_post(event.name, event.content, direct=direct)
        )

    # === PHOTOS === #

    @api.model
    def _find_media_photo(self, token, number):
        """Return a photo of the post that TikTok is fetching with a token.

        :param str token: of the URL
        :param int number: of the photo, from 1
        :return: the photo, empty if the attempt is over or never existed
        :rtype: tiktok.post.image
        """
        photos = self.env["tiktok.post.image"]
        if not token or number < 1:
            return photos
        since = read_clock(self.env) - timedelta(hours=const.MEDIA_HOURS)
        domain = [("media_token_hash", "=", signature.hash_token(token))]
        domain += [("started_at", ">", since), ("post_id.state", "=", "processing")]
        attempt = self.search(domain)
        return attempt.post_id._order_photos()[number - 1 : number]
