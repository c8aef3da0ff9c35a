from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.tiktok_leadgen.tiktok.errors import TiktokError

from .. import const
from ..tiktok import posting


class TiktokPost(models.Model):
    """How a post is taken back: at TikTok, that is a request which may come too late."""

    _inherit = "tiktok.post"

    is_stopping = fields.Boolean("TikTok is asked to stop it", readonly=True, copy=False)

    def _cancel(self):
        """Take one post back.

        :raise UserError: if it is too late
        """
        self.ensure_one()
        self.lock_for_update()
        soon = False
        if self.state == "processing":
            self._cancel_at_tiktok()
            # TikTok promises nothing: it is asked until it says that it has stopped.
            soon = fields.Datetime.now() + timedelta(seconds=const.POLL_SECONDS)
            self.env.ref(const.CRON_XMLID)._trigger(soon)
        elif self.state != "queued":
            raise UserError(self.env._("There is nothing to cancel any more."))
        self.write(
            {
                "state": "cancelled",
                "poll_at": soon,
                "is_stopping": bool(soon),
                "polls": 0,
                **dict.fromkeys(
                    ("error", "next_try_at", "media_token_hash", "needs_confirmation"), False
                ),
            }
        )
        self.activity_unlink([const.ACTIVITY_XMLID])

    def _check_stopped(self):
        """See that TikTok can't publish an earlier try any more.

        :raise UserError: if it may
        """
        if any(post.is_stopping for post in self):
            raise UserError(
                self.env._(
                    "TikTok was asked to stop the post and has not said yet that it did. Wait a "
                    "minute: else it could be there twice."
                )
            )

    def _cancel_at_tiktok(self):
        if not self.publish_uid:
            raise UserError(
                self.env._("It is being handed over to TikTok right now: nobody can stop it.")
            )
        try:
            self.account_id._ask_open(lambda api: posting.cancel(api, self.publish_uid))
        except TiktokError as error:
            # Not as of a post that is sent: what a person cancels is not tried again by us.
            raise UserError(self.account_id._explain(error)) from error
