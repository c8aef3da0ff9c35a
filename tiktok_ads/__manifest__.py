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
        "views/menus.xml",  # Depends on all the other views
    ],
}
