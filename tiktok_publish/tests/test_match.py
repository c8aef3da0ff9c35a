from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from ..tiktok import posting
from .common import PUBLISH_UID, PostCommon, picture


@tagged("post_install", "-at_install")
class TestMatch(PostCommon):
    """A post without an answer is taken for the one TikTok tells of, if it can be no other."""

    def lose_answer(self, *, fetched=True, **values):
        """Return a post whose answer got lost; TikTok has its photos, unless it never came."""
        self.tiktok_says(posting.PHOTO_INIT, {}, 200)
        post = self.publish(**values)
        if fetched:
            self.fetched(post)
        return post

    def assert_unconfirmed(self, post):
        self.assertEqual((post.state, post.publish_uid), ("processing", False))
        self.assertTrue(post.needs_confirmation)

    def test_a_lost_answer_is_found_by_what_tiktok_tells(self):
        post = self.lose_answer(post_mode="inbox", privacy_level=False)
        self.assertTrue(post.needs_confirmation)
        self.tell("post.publish.inbox_delivered", "p_inbox_url~v2.9", publish_type="INBOX_SHARE")
        self.assertEqual((post.publish_uid, post.needs_confirmation), ("p_inbox_url~v2.9", False))
        self.assertEqual(post.state, "inbox")  # what it told is taken at once
        self.assertFalse(post.activity_ids)
        self.stands("PUBLISH_COMPLETE")
        self.poll(post)
        self.assertEqual(post.state, "published")
        self.assertEqual(len(self.begun()), 1)

    def test_what_tiktok_tells_while_its_answer_gets_lost_is_found(self):
        commit = type(self.env["ir.cron"])._commit_progress
        told = []

        def commit_and_see(cron, *args, **options):
            done = commit(cron, *args, **options)
            # Only a new transaction sees it.
            if not told and post.with_env(cron.env).needs_confirmation:
                self.fetched(post)
                told.append(self.told("post.publish.complete", "p_quick"))
                self.env.flush_all()
            return done

        self.tiktok_says(posting.PHOTO_INIT, {}, 200)
        post = self.make_post()
        post.action_publish()
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", commit_and_see):
            self.run_job()
        self.assertEqual((post.publish_uid, post.needs_confirmation), ("p_quick", False))
        self.assertFalse(post.activity_ids or post.error)

    def test_what_somebody_decided_meanwhile_stands(self):
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

    def test_what_tiktok_told_before_is_no_answer_to_a_later_post(self):
        event = self.tell("post.publish.complete", "p_old")
        event.received_at -= timedelta(hours=1)
        post = self.lose_answer()
        self.assertTrue(post.needs_confirmation)
        self.tell("post.publish.publicly_available", "p_old", post_id=1)
        self.assertTrue(post.needs_confirmation)

    def test_what_tiktok_tells_of_an_earlier_try_is_no_answer_to_the_next(self):
        post = self.publish()
        self.stands("FAILED", "internal")
        self.poll(post)
        self.tiktok_says(posting.PHOTO_INIT, {}, 200)
        post.action_retry()
        self.run_job()
        self.fetched(post)
        self.assertTrue(post.needs_confirmation)
        self.tell("post.publish.failed", PUBLISH_UID, reason="internal")
        self.assertEqual((post.publish_uid, post.needs_confirmation), (False, True))
        self.tell("post.publish.complete", "p_second")
        self.assertEqual((post.publish_uid, post.state), ("p_second", "published"))

    def test_two_lost_answers_are_told_apart_by_a_person(self):
        first, second = self.lose_answer(), self.lose_answer()
        self.tell("post.publish.complete", "p_one_of_them")
        self.assertTrue(first.needs_confirmation and second.needs_confirmation)

    def test_a_post_another_program_made_with_the_same_app_is_not_ours(self):
        post = self.lose_answer(fetched=False)  # the call never arrived: nobody came for photos
        for name in ("complete", "publicly_available", "failed"):
            self.tell(f"post.publish.{name}", "p_foreign", post_id="1")
            self.assert_unconfirmed(post)
        self.fetched(post)
        self.tell("post.publish.complete", "p_foreign_2")
        self.assert_unconfirmed(post)  # two of which one may be ours

    def test_some_photos_are_not_all(self):
        lines = [(0, 0, {"name": f"{n}.png", "image": picture()}) for n in range(2)]
        post = self.lose_answer(fetched=False, image_ids=lines)
        post.sudo().image_ids[0]._note_fetched()
        self.tell("post.publish.complete", "p_foreign")
        self.assert_unconfirmed(post)

    def test_photos_fetched_for_an_earlier_try_do_not_count(self):
        post = self.publish()
        self.fetched(post)
        self.stands("FAILED", "internal")
        self.poll(post)
        self.tiktok_says(posting.PHOTO_INIT, {}, 200)
        post.action_retry()
        self.run_job()
        self.tell("post.publish.complete", "p_foreign")
        self.assert_unconfirmed(post)

    def test_what_can_not_be_this_post_is_not(self):
        direct = self.lose_answer()
        for told in (
            {"name": "post.publish.inbox_delivered"},
            {"name": "post.publish.complete", "publish_type": "INBOX_SHARE"},
            {"name": "post.publish.complete", "uid": "v_pub_file~v2.1"},
            {"name": "post.publish.complete", "client_key": "another_app"},
            {"name": "post.publish.complete", "client_key": ""},
        ):
            with self.subTest(told=told):
                self.tell(**{"uid": f"p_{told}"[:60], **told})
                self.assert_unconfirmed(direct)
        self.tell("post.publish.complete", "p_mine")
        self.assertEqual(direct.publish_uid, "p_mine")

    def test_a_draft_is_told_of_as_a_draft(self):
        draft = self.lose_answer(post_mode="inbox", privacy_level=False)
        self.tell("post.publish.complete", "p_direct")
        self.assert_unconfirmed(draft)
        self.tell("post.publish.inbox_delivered", "p_mine", publish_type="INBOX_SHARE")
        self.assertEqual((draft.publish_uid, draft.state), ("p_mine", "inbox"))

    def test_a_post_of_the_user_who_is_connected_now_is_not_that_of_the_one_before(self):
        post = self.lose_answer()
        self.account._connect(self.kit.make("open-2"))
        self.tell("post.publish.complete", "p_foreign")
        self.assert_unconfirmed(post)

    def test_an_id_that_another_post_has_is_not_taken(self):
        other = self.publish()
        post = self.lose_answer()
        values = {"name": "Theirs", "company_id": self.other_company.id, "user_id": False}
        other.sudo().account_id = self.env["tiktok.account"].create(values)
        self.tell("post.publish.complete", PUBLISH_UID)
        self.assert_unconfirmed(post)

    def test_a_lost_answer_of_the_same_user_in_another_company_is_one_too_many(self):
        theirs = self.lose_answer()
        post = self.lose_answer()
        values = {"name": "Theirs", "company_id": self.other_company.id, "user_id": False}
        theirs = theirs.sudo()
        theirs.account_id = self.env["tiktok.account"].create(values)
        self.tell("post.publish.complete", "p_one_of_them")
        self.assert_unconfirmed(post)
        theirs.action_was_posted()  # under which id nobody knows: it may be this one
        self.assertEqual(post.action_check_again()["params"]["type"], "warning")
        theirs.lost_at -= timedelta(hours=73)
        self.assertEqual(post.action_check_again()["params"]["type"], "success")
        self.assertEqual(post.publish_uid, "p_one_of_them")

    def test_a_try_that_was_sent_again_may_still_be_told_of(self):
        again = self.lose_answer()
        self.begins()
        again.action_send_again()
        self.run_job()
        self.assertEqual(again.publish_uid, PUBLISH_UID)
        post = self.lose_answer()
        self.tell("post.publish.complete", "p_first_try")
        self.assert_unconfirmed(post)

    def test_check_again_says_whether_tiktok_has_the_photos(self):
        post = self.lose_answer(fetched=False)
        self.assertIn("has not fetched", post.action_check_again()["params"]["message"])
        self.fetched(post)
        self.assertIn("probably took", post.action_check_again()["params"]["message"])
