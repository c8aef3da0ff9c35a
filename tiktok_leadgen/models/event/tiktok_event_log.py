"""What is recorded beside a delivery: attempts, interrupted ones among them, and repetitions."""

import contextlib

from odoo import api, fields, models
from odoo.tools import SQL

from ... import const
from ...file_rows import IS_OF_FILE

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


class TiktokEventClaim(models.Model):
    """An attempt that was begun: a row that outlives its process says that the process died.

    Only SQL writes rows, in transactions of their own: the transaction that processes an event is
    rolled back when its process is killed, and the count would be lost with it.
    """

    _name = "tiktok.event.claim"
    _description = "TikTok Event Attempt"
    _log_access = False

    # No foreign key: its check would lock the event, which another transaction holds.
    event_id = fields.Integer(required=True, readonly=True)
    attempts = fields.Integer(required=True, readonly=True)
    claimed_at = fields.Datetime(required=True, readonly=True)

    _event_uniq = models.Constraint("UNIQUE(event_id)", "A delivery has one attempt at a time.")

    @api.model
    def _claim_next(self, after_id=0):
        """Lock the next events: first what arrives, then an interrupted one, then rows of files.

        :param int after_id: skip the events up to this one, and all but what arrives
        :return: the events, and how many attempts were interrupted if it is one of those
        :rtype: tuple[tiktok.event, int]
        """
        events, attempts = self._claim_events(after_id, of_files=False), 0
        if not events and not after_id:
            events, attempts = self._claim_interrupted_event()
        if not events and not after_id:
            events = self._claim_events(of_files=True)
        return events, attempts

    @api.model
    def _claim_events(self, after_id=0, ids=None, limit=None, of_files=None):
        """Lock the next events that are due and that no other transaction has locked.

        Interrupted events are left to `_claim_interrupted_event`. Their ids are an array, so that
        the index of pending events keeps giving the order.

        :param int after_id: skip the events up to this one: they were processed in this run
        :param list ids: only these
        :param int limit: how many at most, `BATCH_SIZE` if it is None
        :param bool of_files: only rows of files, or none of them; None for all
        :rtype: tiktok.event
        """
        conditions = [SQL("AND id = ANY(%s)", ids)] if ids is not None else []
        if of_files is not None:
            conditions.append(SQL("AND %s = %s", IS_OF_FILE, of_files))
        self.env.cr.execute(
            SQL(
                """SELECT id FROM tiktok_event
                    WHERE state = 'pending' AND id > %s %s
                      AND next_try_at <= clock_timestamp() AT TIME ZONE 'UTC'
                      AND NOT id = ANY(ARRAY(SELECT event_id FROM tiktok_event_claim))
                    ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED""",
                after_id,
                SQL(" ").join(conditions),
                limit or const.BATCH_SIZE,
            ),
            log_exceptions=False,
        )
        return self.env["tiktok.event"].browse([row[0] for row in self.env.cr.fetchall()])

    @api.model
    def _claim_few(self, most):
        """Lock a few of the events that are due if only a few wait.

        One transaction of the database at a time: another one finds nothing. The newest events are
        looked at, so that old ones that wait for their next attempt cost no time.

        :param int most: how many may wait
        :rtype: tiktok.event
        """
        query = SQL(
            """SELECT id FROM (SELECT id, next_try_at FROM tiktok_event
                                WHERE state = 'pending' AND NOT %s
                                ORDER BY id DESC LIMIT %s) AS newest
                WHERE next_try_at <= clock_timestamp() AT TIME ZONE 'UTC'""",
            IS_OF_FILE,
            most + 1,
        )
        ids = sorted(row[0] for row in self.env.execute_query(query))
        if ids and len(ids) <= most:
            lock = SQL("SELECT pg_try_advisory_xact_lock(%s)", const.AFTER_ANSWER_LOCK)
            if self.env.execute_query(lock)[0][0]:
                return self._claim_events(ids=ids, limit=const.AFTER_ANSWER_BATCH)
        return self.env["tiktok.event"]

    @api.model
    def _claim_interrupted_event(self):
        """Lock the interrupted event that has the lowest number of attempts.

        Each is processed alone: it may be the one that stops the process.

        :return: the event, empty if there is none, and how many attempts were interrupted
        :rtype: tuple[tiktok.event, int]
        """
        self.env.cr.execute(
            SQL(
                """SELECT event.id, claim.attempts
                     FROM tiktok_event_claim claim
                     JOIN tiktok_event event ON event.id = claim.event_id
                    WHERE event.state = 'pending'
                      AND event.next_try_at <= clock_timestamp() AT TIME ZONE 'UTC'
                    ORDER BY claim.attempts, event.id LIMIT 1
                      FOR NO KEY UPDATE OF event SKIP LOCKED"""
            ),
            log_exceptions=False,
        )
        event_id, attempts = self.env.cr.fetchone() or (None, 0)
        return self.env["tiktok.event"].browse(event_id or ()), attempts

    @api.model
    def _has_claims(self):
        """Tell whether an attempt is under way, or was interrupted.

        :rtype: bool
        """
        self.env.cr.execute("SELECT EXISTS (SELECT FROM tiktok_event_claim)")
        return self.env.cr.fetchone()[0]

    @api.model
    @contextlib.contextmanager
    def _count_attempt(self, events):
        """Count an attempt before its work begins, and forget it when the work ends in any way.

        A row that stays was interrupted: by `kill -9`, by Odoo's time limit or for lack of memory.

        :param events: tiktok.event that are processed together
        """
        self._execute_separately(
            SQL(
                """INSERT INTO tiktok_event_claim (event_id, attempts, claimed_at)
                   SELECT event_id, 1, clock_timestamp() AT TIME ZONE 'UTC'
                     FROM unnest(%s) AS event_id
                       ON CONFLICT (event_id) DO UPDATE
                      SET attempts = tiktok_event_claim.attempts + 1,
                          claimed_at = EXCLUDED.claimed_at""",
                events.ids,
            )
        )
        try:
            yield
        finally:
            self._execute_separately(self._prepare_release(events))

    @api.model
    def _release_events(self, events):
        """Let events be processed as if they were never interrupted.

        :param events: tiktok.event
        """
        self.env.cr.execute(self._prepare_release(events))

    @api.model
    def _prepare_release(self, events):
        return SQL("DELETE FROM tiktok_event_claim WHERE event_id = ANY(%s)", events.ids)

    @api.model
    def _execute_separately(self, query):
        """Execute a query in a transaction of its own that does not wait for the disk.

        A power cut may lose the count; nothing else depends on it.

        :param SQL query: of the attempts
        """
        with self.env.registry.cursor() as cr:
            cr.execute("SET LOCAL synchronous_commit TO off")
            cr.execute(query)

    @api.autovacuum
    def _gc_claims(self):
        """Delete attempts of processed events: their process died right after its commit."""
        self.env.cr.execute(
            """DELETE FROM tiktok_event_claim claim
                WHERE claimed_at < now() AT TIME ZONE 'UTC' - interval '1 day'
                  AND NOT EXISTS (SELECT FROM tiktok_event
                                   WHERE id = claim.event_id AND state = 'pending')"""
        )


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
