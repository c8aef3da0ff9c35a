import csv
import io
import json
import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize

from ..job_time import read_transaction_clock
from ..person_export import export_leads
from ..person_lookup import find_person_events
from ..tiktok.phone import list_equivalents

LEAD, EVENT = "crm.lead", "tiktok.event"
NO_HOST = "phone.invalid"  # RFC 2606: no mail ever goes there


class PrivacyLookupWizard(models.TransientModel):
    """Odoo's privacy lookup finds TikTok's leads by phone too, and what TikTok sent."""

    _inherit = "privacy.lookup.wizard"

    tiktok_phone = fields.Char(
        "Phone", readonly=True, help="For a person whose e-mail address is not known."
    )
    tiktok_lead_id = fields.Many2one(
        "crm.lead", "Lead", readonly=True, help="The lead from which the lookup started."
    )
    tiktok_line_ids = fields.One2many(
        "privacy.lookup.wizard.line",
        "wizard_id",
        "TikTok leads and deliveries",
        domain=[("tiktok_match", "!=", False)],
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Give a person of whom only the phone is known an e-mail address that does not exist.

        Odoo's log of lookups wants an address, and shows next to nothing of it.

        :param list[dict] vals_list: of the wizards
        :rtype: privacy.lookup.wizard
        """
        for vals in vals_list:
            phone = vals.get("tiktok_phone")
            if phone and not vals.get("email"):
                vals["email"] = f"{re.sub(r'[^0-9]', '', phone) or 'phone'}@{NO_HOST}"
        return super().create(vals_list)

    # === LOOKING === #

    def _get_query(self):
        """Add leads known by phone and events, each record once.

        :rtype: odoo.tools.SQL
        """
        query = super()._get_query()
        leads, events = self._tiktok_find_records()
        return SQL(
            """SELECT DISTINCT ON (res_model_id, res_id) res_model_id, res_id, is_active FROM (
                   %(query)s
                   UNION ALL SELECT %(lead)s, id, active FROM crm_lead WHERE id = ANY(%(leads)s)
                   UNION ALL SELECT %(event)s, id, TRUE FROM tiktok_event WHERE id = ANY(%(events)s)
               ) AS found""",
            query=query,
            lead=self.env["ir.model"]._get_id(LEAD),
            event=self.env["ir.model"]._get_id(EVENT),
            leads=leads.ids,
            events=events.ids,
        )

    def _tiktok_find_records(self):
        """Return leads and events that may be this person's, of all companies, as Odoo's lookup.

        :return: crm.lead and tiktok.event
        :rtype: tuple
        """
        self.ensure_one()
        email, phones = self._tiktok_read_identity()
        if not email:  # else all persons without an e-mail would be this one
            return self.env[LEAD], self.env[EVENT]
        leads = self.env[LEAD].sudo().with_context(active_test=False)
        known = leads.search(
            Domain("email_normalized", "=", email)
            | Domain("phone_sanitized", "in", phones)
            | Domain("partner_id", "in", self._tiktok_find_contacts(email).ids)
        )
        # What this lookup adds to Odoo's is TikTok's alone.
        known = known.filtered(lambda lead: lead.tiktok_lead_uid or lead.tiktok_event_ids)
        events = find_person_events(self.env, email, phones, known.ids)
        return known | events.lead_id, events

    def _tiktok_read_identity(self):
        """Return by what the person is known: the e-mail, and the phones of its records.

        :return: the normalized e-mail and E.164 numbers, in each spelling of the same number
        :rtype: tuple[str, list[str]]
        """
        self.ensure_one()
        email = email_normalize(self.email.strip())
        if self.tiktok_phone or not email:
            return email, list_equivalents(self.tiktok_phone) if self.tiktok_phone else []
        leads = self.env[LEAD].sudo().with_context(active_test=False)
        known = leads.search([("email_normalized", "=", email)])
        phones = {
            *known.mapped("phone_sanitized"),
            *self._tiktok_find_contacts(email).mapped("phone_sanitized"),
        }
        return email, sorted({e for phone in phones - {False} for e in list_equivalents(phone)})

    @api.model
    def _tiktok_find_contacts(self, email):
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        return partners.search([("email_normalized", "=", email)])

    # === ACTION METHODS === #

    def action_lookup(self):
        """Look up, and select what is surely of this person; the rest is for the user to choose.

        :return: an action
        :rtype: dict
        """
        action = super().action_lookup()
        self.line_ids._tiktok_match_lines()
        return action

    def action_tiktok_export_json(self):
        """Download all that is held in the selected leads and events.

        :return: an action
        :rtype: dict
        """
        return self._tiktok_download_file("json")

    def action_tiktok_export_csv(self):
        """Download the same as a table, for a spreadsheet.

        :return: an action
        :rtype: dict
        """
        return self._tiktok_download_file("csv")

    def action_tiktok_erase(self):
        """Erase this person from the selected leads and events, and from no others.

        :return: an action
        :rtype: dict
        :raise UserError: if nothing is selected
        """
        self._tiktok_find_selected_lines()._tiktok_erase_lines()
        return self.action_open_lines()

    def _tiktok_find_selected_lines(self):
        """Return the lines of leads and events that the user selected.

        :rtype: privacy.lookup.wizard.line
        :raise UserError: if there are none
        """
        self.ensure_one()
        self.check_access("write")
        lines = self.line_ids.filtered("tiktok_selected")
        if not lines:
            raise UserError(
                self.env._("Nothing is selected. Select TikTok leads or deliveries first.")
            )
        return lines

    # === THE FILE === #

    def _tiktok_download_file(self, kind):
        """Create the file of all that is held in the selected leads and events.

        :param str kind: ``json`` or ``csv``
        :return: an action that downloads it
        :rtype: dict
        :raise UserError: if nothing is selected
        """
        lines = self._tiktok_find_selected_lines()
        leads, events = (
            lines._tiktok_find_line_records(LEAD),
            lines._tiktok_find_line_records(EVENT),
        )
        content = {
            "person": {"name": self.name, **self._tiktok_describe_identity()},
            "written_at": str(read_transaction_clock(self.env)),
            "leads": export_leads(leads),
            "events": [self._tiktok_export_event(event) for event in events],
        }
        text = (
            self._tiktok_format_csv(content)
            if kind == "csv"
            else json.dumps(content, ensure_ascii=False, indent=2, default=str)
        )
        # It goes with the wizard, within a day.
        attachment = self.env["ir.attachment"].create(
            {
                "name": f"tiktok-personal-data.{kind}",
                "raw": text.encode(),
                "mimetype": "text/csv" if kind == "csv" else "application/json",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        url = f"/web/content/{attachment.id}?download=true"
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}

    def _tiktok_describe_identity(self):
        return {"phone": self.tiktok_phone} if self.tiktok_phone else {"email": self.email}

    def _tiktok_export_event(self, event):
        """Return what is held in an event.

        :param event: tiktok.event
        :rtype: dict
        """
        try:
            raw = json.loads(event.raw or "null")
        except (ValueError, RecursionError):
            raw = event.raw
        names = ("lead_uid", "page_uid", "advertiser_uid", "state")
        names += ("reason", "source", "verification", "headers")
        values = {name: event[name] for name in names if event[name]}
        times = {name: str(event[name]) for name in ("submitted_at", "received_at") if event[name]}
        return {"id": event.id, **values, **times, "raw_payload": raw}

    def _tiktok_format_csv(self, content):
        """Return a row for each value: what it is of, its name, and what it says.

        :param dict content: of the file
        :rtype: str
        """
        file = io.StringIO()
        writer = csv.writer(file)
        writer.writerow(("record", "field", "value"))
        for kind in ("leads", "events"):
            for record in content[kind]:
                for name, value in record.items():
                    text = (
                        value
                        if isinstance(value, str)
                        else json.dumps(value, ensure_ascii=False, default=str)
                    )
                    # A spreadsheet would take it for a formula: Odoo's own export does the same.
                    guard = "'" if text.startswith(("=", "+", "-", "@")) else ""
                    writer.writerow((f"{kind[:-1]} {record['id']}", name, guard + text))
        return "\ufeff" + file.getvalue()
