from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# Written by this code alone.
READONLY_FIELDS = {"follows_article", "is_automatic"}


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
    # Set when the article queued or cancelled the post: publishing the article queues it again.
    with_article = fields.Boolean("Posted with its article", readonly=True, copy=False)
    is_automatic = fields.Boolean("Created automatically", readonly=True, copy=False)
    chosen_at = fields.Datetime("Chosen by a person", readonly=True, copy=False)
    # Until a user changes the post.
    follows_article = fields.Boolean("Set when it is sent", readonly=True, copy=False)
    article_digest = fields.Char(readonly=True, copy=False)  # of the article's content then
    pictures_note = fields.Char("About the pictures", readonly=True, copy=False)

    _automatic_uniq = models.UniqueIndex(
        "(blog_post_id, account_id) WHERE is_automatic",
        "The article was already posted automatically on this account.",
    )

    # === CRUD METHODS === #

    def _check_writable_fields(self, names):
        names = set(names)
        if not self.env.su and READONLY_FIELDS & names:
            raise AccessError(self.env._("The progress of a post cannot be set manually."))
        return super()._check_writable_fields(names)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_chosen_time(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_chosen_time(vals))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        """Keep the posts by which a blog with auto-posting knows that an article was posted.

        :raise UserError: if the article of one of them would be posted again
        """
        posted = self.sudo().filtered(lambda post: post.state in ("published", "inbox"))
        posted = posted.filtered(lambda post: post.blog_post_id.tiktok_choice == "blog")
        channels = [
            *(("is_automatic", "=", True), ("account_id", "in", posted.account_id.ids)),
            ("blog_id", "in", posted.blog_post_id.blog_id.ids),
        ]
        if self.env["tiktok.blog.channel"].sudo().search_count(channels, limit=1):
            raise UserError(
                self.env._(
                    "Without this post, its article could be posted again automatically. Choose "
                    "“Never” on the article's “TikTok” tab first, then delete the post."
                )
            )

    @api.model
    def _with_chosen_time(self, vals):
        """Add the time a user chose: the post is never sent before it.

        :param dict vals: of `create` or `write`
        :rtype: dict
        """
        if self.env.su or "scheduled_at" not in vals:
            return vals
        return {**vals, "chosen_at": vals["scheduled_at"]}

    def _withdraw_consent(self):
        if not self.env.su:
            self.sudo().filtered("follows_article").follows_article = False
        return super()._withdraw_consent()

    # === BUSINESS METHODS === #

    def _check_and_queue(self):
        for post in self:
            post._prepare_content()
            if post._is_article_withdrawn():  # a user sends the post without its article
                post.with_article = False
        return super()._check_and_queue()

    def _send_due_post(self):
        """Cancel a post whose article was unpublished or deleted while the post was locked.

        :return: what the method of the post returns
        """
        if self._is_article_withdrawn() and self._lock_due_post():
            self._cancel_post()
            return None
        return super()._send_due_post()

    def _is_article_withdrawn(self):
        """Tell whether the post goes with an article that may no longer be posted.

        :rtype: bool
        """
        article = self.blog_post_id
        return self.with_article and not (article and article._tiktok_may_be_posted())

    def _prepare_content(self):
        """Fill a post that follows its article with the article's present content."""
        if self.follows_article and self.blog_post_id:
            article = self.blog_post_id.with_company(self.company_id)
            article._tiktok_fill_post(self, if_changed=True)
        return super()._prepare_content()

    # === ACTION METHODS === #

    def action_cancel(self):
        """Cancel the post, and do not queue it again with its article.

        :return: what the method of the post returns
        """
        result = super().action_cancel()
        self.sudo().filtered("with_article").with_article = False
        return result

    def action_view_article(self):
        """Open the article.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "blog.post",
            "res_id": self.blog_post_id.id,
            "views": [(self.env.ref("website_blog.view_blog_post_form").id, "form")],
        }

    def action_with_article(self):
        """Send the post when the article is published.

        :raise UserError: with all problems found
        """
        self.ensure_one()
        self.check_access("write")
        problems = self.sudo()._find_problems()
        if problems:
            raise UserError("\n".join(problems))
        self.blog_post_id.tiktok_choice = "article"

    def action_take_article(self):
        """Reload text and pictures from the article."""
        self.ensure_one()
        self.check_access("write")
        self.blog_post_id._tiktok_fill_post(self)
