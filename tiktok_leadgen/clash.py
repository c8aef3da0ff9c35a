"""What a scheduled action does when another transaction was faster."""

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
