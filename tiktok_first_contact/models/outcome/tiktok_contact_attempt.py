from datetime import timedelta

from odoo import fields, models

from odoo.addons.tiktok_leadgen.job_time import read_transaction_clock

from ... import const

# What an outcome changes of the lead, and taking it back restores.
RESTORED_FIELDS = (
    *("tiktok_first_contact_at", "tiktok_first_contact_user_id", "tiktok_first_contact_how"),
    *("tiktok_response_seconds", "tiktok_response_work_seconds"),
    *("tiktok_remind_at", "tiktok_reassign_at", "tiktok_next_try_at", "tiktok_try_remind_at"),
    "tiktok_is_wrong_number",
    *("probability", "automated_probability", "lost_reason_id"),
)
CONTACT_FIELDS = RESTORED_FIELDS[:9]  # they belong together: a later first contact keeps them all
LOST_FIELDS = RESTORED_FIELDS[-3:]  # a user may have changed them since, unless the lead is lost


class TiktokContactAttempt(models.Model):
    """One call or WhatsApp message to a lead, and how it ended."""

    _name = "tiktok.contact.attempt"
    _description = "TikTok Contact Attempt"
    _inherit = ["tiktok.protected.mixin"]
    _order = "id desc"
    _rec_name = "channel"

    lead_id = fields.Many2one(
        "crm.lead", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", readonly=True, index="btree_not_null")
    user_id = fields.Many2one("res.users", "Salesperson", required=True, readonly=True)
    channel = fields.Selection(const.CHANNELS, required=True, readonly=True)
    started_at = fields.Datetime("Started", required=True, readonly=True)
    outcome = fields.Selection(const.OUTCOMES, readonly=True)
    outcome_at = fields.Datetime("Outcome set", readonly=True)
    before = fields.Json("Before the outcome", readonly=True, groups="base.group_system")
    after = fields.Json("After the outcome", readonly=True, groups="base.group_system")

    _open_idx = models.Index("(lead_id, user_id) WHERE outcome IS NULL")

    def _is_undoable(self):
        """Tell whether the outcome was set a moment ago, and nothing follows it.

        :rtype: bool
        """
        self.ensure_one()
        since = read_transaction_clock(self.env) - timedelta(minutes=const.UNDO_MINUTES)
        newest = self.search([("lead_id", "=", self.lead_id.id)], limit=1)
        return bool(self.outcome) and self.outcome_at >= since and newest == self

    def _count_failures(self):
        """Count the tries in a row without an answer, this one included.

        :rtype: int
        """
        self.ensure_one()
        outcomes = self.search([("lead_id", "=", self.lead_id.id)]).mapped("outcome")
        answered = [number for number, outcome in enumerate(outcomes) if outcome == "reached"]
        return outcomes[: answered[0] if answered else None].count("no_answer")

    def _remember_lead(self, activities):
        """Store what an outcome is about to change, so that it can be taken back.

        :param activities: mail.activity that the outcome may close or move
        """
        self.ensure_one()
        self.before = {
            **self._read_lead(),
            "activities": {
                activity.id: fields.Date.to_string(activity.date_deadline)
                for activity in activities
            },
        }

    def _read_lead(self):
        """Return what an outcome changes of the lead, as JSON holds it.

        :rtype: dict
        """
        lead, known = self.lead_id, self.lead_id._fields
        values = {
            name: known[name].convert_to_write(lead[name], lead)
            for name in RESTORED_FIELDS
            if name in known
        }
        return {
            "lead": {
                name: fields.Datetime.to_string(value) if hasattr(value, "year") else value
                for name, value in values.items()
            },
            "active": lead.active,
        }

    def _restore_lead(self):
        """Undo what the outcome changed, and no one since; notes in the chatter stay."""
        self.ensure_one()
        lead, before, now = self.lead_id, self.before or {}, self._read_lead()
        after = self.after or now
        values = {
            name: value
            for name, value in before.get("lead", {}).items()
            if now["lead"].get(name) == after["lead"].get(name)
        }
        is_contacted = "tiktok_first_contact_at" not in values
        kept = CONTACT_FIELDS if is_contacted else ()
        if before.get("active") and not lead.active and not after["active"]:
            lead.action_unarchive()
        else:
            kept += LOST_FIELDS
        values = {name: value for name, value in values.items() if name not in kept}
        lead.with_context(tracking_disable=True).write(values)
        self._restore_activities(is_contacted)
        self.write({"outcome": False, "outcome_at": False, "before": False, "after": False})

    def _restore_activities(self, is_contacted):
        """Plan the calls again that the outcome closed or moved, and delete what it planned.

        :param bool is_contacted: whether the first contact was made since: no call is planned again
        """
        activities = self.env["mail.activity"].with_context(active_test=False)
        days = (self.before or {}).get("activities", {})
        earlier = {} if is_contacted else {int(number): day for number, day in days.items()}
        domain = [("res_model", "=", "crm.lead"), ("res_id", "=", self.lead_id.id)]
        for activity in activities.search([*domain, ("id", "in", list(earlier))]):
            activity.write({"active": True, "date_deadline": earlier[activity.id]})
        activities.search([*domain, ("tiktok_attempt_id", "=", self.id)]).unlink()


class MailActivity(models.Model):
    _inherit = "mail.activity"

    tiktok_attempt_id = fields.Many2one(
        "tiktok.contact.attempt",
        "Planned after",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
