{
    "name": "TikTok Publishing",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "summary": "Photo posts on TikTok: written, previewed, scheduled and never sent twice",
    "author": "TikTok for Odoo contributors",
    "license": "LGPL-3",
    "depends": ["tiktok_leadgen"],
    "external_dependencies": {"python": ["Pillow"]},
    "data": [
        "security/tiktok_publish_groups.xml",
        "security/ir.model.access.csv",
        "security/tiktok_publish_security.xml",
        "data/tiktok_scope_data.xml",
        "data/ir_cron_data.xml",
        "data/mail_activity_type_data.xml",
        "views/tiktok_post_views.xml",
        "views/tiktok_account_views.xml",
        "views/tiktok_post_ads_views.xml",
        "views/tiktok_domain_file_views.xml",
        "views/res_config_settings_views.xml",
        "views/tiktok_publish_menus.xml",  # Depends on all the other views
    ],
    "post_load": "install_guards",
    "uninstall_hook": "_delete_photos",
    "assets": {
        "web.assets_backend": ["tiktok_publish/static/src/**/*"],
    },
}
