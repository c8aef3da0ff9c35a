"""The time of scheduled actions: the clock that wakes them, how long they may take, waits."""

import math
import random
import time
from datetime import timedelta

from odoo.tools import config

from . import const


def read_clock(env):
    """Return the present time by the clock that wakes the scheduled actions: the database's.

    The clock of a transaction stands still: a call to TikTok may have taken half a minute since.

    :param odoo.api.Environment env: any
    :return: UTC, whole seconds
    :rtype: datetime.datetime
    """
    return read_exact_clock(env).replace(microsecond=0)


def read_exact_clock(env):
    """Return the present time by the database's clock, with its parts of a second.

    :param odoo.api.Environment env: any
    :return: UTC
    :rtype: datetime.datetime
    """
    env.cr.execute("SELECT clock_timestamp() AT TIME ZONE 'UTC'")
    return env.cr.fetchone()[0]


def read_transaction_clock(env):
    """Return when the transaction began, by the database's clock: costs a query once.

    What is due, expires or is compared with a stored moment follows this clock or `read_clock`:
    those of several servers differ.

    :param odoo.api.Environment env: any
    :return: UTC, whole seconds
    :rtype: datetime.datetime
    """
    return env.cr.now().replace(microsecond=0)


def find_record_seconds():
    """Return how long all calls to TikTok about one record may take together.

    :return: seconds
    :rtype: float
    """
    return min(const.RECORD_SECONDS, const.RECORD_SHARE * (find_job_limit() or math.inf))


def find_task_seconds(most):
    """Return how long the calls of one long task may take, such as a file that is sent or fetched.

    :param float most: its own limit in seconds
    :return: seconds, so few that Odoo does not end the process
    :rtype: float
    """
    return min(most, const.TASK_SHARE * (find_job_limit() or math.inf))


def find_job_limit():
    """Return after how many seconds Odoo ends a process that runs scheduled actions.

    :return: seconds, 0 for no limit
    :rtype: float
    """
    limit = config["limit_time_real_cron"]
    return config["limit_time_real"] if limit < 0 else limit


def has_time(env):
    """Tell whether the scheduler's time of this run is not over.

    :param odoo.api.Environment env: of the scheduled action
    :rtype: bool
    """
    return time.monotonic() < env.context.get("cron_end_time", math.inf)


def backoff(attempts, first, cap, retry_after=None):
    """Return how long to wait before the next attempt: doubled each time, with 10 % jitter.

    These are whole seconds, as `read_clock` is: what wakes in a part of a second would
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
