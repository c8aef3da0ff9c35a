from odoo import fields, models


class TiktokForm(models.Model):
    """What leads of a form are written first, where it differs from the company's."""

    _inherit = "tiktok.form"

    first_message = fields.Selection(
        [("on", "Send"), ("off", "Do not send")],
        "First message",
        help="Leave empty to use the company's setting.",
    )
    first_message_template_id = fields.Many2one(
        "mail.template",
        "E-mail template",
        domain="[('model', '=', 'crm.lead')]",
        help="Leave empty to use the company's template.",
    )
    first_message_lang_id = fields.Many2one(
        "res.lang",
        "Language of its leads",
        help="Leave empty to use the language of the phone number's country.",
    )
