from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# What only this code writes.
FROM_ARTICLE = {"follows_article", "is_automatic"}


class TiktokPost(models.Model):
    """A post about an article."""

    _inherit = "tiktok.post"

    blog_post_id = fields.Many2one(
        "blog.post",
        "Article",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    article_choice = fields.Selection(related="blog_post_id.tiktok_choice", string="On TikTok")
    article_published = fields.Boolean(related="blog_post_id.is_published")
    lang = fields.Char("Language", readonly=True, copy=False)
    # Set when the article handed it over or took it back: what it takes, it also gives.
    with_article = fields.Boolean("Goes with its article", readonly=True, copy=False)
    is_automatic = fields.Boolean("Made by itself", readonly=True, copy=False)
    chosen_at = fields.Datetime("Chosen by a person", readonly=True, copy=False)
    # Until a person changes something: then it is theirs.
    follows_article = fields.Boolean("Filled when it is sent", readonly=True, copy=False)
    article_digest = fields.Char(readonly=True, copy=False)  # of what the article was then
    pictures_note = fields.Char("About the pictures", readonly=True, copy=False)

    _automatic_uniq = models.UniqueIndex(
        "(blog_post_id, account_id) WHERE is_automatic",
        "The article was posted on this account by itself already.",
    )

    # === CRUD METHODS === #

    def _refuse_ours(self, names):
        names = set(names)
        if not self.env.su and FROM_ARTICLE & names:
            raise AccessError(self.env._("How far a post is can't be written by hand."))
        return super()._refuse_ours(names)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_choice(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_choice(vals))

    @api.model
    def _with_choice(self, vals):
        """Remember the time a person chose: the article's own never stands before it."""
        if self.env.su or "scheduled_at" not in vals:
            return vals
        return {**vals, "chosen_at": vals["scheduled_at"]}

    def _after_change(self):
        if not self.env.su:
            self.sudo().filtered("follows_article").follows_article = False
        return super()._after_change()

    # === BUSINESS METHODS === #

    def _enqueue(self):
        for post in self:
            post._make_ready()
        return super()._enqueue()

    def _make_ready(self):
        """Fill a post that follows its article with what the article is now."""
        if self.follows_article and self.blog_post_id:
            article = self.blog_post_id.with_company(self.company_id)
            article._tiktok_fill(self, only_news=True)
        return super()._make_ready()

    # === ACTION METHODS === #

    def action_cancel(self):
        """Let a post that a person takes back not come again with its article."""
        result = super().action_cancel()
        self.sudo().filtered("with_article").with_article = False
        return result

    def action_view_article(self):
        """Open the article."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "blog.post",
            "res_id": self.blog_post_id.id,
            "views": [(self.env.ref("website_blog.view_blog_post_form").id, "form")],
        }

    def action_with_article(self):
        """Let it go when the article is published."""
        self.ensure_one()
        self.check_access("write")
        problems = self.sudo()._problems()
        if problems:
            raise UserError("\n".join(problems))
        self.blog_post_id.tiktok_choice = "article"

    def action_take_article(self):
        """Take text and pictures from the article anew."""
        self.ensure_one()
        self.check_access("write")
        self.blog_post_id._tiktok_fill(self)
