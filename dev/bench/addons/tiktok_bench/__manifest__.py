{
    "name": "TikTok bench",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "summary": "What our webhook is measured against: only for make bench",
    "author": "TikTok for Odoo contributors",
    "license": "LGPL-3",
    "depends": ["tiktok_leadgen", "base_automation"],
    "data": ["data/base_automation_data.xml"],
}
