import base64
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...models.account.tiktok_video import MAX_STORED_BYTES
from ..fake_tiktok import FakeTikTokCase, picture, video

MOST_QUERIES = 30  # for a page of 20 new videos
# One pixel: Pillow as Odoo sets it up writes no WebP.
WEBP = base64.b64decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
COVER = "/tos-maliva/{}~c5.jpeg"


@tagged("post_install", "-at_install")
class TestVideo(FakeTikTokCase):
    """The videos of an account follow TikTok's."""

    def setUp(self):
        super().setUp()
        self.tiktok.videos = [video(number) for number in range(45)]

    def writes(self):
        """Record which videos are written, and what."""
        written = []
        model = type(self.env["tiktok.video"])
        write = model.write

        def record(videos, values):
            written.append((videos.mapped("title"), sorted(values)))
            return write(videos, values)

        patcher = patch.object(model, "write", record)
        patcher.start()
        self.addCleanup(patcher.stop)
        return written

    def test_three_pages_one_of_them_short(self):
        """A page may be short and still not be the last one."""
        self.tiktok.sizes = {2: 5}
        self.sync()
        videos = self.videos()
        self.assertEqual(len(videos), 45)
        self.assertEqual(len(self.tiktok.paths()), 3)
        cursors = [body.get("cursor") for path, body in self.tiktok.calls if "video" in path]
        self.assertEqual(len(set(cursors)), 3)
        self.assertFalse(self.account.sync_progress)
        self.assertFalse(self.account.sync_requested)
        self.assertFalse(self.account.sync_error)
        self.assertEqual(self.account.stored_video_count, 45)

    def test_all_values_of_a_video_are_stored(self):
        self.sync()
        first = self.videos()[0]
        self.assertEqual(first.video_uid, "7600000000000000000")
        self.assertEqual(first.title, "Video 0")
        self.assertEqual(first.description, "Video 0 #acme")
        self.assertEqual(str(first.published_at), "2026-09-20 10:26:40")
        self.assertEqual((first.width, first.height, first.duration), (576, 1024, 15))
        self.assertEqual((first.view_count, first.like_count), (1000, 10))
        self.assertEqual((first.comment_count, first.share_count), (2, 1))
        self.assertIn("/@acme/video/", first.share_url)
        self.assertEqual(first.company_id, self.company)
        self.assertTrue(base64.b64decode(first.image_1920).startswith(b"\xff\xd8"))

    def test_only_changed_values_are_written(self):
        self.sync()
        self.tiktok.videos[3]["view_count"] = 5_000_000_000
        self.tiktok.videos[30]["title"] = "Another title"
        written = self.writes()
        self.tiktok.calls.clear()
        self.account.sync_requested = True
        self.sync()
        self.assertEqual(
            written, [(["Video 3"], ["view_count"]), (["Video 30"], ["title"])], "and no other"
        )
        self.assertEqual(self.videos()[3].view_count, 5_000_000_000)
        self.assertFalse(self.tiktok.paths("/tos-maliva/"), "covers are fetched once")

    def test_removed_videos_are_archived_and_restored(self):
        self.sync()
        hidden = self.tiktok.videos.pop(10)
        self.account.sync_requested = True
        self.sync()
        gone = self.videos().filtered(lambda each: not each.active)
        self.assertEqual(gone.video_uid, hidden["id"])
        self.tiktok.videos.insert(10, hidden)
        self.account.sync_requested = True
        self.sync()
        self.assertTrue(gone.active)
        self.assertEqual(len(self.videos()), 45)

    def test_failing_page_archives_nothing(self):
        self.sync()
        del self.tiktok.videos[2]
        self.tiktok.videos[0]["like_count"] = 77
        self.tiktok.refusals = [None, (400, "invalid_params")]
        self.account.sync_requested = True
        self.sync()
        self.assertEqual(self.videos().mapped("active"), [True] * 45, "the run did not end")
        self.assertEqual(self.videos()[0].like_count, 77, "the first page is kept")
        self.assertIn("invalid_params", self.account.sync_error)
        self.assertFalse(self.account.sync_requested)

    def test_sync_continues_where_it_stopped(self):
        """TikTok is down in the middle: the pages before are not fetched again."""
        self.tiktok.refusals = [None, (500, "internal_error")]
        self.sync()
        self.assertEqual(len(self.videos()), 20)
        self.assertEqual(self.account.sync_progress["attempts"], 1)
        self.assertIn("20", self.account.sync_text)
        self.account.sync_next_at = "2026-01-01"
        self.tiktok.calls.clear()
        self.sync()
        self.assertEqual(len(self.videos()), 45)
        self.assertEqual(len(self.tiktok.paths()), 2)
        self.assertFalse(self.account.sync_progress)
        self.assertFalse(self.account.sync_error)

    def test_sync_stops_at_the_time_limit(self):
        """A run that has no time left goes on in the next one."""
        account = self.account
        self.patch(type(account), "_commit_sync_progress", lambda _self: 0)
        self.sync()
        self.assertEqual(len(self.videos()), 20)
        self.assertEqual(account.sync_progress["pages"], 1)
        self.assertIn("20", account.sync_text)

    def test_endless_video_list(self):
        self.tiktok.sizes = dict.fromkeys(range(1, 9), 0)
        self.sync()
        self.assertIn("endless_list", self.account.sync_error)
        self.assertFalse(self.videos())

    def test_videos_without_id_or_twice(self):
        self.tiktok.videos = [video(0), video(0, title="Run Again"), {"title": "Nothing else"}]
        self.tiktok.videos[2]["create_time"] = 1
        self.sync()
        self.assertEqual(self.videos().mapped("title"), ["Run Again"])

    def test_failing_covers_are_retried(self):
        """A cover that fails leaves none and stops nothing; the next sync tries again."""
        bad = [(404, b""), (200, b"<svg/>"), (200, b"\xff\xd8\xff broken"), (302, b"")]
        large = (200, b"\xff\xd8\xff" + b"0" * (5 * 1024 * 1024))
        webp = (200, WEBP + b"0" * MAX_STORED_BYTES)  # Odoo makes no WebP smaller
        paths = [COVER.format(self.tiktok.videos[2 * n]["id"]) for n in range(6)]
        self.tiktok.pictures = dict(zip(paths, [*bad, large, webp], strict=True))
        self.sync()
        bare = self.videos().filtered(lambda each: not each.image_1920)
        self.assertEqual(len(self.videos()), 45)
        self.assertEqual(bare.mapped("title"), [f"Video {2 * n}" for n in range(6)])
        self.assertFalse(self.account.sync_error)
        self.tiktok.pictures = {paths[0]: (200, WEBP), paths[1]: (200, picture("PNG"))}
        self.tiktok.calls.clear()
        self.account.sync_requested = True
        self.sync()
        self.assertFalse(bare.filtered(lambda each: not each.image_1920))
        self.assertEqual(len(self.tiktok.paths("/tos-maliva/")), 6)

    def test_picture_host_that_is_down(self):
        """After three failures in a row no further covers are requested."""
        self.tiktok.pictures = {COVER.format(each["id"]): (503, b"") for each in self.tiktok.videos}
        self.sync()
        self.assertEqual(len(self.videos()), 45)
        self.assertEqual(len(self.tiktok.paths("/tos-maliva/")), 3)

    def test_queries_per_page_of_two_thousand_videos(self):
        """One request per 20, and each page costs the same."""
        self.tiktok.videos = [video(n, cover_image_url="") for n in range(2000)]
        self.env["ir.cron"].search([]).write({"active": False})
        model = type(self.env["tiktok.video"])
        page, counts = model._sync_video_page, []
        titles = self.env["tiktok.video"]._fields["title"]

        def count(videos, *args):
            before = videos.env.cr.sql_log_count
            answer = page(videos, *args)
            counts.append(videos.env.cr.sql_log_count - before)
            cached = videos.env.transaction.field_data[titles]
            self.assertLessEqual(len(cached), 20, "one page is in memory")
            return answer

        self.patch(model, "_sync_video_page", count)
        for _again in range(50):  # a run ends after ten seconds, on a busy machine amid its work
            self.sync()
            if not self.account.sync_progress:
                break
        self.assertEqual(len(self.videos()), 2000)
        self.assertEqual(len(self.tiktok.paths()), 100)
        self.assertLessEqual(max(counts), MOST_QUERIES)
        self.assertLessEqual(max(counts[1:]) - min(counts[1:]), 5, "flat from page to page")

    def test_access_to_videos(self):
        self.sync()
        one = self.videos()[0]
        manager = one.with_user(self.manager)
        self.assertEqual(manager.title, "Video 0")
        for call in (
            lambda: manager.write({"title": "Mine"}),
            manager.unlink,
            manager.copy,
            lambda: one.with_user(self.stranger).read(["title"]),
            lambda: one.with_user(self.salesman).read(["title"]),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_deleting_an_account_deletes_its_covers(self):
        self.sync()
        ids = self.videos().ids
        self.account._disconnect_account()
        self.account.with_user(self.manager).unlink()
        cover = [("res_model", "=", "tiktok.video"), ("res_field", "=", "image_1920")]
        covers = self.env["ir.attachment"].search([*cover, ("res_id", "in", ids)])
        self.assertFalse(covers)
