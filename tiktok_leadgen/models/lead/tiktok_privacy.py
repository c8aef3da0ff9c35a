from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, html2plaintext

from ... import const
from ...tiktok import payload

# Who it is and what they said. Campaign, stage and times say nothing of a person and stay, and so
# does the consent: it is the company's evidence that it was given.
PERSON_FIELDS = [
    *("contact_name", "partner_name", "email_from", "email_cc", "phone", "website", "function"),
    *("street", "street2", "city", "zip", "description", "referred", "lead_properties"),
    *("tiktok_answers", "tiktok_merged_answers", "tiktok_mapping_notes"),
]
ERASABLE = ("char", "text", "html", "date", "datetime", "json", "integer", "float", "monetary")
EXPORTED = (*ERASABLE, "selection", "boolean", "many2one", "properties")
NOT_EXPORTED = ("create_uid", "write_uid", "tiktok_event_id")
TRACKED = ("char", "text", "datetime", "float", "integer")  # columns of mail.tracking.value


class TiktokPrivacy(models.AbstractModel):
    """What is held of one person: how long, in a file to download, and erased on request."""

    _name = "tiktok.privacy"
    _description = "TikTok Personal Data"

    @api.autovacuum
    def _gc_lead_answers(self):
        """Remove TikTok's answers from leads when their company no longer wants to keep them.

        What was written into the fields of the lead stays, and the consent, as its evidence.

        :return: how many were done, and how many are left at least
        :rtype: tuple[int, int]
        """
        query = SQL(
            """WITH old AS (
                    SELECT lead.id FROM crm_lead lead
                      LEFT JOIN tiktok_form form ON form.id = lead.tiktok_form_id
                      JOIN res_company company
                        ON company.id = COALESCE(lead.company_id, form.company_id)
                     WHERE (lead.tiktok_answers IS NOT NULL
                            OR lead.tiktok_merged_answers IS NOT NULL)
                       AND company.tiktok_retention_days > 0
                       AND lead.tiktok_received_at < %(now)s - interval '1 day'
                           * company.tiktok_retention_days
                     LIMIT %(limit)s
                       FOR NO KEY UPDATE OF lead SKIP LOCKED)
               UPDATE crm_lead SET tiktok_answers = NULL, tiktok_merged_answers = NULL
                 FROM old WHERE crm_lead.id = old.id""",
            now=fields.Datetime.now(),
            limit=const.GC_BATCH,
        )
        self.env.cr.execute(query)
        done = self.env.cr.rowcount
        self.env.invalidate_all(flush=False)
        return done, int(done == const.GC_BATCH)

    @api.autovacuum
    def _gc_repeat_notes(self):
        """Remove the notes of repeat submissions whose answers were removed.

        :return: how many were removed, and whether some are left
        :rtype: tuple[int, int]
        """
        domain = [("note_id", "!=", False), ("scrubbed_at", "!=", False)]
        events = self.env["tiktok.event"].sudo().search(domain, limit=const.GC_BATCH)
        events.note_id.unlink()
        return len(events), int(len(events) == const.GC_BATCH)

    # === ONE PERSON === #

    @api.model
    def _open_lookup(self, lead):
        """Open the lookup of all that is held of a lead's person.

        :param lead: crm.lead
        :return: an action
        :rtype: dict
        :raise AccessError: if the user may not look people up
        :raise UserError: if neither an e-mail address nor a phone number is known
        """
        self.env["privacy.lookup.wizard"].check_access("create")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "privacy_lookup.action_privacy_lookup_wizard"
        )
        if lead.email_normalized:
            person = {"default_email": lead.email_normalized}
        elif lead.phone_sanitized:
            person = {"default_tiktok_phone": lead.phone_sanitized}
        else:
            raise UserError(
                self.env._("No e-mail address or phone number is known for this person.")
            )
        action["context"] = {
            **person,
            "default_name": lead.contact_name or lead.name,
            "default_tiktok_lead_id": lead.id,
        }
        return action

    @api.model
    def _erase_leads(self, leads, other_events=None):
        """Remove all that tells who it is; a lead stays as a number in the statistics.

        :param leads: crm.lead, in sudo
        :param other_events: tiktok.event of these leads that tell of other people: they stay, and
            their notes
        """
        leads = leads.with_context(tracking_disable=True, mail_notrack=True, active_test=False)
        other_events = other_events or leads.tiktok_event_ids.browse()
        self._erase_events(leads.tiktok_event_ids - other_events)
        self._remember_erased_leads(leads)
        # What a mapping changed, to undo it.
        self.env["tiktok.mapping.change"].search([("lead_id", "in", leads.ids)]).unlink()
        for lead in leads:
            company = lead.company_id or lead.tiktok_form_id.company_id
            lead.partner_id = False  # first: an empty e-mail would empty the contact's too
            empty = dict.fromkeys(self._list_person_fields(lead), False)
            name = self.env._("Erased lead %s", lead.tiktok_lead_uid or lead.id)
            # Without a contact CRM would take the company away.
            lead.write({**empty, "name": name, "active": False, "company_id": company.id})
        leads.activity_ids.unlink()
        (self._find_messages(leads) - other_events.sudo().note_id).unlink()
        leads.message_follower_ids.filtered(lambda f: not f.partner_id.user_ids).unlink()
        domain = [("res_model", "=", leads._name), ("res_id", "in", leads.ids)]
        self.env["ir.attachment"].search(domain).unlink()

    @api.model
    def _erase_events(self, events):
        """Remove all that tells who it was. The rows stay: the leads must not come again.

        :param events: tiktok.event
        """
        events.note_id.sudo().unlink()
        now = fields.Datetime.now()
        empty = dict.fromkeys(("raw", "history", "error", "next_try_at"), False)
        events.filtered(lambda event: event.state not in ("done", "ignored")).write(
            {"state": "ignored", "done_at": now}
        )
        events.write({**empty, "reason": "erased", "scrubbed_at": now})

    @api.model
    def _erase_repeated_events(self, events):
        """Erase those events whose lead was erased before: it was delivered again.

        :param events: tiktok.event of one company
        :return: the events that were erased
        :rtype: tiktok.event
        """
        domain = [
            *(("company_id", "=", events.company_id.id), ("id", "not in", events.ids)),
            *(("lead_uid", "in", events.mapped("lead_uid")), ("reason", "=", "erased")),
            ("verification", "!=", "none"),  # an invented ID must not keep the real lead out
        ]
        uids = {event.lead_uid for event in events.search_fetch(domain, ["lead_uid"])}
        erased = events.filtered(lambda event: event.lead_uid in uids)
        self._erase_events(erased)
        return erased

    @api.model
    def _find_messages(self, leads):
        """Return all messages of leads.

        Not `message_ids`: that leaves out what was sent to colleagues, "You got Ana's lead".

        :param leads: crm.lead
        :rtype: mail.message
        """
        domain = [("model", "=", leads._name), ("res_id", "in", leads.ids)]
        return self.env["mail.message"].sudo().search(domain)

    @api.model
    def _remember_erased_leads(self, leads):
        """Store events of imported leads that have none, so that TikTok's deliveries are ignored.

        :param leads: crm.lead that are erased
        """
        events, new = self.env["tiktok.event"].sudo(), leads.browse()
        for lead in leads.filtered(lambda lead: lead.tiktok_lead_uid and not lead.tiktok_event_ids):
            own = [("company_id", "=", lead._tiktok_get_company().id)]
            # One that came while the company was switched off made no lead, and has its key.
            known = events.search([*own, ("lead_uid", "=", lead.tiktok_lead_uid)])
            self._erase_events(known)
            if payload.get_lead_key(lead.tiktok_lead_uid) not in known.mapped("dedup_key"):
                new |= lead
        events.create([self._prepare_erased_event(lead) for lead in new])

    @api.model
    def _prepare_erased_event(self, lead):
        """Return the values of the event that keeps out an erased lead.

        :param lead: crm.lead
        :rtype: dict
        """
        return {
            "state": "ignored",
            "kind": payload.KIND_LEAD,
            "source": "backfill",
            "verification": "person",
            "reason": "erased",
            "company_id": lead._tiktok_get_company().id,
            "dedup_key": payload.get_lead_key(lead.tiktok_lead_uid),
            "lead_uid": lead.tiktok_lead_uid,
            "lead_id": lead.id,
            "done_at": fields.Datetime.now(),
            "scrubbed_at": fields.Datetime.now(),
        }

    @api.model
    def _list_person_fields(self, lead):
        """Return the fields that can hold something of the person, the mapped ones among them.

        :param lead: crm.lead
        :rtype: list[str]
        """
        known = lead._fields
        names = {name for name in PERSON_FIELDS if name in known}
        mapped = {name for name in lead.tiktok_form_id._get_mapped_fields() if name in known}
        names |= {name for name in mapped if known[name].type in ERASABLE}
        return sorted(name for name in names if not known[name].required)

    # === THE FILE === #

    @api.model
    def _export_leads(self, leads):
        """Return all that is held on leads, field by field.

        :param leads: crm.lead, in sudo
        :return: for each lead its fields, notes, tracked changes, activities and file names
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
            held = {name: self._export_value(value) for name, value in values.items() if value}
            messages = self._find_messages(lead)
            found.append(
                {
                    **held,
                    "notes": self._export_notes(messages),
                    "changes": self._export_tracked_changes(messages),
                    "activities": self._export_activities(lead),
                    "mapping_changes": self._export_mapping_changes(lead),
                    "files": self._export_file_names(lead, messages),
                }
            )
        return found

    @api.model
    def _export_notes(self, messages):
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
    def _export_tracked_changes(self, messages):
        """Return the values that fields of a lead had, as its history shows them.

        :param messages: mail.message
        :rtype: list[dict]
        """
        return [
            {
                "date": str(tracked.mail_message_id.date),
                "field": tracked.field_id.name or (tracked.field_info or {}).get("name") or "",
                "old": self._read_tracked_value(tracked, "old"),
                "new": self._read_tracked_value(tracked, "new"),
            }
            for tracked in messages.tracking_value_ids
        ]

    @api.model
    def _read_tracked_value(self, tracked, which):
        """Return one value of a tracked change.

        :param tracked: mail.tracking.value
        :param str which: ``old`` or ``new``
        :return: the value, empty if there was none
        """
        values = (tracked[f"{which}_value_{kind}"] for kind in TRACKED)
        return next((self._export_value(value) for value in values if value), "")

    @api.model
    def _export_activities(self, lead):
        """Return what is planned for a lead, and what was done.

        :param lead: crm.lead
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
                [("res_model", "=", lead._name), ("res_id", "=", lead.id)]
            )
        ]

    @api.model
    def _export_mapping_changes(self, lead):
        """Return which values a new mapping changed: they are kept to undo it.

        :param lead: crm.lead
        :rtype: list[dict]
        """
        changes = self.env["tiktok.mapping.change"].sudo().search([("lead_id", "=", lead.id)])
        return [{"old": change.values_before, "new": change.values_after} for change in changes]

    @api.model
    def _export_file_names(self, lead, messages):
        """Return the names of the files on a lead and its notes.

        :param lead: crm.lead
        :param messages: mail.message
        :rtype: list[dict]
        """
        files = self.env["ir.attachment"].sudo()
        own = files.search([("res_model", "=", lead._name), ("res_id", "=", lead.id)])
        return [
            {"name": file.name, "type": file.mimetype or "", "date": str(file.create_date)}
            for file in own | messages.attachment_ids
        ]

    @api.model
    def _export_value(self, value):
        if isinstance(value, tuple):  # a record: its name says more than its number
            return value[1]
        return value if isinstance(value, (str, int, float, bool, list, dict)) else str(value)
