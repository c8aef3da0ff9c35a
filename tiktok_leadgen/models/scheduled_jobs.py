"""Scheduled actions: when they run, what waits for them, and attempts that were interrupted.

What happens when one record fails: `process_each` and `process_with_bisection`, `concurrency.py`.
"""

import contextlib
import typing
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .. import const
from ..concurrency import InterruptedAttemptsError
from ..event_claims import IS_OF_FILE
from ..event_claims import JOB as EVENT_JOB
from ..job_time import read_clock

RETENTION_DAYS = 7


class TiktokJobAttempt(models.Model):
    """An attempt of a job that was begun: a row that outlives its process says that it was killed.

    Only SQL writes rows, in transactions of their own: the transaction of the work is rolled back
    when its process is killed, and would take the count with it.
    """

    _name = "tiktok.job.attempt"
    _description = "TikTok Job Attempt"
    _log_access = False

    job = fields.Char(required=True, readonly=True)
    # No foreign key: its check would lock the record, which another transaction holds.
    record_id = fields.Integer(required=True, readonly=True)
    attempts = fields.Integer(required=True, readonly=True)
    started_at = fields.Datetime(required=True, readonly=True)

    _record_uniq = models.Constraint(
        "UNIQUE(job, record_id)", "A record has one attempt of a job at a time."
    )

    @api.model
    @contextlib.contextmanager
    def _count_attempt(self, job, record_ids, *, stays=False):
        """Count an attempt before its work begins; one that ends in any way takes it back.

        What is left was interrupted: by `kill -9`, by Odoo's time limit or for lack of memory.

        :param str job: names the work
        :param list[int] record_ids: of the records that are worked on together
        :param bool stays: remember when they were attempted, for `order_by_attempts`
        :return: a context manager that tells how many attempts before it were interrupted
        :rtype: contextlib.AbstractContextManager[int]
        """
        query = SQL(
            """INSERT INTO tiktok_job_attempt (job, record_id, attempts, started_at)
               SELECT %s, record_id, 1, clock_timestamp() AT TIME ZONE 'UTC'
                 FROM unnest(%s::int[]) AS record_id
                   ON CONFLICT (job, record_id) DO UPDATE
                  SET attempts = tiktok_job_attempt.attempts + 1,
                      started_at = EXCLUDED.started_at
               RETURNING attempts""",
            job,
            list(record_ids),
        )
        interrupted = max(attempts for (attempts,) in self._execute_apart(query)) - 1
        try:
            yield interrupted
        finally:
            if stays:
                self._execute_apart(
                    SQL(
                        """UPDATE tiktok_job_attempt SET attempts = 0
                            WHERE job = %s AND record_id = ANY(%s) RETURNING record_id""",
                        job,
                        list(record_ids),
                    )
                )
            else:
                self._forget_attempts((job,), record_ids)

    @api.model
    @contextlib.contextmanager
    def _limit_attempts(self, job, record_id):
        """Count an attempt, unless the attempts before it were interrupted too often.

        :param str job: names the work
        :param int record_id: of the record that is worked on
        :return: a context manager
        :rtype: contextlib.AbstractContextManager
        :raise InterruptedAttemptsError: instead of a further attempt
        """
        with self._count_attempt(job, [record_id]) as interrupted:
            if interrupted >= const.MAX_INTERRUPTED_ATTEMPTS:
                raise InterruptedAttemptsError(interrupted)
            yield

    @api.model
    def _find_interrupted(self, *jobs):
        """Find the records whose last attempt was interrupted.

        :param str jobs: names of work that no other process does now
        :return: number of attempts by id of the record
        :rtype: dict[int, int]
        """
        query = SQL(
            """SELECT record_id, max(attempts) FROM tiktok_job_attempt
                WHERE job = ANY(%s) AND attempts > 0 GROUP BY record_id""",
            list(jobs),
        )
        return dict(self.env.execute_query(query))

    @api.model
    def _forget_attempts(self, jobs, record_ids):
        """Let records be worked on as if no attempt was interrupted.

        :param jobs: names of work, iterable of str
        :param list[int] record_ids: of the records
        """
        self._execute_apart(
            SQL(
                """DELETE FROM tiktok_job_attempt
                    WHERE job = ANY(%s) AND record_id = ANY(%s) RETURNING record_id""",
                list(jobs),
                list(record_ids),
            )
        )

    @api.model
    def _execute_apart(self, query):
        """Execute a query in a transaction of its own that does not wait for the disk.

        A power cut may lose the count; nothing else depends on it.

        :param SQL query: of the attempts
        :return: the rows it returns
        :rtype: list[tuple]
        """
        with self.env.registry.cursor() as cr:
            cr.execute("SET LOCAL synchronous_commit TO off")
            cr.execute(query)
            return cr.fetchall()

    @api.autovacuum
    def _gc_attempts(self):
        """Delete attempts of records that were deleted, or that are not worked on any more."""
        query = SQL(
            """DELETE FROM tiktok_job_attempt
                WHERE started_at < now() AT TIME ZONE 'UTC' - interval '1 day' * %s""",
            RETENTION_DAYS,
        )
        self.env.cr.execute(query)


