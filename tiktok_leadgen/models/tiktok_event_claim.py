import contextlib

from odoo import api, fields, models
from odoo.tools import SQL

from .. import const


class TiktokEventClaim(models.Model):
    """An attempt that was begun: a row that outlives its process says that the process died.

    Only SQL writes rows, in transactions of their own: the transaction that processes an event is
    rolled back when its process is killed, and would take the count with it.
    """

    _name = "tiktok.event.claim"
    _description = "TikTok Event Attempt"
    _log_access = False

    # No foreign key: its check would lock the event, which another transaction holds.
    event_id = fields.Integer(required=True, readonly=True)
    attempts = fields.Integer(required=True, readonly=True)
    claimed_at = fields.Datetime(required=True, readonly=True)

    _event_uniq = models.Constraint("UNIQUE(event_id)", "An event has one attempt at a time.")


class TiktokEvent(models.Model):
    """Who works on which event, and what is left by a process that was killed."""

    _inherit = "tiktok.event"

    @api.model
    def _claim(self, after_id=0, ids=None):
        """Lock the next events that are due and that nobody else works on.

        Those that an earlier process was killed with are left for `_claim_interrupted`. Their ids
        are an array, so that the index of pending events keeps giving the order.

        :param int after_id: skip up to this one: it was done in this run
        :param list ids: only these
        :rtype: tiktok.event
        """
        self.env.cr.execute(
            SQL(
                """SELECT id FROM tiktok_event
                    WHERE state = 'pending' AND id > %s %s
                      AND next_try_at <= clock_timestamp() AT TIME ZONE 'UTC'
                      AND NOT id = ANY(ARRAY(SELECT event_id FROM tiktok_event_claim))
                    ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED""",
                after_id,
                SQL("AND id = ANY(%s)", ids) if ids is not None else SQL(),
                const.BATCH_SIZE,
            ),
            log_exceptions=False,
        )
        return self.browse([row[0] for row in self.env.cr.fetchall()])

    @api.model
    def _claim_interrupted(self):
        """Lock one event that a process was killed with, the one with the fewest attempts first.

        Each is processed alone: it may be the one that kills.

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
        return self.browse(event_id or ()), attempts

    @api.model
    def _has_claims(self):
        """Tell whether an attempt is under way, or was interrupted.

        :rtype: bool
        """
        self.env.cr.execute("SELECT EXISTS (SELECT FROM tiktok_event_claim)")
        return self.env.cr.fetchone()[0]

    @contextlib.contextmanager
    def _counted_attempt(self):
        """Count an attempt before its work begins; one that ends in any way takes it back.

        What is left was interrupted: by `kill -9`, by Odoo's time limit or for lack of memory.
        """
        self._execute_apart(
            SQL(
                """INSERT INTO tiktok_event_claim (event_id, attempts, claimed_at)
                   SELECT event_id, 1, clock_timestamp() AT TIME ZONE 'UTC'
                     FROM unnest(%s) AS event_id
                       ON CONFLICT (event_id) DO UPDATE
                      SET attempts = tiktok_event_claim.attempts + 1,
                          claimed_at = EXCLUDED.claimed_at""",
                self.ids,
            )
        )
        try:
            yield
        finally:
            self._execute_apart(
                SQL("DELETE FROM tiktok_event_claim WHERE event_id = ANY(%s)", self.ids)
            )

    @api.model
    def _execute_apart(self, query):
        """Execute a query in a transaction of its own that does not wait for the disk.

        A power cut may lose the count; nothing else depends on it.

        :param SQL query: of the attempts
        """
        with self.env.registry.cursor() as cr:
            cr.execute("SET LOCAL synchronous_commit TO off")
            cr.execute(query)

    def _forget_claims(self):
        """Let events be processed as if they were never interrupted."""
        self.env.cr.execute(
            SQL("DELETE FROM tiktok_event_claim WHERE event_id = ANY(%s)", self.ids)
        )

    def _process_interrupted(self, attempts):
        """Process one event alone, or give it up after the last attempt.

        :param int attempts: how many were interrupted so far
        :return: whether it is blocked for a moment
        :rtype: bool
        """
        self.ensure_one()
        sentence = self.env._(
            "Odoo stopped while it processed this delivery, attempts: %s. It takes too long or "
            "too much memory.",
            attempts,
        )
        self._note(sentence)
        tries = self.tries
        self.tries = tries + attempts
        if attempts < const.MAX_INTERRUPTED_ATTEMPTS:
            return self._process_batch(self)
        self._fail("interrupted", sentence)
        self._store_attempts([tries], 0)
        return False

    @api.autovacuum
    def _gc_claims(self):
        """Delete attempts of events that are done: their process died right after its commit."""
        self.env.cr.execute(
            """DELETE FROM tiktok_event_claim claim
                WHERE claimed_at < now() AT TIME ZONE 'UTC' - interval '1 day'
                  AND NOT EXISTS (SELECT FROM tiktok_event
                                   WHERE id = claim.event_id AND state = 'pending')"""
        )
