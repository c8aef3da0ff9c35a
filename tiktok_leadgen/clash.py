"""How scheduled actions get through: another transaction was faster, or one record is poison."""

import functools
import logging

import psycopg2

from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# The transaction itself is gone: start again from the claim, nothing is anybody's fault.
CONCURRENCY_ERRORS = (
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
    psycopg2.errors.LockNotAvailable,
)
MAX_CLASHES = 5  # with other transactions, in one run
# Of a record after one of the same call waited in vain: the holder needs more than a moment.
SHORT_LOCK_WAIT_MS = 50
MAX_BLOCKED = 3  # records in a row that wait for a lock in vain; the rest is not tried


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

    So a poisonous record costs a few savepoints and nothing but itself. Where record after record
    waits for a lock in vain, the rest is refused without a try.

    :param records: of any model
    :param work: called with some of them; what it wrote is undone if it raises
    :param refused: called with one record and what was raised for it alone
    :raise psycopg2.Error: a clash with another transaction, of `CONCURRENCY_ERRORS`
    """
    _Bisection(work, refused).run(records)


class _Bisection:
    """One call of `in_savepoints`.

    :param work: of `in_savepoints`
    :param refused: of `in_savepoints`
    """

    def __init__(self, work, refused):
        self._work = work
        self._refused = refused
        self._blocked = 0  # how many single records in a row waited for a lock in vain

    def run(self, records):
        """Work on some of the records.

        :param records: of any model
        """
        if not records:
            return
        if self._blocked >= MAX_BLOCKED:
            for record in records:
                self._refused(record, psycopg2.errors.LockNotAvailable())
            return
        try:
            with records.env.cr.savepoint():
                self._work(records)
            self._blocked = 0
        except psycopg2.errors.LockNotAvailable as error:
            limit_lock_wait(records.env.cr, SHORT_LOCK_WAIT_MS)
            self._blocked += len(records) == 1
            self._split(records, error)
        except CONCURRENCY_ERRORS:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the others go on
            self._split(records, error)

    def _split(self, records, error):
        if len(records) == 1:
            self._refused(records, error)
            return
        middle = len(records) // 2
        self.run(records[:middle])
        self.run(records[middle:])


def limit_lock_wait(cr, milliseconds):
    """Have each statement of this transaction wait only so long for a row that is locked.

    :param cr: cursor
    :param int milliseconds: then `psycopg2.errors.LockNotAvailable` is raised
    """
    cr.execute("SELECT set_config('lock_timeout', %s, true)", [str(milliseconds)])


def lock_references(cr, references):
    """Lock rows as the check of a foreign key does, except those that are locked against it.

    That check waits for a row that another transaction holds `FOR UPDATE`. With a user goes the
    contact, to whom followers and messages refer.

    :param cr: cursor
    :param set references: pairs of a table and an id
    :return: those that are locked now, until the end of the transaction
    :rtype: set[tuple[str, int]]
    """
    by_table = {}
    for table, record_id in references:
        by_table.setdefault(table, []).append(record_id)
    if not by_table:
        return set()
    names = {table: SQL.identifier(f"locked_{number}") for number, table in enumerate(by_table)}
    locked = SQL(", ").join(
        SQL("%s AS (%s)", names[table], _lock_query(table, ids)) for table, ids in by_table.items()
    )
    found = SQL(" UNION ALL ").join(
        SQL("SELECT %s, id FROM %s", table, name) for table, name in names.items()
    )
    cr.execute(SQL("WITH %s %s", locked, found), log_exceptions=False)
    return set(cr.fetchall())


def _lock_query(table, ids):
    contact = SQL()
    if table == "res_users":
        contact = SQL("JOIN res_partner contact ON contact.id = referred.partner_id")
    return SQL(
        """SELECT referred.id FROM %s referred %s
            WHERE referred.id = ANY(%s) FOR KEY SHARE SKIP LOCKED""",
        SQL.identifier(table),
        contact,
        ids,
    )
