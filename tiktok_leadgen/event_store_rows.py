"""Store deliveries: one new lead by a plain INSERT, all else by the function of the database."""

from .event_store import COLUMNS, STORE_ONE_QUERY, STORE_QUERY


def store_rows(cr, rows, cron_id):
    """Store rows that are new, and trigger the job with them.

    :param cr: cursor
    :param list[dict] rows: values by the names of `COLUMNS`
    :param int cron_id: of the job, None if it need not be triggered
    :return: how many are new, and how many of these are waiting
    :rtype: tuple[int, int]
    """
    if len(rows) == 1 and not cron_id and _is_plain(rows[0]):
        cr.execute(STORE_ONE_QUERY, list(map(rows[0].get, COLUMNS)), log_exceptions=False)
        found = cr.fetchone()
        if found:
            return 1, int(found[0] == "pending")
    columns = [[row.get(name) for row in rows] for name in COLUMNS]
    cr.execute(STORE_QUERY, [*columns, cron_id], log_exceptions=False)
    return cr.fetchone()


def _is_plain(row):
    """Tell whether a row has no date but that of its storing.

    :param dict row: values by the names of `COLUMNS`
    :rtype: bool
    """
    return row["state"] != "ignored" and row["source"] != "backfill"
