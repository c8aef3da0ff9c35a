"""What scheduled actions need: when they run, and attempts that were interrupted."""

import contextlib
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .. import const
from ..concurrency import InterruptedAttemptsError

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
    def _count_attempt(self, job, record_id):
        """Count an attempt before its work begins; one that ends in any way takes it back.

        What is left was interrupted: by `kill -9`, by Odoo's time limit or for lack of memory.

        :param str job: names the work
        :param int record_id: of the record that is worked on
        :return: a context manager that tells how many attempts before it were interrupted
        :rtype: contextlib.AbstractContextManager[int]
        """
        query = SQL(
            """INSERT INTO tiktok_job_attempt (job, record_id, attempts, started_at)
               VALUES (%s, %s, 1, clock_timestamp() AT TIME ZONE 'UTC')
                   ON CONFLICT (job, record_id) DO UPDATE
                  SET attempts = tiktok_job_attempt.attempts + 1,
                      started_at = EXCLUDED.started_at
               RETURNING attempts""",
            job,
            record_id,
        )
        ((attempts,),) = self._execute_apart(query)
        try:
            yield attempts - 1
        finally:
            self._forget_attempts((job,), [record_id])

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
        with self._count_attempt(job, record_id) as interrupted:
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
                WHERE job = ANY(%s) GROUP BY record_id""",
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

    def _tiktok_trigger(self):
        """Have a job run right after this transaction, by the clock of the database.

        `_trigger` takes Odoo's clock, and the scheduler the database's: where Odoo's is ahead, the
        job is not due yet when it is woken, and waits for the minute.
        """
        self.ensure_one()
        cron = self.sudo()
        if cron.active:
            now = self.env.cr.now().replace(microsecond=0)
            self.env["ir.cron.trigger"].sudo().create({"cron_id": self.id, "call_at": now})
            self.env.cr.postcommit.add(self._notifydb)
