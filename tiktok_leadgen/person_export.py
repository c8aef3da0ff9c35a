"""The file of all that is held on the leads of one person."""

from odoo.tools import html2plaintext

EXPORTED = (
    *("char", "text", "html", "date", "datetime", "json", "integer", "float", "monetary"),
    *("selection", "boolean", "many2one", "properties"),
)
NOT_EXPORTED = ("create_uid", "write_uid", "tiktok_event_id")
TRACKED = ("char", "text", "datetime", "float", "integer")  # columns of mail.tracking.value


def export_leads(leads):
    """Return all that is held on leads, field by field.

    :param leads: crm.lead, in sudo
    :return: for each lead its fields, tags, notes, tracked changes, activities and file names
    :rtype: list[dict]
    """
    names = [
        name
        for name, field in leads._fields.items()
        if field.store and field.type in EXPORTED and name not in NOT_EXPORTED
    ]
    found = []
    for lead in leads:
        values = lead.read(names, load="_classic_read")[0]
        held = {name: _export_value(value) for name, value in values.items() if value}
        messages = lead.env["tiktok.privacy"]._find_messages(lead)
        found.append(
            {
                **held,
                "tags": lead.tag_ids.mapped("name"),
                "notes": _export_notes(messages),
                "changes": _export_tracked_changes(messages),
                "activities": _export_activities(lead),
                "files": _export_file_names(lead, messages),
                **lead.env["tiktok.privacy"]._export_linked_records(lead),
            }
        )
    return found


def _export_notes(messages):
    """Return what was written about a lead.

    :param messages: mail.message
    :rtype: list[dict]
    """
    notes = [
        {
            "date": str(message.date),
            "author": message.author_id.name or message.email_from or "",
            "subject": message.subject or "",
            "text": html2plaintext(message.body or "").strip(),
        }
        for message in messages
    ]
    return [note for note in notes if note["text"] or note["subject"]]


def _export_tracked_changes(messages):
    """Return the values that fields of a lead had, as its history shows them.

    :param messages: mail.message
    :rtype: list[dict]
    """
    return [
        {
            "date": str(tracked.mail_message_id.date),
            "field": tracked.field_id.name or (tracked.field_info or {}).get("name") or "",
            "old": _read_tracked_value(tracked, "old"),
            "new": _read_tracked_value(tracked, "new"),
        }
        for tracked in messages.tracking_value_ids
    ]


def _read_tracked_value(tracked, which):
    """Return one value of a tracked change.

    :param tracked: mail.tracking.value
    :param str which: ``old`` or ``new``
    :return: the value, empty if there was none
    """
    values = (tracked[f"{which}_value_{kind}"] for kind in TRACKED)
    return next((_export_value(value) for value in values if value), "")


def _export_activities(lead):
    """Return what is planned for a lead, and what was done.

    :param lead: crm.lead
    :rtype: list[dict]
    """
    activities = lead.env["mail.activity"].sudo().with_context(active_test=False)
    return [
        {
            "date": str(activity.date_deadline),
            "summary": activity.summary or activity.activity_type_id.name or "",
            "note": html2plaintext(activity.note or "").strip(),
            "feedback": activity.feedback or "",
        }
        for activity in activities.search(
            [("res_model", "=", lead._name), ("res_id", "=", lead.id)]
        )
    ]


def _export_file_names(lead, messages):
    """Return the names of the files on a lead and its notes.

    :param lead: crm.lead
    :param messages: mail.message
    :rtype: list[dict]
    """
    files = lead.env["ir.attachment"].sudo()
    own = files.search([("res_model", "=", lead._name), ("res_id", "=", lead.id)])
    return [
        {"name": file.name, "type": file.mimetype or "", "date": str(file.create_date)}
        for file in own | messages.attachment_ids
    ]


def _export_value(value):
    if isinstance(value, tuple):  # a record: its name says more than its number
        return value[1]
    return value if isinstance(value, (str, int, float, bool, list, dict)) else str(value)
