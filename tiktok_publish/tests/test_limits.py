from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..tiktok import posting
from .common import PostCommon, start_attempt


@tagged("post_install", "-at_install")
class TestLimits(PostCommon):
    """TikTok's limits are waited for."""

    def sent(self, count, ago, **values):
        """Make posts that were sent some minutes ago."""
        values = {"state": "published", **values}
        for number in range(count):
            at = fields.Datetime.now() - timedelta(minutes=ago + number)
            post = self.make_post()
            start_attempt(post, at)
            post.sudo().write(values)

    def test_six_posts_per_minute(self):
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
        self.assertIn("sent as soon as possible", waiting.error)
        self.assertEqual(len(self.sent_bodies()), 6)

    def test_another_account_does_not_wait(self):
        for _post in range(6):
            self.publish()
        self.assertEqual(self.publish().state, "queued")
        other = self.account.copy({"name": "Second brand"})
        other._connect_account(self.kit.make("open-2"))
        other.granted_scope_ids = self.env["tiktok.scope"].search([])
        self.assertEqual(self.publish(account_id=other.id).state, "processing")

    def test_daily_limit_of_an_account(self):
        self.sent(posting.POSTS_PER_DAY, 60)
        post = self.publish()
        self.assertEqual(post.state, "queued")
        oldest = fields.Datetime.now() - timedelta(minutes=60 + posting.POSTS_PER_DAY - 1)
        self.assertAlmostEqual(
            post.next_try_at, oldest + timedelta(days=1), delta=timedelta(seconds=5)
        )
        self.assertIn("further posts", post.error)
        self.assertFalse(self.sent_bodies())

    def test_failed_posts_do_not_count(self):
        self.sent(posting.POSTS_PER_DAY, 60, state="failed")
        self.assertEqual(self.publish().state, "processing")

    def test_daily_limit_of_drafts(self):
        self.sent(posting.DRAFTS_PER_DAY, 60, state="inbox", post_mode="inbox")
        self.assertEqual(self.publish().state, "processing")  # a direct post has its own limit
        draft = self.publish(post_mode="inbox")
        self.assertEqual(draft.state, "queued")
        self.assertIn("inbox", draft.error)

    def test_limits_reported_by_tiktok_make_the_post_wait(self):
        for code in posting.WAITS:
            with self.subTest(code=code):
                self.shift_permits(600)
                self.tiktok_refuses(posting.PHOTO_INIT, code, 403)
                post = self.publish()
                self.assertEqual(post.state, "queued")
                self.assertGreater(post.next_try_at, fields.Datetime.now())
                self.assertTrue(post.error)
                self.assertFalse(post.sudo().attempt_id.media_token_hash or post.activity_ids)
                first = post.next_try_at - fields.Datetime.now()
                post.sudo().next_try_at = fields.Datetime.now()
                self.run_job()
                self.assertGreater(post.next_try_at - fields.Datetime.now(), first)

    def test_retry_after_is_respected(self):
        self.tiktok_says(posting.PHOTO_INIT, "slow down", 429, {"Retry-After": "300"})
        post = self.publish()
        self.assertEqual(post.state, "queued")
        wait = post.next_try_at - fields.Datetime.now()
        self.assertAlmostEqual(wait, timedelta(seconds=300), delta=timedelta(seconds=5))

    def test_failure_for_a_daily_limit_makes_the_post_wait(self):
        post = self.publish()
        self.set_remote_status("FAILED", "spam_risk_too_many_posts")
        self.poll(post)
        self.assertEqual(post.state, "queued")
        self.assertFalse(post.publish_uid)

    def test_unavailable_audience_is_not_sent(self):
        self.set_creator_info("SELF_ONLY")
        post = self.publish()
        self.assertEqual(post.state, "failed")
        self.assertIn("Choose again", post.error)
        self.assertFalse(self.sent_bodies())

    def test_an_answer_without_audiences_is_no_choice_of_the_account(self):
        self.set_creator_info()
        post = self.publish()
        self.assertEqual(post.state, "failed")
        self.assertIn("no_privacy_level_options", post.error)
        self.assertFalse(self.sent_bodies())

    def test_disabled_comments_stay_disabled(self):
        self.set_creator_info(*posting.PRIVACY, comment_disabled=True)
        self.publish(allow_comment=True)
        self.assertTrue(self.sent_bodies()[0]["post_info"]["disable_comment"])

    def test_blocked_account_is_not_requested(self):
        self.tiktok_refuses(posting.CREATOR_INFO, "spam_risk_too_many_posts", 200)
        self.assertEqual(self.publish().state, "queued")
        self.tiktok_refuses(posting.CREATOR_INFO, "spam_risk_user_banned_from_posting", 200)
        self.assertEqual(self.publish().state, "failed")
        self.assertFalse(self.sent_bodies())

    def test_what_tiktok_would_reject_without_an_audit_is_not_sent(self):
        self.company.tiktok_publish_audited = False
        public = self.publish(privacy_level="SELF_ONLY")
        self.assertEqual(public.state, "failed")
        self.assertIn("audited", public.error)
        self.assertFalse(self.sent_bodies())
        self.set_creator_info("FOLLOWER_OF_CREATOR", "SELF_ONLY")  # of a private account
        self.assertEqual(self.publish(privacy_level="SELF_ONLY").state, "processing")
        self.assertEqual(len(self.sent_bodies()), 1)
