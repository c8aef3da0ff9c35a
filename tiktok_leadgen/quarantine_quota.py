"""How much of the quarantine a company's unverified deliveries take up."""

from odoo.tools import SQL

from . import const


def measure_quota(env, company_id, recognized_by):
    """Measure what is quarantined.

    :param odoo.api.Environment env: as superuser
    :param int company_id: of the deliveries, or None
    :param str recognized_by: the hint at their sender
    :return: rows and bytes of the last hour, then rows and bytes in total
    :rtype: tuple[int, int, int, int]
    """
    query = SQL(
        """SELECT count(*) FILTER (WHERE is_new),
                  coalesce(sum(raw_size) FILTER (WHERE is_new), 0),
                  count(*), coalesce(sum(raw_size), 0)
             FROM (SELECT raw_size,
                          received_at > now() AT TIME ZONE 'UTC' - %s * interval '1 hour'
                          AS is_new
                     FROM tiktok_event
                    WHERE company_id %s AND state = 'quarantined' AND recognized_by = %s
                  ) AS quarantined""",
        const.QUARANTINE_HOURS,
        SQL("= %s", company_id) if company_id else SQL("IS NULL"),
        recognized_by,
    )
    return env.execute_query(query)[0]
