from datetime import timedelta
from unittest.mock import patch

from lxml import etree

from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.tiktok.errors import ReconnectError

from ..tiktok import posting
from .common import POST_UID, PostCommon


@tagged("post_install", "-at_install")
class TestChecking(PostCommon):
    """What became of a post."""

    def test_status_is_checked_until_published(self):
        post = self.publish()
        self.assertTrue(post.sudo().attempt_id.media_token_hash)
        self.poll(post)
        self.assertEqual(post.state, "processing")
        self.set_remote_status("PUBLISH_COMPLETE")
        self.poll(post)
        self.assertEqual(post.state, "published")
        self.assertFalse(post.sudo().attempt_id.media_token_hash)
        self.assertTrue(post.poll_at)  # its public id is still to come
        self.assertIn("still checking it", post.status_text)
        self.set_remote_status("PUBLISH_COMPLETE", post_uids=[POST_UID])
        self.poll(post)
        self.assertEqual(post.post_uids, str(POST_UID))
        self.assertEqual(post.post_url, f"https://www.tiktok.com/@acme/photo/{POST_UID}")
        self.assertFalse(post.poll_at or post.status_text)

    def test_each_state_has_one_short_label(self):
        labels = dict(self.posts._fields["state"]._description_selection(self.env))
        self.assertEqual(labels["processing"], "Processing")
        self.assertLessEqual(max(map(len, labels.values())), len("In the TikTok inbox"))
        post = self.publish()
        self.assertEqual(post.state_label, "Processing")
        self.assertIn("is fetching and checking", post.status_text)
        for kind in ("list", "kanban"):
            arch = etree.fromstring(self.posts.get_view(view_type=kind)["arch"])
            badges = arch.xpath("//field[@widget='badge']/@name")
            self.assertEqual(badges, ["state_label"], kind)

    def test_link_without_the_profile_permission(self):
        self.account.username = False
        self.set_creator_info(*posting.PRIVACY, creator_username="acme.home")
        post = self.publish()
        self.assertFalse(post.post_url)
        self.set_remote_status("PUBLISH_COMPLETE")
        self.poll(post)
        self.assertEqual(post.post_url, "https://www.tiktok.com/@acme.home")
        self.set_remote_status("PUBLISH_COMPLETE", post_uids=[POST_UID])
        self.poll(post)
        self.assertEqual(post.post_url, f"https://www.tiktok.com/@acme.home/photo/{POST_UID}")

    def test_private_post_links_to_its_account(self):
        post = self.publish(privacy_level="SELF_ONLY")
        self.set_remote_status("PUBLISH_COMPLETE")
        self.poll(post)
        self.assertEqual(post.action_open_at_tiktok()["url"], "https://www.tiktok.com/@acme")

    def test_no_link_without_a_username(self):
        self.account.username = False
        self.set_creator_info(*posting.PRIVACY, creator_username="")
        post = self.publish()
        self.set_remote_status("PUBLISH_COMPLETE", post_uids=[POST_UID])
        self.poll(post)
        self.assertFalse(post.post_url)

    def test_rejected_token_is_renewed_once(self):
        post = self.publish()
        seen = []

        def fetch(api, uid):
            seen.append(api._headers["Authorization"])
            if len(seen) == 1:
                raise ReconnectError("The token is dead.", "access_token_invalid")
            return posting.Status("published", "", (), 0)

        with patch.object(posting, "fetch_status", fetch):
            self.poll(post)
        self.assertEqual(seen, ["Bearer act.fake", "Bearer act.newer"])
        self.assertEqual((post.state, self.account.state), ("published", "connected"))

    def test_private_post_is_not_checked_for_a_public_id(self):
        post = self.publish(privacy_level="SELF_ONLY")
        self.set_remote_status("PUBLISH_COMPLETE")
        self.poll(post)
        self.assertEqual(post.state, "published")
        self.assertFalse(post.poll_at)

    def test_checks_become_rarer(self):
        post = self.publish()
        waits = []
        for _time in range(6):
            self.poll(post)
            waits.append(post.poll_at - post.polled_at)
        self.assertEqual(waits, sorted(waits))
        self.assertGreater(waits[-1], waits[0])

    def test_progress_follows_the_fetched_bytes(self):
        post = self.publish()
        size = sum(post.image_ids.mapped("jpeg_size"))
        self.assertEqual(post.progress, 10)
        self.set_remote_status("PROCESSING_DOWNLOAD", downloaded=size // 2)
        self.poll(post)
        self.assertTrue(40 <= post.progress <= 50, post.progress)
        self.set_remote_status("PUBLISH_COMPLETE")
        self.poll(post)
        self.assertEqual(post.progress, 100)

    def test_failure_reasons_are_explained(self):
        known = self.env["tiktok.error.messages"]._map_failure_reasons()
        for reason in (*known, "spam_risk", "spam_risk_text", "video_bitrate_check_failed", ""):
            with self.subTest(reason=reason):
                self.let_minutes_pass()
                post = self.publish()
                self.set_remote_status("FAILED", reason)
                self.poll(post)
                self.assertEqual((post.state, post.fail_reason), ("failed", reason or False))
                self.assertIn(known.get(reason) or reason or "gave no reason", post.error)
                self.assertEqual(len(post.activity_ids), 1)
                self.set_remote_status("PROCESSING_DOWNLOAD")

    def test_watching_checks_not_too_often(self):
        post = self.publish()
        self.set_remote_status("PUBLISH_COMPLETE")
        self.assertEqual(post.action_poll()["state"], "processing")  # it was sent just now
        self.assertFalse(self.asked(posting.STATUS))
        post.attempt_id.sudo().started_at -= timedelta(seconds=6)
        self.assertEqual(post.action_poll()["state"], "published")
        self.assertEqual(len(self.asked(posting.STATUS)), 1)

    def test_failed_check_is_repeated(self):
        post = self.publish()
        self.tiktok_says(posting.STATUS, "<html>", 502)
        self.poll(post)
        self.assertEqual(post.state, "processing")
        self.assertTrue(post.poll_at)

    def test_unknown_post_becomes_unconfirmed(self):
        post = self.publish()
        self.tiktok_refuses(posting.STATUS, "invalid_publish_id", 400)
        self.poll(post)
        self.assertTrue(post.needs_confirmation)
        self.assertFalse(post.poll_at)

    def test_post_without_result_becomes_unconfirmed_after_a_day(self):
        post = self.publish()
        post.attempt_id.sudo().started_at -= timedelta(hours=25)
        self.poll(post)
        self.assertTrue(post.needs_confirmation)

    def test_inbox_draft_posted_by_its_owner(self):
        post = self.publish(post_mode="inbox", privacy_level=False)
        self.assertEqual(self.sent_bodies()[0]["post_mode"], "MEDIA_UPLOAD")
        self.process_webhook("post.publish.inbox_delivered")
        self.assertEqual(post.state, "inbox")
        self.assertFalse(post.sudo().attempt_id.media_token_hash)
        self.process_webhook("post.publish.complete")
        self.assertEqual(post.state, "published")

    def test_webhooks_by_all_names(self):
        for number, (done, public) in enumerate(
            [
                ("post.publish.complete", "post.publish.publicly_available"),
                ("post.publish.completed", "post.publish.publicaly_available"),
            ]
        ):
            uid = f"p_pub_url~v2.{number}"
            self.accept_next_post(uid)
            post = self.publish()
            self.process_webhook(done, uid)
            self.assertEqual(post.state, "published")
            self.process_webhook(public, uid, post_id=str(POST_UID))
            self.process_webhook(public, uid, post_id=POST_UID)
            self.assertEqual(post.post_uids, str(POST_UID))
            self.process_webhook(
                "post.publish.no_longer_publicaly_available", uid, post_id=POST_UID
            )
            self.assertTrue(post.is_gone)

    def test_failure_webhook_has_two_keys(self):
        for key in ("reason", "fail_reason"):
            post = self.publish()
            self.process_webhook("post.publish.failed", **{key: "photo_pull_failed"})
            self.assertEqual((post.state, post.fail_reason), ("failed", "photo_pull_failed"))
            post.sudo().attempt_id.publish_uid = False

    def test_failure_webhook_is_told_in_the_language_of_who_reads_it(self):
        post = self.publish()
        self.speak_arabic(post.user_id)
        self.process_webhook("post.publish.failed", reason="photo_pull_failed")
        for text in (post.error, post.activity_ids.summary):
            self.assert_arabic(text)

    def test_webhook_of_another_account_changes_nothing(self):
        post = self.publish()
        other = self.account.copy({"name": "Second"})
        other._connect_account(self.kit.make("open-2"))
        self.account, mine = other, self.account
        self.process_webhook("post.publish.complete")
        self.account = mine
        self.assertEqual(post.state, "processing")

    def test_webhook_before_the_answer_is_made_up_by_the_check(self):
        event = self.process_webhook("post.publish.complete")
        self.assertEqual(event.state, "done")
        post = self.publish()
        self.set_remote_status("PUBLISH_COMPLETE")
        self.poll(post)
        self.assertEqual(post.state, "published")

    def test_likes_and_views_of_the_videos(self):
        post = self.publish()
        self.set_remote_status("PUBLISH_COMPLETE", post_uids=[POST_UID])
        self.poll(post)
        self.env["tiktok.video"].create(
            {
                "account_id": self.account.id,
                "video_uid": str(POST_UID),
                "like_count": 7,
                "view_count": 90,
            }
        )
        post.invalidate_recordset()
        self.assertEqual((post.like_count, post.view_count), (7, 90))
