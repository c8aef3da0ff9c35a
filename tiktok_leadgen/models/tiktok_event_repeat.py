from datetime import timedelta

from odoo import api, fields, models

from .. import const

REPEATS = ("noted", "reopened")


class TiktokEventRepeat(models.Model):
    """One more delivery of what was there already: TikTok tries again until it gets its 200.

    Rows are added, never changed: fifty deliveries at once don't wait for each other, nor for the
    job that holds the event.
    """

    _name = "tiktok.event.repeat"
    _description = "TikTok Event That Came Again"
    _order = "received_at desc, id desc"

    event_id = fields.Many2one(
        "tiktok.event", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", readonly=True)
    source = fields.Char("Came by", readonly=True)
    received_at = fields.Datetime("Received", readonly=True)


class TiktokEvent(models.Model):
    _inherit = "tiktok.event"

    @api.model
    def _again_query(self):
        """Return the part of the receiving statement that traces what came again.

        A backfill brings most leads again every night, and what has no proof is bounded by other
        means: neither is traced.

        :rtype: str
        """
        return """
            INSERT INTO tiktok_event_repeat (
                event_id, company_id, source, received_at, create_uid, create_date, write_uid,
                write_date
            )
            SELECT event.id, event.company_id, item.source, clock, 1, clock, 1, clock
              FROM item
              JOIN tiktok_event event
                ON COALESCE(event.company_id, 0) = COALESCE(item.company_id, 0)
               AND event.dedup_key = item.dedup_key,
                   (SELECT clock_timestamp() AT TIME ZONE 'UTC' AS clock) AS moment
             WHERE item.source != 'backfill' AND item.trust != 'none'
        """

    def _repeat_reason(self, lead):
        """Return why it has no lead of its own, or None if it has.

        :param lead: crm.lead
        :rtype: str | None
        """
        self.ensure_one()
        if lead.tiktok_event_id == self:
            return None
        return self.reason if self.reason in REPEATS else "repeated"

    def _is_late(self):
        """Tell whether an export brought it so late that nobody waits at the phone any more.

        :rtype: bool
        """
        moment = self.submitted_at
        late = moment and self.received_at - moment > timedelta(minutes=const.LATE_MINUTES)
        return bool(late) and self.source == "backfill"

    def _is_switched_off(self):
        """Tell whether lead generation is off for its company: it will be ignored again."""
        self.ensure_one()
        company = self.company_id.sudo()
        return self.kind == "lead" and not (company.active and company.tiktok_leadgen_enabled)

    def _notify_off(self, count):
        """Say that trying again changes nothing yet."""
        action = self._notify_count(
            self.env._(
                "%s will make no lead: lead generation is off for the company. Turn it on under "
                "CRM → Integrations → TikTok, then replay again.",
                count,
            )
        )
        action["params"].update(type="warning", sticky=True)
        return action
