import typing

from odoo import api, models
from odoo.tools import SQL

from ... import const


class QueueStatus(typing.NamedTuple):
    """How long events wait, and what for."""

    waiting: int  # due events, counted up to `const.COUNTED_EVENTS`
    seconds: float  # for which the event that was due first waits
    cause: str  # "", "off", "busy", "job", "blocked" or "no_worker"
    jobs: tuple  # names of other scheduled actions that run now

    @property
    def is_slow(self):
        """Whether a lead waits longer than it should."""
        return self.seconds > const.SLOW_SECONDS


class TiktokQueueStatus(models.AbstractModel):
    """Whether leads wait, and what for: for the company's page and for monitoring."""

    _name = "tiktok.queue.status"
    _description = "TikTok Queue Status"

    @api.model
    def _get_queue_status(self, company=None):
        """Find out whether events wait for the job that processes them, and why.

        :param company: res.company whose events are measured; all events without it
        :rtype: QueueStatus
        """
        waiting, seconds, blocked = self._measure_queue(company)
        longest = max(seconds, blocked)
        if longest <= const.SLOW_SECONDS:
            return QueueStatus(waiting, longest, "", ())
        job = self.env.ref(const.CRON_XMLID, raise_if_not_found=False)
        if not (job and job.sudo().active):
            return QueueStatus(waiting, longest, "off", ())
        if seconds <= const.SLOW_SECONDS:
            return QueueStatus(waiting, longest, "blocked", ())
        if self._is_being_processed():
            return QueueStatus(waiting, longest, "busy", ())
        jobs = self._find_running_jobs(job)
        return QueueStatus(waiting, longest, "job" if jobs else "no_worker", jobs)

    @api.model
    def _measure_queue(self, company):
        """Measure the queue on the database's clock.

        :param company: res.company whose events are measured, or None
        :return: due events, seconds since the first of them was due, and seconds since the first
            of those was received that a locked row holds back
        :rtype: tuple[int, float, float]
        """
        self.env["tiktok.event"].flush_model()
        query = SQL(
            """SELECT count(*) FILTER (WHERE due),
                      coalesce(extract(epoch FROM max(clock - next_try_at) FILTER (WHERE due)), 0),
                      coalesce(extract(epoch FROM max(clock - received_at)
                                       FILTER (WHERE NOT due AND error IS NULL)), 0)
                 FROM (SELECT next_try_at <= clock AS due, next_try_at, received_at, error, clock
                         FROM tiktok_event,
                              (SELECT clock_timestamp() AT TIME ZONE 'UTC' AS clock) AS moment
                        WHERE state = 'pending' %s LIMIT %s) AS pending""",
            SQL("AND company_id = %s", company.id) if company else SQL(),
            const.COUNTED_EVENTS,
        )
        ((waiting, seconds, blocked),) = self.env.execute_query(query)
        return waiting, float(seconds), float(blocked)

    @api.model
    def _is_being_processed(self):
        """Tell whether a batch of events is processed now, on this node or another.

        :rtype: bool
        """
        query = SQL(
            """SELECT EXISTS (SELECT FROM tiktok_event_claim
                               WHERE claimed_at > clock_timestamp() AT TIME ZONE 'UTC'
                                     - interval '1 minute' * %s)""",
            const.CLAIM_MINUTES,
        )
        return self.env.execute_query(query)[0][0]

    @api.model
    def _find_running_jobs(self, own_job):
        """Find the other scheduled actions that run now: the scheduler locks the row of each.

        Only used where a lead waits, because it locks the others for as long as it takes.

        :param own_job: ir.cron, left out
        :return: their names
        :rtype: tuple[str]
        """
        query = SQL(
            """SELECT cron_name FROM ir_cron
                WHERE active AND id != %(own)s AND id NOT IN (
                    SELECT id FROM (SELECT id FROM ir_cron WHERE active AND id != %(own)s
                                       FOR SHARE SKIP LOCKED) AS free)
                ORDER BY cron_name""",
            own=own_job.id,
        )
        with self.env.registry.cursor() as cr:
            cr.execute(query)
            names = tuple(name for (name,) in cr.fetchall())
            cr.rollback()
        return names
