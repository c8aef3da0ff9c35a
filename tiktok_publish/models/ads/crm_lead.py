from odoo import fields, models


class CrmLead(models.Model):
    """An index: posts count the leads of their ads."""

    _inherit = "crm.lead"

    tiktok_ad_uid = fields.Char(index="btree_not_null")
