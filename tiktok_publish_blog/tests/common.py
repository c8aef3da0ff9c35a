"""What the tests of articles share: a blog, an article with pictures, and whose they are."""

import base64
import json

from odoo.addons.tiktok_publish.tests.common import PostCommon, picture

BODY = """<p>It is <b>soft</b>.</p>
<img src="{own}"><img src="/web/image/{second}-abc/300x200/second.png" alt="x">
<img src="https://elsewhere.example.com/remote.jpg"><img src="{own}?x=1">"""


class ArticleCommon(PostCommon):
    """An article about a sofa, with a cover and pictures."""

    def setUp(self):
        super().setUp()
        # One company of the website, as on most databases.
        self.website = self.env["website"].search([], limit=1)
        self.blog = self.env["blog.blog"].create({"name": "Living room"})
        self.company.tiktok_publish_account_id = self.account
        self.cover = self.attach("cover.png", "green")
        self.own = self.attach("own.png", "red")
        self.second = self.attach("second.png", "blue")
        tags = [(0, 0, {"name": name}) for name in ("Sofa", "New in", "Velvet", "Fourth")]
        self.article = self.make_article(tag_ids=tags)

    def attach(self, name, color, public=True):
        """Return a picture of the website."""
        return self.env["ir.attachment"].create(
            {"name": name, "datas": picture(color, size=(300, 200)), "public": public}
        )

    def make_article(self, **values):
        cover = {"background-image": f"url('/web/image/{self.cover.id}-abc/cover.png')"}
        return self.env["blog.post"].create(
            {
                "name": "A new sofa",
                "blog_id": self.blog.id,
                "tiktok_account_id": self.account.id,
                "content": BODY.format(own=f"/web/image/{self.own.id}", second=self.second.id),
                "cover_properties": json.dumps(cover),
                **values,
            }
        )

    def prepare(self, **values):
        """Return the article's post, ready to go."""
        action = self.article.action_tiktok_prepare()
        post = self.env["tiktok.post"].browse(action["res_id"])
        post.with_user(self.manager).write(
            {"privacy_level": "PUBLIC_TO_EVERYONE", "consent": True, **values}
        )
        return post

    def publish_article(self):
        """Let the public see the article."""
        self.article.is_published = True

    def about(self):
        """Return the posts of the article."""
        return self.env["tiktok.post"].search([("blog_post_id", "=", self.article.id)])

    def make_channel(self, **values):
        """Return a channel with auto-posting and the manager's consent."""
        channels = self.env["tiktok.blog.channel"].with_user(self.manager)
        return channels.create(
            {
                "blog_id": self.blog.id,
                "account_id": self.account.id,
                "is_automatic": True,
                "consent": True,
                "post_mode": "direct",
                "privacy_level": "PUBLIC_TO_EVERYONE",
                **values,
            }
        )

    def contents(self, post):
        """Return the pictures of a post as they were given."""
        photos = post.image_ids.with_context(bin_size=False).sorted("sequence")
        return [base64.b64decode(photo.image) for photo in photos]
