from odoo import fields, models


class TiktokForm(models.Model):
    """Who gets the leads of one form, where the company's choice does not fit."""

    _inherit = "tiktok.form"

    team_id = fields.Many2one(
        "crm.team",
        "Sales team",
        check_company=True,
        index="btree_not_null",
        ondelete="set null",
        help="Of this form's leads. Empty: the company's.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Salesperson",
        check_company=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Gets all leads of this form. Empty: as the company assigns them.",
    )
    tag_ids = fields.Many2many("crm.tag", string="Tags", help="For each new lead of this form.")
