from odoo import fields, models


class TiktokForm(models.Model):
    """The SMS to leads of a form, where it differs from the company's."""

    _inherit = "tiktok.form"

    first_sms_template_id = fields.Many2one(
        "sms.template",
        "SMS template",
        domain="[('model', '=', 'crm.lead')]",
        help="Leave empty to use the company's template.",
    )
