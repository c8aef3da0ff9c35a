from odoo import fields, models


class UtmCampaign(models.Model):
    _name = "utm.campaign"
    _inherit = ["utm.campaign", "tiktok.protected.mixin"]

    is_tiktok = fields.Boolean(
        "Made for TikTok", readonly=True, copy=False, help="It follows its name at TikTok."
    )
