from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.tiktok_publish.tiktok import text

from .common import ArticleCommon


@tagged("post_install", "-at_install")
class TestTemplate(ArticleCommon):
    """The text that a post gets of an article."""

    def template(self, **values):
        return self.env["tiktok.post.template"].create(
            {"company_id": self.company.id, "lang": "en_US", **values}
        )

    def test_without_a_template_a_post_has_title_teaser_link_and_hashtags(self):
        post = self.prepare()
        self.assertEqual(post.title, "A new sofa")
        lines = post.description.split("\n\n")
        self.assertEqual(lines[0], "It is soft .")
        self.assertEqual(lines[1], f"{self.article.get_base_url()}{self.article.website_url}")
        self.assertEqual(lines[2], "#English #LivingRoom #Sofa #NewIn #Velvet")

    def test_brand_and_breaking_hashtags_come_first(self):
        self.template(brand_hashtags="oasis, #Furniture", breaking_hashtag="#Срочно")
        self.article.tiktok_is_breaking = True
        tags = self.article.tiktok_text.splitlines()[-1].split()
        self.assertEqual(tags[:4], ["#oasis", "#Furniture", "#Срочно", "#English"])

    def test_written_teaser_is_used(self):
        self.article.subtitle = "For small rooms"
        self.assertTrue(self.article.tiktok_text.startswith("For small rooms\n"))
        self.article.teaser = "Sit down!"
        self.assertTrue(self.article.tiktok_text.startswith("Sit down!\n"))

    def test_a_post_in_another_language(self):
        self.env["res.lang"]._activate_lang("ar_001")
        self.website.language_ids += self.env["res.lang"]._lang_get("ar_001")
        self.article.with_context(lang="ar_001").name = "أريكة جديدة"
        self.template(lang="ar_001", body="{title} {link}", is_default=True)
        self.assertEqual(self.article.tiktok_title, "أريكة جديدة")
        self.assertIn("/ar/blog/", self.article.tiktok_text)
        self.article.tiktok_lang = "en_US"
        self.assertEqual(self.article.tiktok_title, "A new sofa")
        self.assertNotIn("/ar/", self.article.tiktok_text)

    def test_the_limits_of_tiktok_hold(self):
        self.article.write({"name": "Жаңа диван 🛋️ " * 20, "teaser": "سرير 🛏️ " * 2000})
        post = self.prepare()
        self.assertLessEqual(text.count_units(post.title), 90)
        self.assertTrue(post.title.endswith("…"))
        self.assertLessEqual(text.count_units(post.description), 4000)
        self.assertTrue(post.description.endswith("#Velvet"))
        self.assertFalse(post.sudo()._find_problems())

    def test_preview_follows_the_form(self):
        with Form(self.env["tiktok.post.template"]) as form:
            form.sample_id = self.article
            form.body = "Read: {title}"
            self.assertEqual(form.preview, "Read: A new sofa")
            form.title = "New: {title}"
            self.assertEqual(form.preview_title, "New: A new sofa")

    def test_unknown_placeholder_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "tilte"):
            self.template(body="{tilte}")

    def test_one_default_template_per_company(self):
        self.env["res.lang"]._activate_lang("ar_001")
        self.template(is_default=True)
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(Exception, "default|unique"):
            self.template(lang="ar_001", is_default=True)

    def test_access_rights_of_templates(self):
        template = self.template()
        with self.assertRaises(AccessError):
            template.with_user(self.stranger).read(["body"])
        with self.assertRaises(AccessError):
            template.with_user(self.salesman).read(["body"])
