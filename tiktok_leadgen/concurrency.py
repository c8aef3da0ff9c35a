"""The job runner of the scheduled actions: retries, isolation of bad records, waits.

Odoo repeats a *request* that runs into another transaction, but not a scheduled action. All of
ours therefore run through this module. PostgreSQL's isolation level is REPEATABLE READ: a row
that another transaction changed since our snapshot raises an error even for ``SKIP LOCKED``.
"""

import collections
import functools
import logging
from datetime import timedelta

import psycopg2

from odoo.service.model import (
    MAX_TRIES_ON_CONCURRENCY_FAILURE,
    PG_CONCURRENCY_EXCEPTIONS_TO_RETRY,
)

from . import const
from .job_order import get_position, order_by_attempts, order_jobs, store_position
from .job_time import backoff, find_record_seconds, has_time, read_clock  # noqa: F401
from .locks import limit_job_lock_wait, limit_lock_wait
from .tiktok import client

_logger = logging.getLogger(__name__)

# After one record waited for a lock in vain, the holder needs more than a moment.
SHORT_LOCK_WAIT_MS = 50
MAX_BLOCKED = 3  # records in a row that wait for a lock in vain; the rest is not attempted
# How the attempt with one record ended: `process_each`.
DONE, LEFT, CONFLICT = "done", "left", "conflict"


class InterruptedAttemptsError(Exception):
    """Each attempt ended with its process: killed, out of time or out of memory.

    :param int attempts: how many in a row
    """

    def __init__(self, attempts):
        super().__init__(f"{attempts} attempts were interrupted")
        self.attempts = attempts


class UnfinishedError(Exception):
    """A record stays due: there was no time for all of it, or another transaction holds it."""


def retry_on_serialization_failure(method):
    """Decorate a scheduled action so that it starts again after a concurrency error.

    What the action committed before stays, so it must itself find what is left to do. After
    ``MAX_TRIES_ON_CONCURRENCY_FAILURE`` attempts it returns, and runs again after the others. No
    statement waits longer than a moment for a row. E-mails are left to the queue: it may hang.

    :param method: of a model, without arguments
    :return: the decorated method
    """

    @functools.wraps(method)
    def retry(self):
        model, wait = self.with_context(**const.JOB_CONTEXT), 0
        for attempt in range(1, MAX_TRIES_ON_CONCURRENCY_FAILURE + 1):
            try:
                with limit_job_lock_wait(self.env.cr):
                    return method(model)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as error:
                self.env.cr.rollback()
                wait = const.CONFLICT_SECONDS * isinstance(error, psycopg2.errors.LockNotAvailable)
                kind = type(error).__name__
                _logger.info("TikTok: %s: attempt %s: %s", method.__name__, attempt, kind)
        wake_running_job(self.env, wait)
        return None

    return retry


def in_new_transaction(env, function, *args):
    """Call a function in a transaction of its own, again after a concurrency error.

    :param odoo.api.Environment env: whose database and context are used
    :param function: takes an environment of the new transaction, as superuser, and the arguments
    :param args: passed on to the function
    :return: what the function returns
    :raise psycopg2.Error: the concurrency error of the last attempt, or of one that waited for a
        locked row in vain
    """
    for left in reversed(range(MAX_TRIES_ON_CONCURRENCY_FAILURE)):
        with env.registry.cursor() as cr:
            try:
                limit_lock_wait(cr, const.LOCK_WAIT_MS)
                result = function(env(cr=cr, su=True), *args)
                cr.flush()
                return result
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as error:
                cr.rollback()
                if not left or isinstance(error, psycopg2.errors.LockNotAvailable):
                    raise
    return None


def process_with_bisection(records, work, on_error):
    """Process all records together; if that fails, each half of them, down to the bad record.

    A bad record costs a few savepoints and nothing but itself. Where record after record waits
    for a lock in vain, the rest is given to ``on_error`` without an attempt.

    :param records: recordset of any model
    :param work: called with some of the records; what it wrote is undone if it raises
    :param on_error: called with one record and the exception it raised alone
    :raise psycopg2.Error: a concurrency error: the whole transaction must start again
    """
    _Bisection(work, on_error).run(records)


