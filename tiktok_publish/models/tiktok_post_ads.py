from odoo import models


class TiktokPost(models.Model):
    _name = "tiktok.post"
    _inherit = ["tiktok.post", "tiktok.ad.mixin"]

    def _note_public(self, post_uids):
        result = super()._note_public(post_uids)
        self._find_ads()
        return result

    def _item_uids(self):
        return [uid for post in self for uid in (post.post_uids or "").split(",") if uid]
