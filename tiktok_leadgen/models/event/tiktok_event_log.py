"""What is recorded beside a delivery: how its attempts ended, and repetitions."""

from odoo import api, fields, models
from odoo.tools import SQL

from ... import const

RESULTS = [
    ("done", "Done"),
    ("ignored", "Ignored"),
    ("retry", "Will be tried again"),
    ("failed", "Failed"),
]


class TiktokEventAttempt(models.Model):
    """One attempt to process a delivery: when, how long, and with which result.

    It holds nothing of the lead: `tiktok.event._describe_error` names errors and quotes no value.
    It has no company of its own: a foreign key would wait for a company that a user holds locked.
    """

    _name = "tiktok.event.attempt"
    _description = "TikTok Event Attempt"
    _order = "attempted_at desc, id desc"
    _log_access = False

    event_id = fields.Many2one(
        "tiktok.event", required=True, readonly=True, index=True, ondelete="cascade"
    )
    attempted_at = fields.Datetime("Time", required=True, readonly=True)
    result = fields.Selection(RESULTS, required=True, readonly=True)
    reason = fields.Selection(const.REASONS, readonly=True)
    error = fields.Char(readonly=True)
    duration_ms = fields.Integer(
        "Milliseconds", readonly=True, aggregator=None, help="Of all that were processed together."
    )
    batch_size = fields.Integer("Processed together", readonly=True, aggregator=None)

    @api.model
    def _store_attempts(self, events, counts, seconds):
        """Store an attempt of each of these events, as it ended, in one statement.

        An event that only waits for a locked row was not attempted and gets no row.

        :param events: tiktok.event that were processed together
        :param list[int] counts: how many attempts each event had before
        :param float seconds: how long all of them took together
        """
        events.flush_recordset(["state", "reason", "error", "attempt_count"])
        query = SQL(
            """INSERT INTO tiktok_event_attempt
                      (event_id, attempted_at, result, reason, error, duration_ms, batch_size)
               SELECT event.id, clock_timestamp() AT TIME ZONE 'UTC',
                      CASE state WHEN 'pending' THEN 'retry' ELSE state END, reason, error, %s, %s
                 FROM tiktok_event event
                 JOIN unnest(%s::int[], %s::int[]) AS before (id, attempts) ON before.id = event.id
                WHERE event.state <> 'pending' OR event.attempt_count <> before.attempts""",
            round(seconds * 1000),
            len(events),
            events.ids,
            counts,
        )
        self.env.cr.execute(query, log_exceptions=False)
        events.invalidate_recordset(["attempt_ids"], flush=False)


class TiktokEventRepeat(models.Model):
    """A delivery of something that was delivered before: TikTok retries until it gets its 200.

    Rows are added, never changed: fifty deliveries at the same time wait neither for each other nor
    for the job that holds the event.
    """

    _name = "tiktok.event.repeat"
    _description = "TikTok Repeated Delivery"
    _order = "received_at desc, id desc"

    event_id = fields.Many2one(
        "tiktok.event", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", readonly=True)
    source = fields.Char(readonly=True)
    received_at = fields.Datetime("Received", readonly=True)
