from odoo import api, fields, models

from ..delivery_detail import DECISIONS


class TiktokEventDecision(models.TransientModel):
    """Asks before a person decides about deliveries, and says about how many."""

    _name = "tiktok.event.decision"
    _description = "TikTok Event Decision"

    decision = fields.Selection(DECISIONS, required=True, readonly=True)
    event_ids = fields.Many2many("tiktok.event", string="Deliveries", readonly=True)
    event_count = fields.Integer("Number of deliveries", compute="_compute_counts")
    skipped_count = fields.Integer("Left as they are", compute="_compute_counts")

    @api.depends("event_ids", "decision")
    def _compute_counts(self):
        for dialog in self:
            count = len(dialog.event_ids._filter_decidable(dialog.decision))
            dialog.event_count = count
            dialog.skipped_count = len(dialog.event_ids) - count

    def action_confirm(self):
        """Do what was decided, and close the dialog.

        :return: a notification that closes the dialog
        :rtype: dict
        """
        self.ensure_one()
        actions = {
            "accept": self.event_ids.action_accept,
            "discard": self.event_ids.action_discard,
            "restore": self.event_ids.action_restore,
        }
        notification = actions[self.decision]()
        close = {"type": "ir.actions.act_window_close"}
        notification["params"]["next"] = close
        return notification
