from odoo import fields, models

from odoo.addons.tiktok_leadgen.models.company.res_company import SALES_MANAGERS


class ResCompany(models.Model):
    """The first message as an SMS."""

    _inherit = "res.company"

    tiktok_message_sms = fields.Boolean(
        "Send a first SMS",
        groups=SALES_MANAGERS,
        help="To each new lead from the webhook, once. Odoo's SMS service charges for it.",
    )
    tiktok_sms_template_id = fields.Many2one(
        "sms.template",
        "SMS template",
        domain="[('model', '=', 'crm.lead')]",
        groups=SALES_MANAGERS,
        help="Leave empty to use “TikTok: we received your request”.",
    )

    def _tiktok_list_message_channels(self, form):
        """Add SMS to the channels of the first messages; a form can turn them off.

        :param form: tiktok.form, may be empty
        :rtype: list[str]
        """
        channels = super()._tiktok_list_message_channels(form)
        is_on = self.sudo().tiktok_message_sms and form.first_message != "off"
        return [*channels, "sms"] if is_on else channels
