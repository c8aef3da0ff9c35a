"""In which order a job works on its records, by the attempts that are stored of it."""

from odoo.tools import SQL

NEVER = (0, 0)  # interrupted attempts, and the time of the last one in seconds since 1970


def order_by_attempts(job, records):
    """Sort records: interrupted ones last, and the others by when they were attempted.

    :param str job: names the work
    :param records: of any model, in their own order
    :return: the records, and whether an attempt with one of them was interrupted
    :rtype: tuple[models.Model, bool]
    """
    query = SQL(
        """SELECT record_id, attempts, extract(epoch FROM started_at) FROM tiktok_job_attempt
            WHERE job = %s AND record_id = ANY(%s)""",
        job,
        records.ids,
    )
    found = {row[0]: row[1:] for row in records.env.execute_query(query)}
    is_interrupted = any(attempts for attempts, _started_at in found.values())
    return records.sorted(lambda record: found.get(record.id, NEVER)), is_interrupted


def order_jobs(env, jobs):
    """Sort kinds of work: what was attempted the longest ago comes first.

    :param odoo.api.Environment env: any
    :param jobs: names of work, iterable of str
    :rtype: list[str]
    """
    query = SQL(
        """SELECT job, extract(epoch FROM max(started_at)) FROM tiktok_job_attempt
            WHERE job = ANY(%s) GROUP BY job""",
        list(jobs),
    )
    found = dict(env.execute_query(query))
    return sorted(jobs, key=lambda job: found.get(job, 0))


def store_attempt_time(env, job, record_id):
    """Store when an attempt with a record began, for `order_by_attempts`.

    :param odoo.api.Environment env: any
    :param str job: names the work
    :param int record_id: of the record
    """
    query = SQL(
        """INSERT INTO tiktok_job_attempt (job, record_id, attempts, started_at)
           VALUES (%s, %s, 0, clock_timestamp() AT TIME ZONE 'UTC')
               ON CONFLICT (job, record_id) DO UPDATE SET started_at = EXCLUDED.started_at
           RETURNING record_id""",
        job,
        record_id,
    )
    env["tiktok.job.attempt"]._execute_apart(query)


def get_position(env, job):
    """Return the last record of the last batch that a job began.

    :param odoo.api.Environment env: any
    :param str job: names the work
    :return: its id, 0 if the job came to its end
    :rtype: int
    """
    query = SQL("SELECT max(record_id) FROM tiktok_job_attempt WHERE job = %s", job)
    return env.execute_query(query)[0][0] or 0


def store_position(env, job, record_id):
    """Store how far a job is before it begins a batch: the batch may end the process.

    :param odoo.api.Environment env: any
    :param str job: names the work
    :param int record_id: of the last record of the batch, 0 at the end
    """
    attempts = env["tiktok.job.attempt"]
    attempts._execute_apart(
        SQL("DELETE FROM tiktok_job_attempt WHERE job = %s RETURNING record_id", job)
    )
    if record_id:
        attempts._execute_apart(
            SQL(
                """INSERT INTO tiktok_job_attempt (job, record_id, attempts, started_at)
                   VALUES (%s, %s, 0, clock_timestamp() AT TIME ZONE 'UTC')
                       ON CONFLICT DO NOTHING RETURNING record_id""",
                job,
                record_id,
            )
        )
