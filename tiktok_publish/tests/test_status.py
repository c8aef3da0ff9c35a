from datetime import timedelta
from unittest.mock import patch

from lxml import etree

from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.tiktok.errors import ReconnectError

from ..tiktok import posting
from .common import POST_UID, PostCommon


@tagged("post_install", "-at_install")
class TestStatus(PostCommon):
    """What became of a post."""

    def test_tiktok_is_asked_until_it_is_published(self):
        post = self.publish()
        self.assertTrue(post.sudo().media_token_hash)
        self.poll(post)
        self.assertEqual(post.state, "processing")
        self.stands("PUBLISH_COMPLETE")
        self.poll(post)
        self.assertEqual(post.state, "published")
        self.assertFalse(post.sudo().media_token_hash)
        self.assertTrue(post.poll_at)  # its public id is still to come
        self.assertIn("still checks it", post.status_text)
        self.stands("PUBLISH_COMPLETE", post_uids=[POST_UID])
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
        self.assertIn("fetches and checks", post.status_text)
        for kind in ("list", "kanban"):
            arch = etree.fromstring(self.posts.get_view(view_type=kind)["arch"])
            badges = arch.xpath("//field[@widget='badge']/@name")
            self.assertEqual(badges, ["state_label"], kind)

    def test_without_the_permission_for_the_profile_there_is_a_link_too(self):
        self.account.username = False
        self.offers(*posting.PRIVACY, creator_username="acme.home")
        post = self.publish()
        self.assertFalse(post.post_url)
        self.stands("PUBLISH_COMPLETE")
        self.poll(post)
        self.assertEqual(post.post_url, "https://www.tiktok.com/@acme.home")
        self.stands("PUBLISH_COMPLETE", post_uids=[POST_UID])
        self.poll(post)
        self.assertEqual(post.post_url, f"https://www.tiktok.com/@acme.home/photo/{POST_UID}")

    def test_a_private_post_leads_to_its_account(self):
        post = self.publish(privacy_level="SELF_ONLY")
        self.stands("PUBLISH_COMPLETE")
        self.poll(post)
        self.assertEqual(post.action_open_at_tiktok()["url"], "https://www.tiktok.com/@acme")

    def test_without_any_name_there_is_no_link(self):
        self.account.username = False
        self.offers(*posting.PRIVACY, creator_username="")
        post = self.publish()
        self.stands("PUBLISH_COMPLETE", post_uids=[POST_UID])
        self.poll(post)
        self.assertFalse(post.post_url)

    def test_a_token_that_ended_early_is_renewed_once(self):
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

    def test_a_private_post_has_no_public_id_to_wait_for(self):
        post = self.publish(privacy_level="SELF_ONLY")
        self.stands("PUBLISH_COMPLETE")
        self.poll(post)
        self.assertEqual(post.state, "published")
        self.assertFalse(post.poll_at)

    def test_it_is_asked_more_and_more_rarely(self):
        post = self.publish()
        waits = []
        for _time in range(6):
            self.poll(post)
            waits.append(post.poll_at - post.polled_at)
        self.assertEqual(waits, sorted(waits))
        self.assertGreater(waits[-1], waits[0])

    def test_progress_is_what_tiktok_has_fetched(self):
        post = self.publish()
        size = sum(post.image_ids.mapped("jpeg_size"))
        self.assertEqual(post.progress, 10)
        self.stands("PROCESSING_DOWNLOAD", downloaded=size // 2)
        self.poll(post)
        self.assertTrue(40 <= post.progress <= 50, post.progress)
        self.stands("PUBLISH_COMPLETE")
        self.poll(post)
        self.assertEqual(post.progress, 100)

    def test_each_reason_is_a_sentence(self):
        known = self.env["tiktok.sentences"]._by_reason()
        for reason in (*known, "spam_risk", "spam_risk_text", "video_bitrate_check_failed", ""):
            with self.subTest(reason=reason):
                self.later()
                post = self.publish()
                self.stands("FAILED", reason)
                self.poll(post)
                self.assertEqual((post.state, post.fail_reason), ("failed", reason or False))
                self.assertIn(known.get(reason) or reason or "did not say", post.error)
                self.assertEqual(len(post.activity_ids), 1)
                self.stands("PROCESSING_DOWNLOAD")

    def test_who_watches_asks_tiktok_but_not_too_often(self):
        post = self.publish()
        self.stands("PUBLISH_COMPLETE")
        self.assertEqual(post.action_poll()["state"], "processing")  # it was sent just now
        self.assertFalse(self.asked(posting.STATUS))
        post.sudo().sent_at -= timedelta(seconds=6)
        self.assertEqual(post.action_poll()["state"], "published")
        self.assertEqual(len(self.asked(posting.STATUS)), 1)

    def test_tiktok_is_down_while_it_is_asked(self):
        post = self.publish()
        self.tiktok_says(posting.STATUS, "<html>", 502)
        self.poll(post)
        self.assertEqual(post.state, "processing")
        self.assertTrue(post.poll_at)

    def test_a_post_tiktok_knows_no_more(self):
        post = self.publish()
        self.tiktok_refuses(posting.STATUS, "invalid_publish_id", 400)
        self.poll(post)
        self.assertTrue(post.needs_confirmation)
        self.assertFalse(post.poll_at)

    def test_after_a_day_of_silence_a_person_decides(self):
        post = self.publish()
        post.sudo().sent_at -= timedelta(hours=25)
        self.poll(post)
        self.assertTrue(post.needs_confirmation)

    def test_a_draft_that_its_owner_posts(self):
        post = self.publish(post_mode="inbox", privacy_level=False)
        self.assertEqual(self.begun()[0]["post_mode"], "MEDIA_UPLOAD")
        self.tell("post.publish.inbox_delivered")
        self.assertEqual(post.state, "inbox")
        self.assertFalse(post.sudo().media_token_hash)
        self.tell("post.publish.complete")
        self.assertEqual(post.state, "published")

    def test_tiktok_tells_by_itself_in_all_its_spellings(self):
        for number, (done, public) in enumerate(
            [
                ("post.publish.complete", "post.publish.publicly_available"),
                ("post.publish.completed", "post.publish.publicaly_available"),
            ]
        ):
            uid = f"p_pub_url~v2.{number}"
            self.begins(uid)
            post = self.publish()
            self.tell(done, uid)
            self.assertEqual(post.state, "published")
            self.tell(public, uid, post_id=str(POST_UID))
            self.tell(public, uid, post_id=POST_UID)
            self.assertEqual(post.post_uids, str(POST_UID))
            self.tell("post.publish.no_longer_publicaly_available", uid, post_id=POST_UID)
            self.assertTrue(post.is_gone)

    def test_tiktok_tells_of_a_failure_under_two_names(self):
        for key in ("reason", "fail_reason"):
            post = self.publish()
            self.tell("post.publish.failed", **{key: "photo_pull_failed"})
            self.assertEqual((post.state, post.fail_reason), ("failed", "photo_pull_failed"))
            post.sudo().publish_uid = False

    def test_what_is_told_of_another_account_changes_nothing(self):
        post = self.publish()
        other = self.account.copy({"name": "Second"})
        other._connect(self.kit.make("open-2"))
        self.account, mine = other, self.account
        self.tell("post.publish.complete")
        self.account = mine
        self.assertEqual(post.state, "processing")

    def test_what_is_told_too_early_is_learned_by_asking(self):
        event = self.tell("post.publish.complete")
        self.assertEqual(event.state, "done")
        post = self.publish()
        self.stands("PUBLISH_COMPLETE")
        self.poll(post)
        self.assertEqual(post.state, "published")

    def test_likes_and_views_come_with_the_videos(self):
        post = self.publish()
        self.stands("PUBLISH_COMPLETE", post_uids=[POST_UID])
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
