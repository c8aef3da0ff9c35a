from odoo import fields, models


class UtmCampaign(models.Model):
    _inherit = "utm.campaign"

    is_tiktok = fields.Boolean(
        "Made for TikTok", readonly=True, copy=False, help="It follows its name at TikTok."
    )
