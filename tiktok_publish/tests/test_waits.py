import itertools
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.tiktok.errors import RetryLaterError

from ..models.tiktok_post_send import MAX_FAULTS
from .common import PostCommon


@tagged("post_install", "-at_install")
class TestWaits(PostCommon):
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

    def test_waits_for_a_token_grow(self):
        post = self.make_post()
        post.action_publish()
        down = RetryLaterError("TikTok is down.", "unreachable")
        with patch.object(type(self.account), "_access_token", side_effect=down):
            self.assert_grow(self.waits(post, 5))
        self.assertFalse(self.begun())

    def test_waits_are_jittered(self):
        post = self.make_post()
        self.assertGreater(len({post._growing(3600) for _time in range(20)}), 1)

    def test_a_fault_of_ours_does_not_go_on_for_ever(self):
        post = self.make_post()
        post.action_publish()
        with (
            patch.object(type(post), "_problems", side_effect=ValueError("broken")),
            self.assertLogs("odoo.addons.tiktok_publish", "WARNING"),
        ):
            waits = self.waits(post, MAX_FAULTS)
        self.assertEqual(len(waits), MAX_FAULTS - 1)
        self.assert_grow(waits)
        self.assertEqual(post.state, "failed")
        self.assertIn("fault of ours (ValueError)", post.activity_ids.note)
        post.action_retry()
        self.assertFalse(post.faults)

    def test_a_fault_while_tiktok_is_asked_makes_it_wait_too(self):
        post = self.publish()
        with (
            patch.object(type(post), "_poll", side_effect=ValueError("broken")),
            self.assertLogs("odoo.addons.tiktok_publish", "WARNING"),
        ):
            self.poll(post)
        self.assertGreater(post.poll_at, fields.Datetime.now())
        self.assertEqual((post.state, post.polls), ("processing", 1))
