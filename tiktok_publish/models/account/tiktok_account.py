import logging

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.tiktok_leadgen import settings
from odoo.addons.tiktok_leadgen.tiktok import client
from odoo.addons.tiktok_leadgen.tiktok.errors import TiktokError
from odoo.addons.tiktok_leadgen.tiktok.open_api import OpenApi
from odoo.addons.tiktok_leadgen.tiktok.shape import missing
from odoo.addons.tiktok_leadgen.tiktok.values import format_line, isolate

from ...tiktok import posting

_logger = logging.getLogger(__name__)
SCOPES = (posting.PUBLISH_SCOPE, posting.UPLOAD_SCOPE)


class TiktokAccount(models.Model):
    """An account that posts."""

    _inherit = "tiktok.account"

    post_count = fields.Integer("Posts", compute="_compute_post_count")
    can_post = fields.Boolean("Can post", compute="_compute_can_post")

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

    def _clear_profile(self):
        """Cancel the queued posts: their consent was given for another TikTok user."""
        posts = self.env["tiktok.post"].sudo()
        waiting = posts.search([("account_id", "=", self.id), ("state", "=", "queued")])
        # One that is being sent is checked again: `_find_account_problems`.
        for post in waiting.try_lock_for_update():
            post._cancel_post()
            post._schedule_review_activity(
                self.env._("A TikTok post was withdrawn"),
                self.env._(
                    "“%s” was connected as another TikTok user. Check the post and give "
                    "consent again to publish it there.",
                    isolate(self.name),
                ),
            )
        return super()._clear_profile()

    # === ACTION METHODS === #

    def action_allow_posting(self):
        """Request the permissions of posting from the account's owner.

        :return: the action that opens TikTok's consent page
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("write")
        self.scope_ids += self.env["tiktok.scope"].search([("name", "in", SCOPES)])
        return self.action_connect()

    def action_view_posts(self):
        """Open the posts of this account.

        :return: an action
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("tiktok_publish.tiktok_post_action")
        context = {"default_account_id": self.id}
        return {**action, "domain": [("account_id", "=", self.id)], "context": context}

    def action_creator_info(self):
        """Return who posts and what TikTok lets them choose today, for the composer.

        :return: names, permissions and choices, and a problem as a sentence
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
            return {**info, "problem": account._explain_missing_permission()}
        if info["can_direct"]:
            info |= account._request_creator_info()
        return info

    def _explain_missing_permission(self):
        if self.state != "connected":
            return self.env._("The account is not connected to TikTok. Open it and click Connect.")
        return self.env._(
            "The permission to post was not granted yet. Open the account and click "
            "“Allow posting”."
        )

    def _request_open_api(self, request):
        """Call TikTok, and again with a new access token if it rejects the present one.

        :param request: takes an `OpenApi` and calls TikTok with it
        :return: what ``request`` returns
        :raise ReconnectError: after the account was marked as expired
        :raise ApiError: as TikTok refuses
        """
        base = settings.base_url("TIKTOK_OPEN_API_BASE_URL")
        return self._call_with_token(lambda token: request(OpenApi(base, token)))

    def _fetch_creator(self):
        """Fetch what the account may choose today.

        :rtype: posting.Creator
        :raise ApiError: as TikTok refuses
        :raise UnparsableAnswerError: if the answer has no audience: each account has one at least
        """
        creator = self._request_open_api(posting.fetch_creator_info)
        if not creator.privacy_options:
            raise missing("privacy_level_options")
        return creator

    def _request_creator_info(self):
        """Request from TikTok what the account may choose today.

        :return: the values of `action_creator_info` that TikTok answers
        :rtype: dict
        """
        try:
            with client.deadline():
                creator = self._fetch_creator()
        except (TiktokError, UserError) as error:
            return {"problem": self._explain_error(error)}
        return {
            "name": format_line(creator.nickname) or self.nickname or self.name,
            "username": format_line(creator.username) or self.username or "",
            "privacy_options": list(creator.privacy_options),
            "comment_disabled": creator.comment_disabled,
            "is_private": creator.is_private,
        }
