import base64
import io
import logging
from datetime import timedelta
from unittest.mock import patch

from PIL import Image

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from .common import PostCommon, moving, picture


@tagged("post_install", "-at_install")
class TestPhotos(PostCommon, HttpCase):
    """Photos: made for TikTok, and fetched by it."""

    def url(self, post, number=1, token=None):
        return f"/tiktok/media/{token or self.media_token()}/{number}.jpg"

    def fetch(self, *args, **kwargs):
        return self.url_open(self.url(*args, **kwargs), allow_redirects=False)

    def two_photos(self):
        values = [{"name": "b.png", "image": picture("blue"), "sequence": 2}]
        values.append({"name": "r.webp", "image": picture("red", "WEBP"), "sequence": 1})
        return self.publish(image_ids=[(0, 0, each) for each in values])

    def test_tiktok_fetches_the_photos_in_their_order(self):
        post = self.two_photos()
        self.authenticate(None, None)
        for number, red in ((1, True), (2, False)):
            answer = self.fetch(post, number)
            self.assertEqual(answer.status_code, 200)
            self.assertEqual(answer.headers["Content-Type"], "image/jpeg")
            self.assertNotIn("Set-Cookie", answer.headers)
            pixel = Image.open(io.BytesIO(answer.content)).getpixel((5, 5))
            self.assertEqual(pixel[0] > 200, red)

    def test_fetched_photos_are_marked(self):
        post = self.two_photos()
        first, second = post.sudo()._order_photos()
        self.url_open(self.url(post, 1), method="HEAD")
        self.fetch(post, 1, "x" * 43)
        self.env.invalidate_all()
        self.assertFalse(first.fetched_at or second.fetched_at)
        self.fetch(post, 1)
        self.env.invalidate_all()
        self.assertTrue(first.fetched_at)
        self.assertFalse(second.fetched_at)
        with self.assertRaises(UserError):
            post.image_ids.write({"name": "changed manually"})
        draft = self.make_post()
        draft.image_ids.fetched_at = "2026-01-01 00:00:00"
        self.assertFalse(draft.image_ids.fetched_at)

    def reads(self, read):
        """Return how often files of pictures are read."""
        self.env.flush_all()
        self.env.invalidate_all()
        attachments = type(self.env["ir.attachment"])
        file_read = attachments._file_read
        with patch.object(attachments, "_file_read", autospec=True, side_effect=file_read) as seen:
            read()
        return seen.call_count

    def test_photo_is_streamed_from_its_file(self):
        post = self.two_photos()
        self.assertEqual(self.reads(lambda: self.fetch(post, 2)), 0)

    def test_covers_are_thumbnails(self):
        big = {"image": picture("red", size=(800, 1200)), "sequence": 1}
        lines = [(0, 0, {"image": picture("blue"), "sequence": 2}), (0, 0, big)]
        posts = self.make_post(image_ids=lines) + self.make_post(image_ids=lines)
        self.assertEqual(self.reads(lambda: posts.mapped("cover")), 2)
        cover = Image.open(io.BytesIO(base64.b64decode(posts[0].cover)))
        self.assertEqual((cover.height, cover.getpixel((5, 5))[0] > 200), (512, True))
        self.assertEqual(posts.mapped("photo_count"), [2, 2])
        self.assertFalse(self.make_post(image_ids=False).cover)

    def test_photo_needs_the_right_token(self):
        post = self.two_photos()
        for number, token in ((0, None), (3, None), (1, "x" * 43), (1, "False"), (1, "%00")):
            self.assertEqual(self.fetch(post, number, token).status_code, 404)

    def test_photos_are_not_served_after_the_post_ended(self):
        post = self.two_photos()
        url = self.url(post)
        self.assertEqual(self.url_open(url).status_code, 200)
        self.set_remote_status("PUBLISH_COMPLETE")
        self.poll(post)
        self.assertEqual(post.state, "published")
        self.assertEqual(self.url_open(url).status_code, 404)

    def test_photos_of_an_unconfirmed_post_are_served_for_a_day(self):
        post = self.two_photos()
        post.sudo().needs_confirmation = True
        post.sudo().attempt_id.started_at -= timedelta(hours=25)
        self.assertEqual(self.fetch(post).status_code, 404)

    def test_each_attempt_has_its_own_photo_urls(self):
        post = self.two_photos()
        first = self.media_token()
        post.sudo()._mark_failed("internal", "It failed.")
        post.action_retry()
        self.run_job()
        self.assertNotEqual(self.media_token(), first)

    def test_photos_are_deleted_with_their_post(self):
        post = self.make_post()
        self.env.flush_all()
        files = self.env["ir.attachment"].search(
            [
                *(("res_model", "=", "tiktok.post.image"), ("res_id", "in", post.image_ids.ids)),
                ("res_field", "!=", False),
            ]
        )
        self.assertEqual(set(files.mapped("res_field")), {"image", "jpeg", "thumbnail"})
        post.unlink()
        self.assertFalse(files.exists())

    def test_animated_photo_is_refused_by_its_name(self):
        post = self.make_post(image_ids=[(0, 0, {"name": "dance.gif", "image": moving()})])
        with self.assertRaisesRegex(UserError, "dance.gif"):
            post.action_publish()
        self.assertFalse(post.image_ids.jpeg)

    def test_the_token_of_a_photo_is_not_logged(self):
        for path in ("/tiktok/media/s3cret", "//tiktok//media//s3cret", "/%74iktok/me%64ia/s3cret"):
            with self.assertLogs("werkzeug", logging.INFO) as log:
                self.url_open(f"{path}/1.jpg", allow_redirects=False)
            self.assertIn("***/1.jpg", "".join(log.output))
            self.assertNotIn("s3cret", "".join(log.output))
