from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.tiktok_publish.models.post.tiktok_post import PRIVACY

# A change of one of these needs consent again.
CONSENT_FIELDS = {
    *("account_id", "blog_id", "post_mode", "privacy_level", "allow_comment", "auto_add_music"),
    *("is_disclosed", "is_own_brand", "is_branded_content", "lang"),
}


class TiktokBlogChannel(models.Model):
    """Where the articles of a blog are posted automatically, and what the user agreed to."""

    _name = "tiktok.blog.channel"
    _description = "TikTok Blog Channel"
    _inherit = ["tiktok.protected.mixin"]
    _order = "blog_id, id"
    _rec_name = "account_id"

    blog_id = fields.Many2one("blog.blog", required=True, index=True, ondelete="cascade")
    account_id = fields.Many2one(
        "tiktok.account",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company._tiktok_publish_account(),
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        "Language",
        help="Leave empty to use the default language of your templates.",
    )
    is_automatic = fields.Boolean(
        "Post each article automatically",
        copy=False,
        help="When an article of this blog is published, unless a post was prepared for it.",
    )
    post_mode = fields.Selection(
        [("direct", "Publish Immediately"), ("inbox", "Draft in the TikTok inbox")],
        "How",
        required=True,
        default="inbox",
    )
    privacy_level = fields.Selection(PRIVACY, "Who can see it")
    allow_comment = fields.Boolean("Allow comments")
    auto_add_music = fields.Boolean("Let TikTok add music")
    is_disclosed = fields.Boolean("Disclose commercial content")
    is_own_brand = fields.Boolean("Your brand")
    is_branded_content = fields.Boolean("Branded content")
    consent = fields.Boolean("I agree", copy=False)
    consent_at = fields.Datetime("Agreed on", readonly=True, copy=False)
    consent_user_id = fields.Many2one("res.users", "Agreed by", readonly=True, copy=False)

    _blog_account_uniq = models.Constraint(
        "UNIQUE(blog_id, account_id)", "The blog already posts on this account."
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("is_automatic", "consent", *CONSENT_FIELDS)
    def _check_consent_given(self):
        for channel in self.filtered("is_automatic"):
            if not channel.consent:
                raise ValidationError(
                    self.env._(
                        "Articles are posted automatically only after you have given your consent."
                    )
                )
            channel._check_posting_options()

    def _check_posting_options(self):
        if self.post_mode == "direct" and not self.privacy_level:
            raise ValidationError(self.env._("Choose who can see the posts: TikTok requires it."))
        branded = self.is_disclosed and self.is_branded_content
        if branded and self.post_mode == "direct" and self.privacy_level == "SELF_ONLY":
            raise ValidationError(self.env._("Branded content cannot be private."))
        if self.is_disclosed and not (self.is_own_brand or self.is_branded_content):
            raise ValidationError(
                self.env._("Select whether the posts promote your brand, a third party, or both.")
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        channels = super().create(vals_list)
        for channel, vals in zip(channels, vals_list, strict=True):
            if "consent" in vals:
                channel._store_consent_author(vals["consent"])
        return channels

    def write(self, vals):
        """Withdraw the consent when something changes that it was given for.

        :param dict vals: as of any `write`
        :return: what Odoo returns
        """
        if CONSENT_FIELDS & vals.keys() and "consent" not in vals:
            vals = {**vals, "consent": False, "is_automatic": False}
        result = super().write(vals)
        if "account_id" in vals:
            self.check_access("write")  # the account may be another company's
        if "consent" in vals:
            self._store_consent_author(vals["consent"])
        return result

    def _store_consent_author(self, is_given):
        """Store who gave consent and when.

        :param bool is_given: false if the consent was withdrawn
        """
        moment = is_given and fields.Datetime.now()  # as an article's date, which it must precede
        values = {"consent_at": moment, "consent_user_id": is_given and self.env.uid}
        models.Model.write(self.sudo(), values)  # past our own write, which would end the consent

    # === BUSINESS METHODS === #

    def _get_responsible_user(self):
        """Return who acts on a problem: who gave consent, unless they have left.

        :rtype: res.users
        """
        user = self.consent_user_id.filtered("active")
        return user or self.account_id.sudo()._get_reconnect_user()

    def _prepare_post_values(self):
        """Return the values the user chose for all posts of this channel.

        :rtype: dict
        """
        self.ensure_one()
        names = CONSENT_FIELDS - {"blog_id", "account_id", "lang"}
        return {"account_id": self.account_id.id, **{name: self[name] for name in names}}
