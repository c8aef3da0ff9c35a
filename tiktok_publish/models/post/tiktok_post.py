from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.tiktok_leadgen.job_time import read_clock, read_transaction_clock
from odoo.addons.tiktok_leadgen.tiktok import client

STATES = [
    ("draft", "Draft"),
    ("queued", "Waiting"),
    ("processing", "Processing"),
    ("published", "Published"),
    ("inbox", "In the TikTok inbox"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
]
PRIVACY = [
    ("PUBLIC_TO_EVERYONE", "Everyone"),
    ("FOLLOWER_OF_CREATOR", "Followers"),
    ("MUTUAL_FOLLOW_FRIENDS", "Friends"),
    ("SELF_ONLY", "Only me"),
]
EDITABLE = ("draft", "failed", "cancelled")
# Written by this code alone: no RPC sets the progress of a post.
READONLY_FIELDS = {
    *("company_id", "state", "consent_at", "consent_user_id", "consent_open_id"),
    *("creator_username", "fail_reason", "error", "next_try_at", "attempt_count", "error_count"),
    *("needs_confirmation", "is_gone", "is_stopping", "attempt_id", "attempt_ids"),
    *("publish_uid", "post_uids", "post_url", "sent_at"),
    *("poll_at", "polled_at", "polls", "downloaded"),
}
CONTENT_FIELDS = {
    *("account_id", "title", "description", "image_ids", "post_mode", "privacy_level"),
    *("allow_comment", "auto_add_music", "is_disclosed", "is_own_brand", "is_branded_content"),
    *("is_aigc", "consent"),
}


class TiktokPost(models.Model):
    """A photo post: what its author wrote, and how far TikTok is with it."""

    _name = "tiktok.post"
    _description = "TikTok Post"
    _inherit = ["mail.thread", "mail.activity.mixin", "tiktok.ad.mixin"]
    _order = "scheduled_at desc, id desc"
    _rec_name = "title"
    _check_company_auto = True

    account_id = fields.Many2one(
        "tiktok.account",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        default=lambda self: self.env.company._tiktok_publish_account(),
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    user_id = fields.Many2one(
        "res.users", "Responsible", default=lambda self: self.env.user, copy=False
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, default="draft", copy=False, index=True, tracking=True
    )
    title = fields.Char(help="At most 90 characters as counted by TikTok: an emoji counts as two.")
    description = fields.Text(
        help="At most 4,000 characters as counted by TikTok: an emoji counts as two."
    )
    image_ids = fields.One2many("tiktok.post.image", "post_id", "Photos", copy=True)
    post_mode = fields.Selection(
        [("direct", "Publish Immediately"), ("inbox", "Draft in the TikTok inbox")],
        "How",
        required=True,
        default="direct",
        help="A draft stays in the inbox of the TikTok app until its owner posts it there.",
    )
    privacy_level = fields.Selection(PRIVACY, "Who can see it", copy=False)
    allow_comment = fields.Boolean("Allow comments", copy=False)
    auto_add_music = fields.Boolean("Let TikTok add music")
    is_disclosed = fields.Boolean("Disclose commercial content")
    is_own_brand = fields.Boolean("Your brand")
    is_branded_content = fields.Boolean("Branded content")
    is_aigc = fields.Boolean("Made with AI")
    consent = fields.Boolean("I agree", copy=False)
    consent_at = fields.Datetime("Agreed on", readonly=True, copy=False)
    consent_user_id = fields.Many2one("res.users", "Agreed by", readonly=True, copy=False)
    consent_open_id = fields.Char("TikTok user of the consent", readonly=True, copy=False)
    scheduled_at = fields.Datetime("Publish on", copy=False, index=True)

    # Of the account as TikTok names it; it may post without the permission to read its profile.
    creator_username = fields.Char(readonly=True, copy=False)
    fail_reason = fields.Char("TikTok's reason", readonly=True, copy=False)
    error = fields.Char("Problem", readonly=True, copy=False)
    next_try_at = fields.Datetime("Next attempt", readonly=True, copy=False)
    attempt_count = fields.Integer(readonly=True, copy=False)
    error_count = fields.Integer(readonly=True, copy=False)  # internal errors in a row
    needs_confirmation = fields.Boolean("Unconfirmed", readonly=True, copy=False)
    is_stopping = fields.Boolean("Cancellation requested from TikTok", readonly=True, copy=False)
    is_gone = fields.Boolean("No longer public", readonly=True, copy=False)

    # What TikTok knows belongs to the attempt: a new attempt starts with none of it.
    attempt_ids = fields.One2many("tiktok.post.attempt", "post_id", "Attempts", readonly=True)
    attempt_id = fields.Many2one(
        "tiktok.post.attempt",
        "Current attempt",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    publish_uid = fields.Char("TikTok's publish ID", related="attempt_id.publish_uid")
    post_uids = fields.Char("TikTok's post IDs", related="attempt_id.post_uids")
    post_url = fields.Char("Link to TikTok", related="attempt_id.post_url")
    sent_at = fields.Datetime("Sent on", related="attempt_id.started_at")
    poll_at = fields.Datetime("Next check at TikTok", related="attempt_id.poll_at")
    polled_at = fields.Datetime("Last requested on", related="attempt_id.polled_at")
    polls = fields.Integer("Number of checks", related="attempt_id.polls")
    downloaded = fields.Integer("Bytes TikTok fetched", related="attempt_id.downloaded")

    # === COMPUTE METHODS === #

    @api.depends("title", "description")
    def _compute_display_name(self):
        for post in self:
            text = post.title or (post.description or "").split("\n", 1)[0][:80]
            post.display_name = text or self.env._("Post without a title")

    # === ONCHANGE METHODS === #

    @api.onchange("is_disclosed", "is_branded_content")
    def _onchange_is_branded(self):
        """Ask for consent again: branded content has further terms."""
        if self._has_branded_content():
            self.consent = False

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Record who gave consent, and refuse values that only TikTok's answers set.

        :param list vals_list: values of each post
        :return: the new posts
        :rtype: tiktok.post
        :raise AccessError: if a read-only field is set
        """
        defaults = (name for name in self.env.context if name.startswith("default_"))
        self._check_writable_fields(name.removeprefix("default_") for name in defaults)
        for vals in vals_list:
            self._check_writable_fields(vals)
        posts = super().create(vals_list)
        agreed = [
            post.id for post, vals in zip(posts, vals_list, strict=True) if vals.get("consent")
        ]
        (posts.filtered("consent") | posts.browse(agreed)).sudo().consent = True
        return posts

    def write(self, vals):
        """Keep the content of a post that was sent, and record who gave consent.

        :param dict vals: as of any `write`
        :return: what Odoo returns
        :raise AccessError: if a read-only field is set
        :raise UserError: if the post was already sent
        """
        self._check_writable_fields(vals)
        if CONTENT_FIELDS & set(vals):
            self._check_editable()
        result = super().write({name: vals[name] for name in vals if name != "consent"})
        if "account_id" in vals:
            self.check_access("write")  # the account may be another company's
        if (CONTENT_FIELDS - {"consent"}) & set(vals):
            self._withdraw_consent()
        if "consent" in vals:  # given to the content after this write
            for post in self:
                super(TiktokPost, post).write(post._prepare_consent_values(vals["consent"]))
        return result

    def unlink(self):
        """Delete the photos too: a cascade in the database would leave their files.

        :return: what Odoo returns
        """
        self.check_access("unlink")
        self._unlink_except_under_way()
        self.sudo().image_ids.unlink()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_under_way(self):
        if any(post.state in ("queued", "processing") for post in self):
            raise UserError(self.env._("Cancel the post first, then delete it."))
        self._check_not_stopping()

    def _check_writable_fields(self, names):
        """Refuse fields that only this code writes.

        :param names: iterable of field names
        :raise AccessError: if one of them is read-only for users
        """
        if not self.env.su and READONLY_FIELDS & set(names):
            raise AccessError(self.env._("The progress of a post cannot be set manually."))

    def _check_editable(self):
        if not self.env.su and any(post.state not in EDITABLE for post in self):
            raise UserError(self.env._("It was already sent. Cancel it first to change it."))

    def _withdraw_consent(self):
        """Untick the consent: it was given to the content before the change."""
        if not self.env.su:
            self.filtered("consent").sudo().consent = False

    def _prepare_consent_values(self, consent):
        """Return the values that record a consent: who gave it, when, and for which TikTok user.

        :param bool consent: whether it is given or withdrawn
        :rtype: dict
        """
        return {
            "consent": consent,
            "consent_at": consent and read_transaction_clock(self.env),
            "consent_user_id": consent and self.env.uid,
            "consent_open_id": consent and self.account_id.sudo().open_id,
        }

    # === ACTION METHODS === #

    def action_publish(self):
        """Send the post as soon as TikTok accepts it."""
        self.check_access("write")
        self.scheduled_at = False
        self.sudo()._check_and_queue()

    def action_schedule(self):
        """Send the post at the chosen time.

        :raise UserError: if the time is not in the future
        """
        self.check_access("write")
        now = read_clock(self.env)
        if not all(post.scheduled_at and post.scheduled_at > now for post in self):
            raise UserError(self.env._("Choose a time in the future."))
        self.sudo()._check_and_queue()

    def action_cancel(self):
        """Cancel the post, at TikTok too where there is still time."""
        self.check_access("write")
        for post in self.sudo():
            post._cancel_post()

    def action_edit(self):
        """Turn a failed or cancelled post into a draft again.

        :raise UserError: if the post neither failed nor was cancelled, or is still stopped
        """
        self.check_access("write")
        if any(post.state not in EDITABLE for post in self):
            raise UserError(self.env._("Only a post that failed or was cancelled can be changed."))
        self._check_not_stopping()
        self.sudo().write({"state": "draft", "error": False, "fail_reason": False})

    def action_retry(self):
        """Send a post again that TikTok did not publish.

        :raise UserError: if the post neither failed nor was cancelled
        """
        self.check_access("write")
        if any(post.state not in ("failed", "cancelled") for post in self):
            raise UserError(self.env._("Only a post that failed or was cancelled is sent again."))
        self.sudo()._check_and_queue()

    def action_was_posted(self):
        """Record that a user found the post on TikTok, though its answer was lost."""
        self.check_access("write")
        self._check_unconfirmed()
        for post in self.sudo():
            post._mark_finished("inbox" if post.post_mode == "inbox" else "published")

    def action_send_again(self):
        """Send an unconfirmed post again: if TikTok has it, it appears twice."""
        self.check_access("write")
        self._check_unconfirmed()
        self.sudo().write({"state": "failed", "needs_confirmation": False})
        self.sudo()._check_and_queue()

    def _check_unconfirmed(self):
        if not all(post.needs_confirmation for post in self):
            raise UserError(
                self.env._("TikTok has reported the result of this post. Reload the page.")
            )

    def action_check_again(self):
        """Check an unconfirmed post at TikTok and among its webhooks.

        :return: a notification
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("write")
        self._check_unconfirmed()
        post = self.sudo()
        post.lock_for_update()
        with client.deadline():
            post._check_remote_post()
        if post.needs_confirmation:
            message = post.attempt_id._describe_missing_report()
            return self.env["tiktok.account"]._prepare_notification(message, "warning")
        message = self.env._("TikTok has confirmed this post: %s.", post.state_label)
        return self.env["tiktok.account"]._prepare_notification(message, "success")

    def action_open_at_tiktok(self):
        """Open the post on TikTok.

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": self.post_url, "target": "new"}
