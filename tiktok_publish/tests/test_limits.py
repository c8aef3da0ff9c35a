from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..tiktok import posting
from .common import PostCommon


@tagged("post_install", "-at_install")
class TestLimits(PostCommon):
    """TikTok's limits are waited for."""

    def sent(self, count, ago, **values):
        """Make posts that were sent some minutes ago."""
        values = {"state": "published", **values}
        for number in range(count):
            at = fields.Datetime.now() - timedelta(minutes=ago + number)
            self.make_post().sudo().write({"sent_at": at, **values})

    def test_six_in_a_minute(self):
        posts = self.make_post()
        for _more in range(6):
            posts += self.make_post()
        posts.action_publish()
        self.run_job()
        states = posts.mapped("state")
        self.assertEqual((states.count("processing"), states.count("queued")), (6, 1))
        waiting = posts.filtered(lambda post: post.state == "queued")
        wait = waiting.next_try_at - fields.Datetime.now()
        self.assertLessEqual(wait, timedelta(seconds=62))
        self.assertIn("waits its turn", waiting.error)
        self.assertEqual(len(self.begun()), 6)

    def test_another_account_does_not_wait(self):
        for _post in range(6):
            self.publish()
        self.assertEqual(self.publish().state, "queued")
        other = self.account.copy({"name": "Second brand"})
        other._connect(self.kit.make("open-2"))
        other.granted_scope_ids = self.env["tiktok.scope"].search([])
        self.assertEqual(self.publish(account_id=other.id).state, "processing")

    def test_the_day_of_an_account_is_full(self):
        self.sent(posting.POSTS_PER_DAY, 60)
        post = self.publish()
        self.assertEqual(post.state, "queued")
        oldest = fields.Datetime.now() - timedelta(minutes=60 + posting.POSTS_PER_DAY - 1)
        self.assertAlmostEqual(
            post.next_try_at, oldest + timedelta(days=1), delta=timedelta(seconds=5)
        )
        self.assertIn("no more posts", post.error)
        self.assertFalse(self.begun())

    def test_what_failed_does_not_count(self):
        self.sent(posting.POSTS_PER_DAY, 60, state="failed")
        self.assertEqual(self.publish().state, "processing")

    def test_five_drafts_wait_in_the_inbox(self):
        self.sent(posting.DRAFTS_PER_DAY, 60, state="inbox", post_mode="inbox")
        self.assertEqual(self.publish().state, "processing")  # a direct post has its own limit
        draft = self.publish(post_mode="inbox")
        self.assertEqual(draft.state, "queued")
        self.assertIn("inbox", draft.error)

    def test_tiktok_says_that_it_is_enough(self):
        for code in posting.WAITS:
            with self.subTest(code=code):
                self.shift_slots(600)
                self.tiktok_refuses(posting.PHOTO_INIT, code, 403)
                post = self.publish()
                self.assertEqual(post.state, "queued")
                self.assertGreater(post.next_try_at, fields.Datetime.now())
                self.assertTrue(post.error)
                self.assertFalse(post.sudo().media_token_hash or post.activity_ids)
                first = post.next_try_at - fields.Datetime.now()
                post.sudo().next_try_at = fields.Datetime.now()
                self.run_job()
                self.assertGreater(post.next_try_at - fields.Datetime.now(), first)

    def test_too_fast_for_tiktok(self):
        self.tiktok_says(posting.PHOTO_INIT, "slow down", 429, {"Retry-After": "300"})
        post = self.publish()
        self.assertEqual(post.state, "queued")
        wait = post.next_try_at - fields.Datetime.now()
        self.assertAlmostEqual(wait, timedelta(seconds=300), delta=timedelta(seconds=5))

    def test_a_post_that_tiktok_fails_for_its_day_waits_too(self):
        post = self.publish()
        self.stands("FAILED", "spam_risk_too_many_posts")
        self.poll(post)
        self.assertEqual(post.state, "queued")
        self.assertFalse(post.publish_uid)

    def test_what_the_account_does_not_offer_is_not_sent(self):
        self.offers("SELF_ONLY")
        post = self.publish()
        self.assertEqual(post.state, "failed")
        self.assertIn("Choose again", post.error)
        self.assertFalse(self.begun())

    def test_comments_that_the_account_has_off_stay_off(self):
        self.offers(*posting.PRIVACY, comment_disabled=True)
        self.publish(allow_comment=True)
        self.assertTrue(self.begun()[0]["post_info"]["disable_comment"])

    def test_an_account_that_may_not_post_today_is_not_asked_to(self):
        self.tiktok_refuses(posting.CREATOR_INFO, "spam_risk_too_many_posts", 200)
        self.assertEqual(self.publish().state, "queued")
        self.tiktok_refuses(posting.CREATOR_INFO, "spam_risk_user_banned_from_posting", 200)
        self.assertEqual(self.publish().state, "failed")
        self.assertFalse(self.begun())
