from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tiktok import article as reader

PUBLISHER = "tiktok_publish.tiktok_publish_group_user"
ACTIVE_STATES = ("queued", "processing", "published", "inbox")
SHOWN_PICTURES = 6  # in the article's tab
PICTURE = Markup(
    '<img src="%s" alt="" loading="lazy" class="rounded border me-1 mb-1 object-fit-cover" '
    'style="width: 72px; height: 96px;"/>'
)


class BlogPost(models.Model):
    """An article and its posts on TikTok."""

    _inherit = "blog.post"

    tiktok_choice = fields.Selection(
        [
            ("blog", "Blog default"),
            ("article", "With the article"),
            ("none", "Never"),
        ],
        "On TikTok",
        required=True,
        default="blog",
        help="With the article: the prepared post is sent when the article is published, and "
        "withdrawn if the article is unpublished before that.",
    )
    tiktok_account_id = fields.Many2one(
        "tiktok.account",
        "TikTok account",
        groups=PUBLISHER,
        copy=False,
        ondelete="set null",
        help="Leave empty to use your company's publishing account.",
    )
    tiktok_lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        "Language on TikTok",
        help="Leave empty to use the default language of your templates.",
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
        """Store the order in which an article got its tags: new ones come last.

        Tags that were just written keep the written order until they are read again.
        """
        for article in self:
            known = article._tiktok_parse_tag_order()
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
            template = article._tiktok_get_template(
                article._tiktok_get_account(), article.tiktok_lang
            )
            translated = article.with_context(lang=template.lang)
            article.tiktok_title, article.tiktok_text = template._compose_texts(translated)

    @api.depends("cover_properties", "content")
    def _compute_tiktok_pictures(self):
        for article in self:
            found, skipped = self.env["tiktok.article.pictures"]._read_public_pictures(article)
            shown = Markup("").join(PICTURE % url for url in list(found)[:SHOWN_PICTURES])
            counted = self.env._("Pictures: %(own)s", own=len(found))
            if skipped:
                counted = self.env._(
                    "Pictures: %(own)s. Skipped because they are on another site or not "
                    "public: %(missed)s.",
                    own=len(found),
                    missed=skipped,
                )
            article.tiktok_pictures = shown + Markup('<div class="text-muted">%s</div>') % counted

    @api.depends("tiktok_choice", "tiktok_post_ids.state")
    def _compute_tiktok_problem(self):
        for article in self:
            draft = article._tiktok_find_draft()
            problems = []
            if article.tiktok_choice == "article" and draft:
                problems = draft.sudo()._find_problems()
            elif article.tiktok_choice == "article" and not article._tiktok_find_active_posts():
                problems = [self.env._("Prepare the post first: click “Prepare a Post”.")]
            article.tiktok_problem = "\n".join(problems)

    @api.depends("tiktok_post_ids.ad_uids")
    def _compute_tiktok_lead_count(self):
        for article in self:
            article.tiktok_lead_count = article.tiktok_post_ids._count_ad_leads()

    # === ACTION METHODS === #

    def action_tiktok_prepare(self):
        """Open the composer with a post about this article.

        :rtype: dict
        :raise UserError: if no account is chosen
        """
        self.ensure_one()
        self.env["tiktok.post"].check_access("create")
        draft = self._tiktok_find_draft()
        if not draft:
            account = self._tiktok_get_account()
            if not account:
                raise UserError(
                    self.env._(
                        "Choose the account first: here, or for the company in TikTok → "
                        "Configuration → Settings."
                    )
                )
            draft = self._tiktok_create_post(account, self.tiktok_lang)
            self._tiktok_fill_post(draft)
        return draft.get_formview_action()

    def action_tiktok_publish(self):
        """Publish the prepared post now; open the composer if something is missing.

        :return: an action, None if the post was queued
        :rtype: dict | None
        """
        self.ensure_one()
        draft = self._tiktok_find_draft()
        if not draft or draft.sudo()._find_problems():
            return self.action_tiktok_prepare()
        return draft.action_publish()

    def action_tiktok_leads(self):
        """Open the leads that ads with this article's posts brought.

        :rtype: dict
        """
        self.ensure_one()
        return self.tiktok_post_ids.action_view_leads()

    # === BUSINESS METHODS === #

    def _tiktok_get_account(self):
        """Return the article's account, else the company's publishing account.

        :rtype: tiktok.account
        """
        chosen = self.sudo().tiktok_account_id
        account = chosen or self._tiktok_get_company()._tiktok_publish_account()
        return account.with_env(self.env)

    def _tiktok_get_company(self):
        return self.website_id.sudo().company_id or self.env.company

    def _tiktok_get_template(self, account, lang=None):
        company = account.sudo().company_id or self._tiktok_get_company()
        return self.env["tiktok.post.template"].sudo()._find_template(company, lang)

    def _tiktok_find_draft(self):
        """Return the draft of the article's post.

        :rtype: tiktok.post
        """
        return self.tiktok_post_ids.filtered(lambda post: post.state == "draft")[:1]

    def _tiktok_find_active_posts(self):
        return self.tiktok_post_ids.filtered(lambda post: post.state in ACTIVE_STATES)

    def _tiktok_create_post(self, account, lang=None, **values):
        """Create a draft about the article, without its content.

        :param account: tiktok.account
        :param str lang: None for the default of the templates
        :param values: other values of the post
        :rtype: tiktok.post
        """
        self.ensure_one()
        template = self._tiktok_get_template(account, lang)
        return self.env["tiktok.post"].create(
            {
                "account_id": account.id,
                "blog_post_id": self.id,
                "lang": template.lang,
                "post_mode": "direct",
                **values,
            }
        )

    def _tiktok_extract_content(self, post):
        """Return the present content of a post about the article.

        :param post: tiktok.post
        :return: title, description, pictures, and how many of them were skipped
        :rtype: tuple[str, str, list[dict], int]
        """
        article = self.with_context(lang=self._tiktok_get_template(post.account_id, post.lang).lang)
        pictures, skipped = self.env["tiktok.article.pictures"]._extract_pictures(article)
        return *self._tiktok_compose_texts(post), pictures, skipped

    def _tiktok_compose_texts(self, post):
        """Return title and description of a post about the article.

        :param post: tiktok.post
        :rtype: tuple[str, str]
        """
        template = self._tiktok_get_template(post.account_id, post.lang)
        return template._compose_texts(self.with_context(lang=template.lang))

    def _tiktok_digest_content(self, post):
        """Return a digest that changes with the content of a post about the article.

        :param post: tiktok.post
        :rtype: str
        """
        return self._tiktok_compute_digest(*self._tiktok_extract_content(post)[:3])

    @api.model
    def _tiktok_compute_digest(self, title, description, pictures):
        return reader.compute_digest(
            title, description, *(picture["image"] for picture in pictures)
        )

    def _tiktok_fill_post(self, post, *, if_changed=False):
        """Replace the content of a post by the article's text and pictures.

        :param post: tiktok.post
        :param bool if_changed: leave the post if it has this content already
        """
        title, description, pictures, skipped = self._tiktok_extract_content(post)
        digest = self._tiktok_compute_digest(title, description, pictures)
        if if_changed and post.article_digest == digest:
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
        skipped += len(bad)
        bad.unlink()
        post.pictures_note = bool(skipped) and self.env._(
            "Pictures of the article that were skipped: %s. They are on another site, "
            "are not public, or TikTok cannot show them.",
            skipped,
        )

    def _tiktok_parse_tag_order(self):
        return [int(tag_id) for tag_id in (self.tiktok_tag_order or "").split(",") if tag_id]

    def _tiktok_sort_tags(self):
        """Return the tags in the order in which the article got them.

        :rtype: blog.tag
        """
        rank = {tag_id: at for at, tag_id in enumerate(self._tiktok_parse_tag_order())}
        return self.tag_ids.sorted(lambda tag: rank.get(tag._origin.id, len(rank)))

    def _tiktok_build_link(self):
        """Return the article's URL, in the language of the context.

        :rtype: str
        """
        self.ensure_one()
        website = self.website_id or self.env["website"].get_current_website()
        lang = self.env.context.get("lang") or website.default_lang_id.code
        path = self.website_url or "/"
        if lang != website.default_lang_id.code and lang in website.language_ids.mapped("code"):
            path = f"/{self.env['res.lang']._get_data(code=lang).url_code}{path}"
        return f"{self.get_base_url().rstrip('/')}{path}"
