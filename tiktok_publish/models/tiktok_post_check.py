import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from odoo.addons.tiktok_leadgen.tiktok import signature

from .. import const
from ..tiktok import posting, text

TOKEN_BYTES = 32


class TiktokPost(models.Model):
    """What TikTok asks of a post before anything is sent."""

    _inherit = "tiktok.post"

    # The token of the photos' addresses is known to TikTok alone: who could find it out in the
    # database could fetch the photos.
    media_token_hash = fields.Char(groups=fields.NO_ACCESS, prefetch=False, copy=False)

    _media_token_uniq = models.UniqueIndex("(media_token_hash) WHERE media_token_hash IS NOT NULL")

    def _enqueue(self):
        """Hand posts over to the job, after checking that TikTok would take them.

        :raise UserError: with all that is missing
        """
        self._check_stopped()
        now = fields.Datetime.now()
        for post in self:
            if post.scheduled_at and post.scheduled_at <= now:
                post.scheduled_at = False  # its time was that of an earlier try
            if post.state not in ("draft", "failed", "cancelled"):
                raise UserError(self.env._("“%s” was handed over already.", post.display_name))
            problems = post._problems()
            if problems:
                raise UserError("\n".join(problems))
        self._queue()

    def _queue(self):
        """Have the job send posts; what it looks at before it does is not looked at here."""
        self.write(
            {
                "state": "queued",
                "tries": 0,
                "faults": 0,
                **dict.fromkeys(("error", "fail_reason", "next_try_at", "publish_uid"), False),
                **dict.fromkeys(("post_uids", "post_url", "sent_at", "needs_confirmation"), False),
                **dict.fromkeys(("poll_at", "polled_at", "polls", "downloaded"), False),
                "creator_username": False,
            }
        )
        self.activity_unlink([const.ACTIVITY_XMLID])
        self.env.ref(const.CRON_XMLID)._tiktok_trigger()

    def _problems(self):
        """Return what is missing or would be refused, a sentence each.

        :rtype: list[str]
        """
        self.ensure_one()
        found = [*self._account_problems(), *self._content_problems()]
        if self.post_mode == "direct":
            found += self._direct_problems()
        if not self.consent:
            found.append(self.env._("Tick that you agree with TikTok's terms."))
        return found

    def _account_problems(self):
        account = self.account_id
        if not account.active:
            return [self.env._("The account “%s” is archived. Choose another one.", account.name)]
        if account.state != "connected":
            return [self.env._("The account “%s” is not connected. Connect it.", account.name)]
        if self.consent and self.consent_open_id != account.open_id:
            return [
                self.env._(
                    "“%s” is another TikTok user by now than when you agreed. Look at the post, "
                    "untick that you agree, and tick it again.",
                    account.name,
                )
            ]
        scope = posting.PUBLISH_SCOPE if self.post_mode == "direct" else posting.UPLOAD_SCOPE
        if scope not in account.granted_scope_ids.mapped("name"):
            return [
                self.env._(
                    "“%s” has not allowed us to post. Open the account and press “Allow posting”.",
                    account.name,
                )
            ]
        base = self.company_id._tiktok_media_base()
        problem = self.env["tiktok.domain.file"]._check_media_address(base)
        return [problem] if problem else []

    def _content_problems(self):
        found = [photo.problem for photo in self.image_ids if photo.problem]
        if not self.image_ids:
            found.append(self.env._("Add at least one photo."))
        if len(self.image_ids) > const.MAX_PHOTOS:
            found.append(self.env._("TikTok takes %s photos at most.", const.MAX_PHOTOS))
        if text.units(self.title or "") > const.MAX_TITLE:
            found.append(self.env._("The title is too long: %s at most.", const.MAX_TITLE))
        if text.units(self.description or "") > const.MAX_DESCRIPTION:
            limit = formatLang(self.env, const.MAX_DESCRIPTION, digits=0)
            found.append(self.env._("The description is too long: %s at most.", limit))
        return found

    def _direct_problems(self):
        found = []
        if not self.privacy_level:
            found.append(self.env._("Choose who can see it."))
        if self.is_disclosed and not (self.is_own_brand or self.is_branded_content):
            found.append(
                self.env._("Say whether it promotes your brand, somebody else's, or both.")
            )
        if self._is_branded() and self.privacy_level == "SELF_ONLY":
            found.append(self.env._("Branded content can't be private: choose who can see it."))
        if (
            self.privacy_level
            and self.privacy_level != "SELF_ONLY"
            and not self.company_id.sudo().tiktok_publish_audited
        ):
            found.append(
                self.env._(
                    "TikTok has not audited your app yet: until then it takes only posts that "
                    "“Only me” can see, or drafts into the TikTok inbox."
                )
            )
        return found

    def _is_branded(self):
        return self.is_disclosed and self.is_branded_content

    # === WHAT IS SENT === #

    def _photos(self):
        """Return the photos as they are sent, in order."""
        return self.image_ids.sorted(lambda photo: (photo.sequence, photo.id or 0))

    def _cover_index(self):
        covers = [number for number, photo in enumerate(self._photos()) if photo.is_cover]
        return covers[0] if covers else 0

    def _new_media_token(self):
        return secrets.token_urlsafe(TOKEN_BYTES)

    def _media_urls(self, token):
        """Return where TikTok finds the photos.

        :param str token: of `_new_media_token`
        :rtype: list[str]
        """
        self.ensure_one()
        start = f"{self.company_id._tiktok_media_base()}{const.MEDIA_ROUTE}{token}"
        return [f"{start}/{number}.jpg" for number in range(1, len(self.image_ids) + 1)]

    @api.model
    def _media(self, token, number):
        """Return a photo of the post that is being handed over under this token.

        :param str token: of the address
        :param int number: of the photo, from 1
        :return: the photo, an empty one if the post is over or was never there
        :rtype: tiktok.post.image
        """
        photos = self.env["tiktok.post.image"]
        if not token:
            return photos
        since = fields.Datetime.now() - timedelta(hours=const.MEDIA_HOURS)
        sent = [("state", "=", "processing"), ("sent_at", ">", since)]
        post = self.search([("media_token_hash", "=", signature.hash_token(token)), *sent])
        return post._photos()[number - 1 : number] if number else photos

    def _body(self, media_token):
        """Return what is posted to TikTok.

        :param str media_token: of the photos' addresses
        :rtype: dict
        """
        content = {
            "direct": self.post_mode == "direct",
            "title": self.title or "",
            "description": self.description or "",
            "cover": self._cover_index(),
            "privacy_level": self.privacy_level,
            "allow_comment": self.allow_comment,
            "auto_add_music": self.auto_add_music,
            "is_own_brand": self.is_disclosed and self.is_own_brand,
            "is_branded_content": self._is_branded(),
            "is_aigc": self.is_aigc,
        }
        return posting.body(content, self._media_urls(media_token))
