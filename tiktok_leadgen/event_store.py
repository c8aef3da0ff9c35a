"""How deliveries are stored: in one statement, or through a function of the database."""

from . import const

SUPPLEMENT = "supplement"  # begins the key of a second delivery that may know more than the first
# The columns of a row with their types; one that a row does not have stays empty.
COLUMNS = {
    "state": "varchar",
    "kind": "varchar",
    "source": "varchar",
    "company_id": "int",
    "dedup_key": "varchar",
    "lead_uid": "varchar",
    "advertiser_uid": "varchar",
    "page_uid": "varchar",
    "event_name": "varchar",
    "account_id": "int",
    "verification": "varchar",
    "signature": "varchar",
    "reason": "varchar",
    "recognized_by": "varchar",
    "submitted_at": "bigint",  # seconds since 1970
    "headers": "text",
    "import_id": "int",
    "raw": "text",
    "raw_size": "int",
}
# A lead that both the webhook and a file of TikTok's deliver has an event of each: what the webhook
# delivers after the file may know more. But not if a user deleted the lead: it would come back.
DEDUP_KEY = f"""
    CASE WHEN source = 'webhook' AND state = 'pending' AND EXISTS (
             SELECT FROM tiktok_event known
              WHERE COALESCE(known.company_id, 0) = COALESCE(item.company_id, 0)
                AND known.dedup_key = item.dedup_key AND known.source IN ('backfill', 'import')
                AND (known.lead_id IS NOT NULL OR known.state IN ('pending', 'failed')))
         THEN '{SUPPLEMENT}:' || dedup_key ELSE dedup_key END
"""
# When an export named a lead: what it stores itself needs no second statement.
EXPORTED_AT = f"""
    CASE WHEN source = 'backfill' AND NOT starts_with(dedup_key, '{SUPPLEMENT}:')
         THEN date_trunc('second', clock) END
"""
EXPRESSIONS_OF_ONE = {"submitted_at": "to_timestamp(%s) AT TIME ZONE 'UTC'"}
EXPRESSIONS = {
    "submitted_at": "to_timestamp(submitted_at) AT TIME ZONE 'UTC'",
    "dedup_key": DEDUP_KEY,
}
# The part of the statement that stores deliveries which records the known ones among them. An
# export delivers most leads again every night, and unverified deliveries are bounded by other
# means: neither is recorded.
REPEAT_QUERY = """
    INSERT INTO tiktok_event_repeat (
        event_id, company_id, source, received_at, create_uid, create_date, write_uid, write_date
    )
    SELECT event.id, event.company_id, item.source, clock, 1, clock, 1, clock
      FROM item
      JOIN tiktok_event event
        ON COALESCE(event.company_id, 0) = COALESCE(item.company_id, 0)
       AND event.dedup_key = item.dedup_key,
           (SELECT clock_timestamp() AT TIME ZONE 'UTC' AS clock) AS moment
     WHERE item.source != 'backfill' AND item.verification != 'none'
"""
# Those of former versions, too: with other arguments it would be another function.
DELETE_FUNCTION = """
    DO $drop$
    DECLARE former regprocedure;
    BEGIN
        FOR former IN SELECT oid FROM pg_proc
                       WHERE proname = 'tiktok_event_store'
                         AND pronamespace = current_schema()::regnamespace
        LOOP
            EXECUTE 'DROP FUNCTION ' || former;
        END LOOP;
    END
    $drop$
"""
# A function, because PostgreSQL plans its statement once for each connection, until Odoo lends that
# to the next request: it plans longer than it stores one lead. The plan must neither depend on the
# number of rows, or it is made each time, nor on the size of the table, which is empty at first.
# Rows come in columns. They have no user: all transactions would lock that one. None waits long for
# a company that a user holds locked.
STORE_FUNCTION = f"""
    CREATE OR REPLACE FUNCTION tiktok_event_store(
        {", ".join(f"{kind}[]" for kind in COLUMNS.values())}, triggered_cron_id int,
        OUT stored_count int, OUT pending_count int
    ) LANGUAGE plpgsql
    SET plan_cache_mode TO force_generic_plan
    SET enable_seqscan TO off
    SET lock_timeout TO {const.REQUEST_LOCK_WAIT_MS}
    AS $function$
    #variable_conflict use_column
    BEGIN
        WITH item AS (
            SELECT * FROM unnest({", ".join(f"${number + 1}" for number in range(len(COLUMNS)))})
                       AS item ({", ".join(COLUMNS)})
        ), repeated AS ({REPEAT_QUERY}), stored AS (
            INSERT INTO tiktok_event (
                {", ".join(COLUMNS)},
                received_at, next_try_at, done_at, attempt_count, create_date, write_date,
                exported_at
            )
            SELECT {", ".join(EXPRESSIONS.get(name, name) for name in COLUMNS)}, clock, clock,
                   CASE state WHEN 'ignored' THEN clock END, 0, clock, clock,
                   {EXPORTED_AT}
              FROM item,
                   (SELECT clock_timestamp() AT TIME ZONE 'UTC' AS clock) AS moment
            ON CONFLICT DO NOTHING
            RETURNING state
        )
        SELECT count(*), count(*) FILTER (WHERE state = 'pending')
          INTO stored_count, pending_count FROM stored;
        IF pending_count > 0 AND triggered_cron_id IS NOT NULL THEN
            INSERT INTO ir_cron_trigger (cron_id, call_at, create_date, write_date)
            SELECT id, moment, moment, moment
              FROM ir_cron, (SELECT date_trunc('second', now() AT TIME ZONE 'UTC') AS moment) AS now
             WHERE id = triggered_cron_id AND active;
        END IF;
    END
    $function$
"""  # noqa: S608 - the names above
STORE_QUERY = f"""
    SELECT * FROM tiktok_event_store({", ".join(f"%s::{kind}[]" for kind in COLUMNS.values())}, %s)
"""  # noqa: S608 - the names above
# One row that is new, of a request. Odoo discards the plans of a connection with each request
# (`DISCARD ALL`), and this one is planned fast. It stores nothing if the key is known.
CLOCKS = ("received_at", "next_try_at", "create_date", "write_date")
STORE_ONE_QUERY = f"""
    SET LOCAL lock_timeout = {const.REQUEST_LOCK_WAIT_MS};
    INSERT INTO tiktok_event ({", ".join((*COLUMNS, *CLOCKS))}, attempt_count)
    VALUES ({", ".join(EXPRESSIONS_OF_ONE.get(name, "%s") for name in COLUMNS)},
            {", ".join(["statement_timestamp() AT TIME ZONE 'UTC'"] * len(CLOCKS))}, 0)
    ON CONFLICT DO NOTHING RETURNING state
"""  # noqa: S608 - the names above
# What is quarantined, of each of some quotas: found through the index of its company and hint.
QUOTA_QUERY = """
    SELECT quota.company_id, quota.hint, measured.*
      FROM unnest(%s::int[], %s::varchar[]) AS quota (company_id, hint),
           LATERAL (
               SELECT count(*) FILTER (WHERE is_new),
                      coalesce(sum(raw_size) FILTER (WHERE is_new), 0),
                      count(*), coalesce(sum(raw_size), 0)
                 FROM (SELECT raw_size,
                              received_at > now() AT TIME ZONE 'UTC' - %s * interval '1 hour'
                              AS is_new
                         FROM tiktok_event event
                        WHERE %s AND state = 'quarantined' AND recognized_by = quota.hint
                      ) AS quarantined) AS measured
"""
