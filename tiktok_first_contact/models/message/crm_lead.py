from odoo import api, fields, models


class CrmLead(models.Model):
    """What a lead was written first."""

    _inherit = "crm.lead"

    tiktok_first_message_ids = fields.One2many(
        "tiktok.first.message", "lead_id", "First messages", readonly=True
    )
    tiktok_whatsapp_text = fields.Char(
        "First WhatsApp message", compute="_compute_tiktok_whatsapp_text"
    )

    def _tiktok_merge_first_messages(self, opportunities):
        """Have a merged lead own one first message in each channel: the one that was sent.

        :param opportunities: crm.lead that are merged into this one
        """
        own = {message.channel: message for message in self.sudo().tiktok_first_message_ids}
        merged = opportunities.sudo().tiktok_first_message_ids
        for message in merged.sorted(lambda message: message.state != "sent"):
            known = own.get(message.channel)
            if known and (known.state == "sent" or message.state != "sent"):
                continue
            if known:
                known.unlink()
            message.lead_id = self
            own[message.channel] = message

    @api.depends("tiktok_lead_uid", "contact_name", "user_id", "lang_id")
    @api.depends_context("uid", "lang")
    def _compute_tiktok_whatsapp_text(self):
        self.tiktok_whatsapp_text = False
        for lead in self.filtered("tiktok_lead_uid"):
            company = lead.sudo()._tiktok_get_company()
            lead.tiktok_whatsapp_text = (
                company.with_env(self.env)._tiktok_render_whatsapp_text(lead.sudo())
                if company
                else False
            )
