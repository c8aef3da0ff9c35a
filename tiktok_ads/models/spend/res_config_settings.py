from odoo import fields, models

from odoo.addons.tiktok_leadgen.models.company.res_company import MANAGER


class ResConfigSettings(models.TransientModel):
    """The limits of the alerts, in TikTok's block of the settings."""

    _inherit = "res.config.settings"

    tiktok_ads_currency_id = fields.Many2one(related="company_id.currency_id", groups=MANAGER)
    tiktok_ads_qualified_cost_limit = fields.Monetary(
        related="company_id.tiktok_ads_qualified_cost_limit",
        currency_field="tiktok_ads_currency_id",
        readonly=False,
        groups=MANAGER,
    )
    tiktok_ads_spend_without_lead = fields.Monetary(
        related="company_id.tiktok_ads_spend_without_lead",
        currency_field="tiktok_ads_currency_id",
        readonly=False,
        groups=MANAGER,
    )
