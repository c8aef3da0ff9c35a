import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.tiktok_leadgen.models.company.res_company import SALES_MANAGERS

from ... import const

PLACEHOLDERS = ("name", "form", "salesperson", "company")
_PLACEHOLDER = re.compile(r"\{(\w*)\}")


class ResCompany(models.Model):
    """What a company writes to its leads first."""

    _inherit = "res.company"

    tiktok_message_email = fields.Boolean(
        "Send a first e-mail",
        groups=SALES_MANAGERS,
        help="To each new lead from the webhook, once. Tests, imported and recovered leads get "
        "none. A form can have its own choice.",
    )
    tiktok_message_template_id = fields.Many2one(
        "mail.template",
        "E-mail template",
        domain="[('model', '=', 'crm.lead')]",
        groups=SALES_MANAGERS,
        help="Leave empty to use “TikTok: we received your request”.",
    )
    tiktok_message_timing = fields.Selection(
        const.MESSAGE_TIMINGS,
        "When",
        default="now",
        required=True,
        groups=SALES_MANAGERS,
        help="At the next opening: outside of the team's working hours the message waits.",
    )
    tiktok_whatsapp_text = fields.Text(
        "First WhatsApp message",
        translate=True,
        groups=SALES_MANAGERS,
        help="The salesperson finds it written when WhatsApp opens, and sends it. Placeholders: "
        "{name}, {form}, {salesperson}, {company}.",
    )

    @api.constrains("tiktok_whatsapp_text")
    def _check_tiktok_whatsapp_text(self):
        for company in self.sudo():
            unknown = set(_PLACEHOLDER.findall(company.tiktok_whatsapp_text or ""))
            if unknown - set(PLACEHOLDERS):
                raise ValidationError(
                    self.env._(
                        "Unknown placeholder: %(unknown)s. There are {name}, {form}, "
                        "{salesperson} and {company}.",
                        unknown=", ".join(sorted(unknown - set(PLACEHOLDERS))),
                    )
                )

    def _tiktok_list_message_channels(self, form):
        """Return the channels of the first messages to leads of a form.

        :param form: tiktok.form, may be empty
        :return: keys of `channel` of tiktok.first.message
        :rtype: list[str]
        """
        self.ensure_one()
        if form.first_message == "off":
            return []
        is_on = form.first_message == "on" or self.sudo().tiktok_message_email
        return ["email"] if is_on else []

    def _tiktok_render_whatsapp_text(self, lead):
        """Return the first WhatsApp message to a lead, in its language.

        :param lead: crm.lead, with all rights
        :rtype: str | bool
        """
        company = self.sudo().with_context(lang=lead.lang_id.code or self.env.lang)
        if not company.tiktok_whatsapp_text:
            return False
        values = {
            "name": ((lead.contact_name or lead.partner_name or "").split() or [""])[0],
            "form": lead.tiktok_form_id.name or "",
            "salesperson": (lead.user_id or self.env.user).name,
            "company": company.name,
        }
        return _PLACEHOLDER.sub(
            lambda match: values.get(match[1], match[0]), company.tiktok_whatsapp_text
        )
