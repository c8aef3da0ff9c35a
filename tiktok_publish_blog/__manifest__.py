{
    "name": "TikTok Publishing: Blog",
    "version": "19.0.1.0.0",
    "category": "Website/Website",
    "summary": "Articles of your blog become TikTok photo posts",
    "author": "TikTok for Odoo contributors",
    "license": "LGPL-3",
    "depends": ["tiktok_publish", "website_blog"],
    "external_dependencies": {"python": ["lxml"]},
    "data": [
        "security/ir.model.access.csv",
        "security/tiktok_publish_blog_security.xml",
        "views/tiktok_post_template_views.xml",
        "views/tiktok_blog_channel_views.xml",
        "views/tiktok_post_views.xml",
        "views/blog_blog_views.xml",
        "views/blog_post_views.xml",
        "views/tiktok_publish_blog_menus.xml",  # Depends on all the other views
    ],
    "auto_install": True,
}
