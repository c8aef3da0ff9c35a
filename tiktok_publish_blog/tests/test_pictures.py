import base64
import json

from odoo.tests import tagged

from ..tiktok import article as reader
from .common import ArticleCommon

THEME = "/website/static/src/img/snippets_demo/s_cover.jpg"


@tagged("post_install", "-at_install")
class TestPictures(ArticleCommon):
    """Which pictures of an article are taken, and which never are."""

    def taken(self, content, cover="none"):
        self.article.write(
            {"content": content, "cover_properties": json.dumps({"background-image": cover})}
        )
        return self.env["tiktok.article.pictures"]._extract_pictures(self.article)

    def test_the_cover_comes_first_then_each_own_picture_once(self):
        post = self.prepare()
        files = [self.cover, self.own, self.second]
        self.assertEqual(self.contents(post), [file.raw for file in files])
        self.assertEqual(post.image_ids.sorted("sequence").mapped("is_cover"), [True, False, False])
        self.assertIn("skipped: 1.", post.pictures_note)

    def test_private_pictures_are_never_published(self):
        secret = self.attach("secret.png", "black", public=False)
        user = self.env.ref("base.user_admin")
        user.image_1920 = secret.datas
        for url in (
            *(f"/web/image/{secret.id}", f"/web/image/res.users/{user.id}/image_1920"),
            f"/web/image/res.partner/{user.partner_id.id}/image_1920",
            f"/web/image/ir.attachment/{secret.id}/datas",
            "/web/image/tiktok.account/1/image_1920",
            "/web/image/res.users/1/password",
        ):
            self.assertEqual(self.taken(f'<img src="{url}">'), ([], 1), url)

    def test_uploaded_pictures_are_read_by_their_token(self):
        upload = self.attach("upload.png", "black", public=False)
        upload.write({"res_model": "blog.post", "res_id": self.article.id})
        token = upload.generate_access_token()[0]
        url = f"/web/image/{upload.id}-ab/upload.png"
        pictures, missed = self.taken(f'<img src="{url}?access_token={token}">')
        self.assertEqual((len(pictures), missed), (1, 0))
        self.assertEqual(base64.b64decode(pictures[0]["image"]), upload.raw)
        self.assertIn(f"{url}?access_token={token}", self.article.tiktok_pictures)
        cover = f"url('{url}?access_token={token}')"
        self.assertEqual(len(self.taken("", cover=cover)[0]), 1)
        for wrong in ("", "?access_token=", "?access_token=wrong", "?access_token=%D0%B0"):
            self.assertEqual(self.taken(f'<img src="{url}{wrong}">'), ([], 1), wrong)

    def test_tab_shows_the_used_pictures(self):
        secret = self.attach("secret.png", "black", public=False)
        taken = f'<img src="/web/image/{self.own.id}"><img src="/web/image/{self.own.id}?again=1">'
        self.taken(f'{taken}<img src="/web/image/{secret.id}">')
        shown = self.article.tiktok_pictures
        self.assertEqual(shown.count("<img"), 1)
        self.assertNotIn(f"/web/image/{secret.id}", shown)
        self.assertIn(
            "Pictures: 1. Skipped because they are on another site or not public: 1.", shown
        )
        files = [self.attach(f"{color}.png", color) for color in ("red", "green", "blue")]
        self.taken("".join(f'<img src="/web/image/{file.id}">' for file in files))
        shown = self.article.with_context(bin_size=True).tiktok_pictures  # as a form asks
        self.assertEqual(shown.count("<img"), 3)

    def test_pictures_of_other_sites_are_not_requested(self):
        for url in (
            *("https://elsewhere.example.com/a.jpg", "//elsewhere.example.com/a.jpg"),
            *("http://169.254.169.254/latest", "file:///etc/passwd", "data:image/png;base64,AAAA"),
            *("/web/static/../../../etc/passwd", "/web/image/", "javascript:alert(1)", "http://["),
            *("/web/image/99999999999999999999", "/web/static/src/img/none.png", "a.png"),
            "/web/static/src/js/index.js",
        ):
            self.assertEqual(self.taken(f'<img src="{url}">'), ([], 1), url)

    def test_pictures_of_addons_and_absolute_urls_are_used(self):
        base = self.article.get_base_url()
        pictures, missed = self.taken(
            f'<img src="{base}/web/image/{self.own.id}"><img src="{THEME}">',
            cover="url(/web/image/website.s_cover_default_image)",
        )
        self.assertEqual(missed, 0)
        self.assertEqual(len(pictures), 2)  # the cover of the theme is that file of the addon

    def test_malformed_html(self):
        for content in (
            "",
            "<p>",
            "<img><img src>",
            "<img src='x",
            "\x01<img src='/x.png'>",
            "&#0;",
        ):
            self.assertEqual(self.taken(content)[0], [])

    def test_unsupported_pictures_are_skipped_by_name(self):
        broken = self.env["ir.attachment"].create(
            {"name": "x.png", "raw": b"no picture", "public": True}
        )
        self.article.content = f'<img src="/web/image/{broken.id}">'
        post = self.prepare()
        self.assertEqual(len(post.image_ids), 1)
        self.assertIn("skipped: 1.", post.pictures_note)

    def test_pictures_are_limited_to_tiktok_s_maximum(self):
        files = [self.attach(f"{n}.png", (n, 0, 0)) for n in range(40)]
        html = "".join(f'<img src="/web/image/{file.id}">' for file in files)
        self.assertEqual(len(self.taken(html)[0]), 35)

    def test_cover_url_is_found(self):
        for background, url in (
            ("url('/web/image/1-a/b.jpg')", "/web/image/1-a/b.jpg"),
            ('url("/a b.jpg")', "/a b.jpg"),
            ("url(/a.jpg)", "/a.jpg"),
            ("none", ""),
            (None, ""),
        ):
            properties = json.dumps({"background-image": background})
            self.assertEqual(reader.find_cover_url(properties), url)
        for properties in ("", "{", "[]", "null", "1"):
            self.assertEqual(reader.find_cover_url(properties), "")
