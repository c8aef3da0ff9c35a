from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from ..tiktok import posting
from .common import PUBLISH_UID, PostCommon, picture


@tagged("post_install", "-at_install")
class TestMatching(PostCommon):
    """A post without an answer is matched with the reported one if it can be no other."""

    def publish_without_answer(self, *, fetched=True, **values):
        """Return a post whose answer got lost; TikTok has its photos, unless it never came."""
        self.tiktok_says(posting.PHOTO_INIT, {}, 200)
        post = self.publish(**values)
        if fetched:
            self.fetch_photos(post)
        return post

    def assert_unconfirmed(self, post):
        self.assertEqual((post.state, post.publish_uid), ("processing", False))
        self.assertTrue(post.needs_confirmation)

    def test_webhook_matches_an_unconfirmed_post(self):
        post = self.publish_without_answer(post_mode="inbox", privacy_level=False)
        self.assertTrue(post.needs_confirmation)
        self.process_webhook(
            "post.publish.inbox_delivered", "p_inbox_url~v2.9", publish_type="INBOX_SHARE"
        )
        self.assertEqual((post.publish_uid, post.needs_confirmation), ("p_inbox_url~v2.9", False))
        self.assertEqual(post.state, "inbox")  # the webhook counts immediately
        self.assertFalse(post.activity_ids)
        self.set_remote_status("PUBLISH_COMPLETE")
        self.poll(post)
        self.assertEqual(post.state, "published")
        self.assertEqual(len(self.sent_bodies()), 1)

    def test_webhook_during_the_lost_request_is_matched(self):
        commit = type(self.env["ir.cron"])._commit_progress
        reported = []

        def commit_and_see(cron, *args, **options):
            done = commit(cron, *args, **options)
            # Only a new transaction sees it.
            if not reported and post.with_env(cron.env).needs_confirmation:
                self.fetch_photos(post)
                reported.append(self.make_webhook("post.publish.complete", "p_quick"))
                self.env.flush_all()
            return done

        self.tiktok_says(posting.PHOTO_INIT, {}, 200)
        post = self.make_post()
        post.action_publish()
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", commit_and_see):
            self.run_job()
        self.assertEqual((post.publish_uid, post.needs_confirmation), ("p_quick", False))
        self.assertFalse(post.activity_ids or post.error)

    def test_user_decision_meanwhile_stays(self):
        commit = type(self.env["ir.cron"])._commit_progress

        def commit_and_decide(cron, *args, **options):
            done = commit(cron, *args, **options)
            unclear = post.with_env(cron.env).filtered("needs_confirmation")
            unclear.write({"state": "published", "needs_confirmation": False})
            return done

        self.tiktok_says(posting.PHOTO_INIT, {}, 200)
        post = self.make_post()
        post.action_publish()
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", commit_and_decide):
            self.run_job()
        self.assertEqual(post.state, "published")
        self.assertFalse(post.activity_ids or post.error)

    def test_earlier_webhook_does_not_match_a_later_post(self):
        event = self.process_webhook("post.publish.complete", "p_old")
        event.received_at -= timedelta(hours=1)
        post = self.publish_without_answer()
        self.assertTrue(post.needs_confirmation)
        self.process_webhook("post.publish.publicly_available", "p_old", post_id=1)
        self.assertTrue(post.needs_confirmation)

    def test_webhook_of_an_earlier_attempt_does_not_match_the_next(self):
        post = self.publish()
        self.set_remote_status("FAILED", "internal")
        self.poll(post)
        self.tiktok_says(posting.PHOTO_INIT, {}, 200)
        post.action_retry()
        self.run_job()
        self.fetch_photos(post)
        self.assertTrue(post.needs_confirmation)
        self.process_webhook("post.publish.failed", PUBLISH_UID, reason="internal")
        self.assertEqual((post.publish_uid, post.needs_confirmation), (False, True))
        self.process_webhook("post.publish.complete", "p_second")
        self.assertEqual((post.publish_uid, post.state), ("p_second", "published"))

    def test_two_unconfirmed_posts_are_not_matched(self):
        first, second = self.publish_without_answer(), self.publish_without_answer()
        self.process_webhook("post.publish.complete", "p_one_of_them")
        self.assertTrue(first.needs_confirmation and second.needs_confirmation)

    def test_post_of_another_program_is_not_matched(self):
        post = self.publish_without_answer(
            fetched=False
        )  # the request never arrived: no photo was fetched
        for name in ("complete", "publicly_available", "failed"):
            self.process_webhook(f"post.publish.{name}", "p_foreign", post_id="1")
            self.assert_unconfirmed(post)
        self.fetch_photos(post)
        self.process_webhook("post.publish.complete", "p_foreign_2")
        self.assert_unconfirmed(post)  # two candidates

    def test_post_with_unfetched_photos_is_not_matched(self):
        lines = [(0, 0, {"name": f"{n}.png", "image": picture()}) for n in range(2)]
        post = self.publish_without_answer(fetched=False, image_ids=lines)
        post.sudo().image_ids[0]._mark_fetched()
        self.process_webhook("post.publish.complete", "p_foreign")
        self.assert_unconfirmed(post)

    def test_photos_fetched_for_an_earlier_attempt_do_not_count(self):
        post = self.publish()
        self.fetch_photos(post)
        self.set_remote_status("FAILED", "internal")
        self.poll(post)
        self.tiktok_says(posting.PHOTO_INIT, {}, 200)
        post.action_retry()
        self.run_job()
        self.process_webhook("post.publish.complete", "p_foreign")
        self.assert_unconfirmed(post)

    def test_webhooks_of_another_kind_or_app_do_not_match(self):
        direct = self.publish_without_answer()
        for reported in (
            {"name": "post.publish.inbox_delivered"},
            {"name": "post.publish.complete", "publish_type": "INBOX_SHARE"},
            {"name": "post.publish.complete", "uid": "v_pub_file~v2.1"},
            {"name": "post.publish.complete", "client_key": "another_app"},
            {"name": "post.publish.complete", "client_key": ""},
        ):
            with self.subTest(reported=reported):
                self.process_webhook(**{"uid": f"p_{reported}"[:60], **reported})
                self.assert_unconfirmed(direct)
        self.process_webhook("post.publish.complete", "p_mine")
        self.assertEqual(direct.publish_uid, "p_mine")

    def test_draft_matches_draft_webhooks_only(self):
        draft = self.publish_without_answer(post_mode="inbox", privacy_level=False)
        self.process_webhook("post.publish.complete", "p_direct")
        self.assert_unconfirmed(draft)
        self.process_webhook("post.publish.inbox_delivered", "p_mine", publish_type="INBOX_SHARE")
        self.assertEqual((draft.publish_uid, draft.state), ("p_mine", "inbox"))

    def test_webhook_of_another_tiktok_user_does_not_match(self):
        post = self.publish_without_answer()
        self.account._connect_account(self.kit.make("open-2"))
        self.process_webhook("post.publish.complete", "p_foreign")
        self.assert_unconfirmed(post)

    def test_publish_id_of_another_post_is_not_matched(self):
        other = self.publish()
        post = self.publish_without_answer()
        values = {"name": "Theirs", "company_id": self.other_company.id, "user_id": False}
        other.sudo().account_id = self.env["tiktok.account"].create(values)
        self.process_webhook("post.publish.complete", PUBLISH_UID)
        self.assert_unconfirmed(post)

    def test_unconfirmed_posts_of_all_companies_count(self):
        theirs = self.publish_without_answer()
        post = self.publish_without_answer()
        values = {"name": "Theirs", "company_id": self.other_company.id, "user_id": False}
        theirs = theirs.sudo()
        theirs.account_id = self.env["tiktok.account"].create(values)
        self.process_webhook("post.publish.complete", "p_one_of_them")
        self.assert_unconfirmed(post)
        theirs.action_was_posted()  # under an unknown ID: it may be this one
        self.assertEqual(post.action_check_again()["params"]["type"], "warning")
        theirs.attempt_id.lost_at -= timedelta(hours=73)
        self.assertEqual(post.action_check_again()["params"]["type"], "success")
        self.assertEqual(post.publish_uid, "p_one_of_them")

    def test_lost_attempt_still_counts_after_sending_again(self):
        again = self.publish_without_answer()
        self.accept_next_post()
        again.action_send_again()
        self.run_job()
        self.assertEqual(again.publish_uid, PUBLISH_UID)
        post = self.publish_without_answer()
        self.process_webhook("post.publish.complete", "p_first_try")
        self.assert_unconfirmed(post)

    def test_check_again_tells_whether_tiktok_has_the_photos(self):
        post = self.publish_without_answer(fetched=False)
        self.assertIn("has not fetched", post.action_check_again()["params"]["message"])
        self.fetch_photos(post)
        self.assertIn("probably received", post.action_check_again()["params"]["message"])
