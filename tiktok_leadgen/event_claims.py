"""Which deliveries a transaction may process: it locks them, and skips what others have locked.

An attempt is counted before it begins, as of any other work: `tiktok.job.attempt`. Deliveries whose
attempt was interrupted come after all others, each alone.
"""

from odoo.tools import SQL

from . import const

JOB = "event"  # of tiktok.job.attempt
IS_OF_FILE = SQL("(source = ANY(%s))", list(const.FILE_SOURCES))


def claim_next(env, after_id=0):
    """Lock the next events: first what arrives, then an interrupted one, then rows of files.

    :param odoo.api.Environment env: whose transaction locks them
    :param int after_id: skip the events up to this one, and all but what arrives
    :return: the events, and how many attempts were interrupted if it is one of those
    :rtype: tuple[tiktok.event, int]
    """
    events, attempts = claim_events(env, after_id, of_files=False), 0
    if not events and not after_id:
        events, attempts = claim_interrupted_event(env)
    if not events and not after_id:
        events = claim_events(env, of_files=True)
    return events, attempts


def claim_events(env, after_id=0, ids=None, limit=None, of_files=None):
    """Lock the next events that are due and that no other transaction has locked.

    Interrupted events are left to `claim_interrupted_event`. Their ids are an array, so that the
    index of pending events keeps giving the order.

    :param odoo.api.Environment env: whose transaction locks them
    :param int after_id: skip the events up to this one: they were processed in this run
    :param list ids: only these
    :param int limit: how many at most, `BATCH_SIZE` if it is None
    :param bool of_files: only rows of files, or none of them; None for all
    :rtype: tiktok.event
    """
    conditions = [SQL("AND id = ANY(%s)", ids)] if ids is not None else []
    if of_files is not None:
        conditions.append(SQL("AND %s = %s", IS_OF_FILE, of_files))
    env.cr.execute(
        SQL(
            """SELECT id FROM tiktok_event
                WHERE state = 'pending' AND id > %s %s
                  AND next_try_at <= clock_timestamp() AT TIME ZONE 'UTC'
                  AND NOT id = ANY(ARRAY(SELECT record_id FROM tiktok_job_attempt WHERE job = %s))
                ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED""",
            after_id,
            SQL(" ").join(conditions),
            JOB,
            limit or const.BATCH_SIZE,
        ),
        log_exceptions=False,
    )
    return env["tiktok.event"].browse([row[0] for row in env.cr.fetchall()])


def claim_few_events(env, most):
    """Lock a few of the events that are due if only a few wait.

    One transaction of the database at a time: another one finds nothing. The newest events are
    looked at, so that old ones that wait for their next attempt cost no time.

    :param odoo.api.Environment env: whose transaction locks them
    :param int most: how many may wait
    :rtype: tiktok.event
    """
    query = SQL(
        """SELECT id FROM (SELECT id, next_try_at FROM tiktok_event
                            WHERE state = 'pending' AND NOT %s
                            ORDER BY id DESC LIMIT %s) AS newest
            WHERE next_try_at <= clock_timestamp() AT TIME ZONE 'UTC'""",
        IS_OF_FILE,
        most + 1,
    )
    ids = sorted(row[0] for row in env.execute_query(query))
    if ids and len(ids) <= most:
        lock = SQL("SELECT pg_try_advisory_xact_lock(%s)", const.AFTER_ANSWER_LOCK)
        if env.execute_query(lock)[0][0]:
            return claim_events(env, ids=ids, limit=const.AFTER_ANSWER_BATCH)
    return env["tiktok.event"]


def claim_interrupted_event(env):
    """Lock the interrupted event that has the lowest number of attempts.

    Each is processed alone: it may be the one that stops the process.

    :param odoo.api.Environment env: whose transaction locks it
    :return: the event, empty if there is none, and how many attempts were interrupted
    :rtype: tuple[tiktok.event, int]
    """
    env.cr.execute(
        SQL(
            """SELECT event.id, attempt.attempts
                 FROM tiktok_job_attempt attempt
                 JOIN tiktok_event event ON event.id = attempt.record_id
                WHERE attempt.job = %s AND event.state = 'pending'
                  AND event.next_try_at <= clock_timestamp() AT TIME ZONE 'UTC'
                ORDER BY attempt.attempts, event.id LIMIT 1
                  FOR NO KEY UPDATE OF event SKIP LOCKED""",
            JOB,
        ),
        log_exceptions=False,
    )
    event_id, attempts = env.cr.fetchone() or (None, 0)
    return env["tiktok.event"].browse(event_id or ()), attempts


def count_attempt(events):
    """Count an attempt with all these events before it begins, in one statement.

    :param events: tiktok.event that are processed together
    :return: a context manager
    :rtype: contextlib.AbstractContextManager
    """
    return events.env["tiktok.job.attempt"]._count_attempt(JOB, events.ids)


def forget_attempts(events):
    """Let events be processed as if they were never interrupted.

    :param events: tiktok.event
    """
    events.env["tiktok.job.attempt"]._forget_attempts((JOB,), events.ids)
