from datetime import timedelta
from unittest.mock import patch

import requests

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.tiktok.errors import ReconnectError

from ..models.post.tiktok_post_outcome import SILENT_MINUTES
from ..tiktok import posting
from .common import PUBLISH_UID, PostCommon


@tagged("post_install", "-at_install")
class TestSending(PostCommon):
    """A post is sent once, or a user decides."""

    def test_request_contains_the_whole_post(self):
        post = self.publish(allow_comment=True, is_disclosed=True, is_own_brand=True)
        self.assertEqual((post.state, post.publish_uid), ("processing", PUBLISH_UID))
        (body,) = self.sent_bodies()
        self.assertEqual(body["post_mode"], "DIRECT_POST")
        self.assertEqual(
            body["post_info"],
            {
                "title": "Spring offer",
                "description": "Longer text #spring",
                "privacy_level": "PUBLIC_TO_EVERYONE",
                "disable_comment": False,
                "auto_add_music": False,
                "brand_content_toggle": False,
                "brand_organic_toggle": True,
            },
        )
        token = self.media_token()
        urls = [f"https://shop.example.com/tiktok/media/{token}/1.jpg"]
        self.assertEqual(body["source_info"]["photo_images"], urls)
        self.assertGreater(len(token), 40)

    def test_undisclosed_content_is_not_sent_as_commercial(self):
        self.publish(is_own_brand=True, is_branded_content=True)
        info = self.sent_bodies()[0]["post_info"]
        self.assertFalse(info["brand_content_toggle"] or info["brand_organic_toggle"])

    def test_a_second_run_sends_nothing(self):
        self.publish()
        self.run_job()
        self.assertEqual(len(self.sent_bodies()), 1)

    def test_attempt_is_committed_before_tiktok_is_called(self):
        seen = []

        def begin(api, body):
            seen.append(self.env["tiktok.post"].browse(post.id).state)
            commit.assert_called()
            return PUBLISH_UID

        post = self.make_post()
        post.action_publish()
        progress = type(self.env["ir.cron"])._commit_progress
        with (
            patch.object(posting, "begin_post", begin),
            patch.object(
                type(self.env["ir.cron"]), "_commit_progress", autospec=True, side_effect=progress
            ) as commit,
        ):
            self.run_job()
        self.assertEqual(seen, ["processing"])

    def assert_unconfirmed_once(self, post):
        self.assertEqual((post.state, post.needs_confirmation), ("processing", True))
        self.assertFalse(post.publish_uid)
        self.assertEqual(len(post.activity_ids), 1)
        self.run_job()
        self.run_job()
        self.assertEqual(len(self.sent_bodies()), 1)
        self.assertEqual(len(post.activity_ids), 1)

    def test_lost_answer_leaves_the_post_unconfirmed(self):
        self.tiktok_says(posting.PHOTO_INIT, requests.ReadTimeout())
        self.assert_unconfirmed_once(self.publish())

    def test_unparsable_answer_leaves_the_post_unconfirmed(self):
        for number, answer in enumerate([("<html>", 200), ("<html>", 502), ({}, 200)]):
            with self.subTest(answer=answer):
                self.calls.clear()
                self.tiktok_says(posting.PHOTO_INIT, answer[0], answer[1])
                self.assert_unconfirmed_once(self.publish(title=f"Post {number}"))

    def test_interrupted_attempt_becomes_unconfirmed(self):
        post = self.make_post()
        post.action_publish()
        with patch.object(type(post), "_store_answer"):
            self.run_job()
        self.assertEqual(post.state, "processing")
        self.assertFalse(post.needs_confirmation)
        self.run_job()
        self.assertFalse(post.needs_confirmation)  # it could still be under way
        post.sudo().attempt_id.started_at -= timedelta(minutes=SILENT_MINUTES + 1)
        self.run_job()
        self.assertTrue(post.needs_confirmation)
        self.assertEqual(len(self.sent_bodies()), 1)

    def test_internal_error_after_the_request_never_sends_again(self):
        post = self.make_post()
        post.action_publish()
        with (
            patch.object(type(post), "_store_publish_uid", side_effect=ValueError("broken")),
            self.assertLogs("odoo.addons.tiktok_publish", "WARNING"),
        ):
            self.run_job()
        self.run_job()
        self.assertEqual(len(self.sent_bodies()), 1)
        self.assertEqual(post.state, "processing")

    def test_request_that_never_arrived_is_retried(self):
        self.tiktok_says(posting.PHOTO_INIT, requests.ConnectTimeout())
        post = self.publish()
        self.assertEqual(post.state, "queued")
        self.assertGreater(post.next_try_at, fields.Datetime.now())
        self.accept_next_post()
        self.run_job()
        self.assertEqual(post.state, "queued")  # not before its time
        post.sudo().next_try_at = fields.Datetime.now()
        self.run_job()
        self.assertEqual(post.state, "processing")

    def test_user_confirms_the_post(self):
        self.tiktok_says(posting.PHOTO_INIT, requests.ReadTimeout())
        post = self.publish()
        post.action_was_posted()
        self.assertEqual(post.state, "published")
        self.assertFalse(post.activity_ids)
        with self.assertRaises(UserError):
            post.action_send_again()

    def test_user_sends_the_post_again(self):
        self.tiktok_says(posting.PHOTO_INIT, requests.ReadTimeout())
        post = self.publish()
        self.accept_next_post()
        post.action_send_again()
        self.run_job()
        self.assertEqual((post.state, post.publish_uid), ("processing", PUBLISH_UID))
        self.assertEqual(len(self.sent_bodies()), 2)
        self.assertFalse(post.needs_confirmation or post.activity_ids)

    def test_refusals_are_explained(self):
        for code, status, words in [
            ("url_ownership_unverified", 403, "not verified"),
            ("privacy_level_option_mismatch", 403, "Choose again"),
            ("spam_risk_user_banned_from_posting", 403, "banned"),
            ("app_version_check_failed", 400, "31.8"),
            ("invalid_param", 400, "rejected part"),
            ("scope_not_authorized", 401, "permission"),
            ("something_new", 400, "something_new"),
        ]:
            with self.subTest(code=code):
                self.let_minutes_pass()
                self.tiktok_refuses(posting.PHOTO_INIT, code, status)
                post = self.publish()
                self.assertEqual((post.state, post.fail_reason), ("failed", code))
                self.assertIn(words, post.error)
                self.assertEqual(len(post.activity_ids), 1)
                self.assertFalse(post.sudo().attempt_id.media_token_hash)

    def test_unaudited_refusal_updates_the_company(self):
        self.tiktok_refuses(posting.PHOTO_INIT, posting.UNAUDITED, 403)
        post = self.publish()
        self.assertEqual(post.state, "failed")
        self.assertFalse(self.company.tiktok_publish_audited)
        self.assertIn("audited", post.error)
        with self.assertRaisesRegex(UserError, "Only me"):
            post.action_retry()

    def test_rejected_token_expires_the_account(self):
        self.tiktok_refuses(posting.PHOTO_INIT, "access_token_invalid", 401)
        post = self.publish()
        self.assertEqual(post.state, "failed")
        self.assertEqual(self.account.state, "expired")

    def test_rejected_token_is_renewed_once(self):
        seen = []

        def begin(api, body):
            seen.append(api._headers["Authorization"])
            if len(seen) == 1:
                raise ReconnectError("The token is dead.", "access_token_invalid")
            return PUBLISH_UID

        with patch.object(posting, "begin_post", begin):
            post = self.publish()
        self.assertEqual(seen, ["Bearer act.fake", "Bearer act.newer"])
        self.assertEqual((post.state, post.publish_uid), ("processing", PUBLISH_UID))
        self.assertEqual(self.account.state, "connected")

    def test_error_on_an_interrupted_post_does_not_stop_the_others(self):
        post = self.make_post(title="Damaged")
        post.action_publish()
        with patch.object(type(post), "_store_answer"):
            self.run_job()
        self.let_minutes_pass()
        other = self.make_post(title="Second")
        other.action_publish()
        with (
            patch.object(type(post), "_match_remote_post", side_effect=ValueError("broken")),
            self.assertLogs("odoo.addons.tiktok_publish", "WARNING"),
        ):
            self.run_job()
        self.assertEqual((len(post.activity_ids), other.publish_uid), (0, PUBLISH_UID))
        self.assertFalse(post.action_poll()["needs_confirmation"])  # it is still looked for
        self.run_job()
        self.assertEqual(len(post.activity_ids), 1)
        self.assertTrue(post.action_poll()["needs_confirmation"])

    def test_error_on_one_post_does_not_stop_the_others(self):
        first, second = self.make_post(title="First"), self.make_post(title="Second")
        (first + second).action_publish()

        def broken(post):
            if post == first:
                raise ValueError("broken")

        with (
            patch.object(type(first), "_find_problems", lambda post: broken(post) and []),
            self.assertLogs("odoo.addons.tiktok_publish", "WARNING"),
        ):
            self.run_job()
        self.assertEqual(first.state, "queued")
        self.assertTrue(first.next_try_at)
        self.assertEqual(second.state, "processing")
