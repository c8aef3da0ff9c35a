from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.tiktok_leadgen.tiktok.values import isolate

from .res_company import CLAIM


class CrmLead(models.Model):
    """A salesperson takes a lead that has none."""

    _inherit = "crm.lead"

    def action_tiktok_assign_to_me(self):
        """Assign leads to the current user; of two users the first one to click gets them.

        :return: the action that reloads the page
        :rtype: dict
        :raise UserError: if a colleague was faster
        """
        for lead in self:
            lead._tiktok_claim()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _tiktok_filter_claimable(self):
        """Return the leads that wait for the first member of the team who claims them.

        :return: with all rights
        :rtype: crm.lead
        """
        return self.sudo().filtered(
            lambda lead: (
                lead.tiktok_lead_uid
                and not lead.user_id
                and not lead.tiktok_is_test
                and lead._tiktok_get_company().tiktok_assignment == CLAIM
            )
        )

    def _tiktok_claim(self):
        """Assign one lead to the current user, unless a colleague has it.

        The second user waits for the lock. Their snapshot is too old then, Odoo repeats the
        request, and it finds the owner.

        :raise UserError: if a colleague was faster
        """
        self.ensure_one()
        lead = self.sudo()
        if lead.user_id and lead.user_id != self.env.user and self._tiktok_may_know_owner():
            raise UserError(self.env._("%s already has this lead.", isolate(lead.user_id.name)))
        self.check_access("write")
        self.env.cr.execute(SQL("SELECT id FROM crm_lead WHERE id = %s FOR NO KEY UPDATE", self.id))
        if lead.user_id == self.env.user:
            return
        others = lead.team_id.crm_team_member_ids.user_id - self.env.user
        team = {"team_id": lead.team_id.id} if lead.team_id else {}
        self.write({"user_id": self.env.uid, **team})
        for user in others:
            self.env["tiktok.lead.notification"]._send_lead_popup(self, user, "closed")

    def _tiktok_may_know_owner(self):
        """Tell whether the current user may know who has a lead: its team's members do.

        :rtype: bool
        """
        members = self.sudo().team_id.crm_team_member_ids.user_id
        return self.env.user in members or self.has_access("read")
