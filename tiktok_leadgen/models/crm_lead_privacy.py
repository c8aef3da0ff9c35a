from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .. import const
from ..tiktok import payload

# Who it is and what they said. Campaign, stage and times say nothing of a person and stay, and so
# does the consent: it is the company's proof that it was given.
PERSON_FIELDS = [
    *("contact_name", "partner_name", "email_from", "email_cc", "phone", "website", "function"),
    *("street", "street2", "city", "zip", "description", "referred", "lead_properties"),
    *("tiktok_answers", "tiktok_merged_answers", "tiktok_mapping_notes"),
]
ERASABLE = ("char", "text", "html", "date", "datetime", "json", "integer", "float", "monetary")


class CrmLead(models.Model):
    """What is held of one person: for how long, in a file, and gone on request."""

    _inherit = "crm.lead"

    @api.autovacuum
    def _tiktok_gc_answers(self):
        """Remove TikTok's answers from leads when their company no longer wants to keep them.

        What was written into the fields of the lead stays, and the consent, as its proof.

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
    def _tiktok_gc_notes(self):
        """Remove the notes whose event lost its answers.

        :rtype: tuple[int, int]
        """
        domain = [("note_id", "!=", False), ("scrubbed_at", "!=", False)]
        events = self.env["tiktok.event"].sudo().search(domain, limit=const.GC_BATCH)
        events.note_id.unlink()
        return len(events), int(len(events) == const.GC_BATCH)

    # === ONE PERSON === #

    def _tiktok_erase_person(self, kept_events=None):
        """Remove all that tells who it is; the lead stays as a number in the statistics.

        :param kept_events: tiktok.event of these leads that tell of other people: they stay, and
            their notes
        """
        leads = self.with_context(tracking_disable=True, mail_notrack=True, active_test=False)
        kept_events = kept_events or leads.tiktok_event_ids.browse()
        (leads.tiktok_event_ids - kept_events)._erase_person()
        leads._tiktok_remember_erased()
        for name in ("tiktok.mapping.change",):  # what a mapping changed, to undo it
            if name in self.env:
                self.env[name].search([("lead_id", "in", self.ids)]).unlink()
        for lead in leads:
            company = lead.company_id or lead.tiktok_form_id.company_id
            lead.partner_id = False  # first: an empty e-mail would empty the contact's too
            empty = dict.fromkeys(lead._tiktok_person_fields(), False)
            name = self.env._("Erased lead %s", lead.tiktok_lead_uid or lead.id)
            # Without a contact CRM would take the company away.
            lead.write({**empty, "name": name, "active": False, "company_id": company.id})
        leads.activity_ids.unlink()
        # Not `message_ids`: that leaves out what was sent to colleagues, "You got Ana's lead".
        about = [("model", "=", self._name), ("res_id", "in", self.ids)]
        messages = self.env["mail.message"].sudo().search(about)
        (messages - kept_events.sudo().note_id).unlink()
        leads.message_follower_ids.filtered(lambda f: not f.partner_id.user_ids).unlink()
        domain = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        self.env["ir.attachment"].search(domain).unlink()

    def _tiktok_remember_erased(self):
        """Keep out what TikTok may still bring of leads that a file brought: they have no event."""
        events, new = self.env["tiktok.event"].sudo(), self.browse()
        for lead in self.filtered(lambda lead: lead.tiktok_lead_uid and not lead.tiktok_event_ids):
            mine = [("company_id", "=", lead._tiktok_company().id)]
            # One that came while the company was switched off made no lead, and has its key.
            known = events.search([*mine, ("lead_uid", "=", lead.tiktok_lead_uid)])
            known._erase_person()
            if payload.lead_key(lead.tiktok_lead_uid) not in known.mapped("dedup_key"):
                new |= lead
        events.create(
            [
                {
                    "state": "ignored",
                    "kind": payload.KIND_LEAD,
                    "source": "backfill",
                    "trust": "person",
                    "reason": "erased",
                    "company_id": lead._tiktok_company().id,
                    "dedup_key": payload.lead_key(lead.tiktok_lead_uid),
                    "lead_uid": lead.tiktok_lead_uid,
                    "lead_id": lead.id,
                    "done_at": fields.Datetime.now(),
                    "scrubbed_at": fields.Datetime.now(),
                }
                for lead in new
            ]
        )

    def action_tiktok_personal_data(self):
        """Look up all that is held of this lead's person, to download it or to erase it.

        :return: an action
        :rtype: dict
        :raise AccessError: for whoever may not look people up
        """
        self.ensure_one()
        self.env["privacy.lookup.wizard"].check_access("create")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "privacy_lookup.action_privacy_lookup_wizard"
        )
        email = self.email_normalized
        person = (
            {"default_email": email} if email else {"default_tiktok_phone": self._tiktok_number()}
        )
        action["context"] = {
            **person,
            "default_name": self.contact_name or self.name,
            "default_tiktok_lead_id": self.id,
        }
        return action

    def _tiktok_number(self):
        """Return the phone number to look this person up by.

        :rtype: str
        :raise UserError: if neither an e-mail address nor a number is known
        """
        if not self.phone_sanitized:
            raise UserError(
                self.env._("Neither an e-mail address nor a phone number of this person is known.")
            )
        return self.phone_sanitized

    def _tiktok_person_fields(self):
        """Return the fields that can hold something of the person, the mapped ones among them.

        :rtype: list[str]
        """
        self.ensure_one()
        names = {name for name in PERSON_FIELDS if name in self._fields}
        mapped = {name for name in self.tiktok_form_id._mapped_fields() if name in self._fields}
        names |= {name for name in mapped if self._fields[name].type in ERASABLE}
        return sorted(name for name in names if not self._fields[name].required)
