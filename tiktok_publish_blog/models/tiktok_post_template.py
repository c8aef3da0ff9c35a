from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.tiktok_publish.tiktok import text
from odoo.addons.website.tools import text_from_html

DEFAULT_TITLE = "{title}"
DEFAULT_BODY = "{teaser}\n\n{link}\n\n{hashtags}"
MAX_TAGS = 3
TEASER_UNITS = 400  # of the article's beginning, if it has no teaser
EXAMPLE = "https://www.example.com/blog/1"


class TiktokPostTemplate(models.Model):
    """How the text of a post is composed from an article, in one language."""

    _name = "tiktok.post.template"
    _description = "TikTok Post Template"
    _order = "company_id, is_default desc, lang"
    _rec_name = "lang"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        "Language",
        required=True,
        default=lambda self: self.env.lang or "en_US",
    )
    is_default = fields.Boolean(
        "Default language",
        help="Articles are posted in this language unless another one is chosen.",
    )
    title = fields.Char(required=True, default=DEFAULT_TITLE)
    body = fields.Text(
        "Text",
        required=True,
        default=DEFAULT_BODY,
        help="{title}, {subtitle}, {teaser}, {link}, {blog}, {author} and {hashtags} are "
        "filled in for each article. Lines without content are skipped.",
    )
    brand_hashtags = fields.Char("Brand", help="Placed first, as #oasis #furniture.")
    breaking_hashtag = fields.Char("Breaking news", default="#BreakingNews")
    language_hashtag = fields.Char(
        "Language hashtag", compute="_compute_language_hashtag", store=True, readonly=False
    )
    use_blog = fields.Boolean("Blog as a hashtag", default=True)
    use_tags = fields.Boolean(
        "Up to 3 tags as hashtags",
        default=True,
        help="The first tags, in the order in which they were added to the article.",
    )
    sample_id = fields.Many2one(
        "blog.post",
        "Preview with",
        compute="_compute_sample_id",
        readonly=False,
        help="The article shown in the preview.",
    )
    preview_title = fields.Char("Title as posted", compute="_compute_preview")
    preview = fields.Text("Text as posted", compute="_compute_preview")
    preview_units = fields.Integer("Length", compute="_compute_preview")

    _lang_uniq = models.Constraint(
        "UNIQUE(company_id, lang)", "The company already has a template in this language."
    )
    _default_uniq = models.UniqueIndex(
        "(company_id) WHERE is_default",
        "The company has another default language. Untick it first.",
    )

    # === COMPUTE METHODS === #

    @api.depends("lang")
    def _compute_language_hashtag(self):
        names = dict(self.env["res.lang"].get_installed())
        for template in self:
            # "Kazakh / Қазақ тілі" and "English (US)"
            name = (names.get(template.lang) or "").rpartition("/")[2].partition("(")[0]
            template.language_hashtag = text.make_hashtag(name)

    def _compute_sample_id(self):
        newest = self.env["blog.post"].search([], limit=1, order="id desc")
        for template in self:
            template.sample_id = newest

    @api.depends(
        *("lang", "title", "body", "sample_id", "use_blog", "use_tags", "brand_hashtags"),
        *("breaking_hashtag", "language_hashtag"),
    )
    def _compute_preview(self):
        for template in self:
            article = template.sample_id.with_context(lang=template.lang)
            title, body = template._compose_texts(article)
            template.preview_title = title
            template.preview = body
            template.preview_units = text.count_units(body)

    # === CONSTRAINT METHODS === #

    @api.constrains("title", "body")
    def _check_placeholders(self):
        for template in self:
            both = f"{template.title}\n{template.body}"
            unknown = text.find_unknown_placeholders(both)
            if unknown:
                raise ValidationError(
                    self.env._(
                        "%(unknown)s is not a placeholder. Available placeholders: %(known)s.",
                        unknown=f"{{{unknown[0]}}}",
                        known=", ".join(f"{{{name}}}" for name in text.PLACEHOLDERS),
                    )
                )

    # === CRUD METHODS === #

    def write(self, vals):
        """Refuse to move a template to a company that is not the user's.

        :param dict vals: as of any `write`
        :return: what Odoo returns
        :raise AccessError: if the user may not write there
        """
        result = super().write(vals)
        if "company_id" in vals:
            self.check_access("write")  # the new company may not be the user's
        return result

    # === BUSINESS METHODS === #

    @api.model
    def _find_template(self, company, lang=None):
        """Return the template of a company for a language, an unsaved one if it has none.

        :param company: res.company
        :param str lang: None for the default language
        :rtype: tiktok.post.template
        """
        own = self.search([("company_id", "=", company.id)])
        if lang:
            found = own.filtered(lambda template: template.lang == lang)
        else:
            found = own.filtered("is_default")[:1] or own[:1]
        return found or self.new({"company_id": company.id, "lang": lang or self._fallback_lang()})

    @api.model
    def _fallback_lang(self):
        return self.env.company.partner_id.lang or self.env.lang or "en_US"

    def _compose_texts(self, article):
        """Return title and description of a post about an article.

        :param article: blog.post, in the template's language
        :rtype: tuple[str, str]
        """
        parts = self._prepare_placeholders(article)
        title = text.compose_text(self.title or "", parts, [], text.TITLE_UNITS)
        return text.join_lines(title), text.compose_text(
            self.body or "", parts, self._build_hashtags(article)
        )

    @api.model
    def _prepare_placeholders(self, article):
        """Return the values of the placeholders.

        :param article: blog.post
        :rtype: dict[str, str]
        """
        return {
            "title": article.name or "",
            "subtitle": article.subtitle or "",
            "teaser": self._compose_teaser(article),
            "link": article._tiktok_build_link() if article else EXAMPLE,
            "blog": article.blog_id.name or "",
            "author": article.author_id.sudo().name or "",
        }

    @api.model
    def _compose_teaser(self, article):
        """Return the teaser or subtitle of the article, else its beginning.

        :param article: blog.post
        :rtype: str
        """
        written = article.teaser_manual or article.subtitle
        if written or not article.content:
            return written or ""
        return text.cut_text(text_from_html(article.content, True), TEASER_UNITS)

    def _build_hashtags(self, article):
        """Return the hashtags of an article, the most important first.

        :param article: blog.post
        :rtype: list[str]
        """
        tags = article._tiktok_sort_tags()[:MAX_TAGS].mapped("name") if self.use_tags else []
        brand = text.split_hashtags(self.brand_hashtags)
        breaking = article.tiktok_is_breaking and self.breaking_hashtag
        blog = self.use_blog and article.blog_id.name
        return text.make_hashtags(
            *brand, breaking or "", self.language_hashtag or "", blog or "", *tags
        )
