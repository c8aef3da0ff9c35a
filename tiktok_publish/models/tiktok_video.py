from odoo import api, models


class TiktokVideo(models.Model):
    _name = "tiktok.video"
    _inherit = ["tiktok.video", "tiktok.ad.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        """Note the ads that are known to show them."""
        videos = super().create(vals_list)
        videos._find_ads()
        return videos

    def _item_uids(self):
        return self.mapped("video_uid")
