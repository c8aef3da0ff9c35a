from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from odoo.addons.tiktok_publish.tiktok import jpeg

from .common import ArticleCommon


@tagged("post_install", "-at_install")
class TestByItself(ArticleCommon):
    """Articles that are posted as somebody agreed to once for all."""

    def test_nothing_goes_by_itself_unless_somebody_agreed(self):
        self.publish_article()
        self.assertFalse(self.about())
        with self.assertRaises(ValidationError):
            self.make_channel(consent=False)
        with self.assertRaises(ValidationError):
            self.make_channel(privacy_level=False)
        values = {"is_disclosed": True, "is_branded_content": True}
        with self.assertRaises(ValidationError):
            self.make_channel(privacy_level="SELF_ONLY", **values)

    def test_by_itself_with_what_was_agreed_to(self):
        channel = self.make_channel(allow_comment=True)
        self.publish_article()
        post = self.about()
        self.assertEqual((post.state, post.is_automatic), ("queued", True))
        self.assertEqual(post.consent_user_id, self.manager)
        self.assertEqual(post.consent_at, channel.consent_at)
        self.run_job()
        sent = self.begun()[0]["post_info"]
        self.assertEqual(sent["privacy_level"], "PUBLIC_TO_EVERYONE")
        self.assertFalse(sent["disable_comment"])

    def test_a_channel_takes_no_account_of_another_company(self):
        values = {"name": "Theirs", "company_id": self.other_company.id, "user_id": False}
        theirs = self.env["tiktok.account"].create(values)
        channel = self.make_channel()
        with self.assertRaises(AccessError):
            channel.write({"account_id": theirs.id, "consent": True, "is_automatic": True})

    def test_who_publishes_waits_for_no_picture(self):
        self.make_channel()
        with patch.object(jpeg, "make", side_effect=AssertionError):
            self.publish_article()
        post = self.about()
        self.assertEqual((post.state, post.title), ("queued", self.article.name))
        self.run_job()
        self.assertEqual(self.contents(post), [self.cover.raw, self.own.raw, self.second.raw])
        with patch.object(jpeg, "make", side_effect=AssertionError):
            post._make_ready()  # nothing is made twice

    def test_by_itself_goes_what_the_article_is_by_then(self):
        self.make_channel()
        self.publish_article()
        self.run_job()
        post = self.about()
        post._wait(fields.Datetime.now(), "TikTok is down.")
        self.article.is_published = False
        self.article.write({"content": f'<img src="/web/image/{self.second.id}">', "name": "Bed"})
        self.publish_article()
        self.run_job()
        self.assertEqual(self.contents(post), [self.cover.raw, self.second.raw])
        self.assertEqual(self.begun()[-1]["post_info"]["title"], "Bed")

    def test_by_itself_on_a_later_day_goes_what_the_article_is_that_day(self):
        self.make_channel()
        later = fields.Datetime.now() + timedelta(days=2)
        self.article.write({"is_published": True, "published_date": later})
        post = self.about()
        self.run_job()
        self.assertEqual((post.state, post.scheduled_at), ("queued", later))
        self.article.name = "Bed"
        post.scheduled_at -= timedelta(days=3)
        self.run_job()
        self.assertEqual(self.begun()[0]["post_info"]["title"], "Bed")

    def test_what_a_person_changed_of_it_stays_as_it_is(self):
        self.make_channel()
        self.publish_article()
        self.run_job()
        post = self.about().with_user(self.manager)
        post.sudo()._fail("internal", "It failed.")
        with self.assertRaises(AccessError):
            post.follows_article = True
        post.write({"title": "Mine", "consent": True})
        self.article.name = "Bed"
        post.action_retry()
        self.run_job()
        self.assertEqual(self.begun()[-1]["post_info"]["title"], "Mine")

    def test_articles_from_before_somebody_agreed_are_not_posted(self):
        self.publish_article()
        old = self.article.post_date - timedelta(days=30)
        self.make_channel()
        self.article.post_date = old  # corrected
        self.assertFalse(self.about())
        self.article.tiktok_choice = "none"
        self.article.tiktok_choice = "blog"
        self.assertFalse(self.about())
        self.article.write({"is_published": False, "published_date": False})
        self.article.write({"is_published": True, "published_date": old})
        self.assertFalse(self.about())
        self.article.is_published = False
        self.publish_article()
        self.assertEqual(self.about().state, "queued")

    def test_an_article_that_is_published_when_it_is_made(self):
        self.make_channel()
        article = self.make_article(
            is_published=True, published_date=fields.Datetime.now() + timedelta(days=1)
        )
        self.assertEqual(article.tiktok_post_ids.state, "queued")
        self.assertEqual(article.tiktok_post_ids.scheduled_at, article.post_date)

    def test_by_itself_once(self):
        self.make_channel()
        for _time in range(3):
            self.publish_article()
            self.run_job()
            self.article.is_published = False
        self.assertEqual(len(self.about()), 1)
        self.assertEqual(len(self.begun()), 1)

    def test_by_itself_leaves_a_prepared_post_alone(self):
        self.make_channel()
        post = self.prepare()
        self.publish_article()
        self.assertEqual(self.about(), post)
        self.assertEqual(post.state, "draft")

    def test_a_fault_never_keeps_the_article_back_and_somebody_is_told(self):
        channel = self.make_channel()

        def fail(_article, _channel):
            raise ValueError("Secret draft text")

        with (
            patch.object(type(self.article), "_tiktok_make", fail),
            self.assertLogs("odoo.addons.tiktok_publish_blog", "WARNING") as log,
        ):
            self.publish_article()
        self.assertTrue(self.article.is_published)
        self.assertFalse(self.about())
        activity = channel.account_id.activity_ids
        self.assertEqual(activity.user_id, self.manager)
        self.assertIn("Prepare a post", activity.note)
        self.assertNotIn("Secret", "".join(log.output) + activity.note)

    def test_an_article_without_pictures_is_published_and_somebody_is_told(self):
        self.make_channel()
        self.article.write({"content": "<p>Text</p>", "cover_properties": "{}"})
        self.publish_article()
        self.run_job()
        self.assertEqual(self.about().state, "failed")
        self.assertIn("photo", self.about().activity_ids.note)
        self.article.content = f'<img src="/web/image/{self.own.id}">'
        self.about().action_retry()
        self.run_job()
        self.assertEqual(self.about().state, "processing")

    def test_nothing_goes_by_itself_to_another_tiktok_user(self):
        channel = self.make_channel()
        self.account._connect(self.kit.make("open-2"))
        self.assertFalse(channel.consent or channel.is_automatic)
        told = self.account.activity_ids.filtered(lambda told: "another TikTok user" in told.note)
        self.assertEqual(told.user_id, self.manager)
        self.publish_article()
        self.assertFalse(self.about())

    def test_nothing_goes_by_itself_to_an_archived_account(self):
        self.make_channel()
        self.account.active = False
        self.publish_article()
        self.assertFalse(self.about())

    def test_who_changes_the_choices_agrees_anew(self):
        channel = self.make_channel()
        channel.privacy_level = "SELF_ONLY"
        self.assertFalse(channel.consent or channel.is_automatic or channel.consent_user_id)
        self.publish_article()
        self.assertFalse(self.about())

    def test_only_an_administrator_agrees_and_as_himself(self):
        with self.assertRaises(AccessError):
            self.env["tiktok.blog.channel"].with_user(self.salesman).create(
                {"blog_id": self.blog.id, "account_id": self.account.id}
            )
        with self.assertRaises(AccessError):
            self.make_channel(consent_user_id=self.env.ref("base.user_admin").id)
        self.assertEqual(self.make_channel().consent_user_id, self.manager)

    def test_an_author_without_tiktok_s_rights_publishes_all_the_same(self):
        self.make_channel()
        author = self.env.ref("base.user_demo", raise_if_not_found=False) or self.salesman
        author.group_ids += self.env.ref("website.group_website_designer")
        self.assertFalse(self.env["tiktok.blog.channel"].with_user(author).has_access("read"))
        self.article.with_user(author).is_published = True
        self.assertEqual(self.about().state, "queued")
        self.article.with_user(author).is_published = False
        self.assertEqual(self.about().state, "cancelled")
