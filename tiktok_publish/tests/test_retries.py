import itertools
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.tiktok.errors import RetryLaterError

from ..models.post.tiktok_post_send import MAX_ERRORS
from .common import PostCommon


@tagged("post_install", "-at_install")
class TestRetries(PostCommon):
    """What can't be sent now is tried more and more rarely, and not for ever."""

    def waits(self, post, times):
        """Run the job each time the post is due; return how many seconds it waited then."""
        found = []
        for _time in range(times):
            post.sudo().next_try_at = False
            before = fields.Datetime.now()
            self.run_job()
            if post.next_try_at:
                found.append((post.next_try_at - before).total_seconds())
        return found

    def assert_grow(self, waits):
        for before, after in itertools.pairwise(waits):
            self.assertGreater(after, 1.4 * before)

    def test_waits_for_a_token_double(self):
        post = self.make_post()
        post.action_publish()
        down = RetryLaterError("TikTok is down.", "unreachable")
        with patch.object(type(self.account), "_get_access_token", side_effect=down):
            self.assert_grow(self.waits(post, 5))
        self.assertFalse(self.sent_bodies())

    def test_waits_are_jittered(self):
        post = self.make_post()
        self.assertGreater(len({post._find_retry_time(3600) for _time in range(20)}), 1)

    def test_internal_errors_end_after_a_maximum(self):
        post = self.make_post()
        post.action_publish()
        with (
            patch.object(type(post), "_find_problems", side_effect=ValueError("broken")),
            self.assertLogs("odoo.addons.tiktok_publish", "WARNING"),
        ):
            waits = self.waits(post, MAX_ERRORS)
        self.assertEqual(len(waits), MAX_ERRORS - 1)
        self.assert_grow(waits)
        self.assertEqual(post.state, "failed")
        self.assertIn("internal error occurred (ValueError)", post.activity_ids.note)
        post.action_retry()
        self.assertFalse(post.error_count)

    def test_internal_error_during_a_check_delays_the_next(self):
        post = self.publish()
        with (
            patch.object(type(post), "_request_remote_status", side_effect=ValueError("broken")),
            self.assertLogs("odoo.addons.tiktok_publish", "WARNING"),
        ):
            self.poll(post)
        self.assertGreater(post.poll_at, fields.Datetime.now())
        self.assertEqual((post.state, post.polls), ("processing", 1))