class IrCron(models.Model):
    """Run CRM's enrichment later, and our jobs right away, by the clock of the database."""

    _inherit = "ir.cron"

    def _trigger_list(self, at_list):
        """Have CRM enrich the leads of many deliveries in one run, some minutes later.

        CRM triggers it for each lead that is created. Where one worker runs all scheduled actions,
        the next lead would wait until the last one is enriched.

        :param at_list: when to run
        :return: ir.cron.trigger
        """
        if self.env.context.get("tiktok_lead_create") and self._is_tiktok_enrichment():
            at = self.env.cr.now() + timedelta(minutes=const.ENRICH_MINUTES)
            planned = [("cron_id", "=", self.id), ("call_at", ">", self.env.cr.now())]
            triggers = self.env["ir.cron.trigger"].sudo().search(planned, limit=1)
            return triggers or super()._trigger_list([at.replace(microsecond=0)])
        return super()._trigger_list(at_list)

    def _is_tiktok_enrichment(self):
        """Tell whether this is CRM's job that enriches leads.

        :rtype: bool
        """
        return self == self.env.ref(const.ENRICH_CRON_XMLID, raise_if_not_found=False)

    def _tiktok_trigger(self, at=None):
        """Have a job run right after this transaction or later, by the clock of the database.

        `_trigger` takes Odoo's clock, and the scheduler the database's: where Odoo's is ahead, the
        job is not due yet when it is woken, and waits for the minute.

        :param datetime at: when, by `job_time.read_clock`; default: now
        """
        self.ensure_one()
        now = read_clock(self.env) if at else self.env.cr.now().replace(microsecond=0)
        is_later, is_active = bool(at and at > now), self.sudo().active
        if is_active or is_later:
            self.env["ir.cron.trigger"].sudo().create({"cron_id": self.id, "call_at": at or now})
        if is_active and not is_later:
            self.env.cr.postcommit.add(self._notifydb)

    @api.model
    def _tiktok_trigger_job(self, xmlid, at=None):
        """Have the job of an XML ID run, unless it was deleted.

        :param str xmlid: of the job
        :param datetime at: when, by `job_time.read_clock`; default: now
        """
        cron = self.sudo().env.ref(xmlid, raise_if_not_found=False)
        if cron:
            cron._tiktok_trigger(at)


class MailMail(models.Model):
    """Leave the e-mails of scheduled actions to the queue: a server of e-mails may hang."""

    _inherit = "mail.mail"

    @api.model_create_multi
    def create(self, vals_list):
        """Wake the queue of e-mails for those that a scheduled action of ours leaves to it.

        :param list vals_list: of values
        :return: the e-mails
        :rtype: mail.mail
        """
        mails = super().create(vals_list)
        if self.env.context.get(const.QUEUED_MAIL_KEY):
            self.env["ir.cron"]._tiktok_trigger_job(const.MAIL_CRON_XMLID)
        return mails


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
        """Measure the queue on the database's clock, without rows of files: they may wait.

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
                        WHERE state = 'pending' AND NOT %s %s LIMIT %s) AS pending""",
            IS_OF_FILE,
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
            """SELECT EXISTS (SELECT FROM tiktok_job_attempt
                               WHERE job = %s AND started_at > clock_timestamp()
                                     AT TIME ZONE 'UTC' - interval '1 minute' * %s)""",
            EVENT_JOB,
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
