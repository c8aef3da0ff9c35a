from odoo import api, models

SALES_MANAGERS = "sales_team.group_sale_manager"


class CrmLead(models.Model):
    """What nobody types: what TikTok said of a lead, and what Odoo measured on it."""

    _name = "crm.lead"
    _inherit = ["crm.lead", "tiktok.protected.mixin"]

    @api.model
    def _is_protected_field(self, field):
        """Let a sales manager write TikTok's id: a file is imported by it.

        Whoever can write an id can keep out the lead that TikTok sends later.
        """
        if field.name == "tiktok_lead_uid":
            return not self.env.user.has_group(SALES_MANAGERS)
        return super()._is_protected_field(field)

    # === MERGE === #

    @api.model
    def _merge_get_fields(self):
        """Leave out what the user may not write: `_merge_dependences` writes it."""
        names = super()._merge_get_fields()
        return [name for name in names if name not in self._tiktok_merged_fields()]

    @api.model
    def _tiktok_merged_fields(self):
        """Return which protected fields a merge decides about.

        :rtype: list[str]
        """
        names = self._merge_get_fields_specific()
        return [name for name in names if self._is_protected_field(self._fields[name])]

    def _merge_dependences(self, opportunities):
        """Write on the lead that stays what TikTok said of those that were merged."""
        leads = self.sudo() | opportunities.sudo()
        merged = leads._merge_data(self._tiktok_merged_fields())
        result = super()._merge_dependences(opportunities)
        self.sudo().write(merged)
        return result
