"""Rows of files, of which several workers make leads at the same time.

An import and an export only store their rows as deliveries that wait, a limited number ahead. Any
scheduled action that works on deliveries takes the next batch of them: the job of deliveries after
all that arrives, and the action that reads the file between two of its batches. The claim of a
batch is the lock of its rows, as for any delivery.
"""

import time

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from . import const
from .event_claims import IS_OF_FILE, claim_events, claim_next

ALL = SQL("TRUE")


def count_rows(env, condition=ALL):
    """Count the rows of files that are due, also those that another worker processes now.

    The index of pending events gives them, whatever the condition.

    :param odoo.api.Environment env: any
    :param SQL condition: on `import_id`, or on `company_id` and `source`: rows of an export may
        name a form other than the one that was exported
    :return: how many, counted up to twice as many as wait at most
    :rtype: int
    """
    env["tiktok.event"].flush_model(["state", "source", "next_try_at"])
    query = SQL(
        """SELECT count(*) FILTER (WHERE %s)
             FROM (SELECT import_id, company_id, source FROM tiktok_event
                    WHERE state = 'pending' AND %s
                      AND next_try_at <= clock_timestamp() AT TIME ZONE 'UTC'
                    ORDER BY id LIMIT %s) AS waiting""",
        condition,
        IS_OF_FILE,
        2 * const.FILE_ROWS_AHEAD,
    )
    return env.execute_query(query)[0][0]


def has_enough_rows(env):
    """Tell whether so many rows wait that reading goes on later.

    :param odoo.api.Environment env: any
    :rtype: bool
    """
    return count_rows(env) >= const.FILE_ROWS_AHEAD


def get_batch_size(position):
    """Return how many rows are stored next: the first ones are few, see `process_stored`.

    :param int position: rows of the file that were stored before
    :rtype: int
    """
    return const.FILE_BATCH_SIZE if position else min(const.BATCH_SIZE, const.FILE_BATCH_SIZE)


def process_stored(company, keys):
    """Process deliveries in the transaction that stored them.

    So the first rows of a file create what all others refer to, such as its form and campaigns,
    before another worker meets it: none waits for what is not committed yet.

    :param company: res.company
    :param list[str] keys: of the deliveries
    """
    events = company.env["tiktok.event"]
    events.flush_model()
    pending = [("company_id", "=", company.id), ("state", "=", "pending")]
    ids, last_id = events.search([*pending, ("dedup_key", "in", keys)]).ids, 0
    while claimed := claim_events(events.env, last_id, ids):
        last_id = claimed[-1].id
        events._process_batch(claimed)


def process_waiting(env):
    """Process and commit the next batch of all that waits, or wait a moment for another worker.

    Where another worker changed a row since this transaction began, the batch stays for the next
    call: it is no conflict of the file that is read.

    :param odoo.api.Environment env: of a scheduled action, in which nothing waits for a commit
    :return: how many deliveries were processed
    :rtype: int
    """
    try:
        events, attempts = claim_next(env)
        if events:
            env["tiktok.event"]._process_claimed(events, attempts)
            env.invalidate_all()
            return len(events)
        is_waiting = bool(count_rows(env))
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        is_waiting = True
    if is_waiting:
        env.cr.rollback()  # only a new transaction sees what others did
        time.sleep(const.NAP_SECONDS)
    return 0
