from odoo import fields, models

from odoo.addons.tiktok_leadgen.assignment_check import find_unassigned_domain
from odoo.addons.tiktok_leadgen.const import COUNTED_EVENTS

CLAIM = "claim"


class ResCompany(models.Model):
    """First to claim as a way to assign leads."""

    _inherit = "res.company"

    tiktok_assignment = fields.Selection(
        selection_add=[(CLAIM, "First to claim")], ondelete={CLAIM: "set default"}
    )

    def _tiktok_chooses_salesperson(self):
        """Tell whether leads need a team: also where its members choose for themselves.

        :rtype: bool
        """
        return self.tiktok_assignment == CLAIM or super()._tiktok_chooses_salesperson()

    def _tiktok_count_unassigned(self):
        """Count the leads that no one was notified of: one that waits to be claimed is none.

        :rtype: int
        """
        if self.tiktok_assignment != CLAIM:
            return super()._tiktok_count_unassigned()
        stuck = [*find_unassigned_domain(self._origin), ("tiktok_unassigned_reason", "!=", False)]
        return self.env["crm.lead"].sudo().search_count(stuck, limit=COUNTED_EVENTS)

    def _tiktok_get_assignment_hint(self):
        """Explain what First to claim does.

        :rtype: str | bool
        """
        hint = super()._tiktok_get_assignment_hint()
        if hint or self.tiktok_assignment != CLAIM:
            return hint
        return self.env._(
            "Each member of the team who is at work is notified of a new lead. The first one who "
            "clicks Assign to Me gets it. If no one does within “Reassign after”, the team leader "
            "is notified."
        )
