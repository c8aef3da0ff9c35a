{
    "name": "TikTok: First Contact by SMS",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "summary": "The first message to a TikTok lead as an SMS text message",
    "author": "TikTok for Odoo contributors",
    "license": "LGPL-3",
    "depends": ["tiktok_first_contact", "sms"],
    "data": [
        "data/sms_template_data.xml",
        "views/res_company_views.xml",
        "views/tiktok_form_views.xml",
    ],
    "auto_install": True,
}
