"""Row locks that wait for no other transaction, or only for a moment."""

import contextlib

import psycopg2

from odoo import Command
from odoo.exceptions import UserError
from odoo.tools import SQL

from . import const


def limit_lock_wait(cr, milliseconds):
    """Have each statement of this transaction wait only so long for a row that is locked.

    :param cr: cursor
    :param int milliseconds: then `psycopg2.errors.LockNotAvailable` is raised
    """
    cr.execute("SELECT set_config('lock_timeout', %s, true)", [str(milliseconds)])


@contextlib.contextmanager
def limit_job_lock_wait(cr):
    """Limit the wait for locked rows in all transactions of a scheduled action.

    :param cr: cursor of the action
    :return: a context manager
    :rtype: contextlib.AbstractContextManager
    """
    cr.execute("SELECT current_setting('lock_timeout')")
    ((before,),) = cr.fetchall()
    setting = "SELECT set_config('lock_timeout', %s, false)"
    cr.execute(setting, [str(const.LOCK_WAIT_MS)])
    try:
        yield
    finally:
        # After an error the transaction can't; Odoo resets connections before it uses them again.
        with contextlib.suppress(psycopg2.Error):
            cr.execute(setting, [before], log_exceptions=False)


@contextlib.contextmanager
def refuse_locked_rows(env):
    """End what a user requested with a sentence soon, where another transaction holds a row.

    In a scheduled action the error stays: what it works on is tried again.

    :param odoo.api.Environment env: of the request
    :return: a context manager
    :rtype: contextlib.AbstractContextManager
    :raise UserError: after `const.REQUEST_LOCK_WAIT_MS`
    """
    if not env.context.get("cron_id"):
        limit_lock_wait(env.cr, const.REQUEST_LOCK_WAIT_MS)
    try:
        yield
        env.flush_all()
    except psycopg2.errors.LockNotAvailable:
        if env.context.get("cron_id"):
            raise
        raise UserError(
            env._("Another process is changing these records. Try again in a minute.")
        ) from None


def referred_tables(records, without=()):
    """Return the tables that the columns of a model refer to, by field.

    :param records: of the model
    :param without: names of fields that are left out
    :rtype: dict[str, str]
    """
    return {
        name: records.env[field.comodel_name]._table
        for name, field in records._fields.items()
        if field.type in ("many2one", "many2many") and field.store and name not in without
    }


def find_references(vals, tables):
    """Return the rows that a new record refers to.

    :param dict vals: for `create`
    :param dict tables: of `referred_tables`
    :return: pairs of a table and an id
    :rtype: set[tuple[str, int]]
    """
    found = set()
    for name in vals.keys() & tables.keys():
        value, table = vals[name], tables[name]
        if isinstance(value, int) and value:
            found.add((table, value))
        for command, record_id, ids in value if isinstance(value, list) else ():
            linked = {Command.LINK: [record_id], Command.SET: ids}.get(command, ())
            found.update((table, each) for each in linked)
    return found


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
    """Return the query that locks rows of one table and skips those that are locked.

    :param str table: name of the table
    :param list[int] ids: of the rows
    :rtype: SQL
    """
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
