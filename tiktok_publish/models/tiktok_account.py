import logging

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.tiktok_leadgen import settings
from odoo.addons.tiktok_leadgen.tiktok import client
from odoo.addons.tiktok_leadgen.tiktok.errors import TiktokError
from odoo.addons.tiktok_leadgen.tiktok.open_api import OpenApi
from odoo.addons.tiktok_leadgen.tiktok.values import line

from ..tiktok import posting

_logger = logging.getLogger(__name__)
SCOPES = (posting.PUBLISH_SCOPE, posting.UPLOAD_SCOPE)


class TiktokAccount(models.Model):
    """An account that posts."""

    _inherit = "tiktok.account"

    post_count = fields.Integer("Posts", compute="_compute_post_count")
    can_post = fields.Boolean("May post", compute="_compute_can_post")

    # === COMPUTE METHODS === #

    def _compute_post_count(self):
        groups = self.env["tiktok.post"]._read_group(
            [("account_id", "in", self.ids)], ["account_id"], ["__count"]
        )
        counts = {account.id: count for account, count in groups}
        for account in self:
            account.post_count = counts.get(account._origin.id, 0)

    def _compute_can_post(self):
        for account in self:
            granted = account.granted_scope_ids.mapped("name")
            account.can_post = account.state == "connected" and bool({*SCOPES} & {*granted})

    # === CONSENT === #

    def _forget_profile(self):
        """Take back what was agreed for another TikTok user: nobody agreed to this one."""
        posts = self.env["tiktok.post"].sudo()
        waiting = posts.search([("account_id", "=", self.id), ("state", "=", "queued")])
        # One that is being sent is looked at again: `_account_problems`.
        for post in waiting.try_lock_for_update():
            post._cancel()
            post._ask_person(
                self.env._("A TikTok post was taken back"),
                self.env._(
                    "“%s” was connected as another TikTok user. Look at the post and agree anew, "
                    "if it is to be published there.",
                    self.name,
                ),
            )
        return super()._forget_profile()

    # === ACTION METHODS === #

    def action_allow_posting(self):
        """Ask the owner at TikTok for the permissions of posting."""
        self.ensure_one()
        self.check_access("write")
        self.scope_ids += self.env["tiktok.scope"].search([("name", "in", SCOPES)])
        return self.action_connect()

    def action_view_posts(self):
        """Open the posts of this account."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("tiktok_publish.tiktok_post_action")
        context = {"default_account_id": self.id}
        return {**action, "domain": [("account_id", "=", self.id)], "context": context}

    def action_creator_info(self):
        """Return who posts and what TikTok lets them choose today, for the composer.

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        account = self.sudo()
        granted = account.granted_scope_ids.mapped("name")
        info = {
            "account_id": self.id,
            "name": account.nickname or account.name,
            "username": account.username or "",
            "has_picture": bool(account.image_1920),
            "is_audited": account.company_id.sudo().tiktok_publish_audited,
            "can_direct": posting.PUBLISH_SCOPE in granted,
            "can_inbox": posting.UPLOAD_SCOPE in granted,
            "privacy_options": [],
            "comment_disabled": False,
            "is_private": False,
            "problem": "",
        }
        if account.state != "connected" or not account.can_post:
            return {**info, "problem": account._why_no_posting()}
        if info["can_direct"]:
            info |= account._ask_creator()
        return info

    def _why_no_posting(self):
        if self.state != "connected":
            return self.env._("The account is not connected to TikTok. Open it, press Connect.")
        return self.env._(
            "The permission to post was not given yet. Open the account, press “Allow posting”."
        )

    def _ask_open(self, question):
        """Ask TikTok something, and once more with a new access token if it refuses ours.

        :param question: takes an `OpenApi` and calls TikTok with it
        :raise ReconnectError: after the account was marked as expired
        :raise ApiError: as TikTok refuses
        """
        base = settings.base_url("TIKTOK_OPEN_API_BASE_URL")
        return self._ask(lambda token: question(OpenApi(base, token)))

    def _ask_creator(self):
        """Ask TikTok what may be chosen.

        :return: what of `action_creator_info` is known by it
        :rtype: dict
        """
        try:
            with client.within():
                creator = self._ask_open(posting.creator_info)
        except (TiktokError, UserError) as error:
            return {"problem": self._explain(error)}
        return {
            "name": line(creator.nickname) or self.nickname or self.name,
            "username": line(creator.username) or self.username or "",
            "privacy_options": list(creator.privacy_options),
            "comment_disabled": creator.comment_disabled,
            "is_private": creator.is_private,
        }
