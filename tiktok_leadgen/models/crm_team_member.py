from odoo import models


class CrmTeamMember(models.Model):
    _inherit = "crm.team.member"

    def _get_assignment_quota(self, force_quota=False):
        """Give TikTok leads to nobody who is out of office or can't work for their company."""
        by_rules_of = self.env.context.get("tiktok_rules")
        if by_rules_of:
            company = self.env["res.company"].browse(by_rules_of)
            able = self.user_id._tiktok_able(company)
            if not able or able._tiktok_away():
                return 0
        return super()._get_assignment_quota(force_quota)
