from odoo import fields, models
from odoo.fields import Domain

SALES = "sales_team.group_sale_salesman"
TOUCH = {"compute": "_compute_tiktok_touches", "groups": SALES}


class ResPartner(models.Model):
    """What TikTok brought of a contact: by the contact itself, its e-mail or its phone."""

    _inherit = "res.partner"

    tiktok_lead_count = fields.Integer("TikTok leads", **TOUCH)
    tiktok_first_campaign = fields.Char("First TikTok campaign", **TOUCH)
    tiktok_first_at = fields.Datetime("First TikTok lead", **TOUCH)
    tiktok_last_campaign = fields.Char("Last TikTok campaign", **TOUCH)
    tiktok_last_at = fields.Datetime("Last TikTok lead", **TOUCH)

    def _compute_tiktok_touches(self):
        """Look at the leads the reader may see; one who is asked for is one contact mostly."""
        for partner in self:
            leads = partner._tiktok_leads() if partner._origin else self.env["crm.lead"]
            first = leads[:1]
            touches = [lead._tiktok_last_touch() for lead in leads]
            dated = [touch for touch in touches if touch[0]]
            last = max(dated, key=lambda touch: touch[0], default=(False, False))
            partner.tiktok_lead_count = len(leads)
            partner.tiktok_first_campaign = first._tiktok_way()
            partner.tiktok_first_at = first.tiktok_received_at
            partner.tiktok_last_campaign = last[1]
            partner.tiktok_last_at = last[0]

    def _tiktok_leads(self):
        """Return this contact's leads from TikTok, the first one first.

        :rtype: crm.lead
        """
        self.ensure_one()
        person = Domain("partner_id", "child_of", self._origin.id) | Domain.OR(
            Domain(name, "=", self[name])
            for name in ("email_normalized", "phone_sanitized")
            if self[name]
        )
        real = Domain("tiktok_lead_uid", "!=", False) & Domain("tiktok_is_test", "=", False)
        leads = self.env["crm.lead"].with_context(active_test=False)
        return leads.search(real & person, order="tiktok_received_at, id", limit=1000)

    def action_tiktok_view_leads(self):
        """Open what TikTok brought of this contact."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("tiktok_leadgen.crm_lead_action_tiktok")
        action["domain"] = [("id", "in", self._tiktok_leads().ids)]
        action["context"] = {"create": False, "active_test": False}
        return action
