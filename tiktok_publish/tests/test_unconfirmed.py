import requests
from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..tiktok import posting
from .common import PUBLISH_UID, PostCommon

INTERNAL = {"data": {}, "error": {"code": "internal_error", "message": "", "log_id": "2026"}}
LOST = [
    (requests.ReadTimeout(), 200),
    (requests.ConnectionError("reset"), 200),
    ("<html>", 200),
    ("<html>", 502),
    ({}, 200),
    (INTERNAL, 200),
    (INTERNAL, 500),
]


@tagged("post_install", "-at_install")
class TestUnconfirmed(PostCommon):
    """What users read and can do while a post is unconfirmed."""

    def publish_without_answer(self, answer=None, status=200, **values):
        """Return a post that TikTok was sent and has not confirmed."""
        self.tiktok_says(posting.PHOTO_INIT, answer or requests.ReadTimeout(), status)
        post = self.publish(**values)
        self.assertTrue(post.needs_confirmation)
        self.accept_next_post()
        return post

    def test_no_text_advises_to_try_again(self):
        for answer, status in LOST:
            with self.subTest(answer=answer, status=status):
                post = self.publish_without_answer(answer, status)
                said = [post.error, post.status_text, post.activity_ids.note]
                said += [post.activity_ids.summary, post.state_label]
                self.assertNotRegex(" ".join(map(str, said)).lower(), "try|tries|again")
                self.assertIn("has not confirmed", post.error)
                self.assertIn("check on TikTok", post.status_text)
                self.assertIn("check on TikTok", post.activity_ids.summary)
                self.assertEqual(post.state_label, "Unconfirmed")
                self.let_minutes_pass()

    def test_a_person_gets_the_activity_where_no_one_is_responsible(self):
        post = self.make_post().sudo()
        self.env.ref("tiktok_leadgen.tiktok_leadgen_group_manager").user_ids = False
        post.user_id = post.account_id.user_id = self.env.ref("base.user_root")
        post._schedule_review_activity("A post failed", "Look")
        user = post.activity_ids.user_id
        self.assertTrue(user.active and user.has_group("base.group_system"))

    def test_unsent_post_is_retried_automatically(self):
        for answer, status in LOST[:2] + LOST[3:4] + LOST[5:]:
            with self.subTest(answer=answer, status=status):
                self.tiktok_says(posting.CREATOR_INFO, answer, status)
                post = self.publish()
                self.assertEqual((post.state, post.needs_confirmation), ("queued", False))
                self.assertIn("retries automatically", post.error)
                self.assertFalse(self.sent_bodies())

    def test_check_again_sends_nothing_and_stays_unconfirmed(self):
        post = self.publish_without_answer()
        params = post.action_check_again()["params"]
        self.assertEqual(params["type"], "warning")
        self.assertIn("TikTok app", params["message"])
        self.assertTrue(post.needs_confirmation)
        self.assertEqual(len(self.sent_bodies()), 1)

    def test_check_again_requests_the_status_of_a_known_post(self):
        post = self.publish()
        self.tiktok_refuses(posting.STATUS, "invalid_publish_id", 400)
        self.poll(post)
        self.assertTrue(post.needs_confirmation)
        self.assertEqual(post.action_check_again()["params"]["type"], "warning")
        self.set_remote_status("PUBLISH_COMPLETE")
        params = post.action_check_again()["params"]
        self.assertEqual((params["type"], post.state), ("success", "published"))
        self.assertIn("Published", params["message"])
        self.assertFalse(post.needs_confirmation or post.activity_ids)
        with self.assertRaises(UserError):
            post.action_check_again()
        self.assertEqual(len(self.sent_bodies()), 1)

    def test_publishing_again_needs_a_confirmation(self):
        arch = etree.fromstring(self.posts.get_view(view_type="form")["arch"])
        (again,) = arch.xpath("//button[@name='action_send_again']")
        self.assertEqual(again.get("string"), "Publish again anyway")
        self.assertIn("twice", again.get("confirm"))
        self.assertIn("check", again.get("confirm"))
        self.assertEqual(again.get("confirm-label"), "Publish again anyway")
        self.assertFalse(again.xpath("ancestor::header"), "not beside the harmless ones")
        (check,) = arch.xpath("//header/button[@name='action_check_again']")
        self.assertIn("btn-primary", check.get("class"))
        self.assertNotIn("btn-primary", again.get("class"))

    def test_user_may_publish_again_anyway(self):
        post = self.publish_without_answer()
        post.action_send_again()
        self.run_job()
        self.assertEqual((post.state, post.publish_uid), ("processing", PUBLISH_UID))
        self.assertEqual((post.state_label, len(self.sent_bodies())), ("Processing", 2))

    def test_check_again_needs_write_access(self):
        post = self.publish_without_answer()
        with self.assertRaises(AccessError):
            post.with_user(self.stranger).action_check_again()

    def test_unanswered_cancellation_can_be_repeated(self):
        post = self.publish()
        self.tiktok_says(posting.CANCEL, requests.ReadTimeout())
        with self.assertRaisesRegex(UserError, "Try again") as raised:
            post.action_cancel()
        self.assertNotIn("automatically", str(raised.exception))
        self.assertGreaterEqual(post.poll_at, fields.Datetime.now())
