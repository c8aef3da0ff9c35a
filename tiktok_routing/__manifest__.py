{
    "name": "TikTok: Routing",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "summary": "Each TikTok lead to the right team and person, and likely junk to a check first",
    "author": "TikTok for Odoo contributors",
    "license": "LGPL-3",
    "depends": ["tiktok_leadgen"],
    "external_dependencies": {"python": ["babel", "phonenumbers"]},
    "data": [
        "security/ir.model.access.csv",
        "security/tiktok_routing_security.xml",
        "data/crm_lost_reason_data.xml",
        "views/tiktok_routing_rule_views.xml",
        "views/crm_lead_views.xml",
        "views/crm_team_member_views.xml",
        "views/res_company_views.xml",
        "views/menus.xml",  # Depends on all the other views
    ],
}
