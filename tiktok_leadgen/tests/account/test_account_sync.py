from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..fake_tiktok import CDN, SCOPES, FakeTikTokCase, picture, video

JOB = "tiktok_leadgen.ir_cron_sync_accounts"


@tagged("post_install", "-at_install")
class TestAccountSync(FakeTikTokCase):
    """When accounts are brought up to date, and which users are notified."""

    def click_sync(self, account=None):
        """Click Sync as the manager; return the notification."""
        account = account or self.account
        with self.enter_registry_test_mode():
            action = account.with_user(self.manager).action_sync()
        return action["params"]

    def record_notifications(self):
        """Record what is sent through the bus."""
        sent = []
        send = patch.object(
            type(self.env["res.users"]),
            "_bus_send",
            lambda user, kind, message, **_kw: sent.append((user, kind, message)),
        )
        send.start()
        self.addCleanup(send.stop)
        return sent

    def triggers(self):
        return self.env["ir.cron.trigger"].search_count([("cron_id", "=", self.env.ref(JOB).id)])

    def test_sync_button_fetches_profile_now_and_videos_later(self):
        self.tiktok.videos = [video(number) for number in range(3)]
        self.sync()
        self.tiktok.videos.append(video(5))
        before, sent = self.triggers(), self.record_notifications()
        self.tiktok.calls.clear()
        self.assertEqual(self.click_sync()["type"], "success")
        self.assertEqual(self.tiktok.paths("/v2/"), ["/v2/user/info/"])
        self.assertTrue(self.account.sync_requested)
        self.assertTrue(self.account.sync_text)
        self.assertGreater(self.triggers(), before)
        self.sync()
        self.assertEqual(len(self.videos()), 4)
        self.assertFalse(self.account.sync_text)
        ((user, kind, message),) = sent
        self.assertEqual(
            (user, kind, message["type"]), (self.manager, "simple_notification", "success")
        )
        self.assertIn("Videos up to date: 4", message["message"])
        self.assertEqual(len(self.tiktok.paths("/v2/user/info/")), 1, "it was fetched just now")

    def test_sync_button_during_sync(self):
        self.account.sync_progress = {"run": 1, "pages": 7, "videos": 140, "new": 0}
        params = self.click_sync()
        self.assertIn("Videos so far: 140", params["message"])
        self.assertFalse(self.tiktok.calls)

    def test_sync_button_requires_manager(self):
        for user in (self.salesman, self.stranger):
            with self.assertRaises(AccessError):
                self.account.with_user(user).action_sync()

    def test_sync_button_with_inactive_cron(self):
        self.env.ref(JOB).active = False
        params = self.click_sync()
        self.assertEqual(params["type"], "warning")
        self.assertIn(self.env.ref(JOB).name, params["message"])

    def test_sync_without_video_scope(self):
        """Without video.list nothing is requested, and the reason is shown."""
        account = self.connected("No videos", scopes=SCOPES[:3])
        self.assertIn("Public videos", self.click_sync(account)["message"])
        self.sync()
        own = self.videos(account)
        self.assertFalse(own)
        self.assertIn("Public videos", account.sync_text)
        self.assertFalse(account.sync_error)
        self.assertTrue(account.last_sync_at)

    def test_one_failing_account_does_not_stop_the_others(self):
        self.tiktok.videos = [video(number) for number in range(3)]
        dead = self.connected("Dead", token="fake-dead")
        fine = self.connected("Fine")
        broken = self.connected("Damaged")
        broken.write({"last_sync_at": fields.Datetime.now()})
        model = type(self.env["tiktok.video"])
        store = model._store_video_page

        def fail(videos, account, *args):
            if account == broken:
                raise ValueError("a fault of ours about Ana")
            return store(videos, account, *args)

        with (
            patch.object(model, "_store_video_page", fail),
            self.assertLogs("odoo.addons.tiktok_leadgen", "WARNING") as log,
        ):
            self.sync()
        self.assertNotIn("Ana", "".join(log.output))
        self.assertEqual(dead.state, "expired")
        self.assertEqual(len(dead.activity_ids), 1)
        self.assertIn("ValueError", broken.sync_error)
        self.assertEqual(len(self.videos(fine)), 3)
        self.assertEqual(len(self.videos()), 3)

    def test_account_deleted_during_sync(self):
        tried = []

        def fail(account):
            tried.append(account.id)
            raise ValueError

        self.patch(type(self.account), "_sync_account", fail)
        gone = self.account.browse(self.account.id + 1_000_000)
        with self.enter_registry_test_mode(), self.env.registry.cursor() as own:
            gone.with_env(self.env(cr=own))._sync_each_account()
        self.assertEqual(tried, gone.ids)

    def test_expired_account_is_not_synced(self):
        self.account.state = "expired"
        self.sync()
        self.assertFalse(self.tiktok.calls)

    def test_account_is_synced_once_a_day(self):
        self.sync()
        self.tiktok.calls.clear()
        self.sync()
        self.assertFalse(self.tiktok.calls)
        self.account.sync_next_at = fields.Datetime.now() - timedelta(minutes=1)
        self.account.last_sync_at = fields.Datetime.now() - timedelta(days=1)
        self.sync()
        self.assertEqual(self.tiktok.paths("/v2/"), ["/v2/user/info/", "/v2/video/list/"])

    def test_sync_is_retried_until_attempts_are_used_up(self):
        """It is retried some times, then tomorrow."""
        for times in range(1, 4):
            self.tiktok.refusals = [(429, "rate_limit_exceeded")]
            self.account.sync_next_at = False
            self.sync()
            self.assertEqual((self.account.sync_progress or {}).get("attempts"), times % 3 or None)
        self.assertIn("slow down", self.account.sync_error)
        self.assertGreater(self.account.sync_next_at, fields.Datetime.now() + timedelta(hours=10))

    def test_answer_without_video_list_archives_nothing(self):
        self.tiktok.videos = [video(number) for number in range(3)]
        self.sync()
        self.tiktok._list = lambda _body: self.tiktok.ok({"has_more": False})
        self.account.sync_next_at = False
        self.sync()
        self.assertTrue(all(self.videos().mapped("active")))
        self.assertIn("could not be read", self.account.sync_error)

    def test_failed_sync_notifies_the_user(self):
        sent = self.record_notifications()
        self.click_sync()
        self.tiktok.refusals = [(401, "scope_not_authorized")]
        self.sync()
        self.assertEqual(sent[0][2]["type"], "danger")
        self.assertIn("permission", sent[0][2]["message"])

    def test_revoked_permission_can_be_requested_again(self):
        self.assertFalse(self.account.missing_scope_ids)
        self.tiktok.refusals = [(401, "scope_not_authorized")]
        self.sync()
        self.assertEqual(self.account.missing_scope_ids.mapped("name"), ["video.list"])
        self.assertIn("Request permissions again", self.account.sync_text)
        self.assertEqual(self.account.state, "connected")

    def test_texts_that_the_database_rejects(self):
        self.tiktok.user |= {
            "display_name": "AC\x00ME",
            "bio_description": "cut \ud83d",
            "follower_count": 10**12,
            "profile_deep_link": "javascript:alert(1)",
        }
        self.assertEqual(self.click_sync()["type"], "success")
        self.assertEqual(self.account.nickname, "ACME")
        self.assertEqual(self.account.bio, "cut ?")
        self.assertEqual(self.account.follower_count, 2**31 - 1)
        self.assertFalse(self.account.profile_url)

    # === PICTURE === #

    def test_picture_is_stored_until_it_changes(self):
        self.tiktok.user["avatar_large_url"] = f"{CDN}/avatar/one~c5.jpeg?x-expires=1&x-signature=a"
        self.click_sync()
        self.assertTrue(self.account.image_1920)
        self.tiktok.user["avatar_large_url"] = f"{CDN}/avatar/one~c5.jpeg?x-expires=2&x-signature=b"
        self.click_sync()
        self.assertEqual(len(self.tiktok.paths("/avatar/")), 1)
        first = self.account.image_1920
        self.tiktok.pictures["/avatar/two~c5.jpeg"] = (200, picture("PNG", (50, 50)))
        self.tiktok.user["avatar_large_url"] = f"{CDN}/avatar/two~c5.jpeg?x-expires=3"
        self.click_sync()
        self.assertNotEqual(self.account.image_1920, first)

    def test_failing_picture_does_not_stop_the_sync(self):
        self.tiktok.user["avatar_url"] = f"{CDN}/avatar/one.jpeg"
        self.tiktok.pictures["/avatar/one.jpeg"] = (500, b"")
        self.assertEqual(self.click_sync()["type"], "success")
        self.assertFalse(self.account.image_1920)
        self.assertEqual(self.account.nickname, "ACME")

    # === HISTORY === #

    def test_history_has_one_row_per_day(self):
        self.click_sync()
        self.tiktok.user["follower_count"] = 1300
        self.account.sync_progress = False
        self.click_sync()
        row = self.account.stat_ids
        self.assertEqual(len(row), 1)
        self.assertEqual(row.date, fields.Date.today())
        self.assertEqual((row.follower_count, row.likes_count), (1300, 3_000_000_000))
        self.assertEqual(row.company_id, self.company)
        self.assertFalse(self.account.stats_graph, "one day is no line")

    def test_graph_of_followers(self):
        self.click_sync()
        self.env["tiktok.account.stat"].create(
            {
                "account_id": self.account.id,
                "date": fields.Date.today() - timedelta(days=3),
                "follower_count": 900,
            }
        )
        self.env.invalidate_all()
        self.assertIn("900, now 1,200", self.account.stats_graph)
        self.assertIn('points="0.0,38.0 240.0,2.0"', self.account.stats_graph)

    def test_profile_of_previous_user_is_deleted(self):
        self.tiktok.videos = [video(number) for number in range(3)]
        self.sync()
        self.assertTrue(self.account.stat_ids)
        self.account._clear_profile()
        self.assertFalse(self.videos())
        self.assertFalse(self.account.stat_ids)
        self.assertFalse(self.account.follower_count)
