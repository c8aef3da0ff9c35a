from odoo import fields, models
from odoo.tools import SQL

from .. import const

RESULTS = [
    ("done", "Done"),
    ("ignored", "Ignored"),
    ("retry", "Will be tried again"),
    ("failed", "Failed"),
]


class TiktokEventAttempt(models.Model):
    """One attempt to process a delivery: when, how long, and what came of it.

    It holds nothing of the lead: `tiktok.event._describe` names errors and quotes no value. It has
    no company of its own: a foreign key would wait for a company that a person holds locked.
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


class TiktokEvent(models.Model):
    _inherit = "tiktok.event"

    attempt_ids = fields.One2many(
        "tiktok.event.attempt",
        "event_id",
        "Attempts",
        readonly=True,
        groups="sales_team.group_sale_manager",
    )

    def _store_attempts(self, tries, seconds):
        """Note an attempt of each of these events, as it ended, in one statement.

        One that only waits for a locked row was not attempted: it stays as it was.

        :param list[int] tries: how many attempts each event had before
        :param float seconds: how long all of them took together
        """
        self.flush_recordset(["state", "reason", "error", "tries"])
        query = SQL(
            """INSERT INTO tiktok_event_attempt
                      (event_id, attempted_at, result, reason, error, duration_ms, batch_size)
               SELECT event.id, clock_timestamp() AT TIME ZONE 'UTC',
                      CASE state WHEN 'pending' THEN 'retry' ELSE state END, reason, error, %s, %s
                 FROM tiktok_event event
                 JOIN unnest(%s::int[], %s::int[]) AS before (id, tries) ON before.id = event.id
                WHERE event.state <> 'pending' OR event.tries <> before.tries""",
            round(seconds * 1000),
            len(self),
            self.ids,
            tries,
        )
        self.env.cr.execute(query, log_exceptions=False)
        self.invalidate_recordset(["attempt_ids"], flush=False)
