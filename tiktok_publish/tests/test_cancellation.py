from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tiktok import posting
from .common import PostCommon


@tagged("post_install", "-at_install")
class TestCancellation(PostCommon):
    """Cancellation of a post, in time or too late."""

    def test_cancel_a_queued_post(self):
        post = self.make_post()
        post.action_publish()
        post.action_cancel()
        self.run_job()
        self.assertEqual(post.state, "cancelled")
        self.assertFalse(self.sent_bodies())
        post.action_retry()
        self.run_job()
        self.assertEqual(post.state, "processing")

    def test_cancel_at_tiktok(self):
        self.tiktok_says(posting.CANCEL, {"data": {}, "error": {"code": "ok"}})
        post = self.publish()
        post.action_cancel()
        self.assertEqual(post.state, "cancelled")
        self.assertFalse(post.sudo().attempt_id.media_token_hash)
        self.poll(post)  # TikTok still works on it
        self.assertTrue(post.poll_at)
        for sends in (post.action_retry, post.action_publish, post.action_edit, post.unlink):
            with self.assertRaisesRegex(UserError, "has not confirmed it yet"):
                sends()
        self.set_remote_status("FAILED", "publish_cancelled")
        self.poll(post)
        self.assertEqual((post.state, post.poll_at, post.is_stopping), ("cancelled", False, False))
        self.assertFalse(post.activity_ids)
        post.action_retry()
        self.run_job()
        self.assertEqual((post.state, len(self.sent_bodies())), ("processing", 2))

    def cancelled(self):
        """Return a post whose cancellation was requested."""
        self.tiktok_says(posting.CANCEL, {"data": {}, "error": {"code": "ok"}})
        post = self.publish()
        post.action_cancel()
        return post

    def test_cancelled_post_that_tiktok_published(self):
        post = self.cancelled()
        self.set_remote_status("PUBLISH_COMPLETE")
        self.poll(post)
        self.assertEqual((post.state, post.is_stopping), ("published", False))
        self.assertIn("has already published it", post.activity_ids.note)

    def test_unconfirmed_cancellation_needs_confirmation(self):
        for silent in (True, False):
            post = self.cancelled()
            if silent:
                post.attempt_id.sudo().started_at -= timedelta(hours=25)
            else:
                self.tiktok_refuses(posting.STATUS, "invalid_publish_id", 400)
            self.poll(post)
            self.assertEqual((post.state, post.needs_confirmation), ("processing", True))
            self.assertEqual(len(post.activity_ids), 1)

    def test_too_late_to_cancel(self):
        self.tiktok_refuses(posting.CANCEL, "publish_not_cancellable", 400)
        post = self.publish()
        with self.assertRaisesRegex(UserError, "too late"):
            post.action_cancel()
        self.assertEqual(post.state, "processing")
