import requests
from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..tiktok import posting
from .common import POST_UID, PUBLISH_UID, PostCommon


@tagged("post_install", "-at_install")
class TestAttempts(PostCommon):
    """Each request that sends a post is a row with its outcome."""

    def publish_twice(self):
        """Return a post whose first attempt failed and whose second is being processed."""
        post = self.publish()
        self.set_remote_status("FAILED", "internal")
        self.poll(post)
        self.accept_next_post("p_second")
        post.action_retry()
        self.run_job()
        return post

    def test_each_attempt_has_its_own_outcome(self):
        post = self.publish_twice()
        second, first = post.attempt_ids
        self.assertEqual((first.outcome, first.publish_uid), ("failed", PUBLISH_UID))
        self.assertIn("(internal)", first.reason)
        self.assertLessEqual(first.started_at, first.ended_at)
        self.assertEqual((second.outcome, second.publish_uid), ("processing", "p_second"))
        self.assertFalse(second.ended_at)
        self.assertEqual(post.attempt_id, second)

    def test_refused_attempt_has_a_reason(self):
        self.tiktok_refuses(posting.PHOTO_INIT, "invalid_param", 400)
        post = self.publish()
        self.assertEqual(post.attempt_ids.outcome, "refused")
        self.assertEqual(post.attempt_ids.reason, post.error)

    def test_queue_keeps_a_post_without_current_attempt(self):
        self.tiktok_refuses(posting.PHOTO_INIT, "rate_limit_exceeded", 429)
        post = self.publish()
        self.assertEqual((post.state, post.attempt_ids.outcome), ("queued", "refused"))
        self.assertFalse(post.attempt_id or post.sent_at or post.publish_uid)

    def test_sending_again_ends_the_unconfirmed_attempt(self):
        self.tiktok_says(posting.PHOTO_INIT, requests.ReadTimeout())
        post = self.publish()
        lost = post.attempt_id
        self.assertEqual((lost.outcome, lost.ended_at), ("unconfirmed", False))
        self.accept_next_post()
        post.action_send_again()
        self.run_job()
        self.assertTrue(lost.ended_at and lost.lost_at)
        self.assertEqual((lost.outcome, post.attempt_id.outcome), ("unconfirmed", "processing"))

    def test_late_webhook_updates_the_earlier_attempt_only(self):
        post = self.publish_twice()
        first = post.attempt_ids[1]
        self.process_webhook("post.publish.complete", PUBLISH_UID)
        self.assertEqual((first.outcome, post.state), ("published", "processing"))
        self.assertEqual(post.attempt_id.outcome, "processing")

    def assert_not_sent_again(self, post, state):
        """Assert that a post has the state of its first attempt and is not sent a second time."""
        self.assertEqual((post.state, post.attempt_id), (state, post.attempt_ids))
        self.assertEqual(post.attempt_ids.outcome, state)
        self.assertFalse(post.error or post.next_try_at or post.activity_ids)
        post.sudo().next_try_at = False
        self.run_job()
        self.assertEqual((len(self.sent_bodies()), len(post.attempt_ids)), (1, 1))

    def test_late_webhook_stops_a_post_that_waits_to_be_sent_again(self):
        post = self.publish()
        self.set_remote_status("FAILED", "spam_risk_too_many_posts")
        self.poll(post)
        self.assertEqual((post.state, post.attempt_id.id), ("queued", False))
        self.process_webhook("post.publish.complete")
        self.assert_not_sent_again(post, "published")

    def test_late_webhook_stops_a_retry_that_is_not_sent_yet(self):
        for number, (name, state) in enumerate(
            [
                ("post.publish.publicly_available", "published"),
                ("post.publish.inbox_delivered", "inbox"),
            ]
        ):
            uid = f"p_pub_url~v2.{number}"
            self.accept_next_post(uid)
            post = self.publish()
            sent = len(self.sent_bodies())
            self.process_webhook("post.publish.failed", uid, reason="internal")
            post.action_retry()
            self.assertEqual(post.state, "queued")
            self.process_webhook(name, uid, post_id=POST_UID)
            self.run_job()
            self.assertEqual((post.state, len(self.sent_bodies())), (state, sent))
            self.assertEqual(post.attempt_id, post.attempt_ids)

    def test_late_failure_leaves_a_retry_in_the_queue(self):
        post = self.publish()
        self.process_webhook("post.publish.failed", reason="internal")
        post.action_retry()
        self.process_webhook("post.publish.failed", reason="internal")
        self.assertEqual((post.state, post.attempt_id.id), ("queued", False))

    def test_attempts_are_read_only(self):
        attempt = self.publish().attempt_id
        self.assertEqual(attempt.with_user(self.manager).outcome, "processing")
        with self.assertRaises(AccessError):
            attempt.with_user(self.manager).outcome = "published"
        with self.assertRaises(AccessError):
            attempt.with_user(self.manager).unlink()
        with self.assertRaises(AccessError):
            attempt.with_user(self.stranger).read(["outcome"])

    def test_form_lists_the_attempts(self):
        arch = etree.fromstring(self.posts.get_view(view_type="form")["arch"])
        self.assertTrue(arch.xpath("//field[@name='attempt_ids']//field[@name='outcome']"))
