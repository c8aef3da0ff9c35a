from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

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
# What only this code writes: nobody makes a post "published" by RPC.
OURS = {
    *("company_id", "state", "consent_at", "consent_user_id", "consent_open_id", "publish_uid"),
    *("post_uids", "post_url", "creator_username"),
    *(
        "fail_reason",
        "error",
        "sent_at",
        "next_try_at",
        "tries",
        "faults",
        "needs_confirmation",
        "media_token_hash",
    ),
    *("poll_at", "polled_at", "polls", "downloaded", "is_gone"),
    *("former_uids", "is_stopping", "lost_at"),
}
CONTENT = {
    *("account_id", "title", "description", "image_ids", "post_mode", "privacy_level"),
    *("allow_comment", "auto_add_music", "is_disclosed", "is_own_brand", "is_branded_content"),
    *("is_aigc", "consent"),
}


class TiktokPost(models.Model):
    """A photo post: what a person wrote, and how far TikTok is with it."""

    _name = "tiktok.post"
    _description = "TikTok Post"
    _inherit = ["mail.thread", "mail.activity.mixin"]
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
    title = fields.Char(help="At most 90 characters as TikTok counts them: an emoji is two.")
    description = fields.Text(
        help="At most 4,000 characters as TikTok counts them: an emoji is two."
    )
    image_ids = fields.One2many("tiktok.post.image", "post_id", "Photos", copy=True)
    post_mode = fields.Selection(
        [("direct", "Publish at once"), ("inbox", "Draft in the TikTok inbox")],
        "How",
        required=True,
        default="direct",
        help="A draft waits in the inbox of the TikTok app until its owner posts it there.",
    )
    privacy_level = fields.Selection(PRIVACY, "Who can see it", copy=False)
    allow_comment = fields.Boolean("Allow comments", copy=False)
    auto_add_music = fields.Boolean("Let TikTok add music")
    is_disclosed = fields.Boolean("It promotes something")
    is_own_brand = fields.Boolean("Your brand")
    is_branded_content = fields.Boolean("Branded content")
    is_aigc = fields.Boolean("Made with AI")
    consent = fields.Boolean("I agree", copy=False)
    consent_at = fields.Datetime("Agreed on", readonly=True, copy=False)
    consent_user_id = fields.Many2one("res.users", "Agreed by", readonly=True, copy=False)
    consent_open_id = fields.Char("TikTok user of the consent", readonly=True, copy=False)
    scheduled_at = fields.Datetime("Publish on", copy=False, index=True)

    publish_uid = fields.Char("TikTok's publish ID", readonly=True, copy=False, index=True)
    post_uids = fields.Char(
        "TikTok's post IDs", readonly=True, copy=False, help="Separated by commas."
    )
    post_url = fields.Char(
        "Link at TikTok",
        readonly=True,
        copy=False,
        help="Of the post, or of its account until TikTok says under which ID the public sees it.",
    )
    creator_username = fields.Char(readonly=True, copy=False)  # as TikTok named who posts
    fail_reason = fields.Char("TikTok's reason", readonly=True, copy=False)
    error = fields.Char("What went wrong", readonly=True, copy=False)
    sent_at = fields.Datetime("Sent on", readonly=True, copy=False)
    next_try_at = fields.Datetime("Next try", readonly=True, copy=False)
    tries = fields.Integer(readonly=True, copy=False)
    faults = fields.Integer(readonly=True, copy=False)  # of ours, one after the other
    needs_confirmation = fields.Boolean("Unconfirmed", readonly=True, copy=False)

    # === COMPUTE METHODS === #

    @api.depends("title", "description")
    def _compute_display_name(self):
        for post in self:
            text = post.title or (post.description or "").split("\n", 1)[0][:80]
            post.display_name = text or self.env._("Post without a title")

    # === ONCHANGE METHODS === #

    @api.onchange("is_disclosed", "is_branded_content")
    def _onchange_is_branded(self):
        """Ask for consent again: that of branded content has further terms."""
        if self._is_branded():
            self.consent = False

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Note who agreed; what TikTok says is not for anybody to write."""
        defaults = (name for name in self.env.context if name.startswith("default_"))
        self._refuse_ours(name.removeprefix("default_") for name in defaults)
        for vals in vals_list:
            self._refuse_ours(vals)
        posts = super().create(vals_list)
        agreed = [
            post.id for post, vals in zip(posts, vals_list, strict=True) if vals.get("consent")
        ]
        (posts.filtered("consent") | posts.browse(agreed)).sudo().consent = True
        return posts

    def write(self, vals):
        """Keep what was sent as it was sent, and note who agreed."""
        self._refuse_ours(vals)
        if CONTENT & set(vals):
            self._check_editable()
        result = super().write({name: vals[name] for name in vals if name != "consent"})
        if "account_id" in vals:
            self.check_access("write")  # the account may be another company's
        if (CONTENT - {"consent"}) & set(vals):
            self._after_change()
        if "consent" in vals:  # to what stands there by now
            for post in self:
                super(TiktokPost, post).write(post._agreement(vals["consent"]))
        return result

    def unlink(self):
        """Delete the photos too: left to the database, their files would stay."""
        self.check_access("unlink")
        self._unlink_except_under_way()
        self.sudo().image_ids.unlink()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_under_way(self):
        if any(post.state in ("queued", "processing") for post in self):
            raise UserError(self.env._("Cancel the post first, then delete it."))
        self._check_stopped()

    def _refuse_ours(self, vals):
        if not self.env.su and OURS & set(vals):
            raise AccessError(self.env._("How far a post is can't be written by hand."))

    def _check_editable(self):
        if not self.env.su and any(post.state not in EDITABLE for post in self):
            raise UserError(self.env._("It was handed over already. Cancel it first to change it."))

    def _after_change(self):
        """Take the consent back: it was given to what stood there before."""
        if not self.env.su:
            self.filtered("consent").sudo().consent = False

    def _agreement(self, consent):
        """Return what is noted of a consent: who gave it, when, and for which TikTok user."""
        return {
            "consent": consent,
            "consent_at": consent and fields.Datetime.now(),
            "consent_user_id": consent and self.env.uid,
            "consent_open_id": consent and self.account_id.sudo().open_id,
        }

    # === ACTION METHODS === #

    def action_publish(self):
        """Send it as soon as TikTok takes it."""
        self.check_access("write")
        self.scheduled_at = False
        self.sudo()._enqueue()

    def action_schedule(self):
        """Send it at the time that was chosen."""
        self.check_access("write")
        now = fields.Datetime.now()
        if not all(post.scheduled_at and post.scheduled_at > now for post in self):
            raise UserError(self.env._("Choose a time that is still to come."))
        self.sudo()._enqueue()

    def action_cancel(self):
        """Take it back, at TikTok too where there is still time."""
        self.check_access("write")
        for post in self.sudo():
            post._cancel()

    def action_edit(self):
        """Make a post that failed or was taken back a draft again."""
        self.check_access("write")
        if any(post.state not in EDITABLE for post in self):
            raise UserError(self.env._("Only a post that failed or was cancelled can be changed."))
        self._check_stopped()
        self.sudo().write({"state": "draft", "error": False, "fail_reason": False})

    def action_retry(self):
        """Send a post anew that TikTok did not publish."""
        self.check_access("write")
        if any(post.state not in ("failed", "cancelled") for post in self):
            raise UserError(self.env._("Only a post that failed or was cancelled is sent again."))
        self.sudo()._enqueue()

    def action_was_posted(self):
        """Note that a person has checked: the post is on TikTok, though its answer got lost."""
        self.check_access("write")
        self._check_unconfirmed()
        for post in self.sudo():
            post._finish("inbox" if post.post_mode == "inbox" else "published")

    def action_send_again(self):
        """Send it again on a person's word: TikTok may have it, then it is there twice."""
        self.check_access("write")
        self._check_unconfirmed()
        self.sudo().write({"state": "failed", "needs_confirmation": False})
        self.sudo()._enqueue()

    def _check_unconfirmed(self):
        if not all(post.needs_confirmation for post in self):
            raise UserError(
                self.env._("What became of this post is known by now. Reload the page.")
            )

    def action_check_again(self):
        """Ask TikTok about a post without an answer, and look at what it has told of it."""
        self.ensure_one()
        self.check_access("write")
        self._check_unconfirmed()
        post = self.sudo()
        post.lock_for_update()
        with client.within():
            post._check_again()
        if post.needs_confirmation:
            return self.env["tiktok.account"]._notify(post._describe_unconfirmed(), "warning")
        message = self.env._("TikTok has confirmed this post: %s.", post.state_label)
        return self.env["tiktok.account"]._notify(message, "success")

    def action_open_at_tiktok(self):
        """Show the post where everybody sees it."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self.post_url, "target": "new"}
