from odoo import fields, models


class BlogBlog(models.Model):
    _inherit = "blog.blog"

    tiktok_channel_ids = fields.One2many(
        "tiktok.blog.channel",
        "blog_id",
        "TikTok",
        groups="tiktok_publish.tiktok_publish_group_user",
        copy=False,
    )

    def unlink(self):
        """Take back the posts of articles that go with their blog."""
        self.with_context(active_test=False).blog_post_ids._tiktok_take_back()
        return super().unlink()