def process_in_batches(model, domain, work, on_error, size, job):
    """Process the records of a domain batch after batch, each batch in a transaction of its own.

    A record that another transaction holds is left for the next run, which begins behind the last
    batch that was begun, also if its process was killed: what stays due holds up nothing.

    :param model: an empty recordset
    :param list domain: of the records that are due; work makes them leave it
    :param work: of `process_with_bisection`
    :param on_error: of `process_with_bisection`
    :param int size: records in one batch
    :param str job: names the work
    :return: whether all were processed before the scheduler's time was over
    :rtype: bool
    """
    first_id = last_id = get_position(model.env, job)
    is_second_part = not first_id
    while True:
        part = [("id", ">", last_id)]
        part += [("id", "<=", first_id)] if first_id and is_second_part else []
        found = model.search([*domain, *part], order="id", limit=size)
        if not found and is_second_part:
            if last_id or first_id:
                store_position(model.env, job, 0)
            return True
        if not found:
            last_id, is_second_part = 0, True
            continue
        last_id = found[-1].id
        store_position(model.env, job, last_id)
        locked = found.try_lock_for_update()
        process_with_bisection(locked, work, on_error)
        if not commit_progress(model.env, processed=len(locked)):
            wake_running_job(model.env)
            return False


def delete_unlocked(records, work=None):
    """Delete records in the cleanup, except those that can't be deleted or are locked.

    :param records: of any model, up to `const.GC_BATCH` of more that are due
    :param work: called with some of the records, where it is something else that is deleted
    :return: how many were processed, and whether to look for more
    :rtype: tuple[int, int]
    """
    refused = []

    def refuse_record(record, error):
        refused.append(record.id)
        _logger.info("%s %s: not deleted: %s", record._name, record.id, type(error).__name__)

    limit_lock_wait(records.env.cr, const.LOCK_WAIT_MS)
    locked = records.try_lock_for_update()
    process_with_bisection(locked, work or type(records).unlink, refuse_record)
    count = len(locked) - len(refused)
    return count, int(bool(count) and len(records) == const.GC_BATCH)


class _Bisection:
    """One call of `process_with_bisection`.

    :param work: of `process_with_bisection`
    :param on_error: of `process_with_bisection`
    """

    def __init__(self, work, on_error):
        self._work = work
        self._on_error = on_error
        self._blocked = 0  # how many single records in a row waited for a lock in vain

    def run(self, records):
        """Work on some of the records.

        :param records: of any model
        """
        if not records:
            return
        if self._blocked >= MAX_BLOCKED:
            for record in records:
                self._on_error(record, psycopg2.errors.LockNotAvailable())
            return
        try:
            with records.env.cr.savepoint():
                self._work(records)
            self._blocked = 0
        except psycopg2.errors.LockNotAvailable as error:
            limit_lock_wait(records.env.cr, SHORT_LOCK_WAIT_MS)
            self._blocked += len(records) == 1
            self._split(records, error)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the other records go on
            self._split(records, error)

    def _split(self, records, error):
        if len(records) == 1:
            self._on_error(records, error)
            return
        middle = len(records) // 2
        self.run(records[:middle])
        self.run(records[middle:])


