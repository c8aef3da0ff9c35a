from odoo import models


class TiktokVideo(models.Model):
    _name = "tiktok.video"
    _inherit = ["tiktok.video", "tiktok.ad.mixin"]
