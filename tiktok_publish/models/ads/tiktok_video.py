from odoo import api, models


class TiktokVideo(models.Model):
    """The ads that show a video."""

    _name = "tiktok.video"
    _inherit = ["tiktok.video", "tiktok.ad.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        """Store the ads that are known to show the videos.

        :param list vals_list: values of each video
        :return: the new videos
        :rtype: tiktok.video
        """
        videos = super().create(vals_list)
        videos._link_known_ads()
        return videos

    def _get_item_uids(self):
        return self.mapped("video_uid")
