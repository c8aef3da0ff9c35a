from odoo import fields, models


class TiktokPostImage(models.Model):
    """A photo of a post, as it was given."""

    _name = "tiktok.post.image"
    _description = "TikTok Post Photo"
    _order = "sequence, id"

    post_id = fields.Many2one("tiktok.post", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="post_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char()
    image = fields.Binary("Photo", attachment=True, required=True)
    is_cover = fields.Boolean("Cover")
