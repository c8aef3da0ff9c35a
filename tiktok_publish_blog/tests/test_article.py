from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import LockError
from odoo.tests import tagged

from odoo.addons.tiktok_publish import const
from odoo.addons.tiktok_publish.tests.common import start_attempt

from .common import ArticleCommon


@tagged("post_install", "-at_install")
class TestArticle(ArticleCommon):
    """Posts of articles that are published, moved, unpublished and published again."""

    def test_several_articles_are_read_at_once(self):
        articles = self.article + self.make_article(name="Another sofa")
        for article in articles.with_user(self.manager).read():
            self.assertIn("Pictures: ", article["tiktok_pictures"])
            self.assertIn("sofa", article["tiktok_text"])

    def test_preparing_twice_creates_one_post(self):
        self.assertEqual(self.prepare(), self.prepare())

    def test_publish_now(self):
        post = self.prepare()
        self.article.action_tiktok_publish()
        self.assertEqual(post.state, "queued")
        self.run_job()
        self.assertEqual(post.state, "processing")
        self.assertEqual(len(self.sent_bodies()[0]["source_info"]["photo_images"]), 3)

    def test_publish_now_without_consent_opens_the_composer(self):
        post = self.prepare(consent=False)
        action = self.article.action_tiktok_publish()
        self.assertEqual((action["res_model"], action["res_id"]), ("tiktok.post", post.id))
        self.assertEqual(post.state, "draft")

    def test_reloading_the_article_withdraws_the_consent(self):
        post = self.prepare().with_user(self.manager)
        self.article.name = "A newer sofa"
        post.action_take_article()
        self.assertIn("newer", post.title)
        self.assertFalse(post.consent or post.consent_user_id)

    def test_post_is_sent_with_its_article(self):
        self.article.tiktok_choice = "article"
        self.assertIn("Prepare", self.article.tiktok_problem)
        post = self.prepare(consent=False)
        self.assertIn("agree", self.article.tiktok_problem)
        post.consent = True
        self.article.invalidate_recordset()
        self.assertFalse(self.article.tiktok_problem)
        self.assertEqual(post.state, "draft")
        self.publish_article()
        self.assertEqual(post.state, "queued")

    def test_prepared_post_is_not_sent_without_the_choice(self):
        post = self.prepare()
        self.publish_article()
        self.assertEqual(post.state, "draft")

    def test_post_waits_for_the_article_s_date(self):
        self.article.tiktok_choice = "article"
        post = self.prepare()
        later = fields.Datetime.now() + timedelta(days=2)
        self.article.write({"is_published": True, "published_date": later})
        self.assertEqual((post.state, post.scheduled_at), ("queued", later))
        self.article.published_date = later + timedelta(days=1)
        self.assertEqual(post.scheduled_at, later + timedelta(days=1))
        self.run_job()
        self.assertEqual(post.state, "queued")

    def test_unpublishing_withdraws_and_publishing_queues_again(self):
        self.article.tiktok_choice = "article"
        post = self.prepare()
        self.publish_article()
        self.article.is_published = False
        self.assertEqual(post.state, "cancelled")
        self.run_job()
        self.assertFalse(self.sent_bodies())
        self.publish_article()
        self.assertEqual(post.state, "queued")
        self.run_job()
        self.assertEqual(len(self.sent_bodies()), 1)
        self.article.is_published = False
        self.assertEqual(post.state, "processing")
        self.publish_article()
        self.run_job()
        self.assertEqual(len(self.sent_bodies()), 1)
        self.assertEqual(len(self.about()), 1)

    def test_withdrawn_post_of_a_changed_article_needs_a_check(self):
        self.article.tiktok_choice = "article"
        post = self.prepare(title="Mine")
        self.article.subtitle = "Seen before it went"
        self.publish_article()
        self.article.is_published = False
        self.article.content = f'<img src="/web/image/{self.own.id}">'
        self.publish_article()
        self.assertEqual(post.state, "cancelled")
        self.assertIn("was changed since", post.activity_ids.note)
        post.sudo().user_id = self.salesman
        self.salesman.active = False  # a colleague who left acts on nothing
        self.publish_article()
        self.assertTrue(post.activity_ids.user_id.active)
        post.action_take_article()
        post.consent = True
        post.action_publish()
        self.run_job()
        self.assertEqual(self.contents(post), [self.cover.raw, self.own.raw])
        self.assertEqual(len(self.sent_bodies()[0]["source_info"]["photo_images"]), 2)

    def test_article_does_not_wait_for_a_post_that_the_job_holds(self):
        self.article.tiktok_choice = "article"
        post = self.prepare()
        later = fields.Datetime.now() + timedelta(days=2)
        self.article.write({"is_published": True, "published_date": later})
        with patch.object(type(post), "try_lock_for_update", lambda post: post.browse()):
            self.article.published_date = later + timedelta(days=1)
        self.assertEqual(self.article.published_date, later + timedelta(days=1))
        self.assertEqual(post.scheduled_at, later)

    def test_chosen_time_stays(self):
        now = fields.Datetime.now()
        chosen, later = now + timedelta(days=5), now + timedelta(days=9)
        self.article.tiktok_choice = "article"
        post = self.prepare(scheduled_at=chosen)
        self.publish_article()
        self.assertEqual((post.state, post.scheduled_at), ("queued", chosen))
        self.article.published_date = now + timedelta(days=1)
        self.assertEqual(post.scheduled_at, chosen)
        self.article.published_date = later
        self.assertEqual(post.scheduled_at, later)
        self.article.published_date = now
        self.assertEqual(post.scheduled_at, chosen)
        post.with_user(self.manager).scheduled_at = False
        self.article.published_date = now - timedelta(days=1)
        self.assertFalse(post.scheduled_at)

    def test_scheduled_post_is_queued_again_with_its_article(self):
        chosen = fields.Datetime.now() + timedelta(days=5)
        self.publish_article()
        post = self.prepare(scheduled_at=chosen)
        post.with_user(self.manager).action_schedule()
        self.article.is_published = False
        self.assertEqual(post.state, "cancelled")
        self.publish_article()
        self.assertEqual((post.state, post.scheduled_at), ("queued", chosen))

    def test_cancelled_post_is_not_queued_again(self):
        self.article.tiktok_choice = "article"
        post = self.prepare()
        self.publish_article()
        post.action_cancel()
        self.article.is_published = False
        self.publish_article()
        self.assertEqual(post.state, "cancelled")

    def test_choosing_never_cancels_queued_posts(self):
        self.make_channel()
        self.publish_article()
        self.assertEqual(self.about().state, "queued")
        self.article.tiktok_choice = "none"
        self.assertEqual(self.about().state, "cancelled")

    def test_archiving_or_deleting_cancels_queued_posts(self):
        self.article.tiktok_choice = "article"
        post = self.prepare()
        self.publish_article()
        self.article.active = False
        self.assertEqual(post.state, "cancelled")
        self.article.active = True
        self.publish_article()
        self.assertEqual(post.state, "queued")
        self.blog.unlink()
        self.assertEqual(post.state, "cancelled")
        self.assertFalse(post.blog_post_id)

    def withdraw_locked(self, withdraw):
        """Return the article's post, locked while the article is unpublished or deleted."""
        self.article.tiktok_choice = "article"
        post = self.prepare()
        self.publish_article()
        with patch.object(type(post), "_cancel_post", side_effect=LockError("locked")):
            withdraw()
        self.env.invalidate_all()
        self.assertEqual(post.state, "queued")
        return post

    def test_post_that_was_locked_when_unpublished_is_not_sent(self):
        post = self.withdraw_locked(lambda: self.article.write({"is_published": False}))
        self.run_job()
        self.assertEqual((post.state, self.sent_bodies()), ("cancelled", []))
        self.publish_article()
        self.run_job()
        self.assertEqual((post.state, len(self.sent_bodies())), ("processing", 1))

    def test_post_that_was_locked_when_its_article_was_deleted_is_not_sent(self):
        post = self.withdraw_locked(self.article.unlink)
        self.run_job()
        self.assertEqual((post.state, self.sent_bodies()), ("cancelled", []))

    def test_user_can_send_a_withdrawn_post_without_its_article(self):
        self.article.tiktok_choice = "article"
        post = self.prepare()
        self.publish_article()
        self.article.is_published = False
        post.with_user(self.manager).action_retry()
        self.run_job()
        self.assertEqual((post.state, len(self.sent_bodies())), ("processing", 1))

    def test_problems_never_block_the_article(self):
        self.article.tiktok_choice = "article"
        post = self.prepare(consent=False)
        self.publish_article()
        self.assertTrue(self.article.is_published)
        self.assertEqual(post.state, "draft")
        kind = self.env.ref(const.ACTIVITY_XMLID)
        activity = post.activity_ids.filtered(lambda activity: activity.activity_type_id == kind)
        self.assertIn("agree", activity.note)

    # === LEADS === #

    def test_leads_of_the_ads_that_show_it(self):
        post = self.prepare()
        start_attempt(post).post_uids = "7512345678901234567"
        post.sudo().state = "published"
        leads = self.env["crm.lead"]
        for ad, company, is_test in (
            *(("1801", self.company, False), ("1802", self.company, False)),
            *(("1801", self.other_company, False), ("1801", self.company, True)),
            *((False, self.company, False), ("18010", self.company, False)),
        ):
            values = {"tiktok_ad_uid": ad and f"{ad}0000000", "tiktok_is_test": is_test}
            leads.create({"name": "x", "company_id": company.id, "user_id": False, **values})
        self.assertEqual(self.article.tiktok_lead_count, 0)
        ads = {"18010000000": 7512345678901234567, "18020000000": "7512345678901234567"}
        self.env["tiktok.ad.mixin"]._link_ads_to_items(self.company, {**ads, "99": None, "98": "1"})
        self.assertEqual(post.ad_uids, "18010000000,18020000000")
        self.article.invalidate_recordset()
        self.assertEqual((post.lead_count, self.article.tiktok_lead_count), (2, 2))
        action = self.article.action_tiktok_leads()
        self.assertEqual(leads.search_count(action["domain"]), 2)
