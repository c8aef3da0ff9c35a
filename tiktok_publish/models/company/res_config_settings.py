from odoo import fields, models

from odoo.addons.tiktok_leadgen.models.company.res_company import MANAGER


class ResConfigSettings(models.TransientModel):
    """The posting settings of the company."""

    _inherit = "res.config.settings"

    tiktok_publish_account_id = fields.Many2one(
        related="company_id.tiktok_publish_account_id", readonly=False, groups=MANAGER
    )
    tiktok_publish_audited = fields.Boolean(
        related="company_id.tiktok_publish_audited", readonly=False, groups=MANAGER
    )
    tiktok_media_url = fields.Char(
        related="company_id.tiktok_media_url", readonly=False, groups=MANAGER
    )
