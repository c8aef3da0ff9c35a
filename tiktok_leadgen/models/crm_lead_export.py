from odoo import api, models
from odoo.tools import html2plaintext

from .crm_lead_privacy import ERASABLE

EXPORTED = (*ERASABLE, "selection", "boolean", "many2one", "properties")
NOT_EXPORTED = ("create_uid", "write_uid", "tiktok_event_id")
TRACKED = ("char", "text", "datetime", "float", "integer")  # columns of mail.tracking.value


class CrmLead(models.Model):
    """The file of all that is held of one person on a lead: what erasing removes is in it."""

    _inherit = "crm.lead"

    def _tiktok_export_person(self):
        """Return all that is held on these leads, field by field.

        :return: for each lead its fields, notes, tracked changes, activities and file names
        :rtype: list[dict]
        """
        names = [
            name
            for name, field in self._fields.items()
            if field.store and field.type in EXPORTED and name not in NOT_EXPORTED
        ]
        found = []
        for lead in self:
            values = lead.read(names, load="_classic_read")[0]
            held = {name: self._tiktok_plain(value) for name, value in values.items() if value}
            # Not `message_ids`: that leaves out what was sent to colleagues.
            messages = self.env["mail.message"].sudo()
            messages = messages.search([("model", "=", self._name), ("res_id", "=", lead.id)])
            found.append(
                {
                    **held,
                    "notes": self._tiktok_export_notes(messages),
                    "changes": self._tiktok_export_changes(messages),
                    "activities": lead._tiktok_export_activities(),
                    "mapping_changes": lead._tiktok_export_mapping_changes(),
                    "files": lead._tiktok_export_files(messages),
                }
            )
        return found

    @api.model
    def _tiktok_export_notes(self, messages):
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

    @api.model
    def _tiktok_export_changes(self, messages):
        """Return the values that fields of a lead had, as its history shows them.

        :param messages: mail.message
        :rtype: list[dict]
        """
        return [
            {
                "date": str(tracked.mail_message_id.date),
                "field": tracked.field_id.name or (tracked.field_info or {}).get("name") or "",
                "old": self._tiktok_tracked(tracked, "old"),
                "new": self._tiktok_tracked(tracked, "new"),
            }
            for tracked in messages.tracking_value_ids
        ]

    @api.model
    def _tiktok_tracked(self, tracked, which):
        """Return one value of a tracked change.

        :param tracked: mail.tracking.value
        :param str which: ``old`` or ``new``
        :return: the value, empty if there was none
        """
        values = (tracked[f"{which}_value_{kind}"] for kind in TRACKED)
        return next((self._tiktok_plain(value) for value in values if value), "")

    def _tiktok_export_activities(self):
        """Return what is planned for a lead, and what was done.

        :rtype: list[dict]
        """
        activities = self.env["mail.activity"].sudo().with_context(active_test=False)
        return [
            {
                "date": str(activity.date_deadline),
                "summary": activity.summary or activity.activity_type_id.name or "",
                "note": html2plaintext(activity.note or "").strip(),
                "feedback": activity.feedback or "",
            }
            for activity in activities.search(
                [("res_model", "=", self._name), ("res_id", "in", self.ids)]
            )
        ]

    def _tiktok_export_mapping_changes(self):
        """Return which values a new mapping changed: they are kept to undo it.

        :rtype: list[dict]
        """
        changes = self.env["tiktok.mapping.change"].sudo().search([("lead_id", "in", self.ids)])
        return [{"old": change.values_before, "new": change.values_after} for change in changes]

    def _tiktok_export_files(self, messages):
        """Return the names of the files on a lead and its notes.

        :param messages: mail.message
        :rtype: list[dict]
        """
        files = self.env["ir.attachment"].sudo()
        own = files.search([("res_model", "=", self._name), ("res_id", "in", self.ids)])
        return [
            {"name": file.name, "type": file.mimetype or "", "date": str(file.create_date)}
            for file in own | messages.attachment_ids
        ]

    @api.model
    def _tiktok_plain(self, value):
        if isinstance(value, tuple):  # a record: its name says more than its number
            return value[1]
        return value if isinstance(value, (str, int, float, bool, list, dict)) else str(value)
