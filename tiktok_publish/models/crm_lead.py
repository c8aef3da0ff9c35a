from odoo import fields, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    tiktok_ad_uid = fields.Char(index="btree_not_null")  # posts count the leads of their ads
