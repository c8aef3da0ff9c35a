from odoo import models


class TiktokPost(models.Model):
    _name = "tiktok.post"
    _inherit = ["tiktok.post", "tiktok.ad.mixin"]
