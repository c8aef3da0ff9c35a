from odoo import Command
from odoo.tests import Form, tagged

from .common import ArticleCommon


@tagged("post_install", "-at_install")
class TestTags(ArticleCommon):
    """Three tags become hashtags: the article's first ones, not the alphabet's."""

    def hashtags(self, article=None):
        """Return the hashtags of tags, as a later request finds them."""
        article = article or self.article
        self.env.flush_all()
        self.env.invalidate_all()
        return article.tiktok_text.splitlines()[-1].split()[2:]

    def make_tag(self, name):
        return self.env["blog.tag"].create({"name": name})

    def test_the_first_three_in_the_article_s_order(self):
        self.assertEqual(self.hashtags(), ["#Sofa", "#NewIn", "#Velvet"])
        self.assertEqual(self.prepare().description.split()[-3:], ["#Sofa", "#NewIn", "#Velvet"])

    def test_added_tags_come_last(self):
        tags = self.article._tiktok_sort_tags()
        self.assertEqual(tags.mapped("name"), ["Sofa", "New in", "Velvet", "Fourth"])
        self.article.tag_ids = [Command.link(self.make_tag("Aaa").id)]
        self.assertEqual(self.hashtags(), ["#Sofa", "#NewIn", "#Velvet"])
        self.article.tag_ids = [Command.unlink(tags[0].id)]
        self.assertEqual(self.hashtags(), ["#NewIn", "#Velvet", "#Fourth"])
        tags[1].unlink()
        self.assertEqual(self.hashtags(), ["#Velvet", "#Fourth", "#Aaa"])
        self.article.tag_ids = [Command.set([tags[0].id, *self.article.tag_ids.ids])]
        self.assertEqual(self.hashtags(), ["#Velvet", "#Fourth", "#Aaa"])
        self.article.tag_ids = [Command.clear()]
        self.assertEqual(self.hashtags(), [])
        self.article.tag_ids = [Command.set([tags[3].id, tags[0].id, tags[2].id])]
        self.assertEqual(self.hashtags(), ["#Fourth", "#Sofa", "#Velvet"])

    def test_tags_picked_in_the_form(self):
        names = ("Zebra", "Mango", "Apple")
        tags = [self.make_tag(name) for name in names]
        view = "website_blog.view_blog_post_form"
        with Form(self.make_article(), view) as form:
            for tag in tags:
                form.tag_ids.add(tag)
        self.assertEqual(self.hashtags(form.record), ["#Zebra", "#Mango", "#Apple"])

    def test_a_copy_has_the_same_order(self):
        self.assertEqual(self.hashtags(self.article.copy()), ["#Sofa", "#NewIn", "#Velvet"])

    def test_the_same_tags_in_each_language(self):
        self.env["res.lang"]._activate_lang("ar_001")
        tags = self.article._tiktok_sort_tags()
        for tag, name in zip(tags, ("ياء", "ميم", "باء", "ألف"), strict=True):
            tag.with_context(lang="ar_001").name = name
        self.article.tiktok_lang = "ar_001"
        self.assertEqual(self.hashtags(), ["#ياء", "#ميم", "#باء"])
