from odoo import fields, models

from odoo.addons.tiktok_leadgen.models.res_company import MANAGER


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    tiktok_publish_account_id = fields.Many2one(
        related="company_id.tiktok_publish_account_id", readonly=False, groups=MANAGER
    )
    tiktok_short_callback = fields.Boolean(
        related="company_id.tiktok_short_callback", readonly=False, groups=MANAGER
    )
    tiktok_publish_audited = fields.Boolean(
        related="company_id.tiktok_publish_audited", readonly=False, groups=MANAGER
    )
    tiktok_media_url = fields.Char(
        related="company_id.tiktok_media_url", readonly=False, groups=MANAGER
    )
