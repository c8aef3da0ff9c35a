from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.tiktok_publish.tiktok import jpeg

from .common import ArticleCommon


@tagged("post_install", "-at_install")
class TestAutoPosting(ArticleCommon):
    """Articles that are posted automatically, with one consent for all."""

    def test_nothing_is_posted_without_consent(self):
        self.publish_article()
        self.assertFalse(self.about())
        with self.assertRaises(ValidationError):
            self.make_channel(consent=False)
        with self.assertRaises(ValidationError):
            self.make_channel(privacy_level=False)
        values = {"is_disclosed": True, "is_branded_content": True}
        with self.assertRaises(ValidationError):
            self.make_channel(privacy_level="SELF_ONLY", **values)

    def test_automatic_post_has_the_channel_s_options(self):
        channel = self.make_channel(allow_comment=True)
        self.publish_article()
        post = self.about()
        self.assertEqual((post.state, post.is_automatic), ("queued", True))
        self.assertEqual(post.consent_user_id, self.manager)
        self.assertEqual(post.consent_at, channel.consent_at)
        self.run_job()
        sent = self.sent_bodies()[0]["post_info"]
        self.assertEqual(sent["privacy_level"], "PUBLIC_TO_EVERYONE")
        self.assertFalse(sent["disable_comment"])

    def test_channel_refuses_an_account_of_another_company(self):
        values = {"name": "Theirs", "company_id": self.other_company.id, "user_id": False}
        theirs = self.env["tiktok.account"].create(values)
        channel = self.make_channel()
        with self.assertRaises(AccessError):
            channel.write({"account_id": theirs.id, "consent": True, "is_automatic": True})

    def test_publishing_does_not_read_pictures(self):
        self.make_channel()
        with patch.object(jpeg, "convert_picture", side_effect=AssertionError):
            self.publish_article()
        post = self.about()
        self.assertEqual((post.state, post.title), ("queued", self.article.name))
        self.run_job()
        self.assertEqual(self.contents(post), [self.cover.raw, self.own.raw, self.second.raw])
        with patch.object(jpeg, "convert_picture", side_effect=AssertionError):
            post._prepare_content()  # nothing is made twice

    def test_automatic_post_has_the_content_at_sending(self):
        self.make_channel()
        self.publish_article()
        self.run_job()
        post = self.about()
        post._requeue_until(fields.Datetime.now(), "TikTok is down.")
        self.article.is_published = False
        self.article.write({"content": f'<img src="/web/image/{self.second.id}">', "name": "Bed"})
        self.publish_article()
        self.run_job()
        self.assertEqual(self.contents(post), [self.cover.raw, self.second.raw])
        self.assertEqual(self.sent_bodies()[-1]["post_info"]["title"], "Bed")

    def test_scheduled_automatic_post_has_the_content_at_sending(self):
        self.make_channel()
        later = fields.Datetime.now() + timedelta(days=2)
        self.article.write({"is_published": True, "published_date": later})
        post = self.about()
        self.run_job()
        self.assertEqual((post.state, post.scheduled_at), ("queued", later))
        self.article.name = "Bed"
        post.scheduled_at -= timedelta(days=3)
        self.run_job()
        self.assertEqual(self.sent_bodies()[0]["post_info"]["title"], "Bed")

    def test_changed_automatic_post_stays(self):
        self.make_channel()
        self.publish_article()
        self.run_job()
        post = self.about().with_user(self.manager)
        post.sudo()._mark_failed("internal", "It failed.")
        with self.assertRaises(AccessError):
            post.follows_article = True
        post.write({"title": "Mine", "consent": True})
        self.article.name = "Bed"
        post.action_retry()
        self.run_job()
        self.assertEqual(self.sent_bodies()[-1]["post_info"]["title"], "Mine")

    def test_articles_before_the_consent_are_not_posted(self):
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

    def test_article_created_as_published_is_posted(self):
        self.make_channel()
        article = self.make_article(
            is_published=True, published_date=fields.Datetime.now() + timedelta(days=1)
        )
        self.assertEqual(article.tiktok_post_ids.state, "queued")
        self.assertEqual(article.tiktok_post_ids.scheduled_at, article.post_date)

    def test_automatic_post_is_sent_once(self):
        self.make_channel()
        for _time in range(3):
            self.publish_article()
            self.run_job()
            self.article.is_published = False
        self.assertEqual(len(self.about()), 1)
        self.assertEqual(len(self.sent_bodies()), 1)

    def test_prepared_post_replaces_the_automatic_one(self):
        self.make_channel()
        post = self.prepare()
        self.publish_article()
        self.assertEqual(self.about(), post)
        self.assertEqual(post.state, "draft")

    def test_error_never_blocks_the_article_and_is_reported(self):
        channel = self.make_channel()

        def fail(_article, _channel):
            raise ValueError("Secret draft text")

        with (
            patch.object(type(self.article), "_tiktok_create_channel_post", fail),
            self.assertLogs("odoo.addons.tiktok_publish_blog", "WARNING") as log,
        ):
            self.publish_article()
        self.assertTrue(self.article.is_published)
        self.assertFalse(self.about())
        activity = channel.account_id.activity_ids
        self.assertEqual(activity.user_id, self.manager)
        self.assertIn("Prepare a Post", activity.note)
        self.assertNotIn("Secret", "".join(log.output) + activity.note)

    def test_missing_pictures_are_reported(self):
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

    def test_nothing_is_posted_automatically_to_another_tiktok_user(self):
        channel = self.make_channel()
        self.account._connect_account(self.kit.make("open-2"))
        self.assertFalse(channel.consent or channel.is_automatic)
        activity = self.account.activity_ids.filtered(
            lambda activity: "another TikTok user" in activity.note
        )
        self.assertEqual(activity.user_id, self.manager)
        self.publish_article()
        self.assertFalse(self.about())

    def test_nothing_is_posted_automatically_to_an_archived_account(self):
        self.make_channel()
        self.account.active = False
        self.publish_article()
        self.assertFalse(self.about())

    def test_changed_options_need_consent_again(self):
        channel = self.make_channel()
        channel.privacy_level = "SELF_ONLY"
        self.assertFalse(channel.consent or channel.is_automatic or channel.consent_user_id)
        self.publish_article()
        self.assertFalse(self.about())

    def test_only_an_administrator_gives_consent(self):
        with self.assertRaises(AccessError):
            self.env["tiktok.blog.channel"].with_user(self.salesman).create(
                {"blog_id": self.blog.id, "account_id": self.account.id}
            )
        with self.assertRaises(AccessError):
            self.make_channel(consent_user_id=self.env.ref("base.user_admin").id)
        self.assertEqual(self.make_channel().consent_user_id, self.manager)

    def test_author_without_tiktok_rights_can_publish(self):
        self.make_channel()
        author = self.env.ref("base.user_demo", raise_if_not_found=False) or self.salesman
        author.group_ids += self.env.ref("website.group_website_designer")
        self.assertFalse(self.env["tiktok.blog.channel"].with_user(author).has_access("read"))
        self.article.with_user(author).is_published = True
        self.assertEqual(self.about().state, "queued")
        self.article.with_user(author).is_published = False
        self.assertEqual(self.about().state, "cancelled")

    def test_published_post_cannot_be_deleted_while_the_article_could_be_posted_again(self):
        self.make_channel()
        self.publish_article()
        post = self.about()
        for state in ("published", "inbox"):
            post.sudo().state = state
            with self.assertRaises(UserError):
                post.with_user(self.manager).unlink()
        self.article.tiktok_choice = "none"
        post.with_user(self.manager).unlink()
        self.assertFalse(self.about())
