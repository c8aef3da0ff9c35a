"""Make the lead of a delivery right after its answer, in the worker that answered.

The job makes leads in batches, but it waits until a cron worker is free. A worker that has sent the
answer to a few leads therefore makes them itself, with the job's own claims and batches: whatever
it leaves stays for the job, whose wake-up was committed with the rows.

One worker of a database does so at a time. Nothing is missed between two of them: a worker looks
for rows after its own commit, before it tries the lock, and looks again after it released the lock.
"""

import collections
import logging
import time

import odoo
from odoo import SUPERUSER_ID, api

from . import const
from .concurrency import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from .event_claims import claim_few_events, count_attempt
from .log_filters import describe_error

_logger = logging.getLogger(__name__)

# When this process answered the last deliveries, in seconds of its own clock, by database.
_answered = collections.defaultdict(collections.deque)


class _BlockedError(Exception):
    """A row that another transaction holds is needed: the job waits for it better."""


def call_after(response, registry):
    """Have the worker that sends an answer process the leads that wait, once it has sent it.

    It does nothing where deliveries come so fast that batches are better, nor in a server whose
    requests share one thread.

    :param odoo.http.Response response: the answer
    :param odoo.modules.registry.Registry registry: of the database
    """
    if odoo.evented or not const.AFTER_ANSWER_LEADS or _is_busy(registry.db_name):
        return
    response.call_on_close(lambda: process_waiting(registry))


def _is_busy(dbname):
    """Count an answer, and tell whether this process gave many within a second.

    :param str dbname: name of the database
    :rtype: bool
    """
    now, answered = time.monotonic(), _answered[dbname]
    answered.append(now)
    while len(answered) > const.AFTER_ANSWER_POSTS:
        if now - answered.popleft() < 1:
            return True
    return False


def process_waiting(registry):
    """Process a few leads that wait, within a bound of leads and time; raise nothing.

    :param odoo.modules.registry.Registry registry: of the database
    """
    until = time.monotonic() + const.AFTER_ANSWER_MS / 1000
    left = const.AFTER_ANSWER_LEADS
    try:
        while left > 0 and time.monotonic() < until:
            count = _process_few(registry, left)
            if not count:
                break
            left -= count
    except Exception as error:  # noqa: BLE001 - the answer was given, and the job does the rest
        level = logging.WARNING
        if isinstance(error, (_BlockedError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY)):
            level = logging.INFO
        _logger.log(level, "TikTok leads are left to the job: %s", describe_error(error))
        _wake_job(registry)


def _process_few(registry, most):
    """Process and commit some of the leads that wait, if they are few.

    :param odoo.modules.registry.Registry registry: of the database
    :param int most: how many leads may wait; more are left to the job
    :return: how many were processed
    :rtype: int
    :raise _BlockedError: if one needs a row that another transaction holds
    """
    with registry.cursor() as own:
        events = api.Environment(own, SUPERUSER_ID, const.JOB_CONTEXT)["tiktok.event"]
        claimed = claim_few_events(events.env, most)
        if not claimed:
            return 0
        try:
            with count_attempt(claimed):
                if events._process_batch(claimed, const.AFTER_ANSWER_LOCK_WAIT_MS):
                    raise _BlockedError
                own.commit()
            registry.signal_changes()
        except Exception:
            registry.reset_changes()
            raise
        return len(claimed)


def _wake_job(registry):
    """Have the job process what was held here and not finished: it may have passed it over.

    :param odoo.modules.registry.Registry registry: of the database
    """
    try:
        with registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["tiktok.event"]._trigger_job()
    except Exception as error:  # noqa: BLE001 - the job runs each minute anyway
        _logger.warning("TikTok: the job could not be woken: %s", describe_error(error))
