"""Which leads of an import no one has changed since: the undo removes these."""

from odoo import SUPERUSER_ID
from odoo.tools import SQL

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


def store_digests(env, company, keys):
    """Store what the leads were when they were imported, to recognize a later change.

    :param env: of the import
    :param company: res.company
    :param list[str] keys: of their events
    """
    env.flush_all()
    query = SQL(
        """UPDATE tiktok_event event SET import_digest = %s FROM crm_lead lead
            WHERE lead.id = event.lead_id AND lead.tiktok_event_id = event.id
              AND event.company_id = %s AND event.dedup_key = ANY(%s)""",
        *(DIGEST, company.id, keys),
    )
    env.cr.execute(query)
    env["tiktok.event"].invalidate_model(["import_digest"], flush=False)


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
