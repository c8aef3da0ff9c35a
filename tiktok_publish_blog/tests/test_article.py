from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.tiktok_publish import const

from .common import ArticleCommon


@tagged("post_install", "-at_install")
class TestArticle(ArticleCommon):
    """What happens on TikTok when an article is published, moved, taken back, published again."""

    def test_several_articles_are_read_at_once(self):
        articles = self.article + self.make_article(name="Another sofa")
        for article in articles.with_user(self.manager).read():
            self.assertIn("Pictures: ", article["tiktok_pictures"])
            self.assertIn("sofa", article["tiktok_text"])

    def test_prepare_twice_is_one_post(self):
        self.assertEqual(self.prepare(), self.prepare())

    def test_publish_now(self):
        post = self.prepare()
        self.article.action_tiktok_publish()
        self.assertEqual(post.state, "queued")
        self.run_job()
        self.assertEqual(post.state, "processing")
        self.assertEqual(len(self.begun()[0]["source_info"]["photo_images"]), 3)

    def test_publish_now_without_consent_opens_the_composer(self):
        post = self.prepare(consent=False)
        action = self.article.action_tiktok_publish()
        self.assertEqual((action["res_model"], action["res_id"]), ("tiktok.post", post.id))
        self.assertEqual(post.state, "draft")

    def test_the_article_s_text_taken_anew_asks_for_consent_anew(self):
        post = self.prepare().with_user(self.manager)
        self.article.name = "A newer sofa"
        post.action_take_article()
        self.assertIn("newer", post.title)
        self.assertFalse(post.consent or post.consent_user_id)

    def test_with_the_article(self):
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

    def test_a_prepared_post_waits_for_a_person_unless_it_goes_with_the_article(self):
        post = self.prepare()
        self.publish_article()
        self.assertEqual(post.state, "draft")

    def test_an_article_that_appears_later_takes_its_post_along(self):
        self.article.tiktok_choice = "article"
        post = self.prepare()
        later = fields.Datetime.now() + timedelta(days=2)
        self.article.write({"is_published": True, "published_date": later})
        self.assertEqual((post.state, post.scheduled_at), ("queued", later))
        self.article.published_date = later + timedelta(days=1)
        self.assertEqual(post.scheduled_at, later + timedelta(days=1))
        self.run_job()
        self.assertEqual(post.state, "queued")

    def test_unpublished_before_its_turn_and_published_again(self):
        self.article.tiktok_choice = "article"
        post = self.prepare()
        self.publish_article()
        self.article.is_published = False
        self.assertEqual(post.state, "cancelled")
        self.run_job()
        self.assertFalse(self.begun())
        self.publish_article()
        self.assertEqual(post.state, "queued")
        self.run_job()
        self.assertEqual(len(self.begun()), 1)
        self.article.is_published = False
        self.assertEqual(post.state, "processing")
        self.publish_article()
        self.run_job()
        self.assertEqual(len(self.begun()), 1)
        self.assertEqual(len(self.about()), 1)

    def test_what_was_changed_since_it_was_taken_back_waits_for_a_person(self):
        self.article.tiktok_choice = "article"
        post = self.prepare(title="Mine")
        self.article.subtitle = "Seen before it went"
        self.publish_article()
        self.article.is_published = False
        self.article.content = f'<img src="/web/image/{self.own.id}">'
        self.publish_article()
        self.assertEqual(post.state, "cancelled")
        self.assertIn("was changed since", post.activity_ids.note)
        post.action_take_article()
        post.consent = True
        post.action_publish()
        self.run_job()
        self.assertEqual(self.contents(post), [self.cover.raw, self.own.raw])
        self.assertEqual(len(self.begun()[0]["source_info"]["photo_images"]), 2)

    def test_the_time_a_person_chose_stays(self):
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

    def test_what_a_person_scheduled_comes_again_with_its_article(self):
        chosen = fields.Datetime.now() + timedelta(days=5)
        self.publish_article()
        post = self.prepare(scheduled_at=chosen)
        post.with_user(self.manager).action_schedule()
        self.article.is_published = False
        self.assertEqual(post.state, "cancelled")
        self.publish_article()
        self.assertEqual((post.state, post.scheduled_at), ("queued", chosen))

    def test_what_a_person_cancelled_does_not_come_again(self):
        self.article.tiktok_choice = "article"
        post = self.prepare()
        self.publish_article()
        post.action_cancel()
        self.article.is_published = False
        self.publish_article()
        self.assertEqual(post.state, "cancelled")

    def test_not_at_all_takes_back_what_waits(self):
        self.make_channel()
        self.publish_article()
        self.assertEqual(self.about().state, "queued")
        self.article.tiktok_choice = "none"
        self.assertEqual(self.about().state, "cancelled")

    def test_an_article_that_is_archived_or_deleted_takes_its_post_back(self):
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

    def test_what_is_missing_never_keeps_an_article_from_being_published(self):
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
        post.sudo().write({"post_uids": "7512345678901234567", "state": "published"})
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
        self.env["tiktok.ad.mixin"]._link_ads(self.company, {**ads, "99": None, "98": "1"})
        self.assertEqual(post.ad_uids, "18010000000,18020000000")
        self.article.invalidate_recordset()
        self.assertEqual((post.lead_count, self.article.tiktok_lead_count), (2, 2))
        action = self.article.action_tiktok_leads()
        self.assertEqual(leads.search_count(action["domain"]), 2)
