from odoo import fields, models


class BlogBlog(models.Model):
    """A blog whose articles become posts."""

    _inherit = "blog.blog"

    tiktok_channel_ids = fields.One2many(
        "tiktok.blog.channel",
        "blog_id",
        "TikTok",
        groups="tiktok_publish.tiktok_publish_group_user",
        copy=False,
    )

    def unlink(self):
        """Cancel the queued posts of the articles that are deleted with their blog.

        :return: what Odoo returns
        """
        self.with_context(active_test=False).blog_post_ids._tiktok_cancel_posts()
        return super().unlink()
