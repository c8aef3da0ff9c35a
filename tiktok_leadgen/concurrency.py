"""The job runner of the scheduled actions: retries, isolation of bad records, waits.

Odoo repeats a *request* that runs into another transaction, but not a scheduled action. All of
ours therefore run through this module. PostgreSQL's isolation level is REPEATABLE READ: a row
that another transaction changed since our snapshot raises an error even for ``SKIP LOCKED``.
"""

import contextlib
import functools
import logging
import math
import random
from datetime import timedelta

import psycopg2

from odoo.service.model import (
    MAX_TRIES_ON_CONCURRENCY_FAILURE,
    PG_CONCURRENCY_EXCEPTIONS_TO_RETRY,
)

from . import const
from .locks import limit_lock_wait

_logger = logging.getLogger(__name__)

# After one record waited for a lock in vain, the holder needs more than a moment.
SHORT_LOCK_WAIT_MS = 50
MAX_BLOCKED = 3  # records in a row that wait for a lock in vain; the rest is not attempted


class InterruptedAttemptsError(Exception):
    """Each attempt ended with its process: killed, out of time or out of memory.

    :param int attempts: how many in a row
    """

    def __init__(self, attempts):
        super().__init__(f"{attempts} attempts were interrupted")
        self.attempts = attempts


def retry_on_serialization_failure(method):
    """Decorate a scheduled action so that it starts again after a concurrency error.

    What the action committed before stays, so it must itself find what is left to do. After
    ``MAX_TRIES_ON_CONCURRENCY_FAILURE`` attempts it returns and the next run continues.

    :param method: of a model, without arguments
    :return: the decorated method
    """

    @functools.wraps(method)
    def retry(self):
        for attempt in range(1, MAX_TRIES_ON_CONCURRENCY_FAILURE + 1):
            try:
                return method(self)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as error:
                self.env.cr.rollback()
                _logger.info(
                    "TikTok: %s: attempt %s: %s", method.__name__, attempt, type(error).__name__
                )
        return None

    return retry


def in_new_transaction(env, function, *args):
    """Call a function in a transaction of its own, again after a concurrency error.

    :param odoo.api.Environment env: whose database and context are used
    :param function: takes an environment of the new transaction, as superuser, and the arguments
    :param args: passed on to the function
    :return: what the function returns
    :raise psycopg2.Error: the concurrency error of the last attempt
    """
    for left in reversed(range(MAX_TRIES_ON_CONCURRENCY_FAILURE)):
        with env.registry.cursor() as cr:
            try:
                result = function(env(cr=cr, su=True), *args)
                cr.flush()
                return result
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                cr.rollback()
                if not left:
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


def process_in_batches(model, domain, work, on_error, size):
    """Process the records of a domain batch after batch, each batch in a transaction of its own.

    A record that another transaction holds is left for the next run.

    :param model: an empty recordset
    :param list domain: of the records that are due; work makes them leave it
    :param work: of `process_with_bisection`
    :param on_error: of `process_with_bisection`
    :param int size: records in one batch
    :return: whether all were processed before the scheduler's time was over
    :rtype: bool
    """
    last_id = 0
    while True:
        found = model.search([*domain, ("id", ">", last_id)], order="id", limit=size)
        if not found:
            return True
        last_id = found[-1].id
        locked = found.try_lock_for_update()
        process_with_bisection(locked, work, on_error)
        if not commit_progress(model.env, processed=len(locked)):
            return False


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


def process_each(records, work, on_error, progress=None, job=""):
    """Process one record after the other, each in a transaction of its own.

    A concurrency error leaves the record untouched, so it stays due. Any other exception is
    rolled back and handed to ``on_error``, whose own changes are committed. A record whose
    attempt was interrupted with its process comes after the others, and after
    ``const.MAX_INTERRUPTED_ATTEMPTS`` of them ``on_error`` gets an `InterruptedAttemptsError`.

    :param records: recordset of any model
    :param work: called with one record
    :param on_error: called with one record and the exception, after the rollback
    :param progress: returns how many records are still to be done (int); by default the rest of
        ``records`` and those that a concurrency error left
    :param str job: names the work whose interrupted attempts are counted; empty to count none
    :return: whether all were processed before the scheduler's time was over
    :rtype: bool
    """
    env = records.env
    remaining = len(records)
    interrupted = env["tiktok.job.attempt"]._find_interrupted(job) if job else {}
    if interrupted:
        records = records.sorted(lambda record: interrupted.get(record.id, 0))
    # Odoo holds back a job that was killed three times without progress.
    processed = int(any(record.id in interrupted for record in records))
    env["ir.cron"]._commit_progress(processed, remaining=progress() if progress else remaining)
    for record in records:
        with _count_attempt(record, job) as attempts:
            step = work if attempts < const.MAX_INTERRUPTED_ATTEMPTS else _give_up(attempts)
            remaining -= _process_one(record, step, on_error)
            left = commit_progress(env, progress() if progress else remaining)
        if not left:
            return False
    return True


def _count_attempt(record, job):
    """Return a context manager that counts an attempt and tells how many were interrupted.

    :param record: of any model
    :param str job: names the work; empty to count nothing
    :rtype: contextlib.AbstractContextManager[int]
    """
    if not job:
        return contextlib.nullcontext(0)
    return record.env["tiktok.job.attempt"]._count_attempt(job, record.id)


def _give_up(attempts):
    """Return what takes the place of work that was interrupted too often.

    :param int attempts: that were interrupted
    :return: a function of one record that raises `InterruptedAttemptsError`
    """

    def give_up(_record):
        raise InterruptedAttemptsError(attempts)

    return give_up


def _process_one(record, work, on_error):
    """Process one record and roll back what failed.

    :param record: of any model
    :param work: called with the record
    :param on_error: called with the record and the exception
    :return: 1 if it was processed, successfully or not; 0 if it stays due
    :rtype: int
    """
    env = record.env
    try:
        try:
            work(record)
            env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:  # noqa: BLE001 - one record never stops the others
            env.cr.rollback()
            on_error(record, error)
            env.flush_all()
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        env.cr.rollback()  # another transaction changed it: it stays due
        return 0
    return 1


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


def backoff(attempts, first, cap, retry_after=None):
    """Return how long to wait before the next attempt: doubled each time, with 10 % jitter.

    These are whole seconds, as `fields.Datetime.now` is: what wakes in a part of a second would
    not be due yet, and would wait for the next regular run.

    :param int attempts: how many attempts failed, from 1
    :param float first: seconds after the first failure
    :param float cap: longest wait in seconds
    :param float retry_after: seconds the server asked for (``Retry-After``), if it did: never less
    :rtype: datetime.timedelta
    """
    seconds = min(first * 2 ** min(attempts - 1, 30), cap)
    seconds *= random.uniform(0.9, 1.1)  # noqa: S311 - not a secret
    return timedelta(seconds=math.ceil(max(seconds, retry_after or 0)))
