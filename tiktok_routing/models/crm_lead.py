from odoo import fields, models

from .tiktok_lead_check import REASONS

JUNK_XMLID = "tiktok_routing.crm_lost_reason_junk"


class CrmLead(models.Model):
    """The rule that decided a lead, and whether a person must check it first."""

    _inherit = "crm.lead"

    tiktok_routing_rule_id = fields.Many2one(
        "tiktok.routing.rule",
        "Routed by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The first rule of the list that fitted the lead when it arrived.",
    )
    tiktok_check_reason = fields.Selection(
        REASONS,
        "Check",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Why the lead is likely junk. It gets no salesperson until a person decides.",
    )
    tiktok_unassigned_reason = fields.Selection(
        selection_add=[("daily_cap", "All available members have reached their number of the day")],
        ondelete={"daily_cap": "set null"},
    )

    # === ACTION METHODS === #

    def action_tiktok_check_fine(self):
        """Assign leads that were held as likely junk, and remember the decision."""
        self.check_access("write")
        leads = self.sudo().filtered("tiktok_check_reason")
        self.env["tiktok.lead.check"]._store_decision(leads, is_junk=False)
        leads.tiktok_check_reason = False
        leads._tiktok_release_leads()

    def action_tiktok_check_junk(self):
        """Mark leads as lost with the reason Junk, and remember the decision."""
        self.check_access("write")
        leads = self.filtered(lambda lead: lead.sudo().tiktok_check_reason)
        self.env["tiktok.lead.check"]._store_decision(leads.sudo(), is_junk=True)
        reason = self.env.ref(JUNK_XMLID, raise_if_not_found=False)
        leads.action_set_lost(lost_reason_id=reason and reason.id)

    # === CRUD METHODS === #

    def write(self, vals):
        """End the check of a lead that a person assigns.

        :param dict vals: as in `BaseModel.write`
        :return: what Odoo returns
        """
        held = self.browse()
        if vals.get("user_id"):
            held = self.sudo().filtered(
                lambda lead: lead.tiktok_lead_uid and lead.tiktok_check_reason
            )
        result = super().write(vals)
        if held:
            held.tiktok_check_reason = False
            held._tiktok_release_leads()
        return result

    def _tiktok_release_leads(self):
        """Do for leads that were held what is done for new ones."""
        owners = self.env["tiktok.lead.owner"].sudo()
        owners._assign_released_leads(self._tiktok_filter_open())
