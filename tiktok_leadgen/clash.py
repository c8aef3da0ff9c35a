"""How scheduled actions get through: another transaction was faster, or one record is poison."""

import functools
import logging

import psycopg2

_logger = logging.getLogger(__name__)

# The transaction itself is gone: start again from the claim, nothing is anybody's fault.
CONCURRENCY_ERRORS = (
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
    psycopg2.errors.LockNotAvailable,
)
MAX_CLASHES = 5  # with other transactions, in one run


def survives_clashes(method):
    """Have a scheduled action begin again after a clash with another transaction.

    Odoo repeats a request that clashes, but not a job: it would log a traceback, count a failure
    and leave the rest for later. What the job committed before stays, so it must find by itself
    what is left to do. After `MAX_CLASHES` the next run goes on.

    :param method: of a model, without arguments
    """

    @functools.wraps(method)
    def again(self):
        for clash in range(1, MAX_CLASHES + 1):
            try:
                return method(self)
            except CONCURRENCY_ERRORS:
                self.env.cr.rollback()
                _logger.info("TikTok: %s: clash %s", method.__name__, clash)
        return None

    return again


def alone(env, function, *args):
    """Call with the environment of a cursor that commits by itself, again after a clash.

    :param function: takes that environment, as superuser, and the arguments
    :return: what it returns
    :raise psycopg2.Error: of `CONCURRENCY_ERRORS`, after `MAX_CLASHES`
    """
    for left in reversed(range(MAX_CLASHES)):
        with env.registry.cursor() as own:
            try:
                done = function(env(cr=own, su=True), *args)
                own.flush()
                return done
            except CONCURRENCY_ERRORS:
                own.rollback()
                if not left:
                    raise
    return None


def in_savepoints(records, work, refused):
    """Do something with all records at once; if that fails, with each half of them.

    So a poisonous record costs a few savepoints and nothing but itself.

    :param records: of any model
    :param work: called with some of them; what it wrote is undone if it raises
    :param refused: called with one record and what was raised for it alone
    :raise psycopg2.Error: a clash with another transaction, of `CONCURRENCY_ERRORS`
    """
    if not records:
        return
    try:
        with records.env.cr.savepoint():
            work(records)
    except CONCURRENCY_ERRORS:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the others go on
        if len(records) == 1:
            refused(records, error)
            return
        middle = len(records) // 2
        in_savepoints(records[:middle], work, refused)
        in_savepoints(records[middle:], work, refused)
