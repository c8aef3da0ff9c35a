from datetime import timedelta

from odoo import Command, api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, html2plaintext

from ... import const
from ...answer_tags import delete_unused_tags, find_answer_tags, list_mapped_fields
from ...concurrency import delete_unlocked
from ...job_time import read_transaction_clock
from ...lead_import import erase_files
from ...tiktok import payload

# Who it is and what they said. Campaign, stage and times say nothing of a person and stay, and so
# does the consent: it is the company's evidence that it was given.
PERSON_FIELDS = [
    *("contact_name", "partner_name", "email_from", "email_cc", "phone", "website", "function"),
    *("street", "street2", "city", "zip", "description", "referred", "lead_properties"),
    *("tiktok_answers", "tiktok_merged_answers", "tiktok_mapping_notes"),
]
ERASABLE = (
    *("char", "text", "html", "date", "datetime", "json", "integer", "float", "monetary"),
    *("boolean", "selection", "many2one"),  # what an answer chose
)


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
                      LEFT JOIN res_company company
                        ON company.id = COALESCE(lead.company_id, form.company_id)
                     WHERE (lead.tiktok_answers IS NOT NULL
                            OR lead.tiktok_merged_answers IS NOT NULL)
                       AND COALESCE(lead.tiktok_received_at, lead.create_date)
                           < %(now)s - interval '1 day'
                           * nullif(COALESCE(company.tiktok_retention_days, %(days)s), 0)
                     LIMIT %(limit)s
                       FOR NO KEY UPDATE OF lead SKIP LOCKED)
               UPDATE crm_lead SET tiktok_answers = NULL, tiktok_merged_answers = NULL
                 FROM old WHERE crm_lead.id = old.id""",
            days=const.DEFAULT_RETENTION_DAYS,
            now=read_transaction_clock(self.env),
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
        return delete_unlocked(events.note_id)

    @api.autovacuum
    def _gc_answer_tags(self):
        """Delete tags that answers named once the last lead with them is gone."""
        before = read_transaction_clock(self.env) - timedelta(days=1)
        tags = self.env["crm.tag"].sudo()
        delete_unused_tags(
            tags.search([("tiktok_from_answer", "=", True), ("create_date", "<", before)])
        )

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
        tags = {lead: find_answer_tags(lead) for lead in leads}
        mapped = {lead: list_mapped_fields(lead) for lead in leads}
        self._erase_linked_records(leads)
        self._erase_events(leads.tiktok_event_ids - other_events)
        self._remember_erased_leads(leads)
        for lead in leads:
            company = lead.company_id or lead.tiktok_form_id.company_id
            lead.partner_id = False  # first: an empty e-mail would empty the contact's too
            empty = dict.fromkeys(self._list_person_fields(lead, mapped[lead]), False)
            empty["tag_ids"] = [Command.unlink(tag.id) for tag in tags[lead]]
            name = self.env._("Erased lead %s", lead.tiktok_lead_uid or lead.id)
            # Without a contact CRM would take the company away.
            lead.write({**empty, "name": name, "active": False, "company_id": company.id})
        leads.activity_ids.unlink()
        (self._find_messages(leads) - other_events.sudo().note_id).unlink()
        leads.message_follower_ids.filtered(lambda f: not f.partner_id.user_ids).unlink()
        domain = [("res_model", "=", leads._name), ("res_id", "in", leads.ids)]
        self.env["ir.attachment"].search(domain).unlink()
        delete_unused_tags(leads.env["crm.tag"].union(*tags.values()))

    @api.model
    def _erase_linked_records(self, leads):
        """Delete what other models hold of the persons of leads, before the leads are erased.

        :param leads: crm.lead, in sudo
        """
        # What a mapping changed, to undo it.
        self.env["tiktok.mapping.change"].search([("lead_id", "in", leads.ids)]).unlink()
        self._find_meetings(leads).unlink()  # their names and descriptions tell who it is
        self._find_scheduled_messages(leads).unlink()  # or they are still sent to the person
        if "sms.sms" in self.env:  # Odoo would keep number and text when the message is deleted
            written = [("mail_message_id", "in", self._find_messages(leads).ids)]
            self.env["sms.sms"].sudo().search(written).unlink()
        companies = [lead._tiktok_get_company() for lead in leads]
        erase_files(self.env, self.env["res.company"].union(*companies))

    @api.model
    def _export_linked_records(self, lead):
        """Return what other models hold of the person of a lead.

        :param lead: crm.lead, in sudo
        :return: lists by their names in the file
        :rtype: dict
        """
        changes = self.env["tiktok.mapping.change"].sudo().search([("lead_id", "=", lead.id)])
        rows = [{"old": change.values_before, "new": change.values_after} for change in changes]
        meetings = [
            {
                "date": str(meeting.start),
                "name": meeting.name or "",
                "location": meeting.location or "",
                "description": html2plaintext(meeting.description or "").strip(),
                "notes": html2plaintext(meeting.notes or "").strip(),
            }
            for meeting in self._find_meetings(lead)
        ]
        scheduled = [
            {
                "date": str(message.scheduled_date),
                "subject": message.subject or "",
                "text": html2plaintext(message.body or "").strip(),
            }
            for message in self._find_scheduled_messages(lead)
        ]
        return {"mapping_changes": rows, "meetings": meetings, "scheduled_messages": scheduled}

    @api.model
    def _find_scheduled_messages(self, leads):
        """Return the messages about leads that users wrote and are to be sent later.

        :param leads: crm.lead
        :rtype: mail.scheduled.message
        """
        domain = [("model", "=", leads._name), ("res_id", "in", leads.ids)]
        return self.env["mail.scheduled.message"].sudo().search(domain)

    @api.model
    def _find_meetings(self, leads):
        """Return the meetings planned with the persons of leads, also private and archived ones.

        :param leads: crm.lead
        :rtype: calendar.event
        """
        meetings = self.env["calendar.event"].sudo().with_context(active_test=False)
        return meetings.search([("opportunity_id", "in", leads.ids)])

    @api.model
    def _erase_events(self, events):
        """Remove all that tells who it was. The rows stay: the leads must not come again.

        :param events: tiktok.event
        """
        events.note_id.sudo().unlink()
        now = read_transaction_clock(self.env)
        empty = dict.fromkeys(("raw", "headers", "history", "error", "next_try_at"), False)
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
            "done_at": read_transaction_clock(self.env),
            "scrubbed_at": read_transaction_clock(self.env),
        }

    @api.model
    def _list_person_fields(self, lead, mapped):
        """Return the fields that can hold something of the person, the mapped ones among them.

        :param lead: crm.lead
        :param set mapped: fields that answers filled
        :rtype: list[str]
        """
        known = lead._fields
        names = {name for name in PERSON_FIELDS if name in known}
        names |= {name for name in mapped if name in known and known[name].type in ERASABLE}
        return sorted(name for name in names if not known[name].required)
