from odoo import Command, fields, models
from odoo.exceptions import UserError

from .. import const

DECISIONS = [("accept", "Accept"), ("discard", "Discard"), ("restore", "Restore")]


class TiktokEvent(models.Model):
    """Who discarded a delivery and when, and the way back."""

    _inherit = "tiktok.event"

    discarded_by = fields.Many2one("res.users", readonly=True)
    discarded_at = fields.Datetime("Discarded on", readonly=True)
    discarded_state = fields.Selection(
        [("failed", "Failed"), ("quarantined", "Quarantined")], "Status before", readonly=True
    )
    discarded_reason = fields.Selection(const.REASONS, "Reason before", readonly=True)
    restored_by = fields.Many2one("res.users", readonly=True)
    restored_at = fields.Datetime("Restored on", readonly=True)

    # === ACTION METHODS === #

    def action_restore(self):
        """Bring discarded deliveries back to the status they had."""
        self._check_person()
        events = self._filter_decidable("restore")
        if not events:
            raise UserError(
                self.env._(
                    "There is nothing to restore here: these deliveries were not discarded, or "
                    "their answers were removed since."
                )
            )
        events.sudo()._restore()
        return self._notify_count(self.env._("%s restored", len(events)))

    def action_open_decision(self):
        """Ask before deliveries are accepted, discarded or restored; the button says which.

        :raise UserError: if the decision fits none of them
        """
        self._check_person()
        decision = self.env.context.get("tiktok_decision")
        if decision not in dict(DECISIONS) or not self._filter_decidable(decision):
            raise UserError(
                self.env._("Nothing of this selection can be accepted, discarded or restored.")
            )
        dialog = self.env["tiktok.event.decision"].create(
            {"decision": decision, "event_ids": [Command.set(self.ids)]}
        )
        return {
            "type": "ir.actions.act_window",
            "name": dict(dialog._fields["decision"]._description_selection(self.env))[decision],
            "res_model": dialog._name,
            "res_id": dialog.id,
            "views": [(False, "form")],
            "target": "new",
        }

    # === BUSINESS METHODS === #

    def _filter_decidable(self, decision):
        """Return those of these that a decision is possible for.

        :param str decision: one of `DECISIONS`
        :rtype: tiktok.event
        """
        return self.filtered(lambda event: event._is_decidable(decision))

    def _is_decidable(self, decision):
        self.ensure_one()
        if decision == "accept":
            return self.state == "quarantined"
        if decision == "discard":
            return self.state in ("quarantined", "failed")
        is_discarded = self.state == "ignored" and self.reason == "discarded"
        return bool(is_discarded and self.discarded_state and not self.scrubbed_at)

    def _discard(self):
        """Close deliveries for a person, and note what they were."""
        now = self._read_clock()
        for (state, reason), events in self.grouped(lambda e: (e.state, e.reason)).items():
            events.write(
                {
                    "state": "ignored",
                    "reason": "discarded",
                    "done_at": now,
                    "discarded_by": self.env.uid,
                    "discarded_at": now,
                    "discarded_state": state,
                    "discarded_reason": reason,
                    "restored_by": False,
                    "restored_at": False,
                }
            )

    def _restore(self):
        """Give discarded deliveries the status and the reason they had."""
        now = self._read_clock()
        groups = self.grouped(lambda e: (e.discarded_state, e.discarded_reason))
        for (state, reason), events in groups.items():
            events.write(
                {
                    "state": state,
                    "reason": reason,
                    "done_at": now if state == "failed" else False,
                    "restored_by": self.env.uid,
                    "restored_at": now,
                }
            )
