{
    "name": "TikTok Ads: Cost and Return",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "summary": "What each lead cost and brought, and TikTok learns which leads were good",
    "author": "TikTok for Odoo contributors",
    "license": "LGPL-3",
    "depends": ["tiktok_leadgen"],
    "data": [
        "security/ir.model.access.csv",
        "security/tiktok_ads_security.xml",
        "data/ir_cron_spend_data.xml",
        "data/mail_activity_type_data.xml",
        "views/spend/tiktok_ad_spend_views.xml",
        "views/spend/tiktok_advertiser_views.xml",
        "views/spend/crm_lead_views.xml",
        "views/spend/res_company_views.xml",
        "views/spend/res_config_settings_views.xml",
        "report/tiktok_return_report_views.xml",
        "views/menus.xml",  # Depends on all the other views
    ],
    "assets": {
        "web.assets_backend": ["tiktok_ads/static/src/**/*"],
    },
}
