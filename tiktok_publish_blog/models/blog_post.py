from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tiktok import article as reader

PUBLISHER = "tiktok_publish.tiktok_publish_group_user"
UNDER_WAY = ("queued", "processing", "published", "inbox")
STRIP = 6  # pictures that the tab shows
PICTURE = Markup(
    '<img src="%s" alt="" loading="lazy" class="rounded border me-1 mb-1 object-fit-cover" '
    'style="width: 72px; height: 96px;"/>'
)


class BlogPost(models.Model):
    """An article and its posts on TikTok."""

    _inherit = "blog.post"

    tiktok_choice = fields.Selection(
        [
            ("blog", "As the blog is set"),
            ("article", "With the article"),
            ("none", "Not at all"),
        ],
        "On TikTok",
        required=True,
        default="blog",
        help="With the article: the post you prepared is handed over when the article is "
        "published, and taken back if the article is before its turn.",
    )
    tiktok_account_id = fields.Many2one(
        "tiktok.account",
        "TikTok account",
        groups=PUBLISHER,
        copy=False,
        ondelete="set null",
        help="Empty: the publishing account of your company.",
    )
    tiktok_lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        "Language on TikTok",
        help="Empty: the default language of your templates.",
    )
    tiktok_is_breaking = fields.Boolean("Breaking news", help="Adds the template's hashtag for it.")
    # Odoo keeps the tags of an article without an order, and shows them by their names.
    tiktok_tag_order = fields.Char(compute="_compute_tiktok_tag_order", store=True, copy=True)
    tiktok_post_ids = fields.One2many(
        "tiktok.post", "blog_post_id", "TikTok posts", groups=PUBLISHER, copy=False
    )
    tiktok_title = fields.Char("Title on TikTok", compute="_compute_tiktok_text", groups=PUBLISHER)
    tiktok_text = fields.Text("Text on TikTok", compute="_compute_tiktok_text", groups=PUBLISHER)
    tiktok_pictures = fields.Html(
        "Pictures", compute="_compute_tiktok_pictures", groups=PUBLISHER, sanitize=False
    )
    tiktok_problem = fields.Text("Missing", compute="_compute_tiktok_problem", groups=PUBLISHER)
    tiktok_lead_count = fields.Integer(
        "TikTok leads", compute="_compute_tiktok_lead_count", groups=PUBLISHER
    )

    # === COMPUTE METHODS === #

    @api.depends("tag_ids")
    def _compute_tiktok_tag_order(self):
        """Remember in which order the tags were given to an article: new ones come last.

        What was just written is in its order until it is read again.
        """
        for article in self:
            known = article._tiktok_ordered_tag_ids()
            present = article.tag_ids._origin.ids
            order = [tag_id for tag_id in known if tag_id in present]
            order += [tag_id for tag_id in present if tag_id not in order]
            article.tiktok_tag_order = ",".join(map(str, order))

    @api.depends(
        *("name", "subtitle", "teaser_manual", "content", "tag_ids", "tiktok_tag_order"),
        *("blog_id", "tiktok_account_id", "tiktok_lang", "tiktok_is_breaking"),
    )
    def _compute_tiktok_text(self):
        for article in self:
            template = article._tiktok_template(article._tiktok_account(), article.tiktok_lang)
            spoken = article.with_context(lang=template.lang)
            article.tiktok_title, article.tiktok_text = template._texts(spoken)

    @api.depends("cover_properties", "content")
    def _compute_tiktok_pictures(self):
        for article in self:
            taken, missed = self.env["tiktok.article.pictures"]._taken(article)
            shown = Markup("").join(PICTURE % url for url in list(taken)[:STRIP])
            counted = self.env._("Pictures: %(own)s", own=len(taken))
            if missed:
                counted = self.env._(
                    "Pictures: %(own)s. On another site or not public, and so not taken: "
                    "%(missed)s.",
                    own=len(taken),
                    missed=missed,
                )
            article.tiktok_pictures = shown + Markup('<div class="text-muted">%s</div>') % counted

    @api.depends("tiktok_choice", "tiktok_post_ids.state")
    def _compute_tiktok_problem(self):
        for article in self:
            draft = article._tiktok_draft()
            problems = []
            if article.tiktok_choice == "article" and draft:
                problems = draft.sudo()._problems()
            elif article.tiktok_choice == "article" and not article._tiktok_under_way():
                problems = [self.env._("Prepare the post first: press “Prepare a post”.")]
            article.tiktok_problem = "\n".join(problems)

    @api.depends("tiktok_post_ids.ad_uids")
    def _compute_tiktok_lead_count(self):
        for article in self:
            article.tiktok_lead_count = article.tiktok_post_ids._count_leads()

    # === ACTION METHODS === #

    def action_tiktok_prepare(self):
        """Open the composer with a post about this article."""
        self.ensure_one()
        self.env["tiktok.post"].check_access("create")
        draft = self._tiktok_draft()
        if not draft:
            account = self._tiktok_account()
            if not account:
                raise UserError(
                    self.env._(
                        "Choose the account first: here, or for the company in CRM → "
                        "Configuration → Settings → TikTok."
                    )
                )
            draft = self._tiktok_prepare(account, self.tiktok_lang)
            self._tiktok_fill(draft)
        return draft.get_formview_action()

    def action_tiktok_publish(self):
        """Publish what was prepared now; open the composer if something is missing."""
        self.ensure_one()
        draft = self._tiktok_draft()
        if not draft or draft.sudo()._problems():
            return self.action_tiktok_prepare()
        return draft.action_publish()

    def action_tiktok_leads(self):
        """Open the leads that ads with this article's posts brought."""
        self.ensure_one()
        return self.tiktok_post_ids.action_view_leads()

    # === BUSINESS METHODS === #

    def _tiktok_account(self):
        """Return the account the article is posted on unless somebody chooses another."""
        chosen = self.sudo().tiktok_account_id
        account = chosen or self._tiktok_company()._tiktok_publish_account()
        return account.with_env(self.env)

    def _tiktok_company(self):
        return self.website_id.sudo().company_id or self.env.company

    def _tiktok_template(self, account, lang=None):
        company = account.sudo().company_id or self._tiktok_company()
        return self.env["tiktok.post.template"].sudo()._for(company, lang)

    def _tiktok_draft(self):
        """Return the post that is prepared and not handed over."""
        return self.tiktok_post_ids.filtered(lambda post: post.state == "draft")[:1]

    def _tiktok_under_way(self):
        return self.tiktok_post_ids.filtered(lambda post: post.state in UNDER_WAY)

    def _tiktok_prepare(self, account, lang=None, **values):
        """Make a post about the article, neither filled nor handed over yet.

        :param account: tiktok.account
        :param str lang: nothing: the default of the templates
        :param values: further ones of the post
        :rtype: tiktok.post
        """
        self.ensure_one()
        template = self._tiktok_template(account, lang)
        return self.env["tiktok.post"].create(
            {
                "account_id": account.id,
                "blog_post_id": self.id,
                "lang": template.lang,
                "post_mode": "direct",
                **values,
            }
        )

    def _tiktok_content(self, post):
        """Return what a post of the article would be today.

        :return: title, description, pictures, and how many of them could not be taken
        :rtype: tuple[str, str, list[dict], int]
        """
        article = self.with_context(lang=self._tiktok_template(post.account_id, post.lang).lang)
        pictures, missed = self.env["tiktok.article.pictures"]._of(article)
        return *self._tiktok_texts(post), pictures, missed

    def _tiktok_texts(self, post):
        """Return title and description of a post of the article."""
        template = self._tiktok_template(post.account_id, post.lang)
        return template._texts(self.with_context(lang=template.lang))

    def _tiktok_digest(self, post):
        """Return what changes when a post of the article would be another one."""
        return self._tiktok_digest_of(*self._tiktok_content(post)[:3])

    @api.model
    def _tiktok_digest_of(self, title, description, pictures):
        return reader.digest(title, description, *(picture["image"] for picture in pictures))

    def _tiktok_fill(self, post, *, only_news=False):
        """Put the article's text and pictures into a post, in place of what is there.

        :param post: tiktok.post
        :param bool only_news: leave it if it is filled with just these
        """
        title, description, pictures, missed = self._tiktok_content(post)
        digest = self._tiktok_digest_of(title, description, pictures)
        if only_news and post.article_digest == digest:
            return
        post.image_ids.unlink()
        lines = [
            {**picture, "sequence": number, "is_cover": number == 1}
            for number, picture in enumerate(pictures, 1)
        ]
        post.write(
            {
                "title": title,
                "description": description,
                "image_ids": [(0, 0, line) for line in lines],
                "article_digest": digest,
            }
        )
        bad = post.image_ids.filtered("problem_code")
        missed += len(bad)
        bad.unlink()
        post.pictures_note = bool(missed) and self.env._(
            "Pictures of the article that were not taken: %s. They lie on another site, are not "
            "public, or TikTok can't show them.",
            missed,
        )

    def _tiktok_ordered_tag_ids(self):
        return [int(tag_id) for tag_id in (self.tiktok_tag_order or "").split(",") if tag_id]

    def _tiktok_tags(self):
        """Return the tags in the order in which they were given to the article.

        :rtype: blog.tag
        """
        place = {tag_id: at for at, tag_id in enumerate(self._tiktok_ordered_tag_ids())}
        return self.tag_ids.sorted(lambda tag: place.get(tag._origin.id, len(place)))

    def _tiktok_link(self):
        """Return the article's address, in the language it is read in.

        :rtype: str
        """
        self.ensure_one()
        website = self.website_id or self.env["website"].get_current_website()
        lang = self.env.context.get("lang") or website.default_lang_id.code
        path = self.website_url or "/"
        if lang != website.default_lang_id.code and lang in website.language_ids.mapped("code"):
            path = f"/{self.env['res.lang']._get_data(code=lang).url_code}{path}"
        return f"{self.get_base_url().rstrip('/')}{path}"