def process_each(records, work, on_error, job):
    """Process one record after the other, each in a transaction of its own.

    A concurrency error, also a `UniqueViolation`, leaves the record untouched: it is tried a second
    time after the others, unless it waited for a lock, and then stays due. Any other exception is
    rolled back and handed to ``on_error``, whose own changes are committed.

    Each attempt is stored before it begins: what was tried last comes last, what interrupted its
    process after all others, and after ``const.MAX_INTERRUPTED_ATTEMPTS`` interruptions
    ``on_error`` gets an `InterruptedAttemptsError`. All calls to TikTok about one record together
    have `find_record_seconds`. The rest is left to a new run: the scheduler repeats ten times.

    :param records: recordset of any model
    :param work: called with one record, whose context has the number of attempts that were
        interrupted (``tiktok_interrupted``); raises `UnfinishedError` if the record stays due
    :param on_error: called with one record and the exception, after the rollback
    :param str job: names the work whose attempts are stored
    :return: the records that stay due
    """
    env, left_over = records.env, records.browse()
    records, is_interrupted = order_by_attempts(job, records)
    # Odoo holds back a job that was killed three times without progress.
    commit_progress(env, processed=int(is_interrupted))
    queue = collections.deque((record, True) for record in records)
    while queue:
        record, is_first = queue.popleft()
        with env["tiktok.job.attempt"]._count_attempt(job, record.ids, stays=True) as attempts:
            outcome = _process_one(record, work, on_error, attempts, is_first)
            commit_progress(env)
        if outcome == CONFLICT and is_first:
            queue.append((record, False))
        elif outcome != DONE:
            left_over += record
        if not has_time(env):
            break
    left_over += records.browse(record.id for record, _is_first in queue)
    if left_over:
        wake_running_job(env, 0 if queue or not has_time(env) else const.CONFLICT_SECONDS)
    return left_over


def process_stages(env, stages):
    """Do several kinds of work in one scheduled action, each with `process_each`.

    The kind that was attempted the longest ago comes first: where one takes all the time of each
    run, the others have theirs in the next one.

    :param odoo.api.Environment env: of the scheduled action
    :param dict stages: functions by the name of the job that `process_each` gets; each returns the
        records that were due
    """
    has_worked = False
    for job in order_jobs(env, stages):
        if has_worked and not has_time(env):
            wake_running_job(env)
            return
        has_worked = bool(stages[job]()) or has_worked


def _process_one(record, work, on_error, attempts, is_first):
    """Process one record and roll back what failed.

    :param record: of any model
    :param work: of `process_each`
    :param on_error: of `process_each`
    :param int attempts: that were interrupted
    :param bool is_first: whether a second attempt of this run may follow
    :return: `DONE`, `LEFT` or `CONFLICT`
    :rtype: str
    """
    env, unique = record.env, (psycopg2.errors.UniqueViolation,) * is_first
    to_repeat = (UnfinishedError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, *unique)
    try:
        try:
            _call_work(record, work, attempts)
        except to_repeat:
            raise
        except Exception as error:  # noqa: BLE001 - one record never stops the others
            env.cr.rollback()
            if record.exists():  # it may have been deleted meanwhile
                on_error(record, error)
                env.flush_all()
    except to_repeat as error:
        env.cr.rollback()  # another transaction holds or changed it: it stays due
        _logger.info("TikTok: %s stays due: %s", record, type(error).__name__)
        is_left = isinstance(error, (UnfinishedError, psycopg2.errors.LockNotAvailable))
        return LEFT if is_left else CONFLICT
    return DONE


def _call_work(record, work, attempts):
    """Call the work of one record, unless it was interrupted too often.

    :param record: of any model
    :param work: of `process_each`
    :param int attempts: that were interrupted
    :raise InterruptedAttemptsError: instead of a further attempt
    """
    if attempts >= const.MAX_INTERRUPTED_ATTEMPTS:
        raise InterruptedAttemptsError(attempts)
    with client.deadline(find_record_seconds()):
        work(record.with_context(tiktok_interrupted=attempts))
    record.env.flush_all()


def wake_running_job(env, seconds=0):
    """Have the scheduled action that runs now run again, after the others.

    :param odoo.api.Environment env: of the scheduled action
    :param float seconds: how much later
    """
    cron = env["ir.cron"].browse(env.context.get("cron_id"))
    if cron:
        cron._tiktok_trigger(read_clock(env) + timedelta(seconds=seconds))
        commit_progress(env, processed=0)


def commit_progress(env, remaining=0, processed=1):
    """Commit and tell the scheduler how far the run is, even if the commit itself conflicts.

    :param odoo.api.Environment env: of the scheduled action
    :param int remaining: records still to be done
    :param int processed: records done since the last call
    :return: seconds that are left for this run
    :rtype: float
    """
    try:
        return env["ir.cron"]._commit_progress(processed, remaining=remaining)
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        env.cr.rollback()
        return env["ir.cron"]._commit_progress(processed, remaining=max(remaining, 1))
