"""Which leads of an import no one has changed since: the undo removes these."""

import collections

import psycopg2

from odoo import SUPERUSER_ID
from odoo.tools import SQL

from . import const
from .concurrency import process_with_bisection

# What people change on a lead, as columns; jobs change others.
DIGEST_COLUMNS = (
    *("name", "contact_name", "partner_name", "email_from", "phone", "function", "website"),
    *("street", "street2", "city", "zip", "country_id", "state_id", "description"),
    *("expected_revenue", "priority", "stage_id", "type", "active", "lost_reason_id"),
    *("partner_id", "date_deadline", "lead_properties", "tiktok_answers", "tiktok_consent"),
)
# Of the SQL table "lead".
DIGEST = SQL(
    "md5(ROW(%s)::text)",
    SQL(", ").join(SQL.identifier("lead", name) for name in DIGEST_COLUMNS),
)
# What a lead is when it is imported, to recognize a later change: in `tiktok.event._mark_done`.
MADE_DIGEST = SQL(
    """(SELECT %s FROM crm_lead lead
         WHERE event.import_id IS NOT NULL
           AND lead.id = made.lead_id AND lead.tiktok_event_id = event.id)""",
    DIGEST,
)
# The reason why a lead stays, one of `lead_import_check.RETAINED_REASONS`.
RETAINED_QUERY = """
    SELECT event.id,
           CASE WHEN event.reason = 'erased' THEN 'erased'
                WHEN lead.tiktok_event_id IS DISTINCT FROM event.id THEN 'earlier'
                WHEN EXISTS (SELECT FROM tiktok_event other
                              WHERE other.lead_id = lead.id AND other.id != event.id)
                  OR EXISTS (SELECT FROM tiktok_event_repeat again
                              WHERE again.event_id = event.id AND again.source != 'import')
                THEN 'delivered'
                WHEN lead.write_uid != %(root)s
                  OR lead.tiktok_first_contact_at IS NOT NULL
                  OR event.import_digest != %(digest)s
                  OR EXISTS (SELECT FROM mail_message message
                              WHERE message.model = 'crm.lead' AND message.res_id = lead.id
                                AND (message.create_uid != %(root)s
                                     OR message.message_type IN ('email', 'comment')))
                  OR EXISTS (SELECT FROM mail_activity activity
                              WHERE activity.res_model = 'crm.lead' AND activity.res_id = lead.id
                                AND activity.create_uid != %(root)s)
                  OR EXISTS (SELECT FROM calendar_event meeting
                              WHERE meeting.opportunity_id = lead.id)
                THEN 'changed'
           END
      FROM tiktok_event event LEFT JOIN crm_lead lead ON lead.id = event.lead_id
     WHERE event.id = ANY(%(ids)s) AND (event.lead_id IS NOT NULL OR event.reason = 'erased')
"""


def find_retained_reasons(events):
    """Find the deliveries that stay, with the reason.

    :param events: tiktok.event of an import
    :return: one of `lead_import_check.RETAINED_REASONS` by id of the event
    :rtype: dict[int, str]
    """
    env = events.env
    env.flush_all()
    query = SQL(RETAINED_QUERY, root=SUPERUSER_ID, digest=DIGEST, ids=events.ids)
    return {event_id: reason for event_id, reason in env.execute_query(query) if reason}


def undo_next_batch(run):
    """Remove the leads of the next deliveries of an import, or end its undo.

    What another transaction holds comes last, and waits until it is free.

    :param run: tiktok.lead.import
    :return: how many deliveries, 0 if all that are left wait
    :rtype: int
    """
    events, held = _find_next_events(run)
    if not events:
        run._finish_run("undone")
        return 1
    retained, removed, free = find_retained_reasons(events), [], _lock_events(events)
    held.update((events - free).ids)

    def handle_refusal(event, error):
        if isinstance(error, psycopg2.errors.LockNotAvailable):
            held.add(event.id)
        else:
            retained[event.id] = "refused"

    process_with_bisection(
        free.filtered(lambda event: event.id not in retained),
        lambda some: removed.append(run._remove_leads(some)),
        handle_refusal,
    )
    counts = collections.Counter(run.retained_counts or {})
    counts.update(reason for event_id, reason in retained.items() if event_id not in held)
    last_id = max(events.ids)
    is_waiting = last_id <= run.position and held.issuperset(events.ids)
    run.write(
        {
            "position": max(last_id, run.position),
            "retained_counts": dict(counts),
            "held_ids": sorted(held) or False,
            "undone_count": run.undone_count + sum(removed),
        }
    )
    return 0 if is_waiting else len(events)


def _find_next_events(run):
    """Find the next deliveries to undo: at the end those that were held before.

    :param run: tiktok.lead.import
    :return: tiktok.event, and the ids of others that were held
    :rtype: tuple[tiktok.event, set[int]]
    """
    held = set(run.held_ids or ())
    domain = [("import_id", "=", run.id), ("id", ">", run.position)]
    events = run.env["tiktok.event"].search(domain, order="id", limit=const.BATCH_SIZE)
    if events or not held:
        return events, held
    events = events.browse(sorted(held)[: const.BATCH_SIZE])
    return events.exists(), held.difference(events.ids)


def _lock_events(events):
    """Lock deliveries and their leads, except those that another transaction holds.

    :param events: tiktok.event
    :return: those that are free
    :rtype: tiktok.event
    """
    leads = events.lead_id.with_context(active_test=False).try_lock_for_update()
    free = events.filtered(lambda event: not event.lead_id or event.lead_id in leads)
    return free.try_lock_for_update()
