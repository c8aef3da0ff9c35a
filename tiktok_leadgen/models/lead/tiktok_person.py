import json
import re
import unicodedata

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize

from ...tiktok.phone import list_equivalents

E164 = re.compile(r"\+\d{7,15}")
# One key of a person, and the column of crm.lead that has it.
COLUMNS = {"email": "email_normalized", "phone": "phone_sanitized", "partner": "partner_id"}
SALES = "sales_team.group_sale_salesman"
OTHER_DIGITS = r"\\u(066|06f|096|09e)"  # Arabic, Persian, Hindi and Bengali, escaped in JSON
LEAST_DIGITS = 7  # of a phone number, or too many others have them too
MOST_DIGITS = 15  # E.164 has no longer number
# It begins where a word does: else each letter of a long word would be tried as the first one.
EMAIL = re.compile(r"(?<![^\s\"'<>()\[\],;:])[^\s\"'<>()\[\],;:]+@[^\s\"'<>()\[\],;:]+")
TOUCH = {"compute": "_compute_tiktok_touches", "groups": SALES}


class TiktokPerson(models.AbstractModel):
    """Recognize a person by e-mail, phone and contact, and find their leads and deliveries."""

    _name = "tiktok.person"
    _description = "TikTok Person"

    # === WHO IT IS === #

    @api.model
    def _lead_domain(self, lead):
        """Return the domain of a person's leads, by e-mail, phone and known contact.

        :param lead: crm.lead of the person
        :rtype: Domain
        """
        keys = self._get_key_domain(lead)
        partners = lead.partner_id
        if not keys.is_false():
            known = Domain("company_id", "in", [lead.company_id.id, False])
            partners |= self.env["res.partner"].search(keys & known, limit=20)
        return keys | Domain("partner_id", "in", partners.ids)

    @api.model
    def _get_key_domain(self, record):
        """Return the domain of what has the e-mail or the phone of a record.

        :param record: crm.lead or res.partner
        :return: false for a record without both
        :rtype: Domain
        """
        email, phone = record.email_normalized, record.phone_sanitized
        domain = Domain("email_normalized", "=", email) if email else Domain.FALSE
        if phone:
            domain |= Domain("phone_sanitized", "in", list_equivalents(phone))
        return domain

    @api.model
    def _find_person_keys(self, company, vals_list):
        """Return by what each person is known: e-mail, phone, and contacts that have them.

        :param company: res.company
        :param list[dict] vals_list: of leads
        :return: sets of pairs like ("email", "ana@example.com"), one for each values
        :rtype: list
        """
        keys = []
        for vals in vals_list:
            email, phone = email_normalize(vals.get("email_from") or ""), vals.get("phone") or ""
            found = {("email", email)} if email else set()
            phones = list_equivalents(phone) if E164.fullmatch(phone) else ()
            keys.append(found | {("phone", each) for each in phones})
        by_key = self._find_contacts_by_key(company, set().union(*keys))
        return [own.union(*(by_key.get(key, ()) for key in own)) for own in keys]

    @api.model
    def _find_contacts_by_key(self, company, keys):
        """Find the contacts with these e-mails and phones.

        :param company: res.company
        :param set keys: of e-mails and phones
        :return: keys of the contacts, by the key of an e-mail or a phone
        :rtype: dict[tuple, set[tuple]]
        """
        values = {kind: [value for k, value in keys if k == kind] for kind in ("email", "phone")}
        domain = Domain("company_id", "in", [company.id, False]) & (
            Domain("email_normalized", "in", values["email"])
            | Domain("phone_sanitized", "in", values["phone"])
        )
        names = ["email_normalized", "phone_sanitized"]
        by_key = {}
        for partner in self.env["res.partner"].search_fetch(domain, names):
            for key in (("email", partner.email_normalized), ("phone", partner.phone_sanitized)):
                by_key.setdefault(key, set()).add(("partner", partner.id))
        return by_key

    @api.model
    def _find_repeated_leads(self, company, keys):
        """Find the last open and the last lost lead by each key, all in one query.

        Tests never count. A lead that got a contact no longer has a company; its form has. One
        without either is of all companies.

        :param company: res.company
        :param set keys: of `_find_person_keys`
        :return: ids of the open and of the lost lead, or None, by key
        :rtype: dict
        """
        self.env["crm.lead"].flush_model()
        parts = [
            SQL(
                """SELECT %(kind)s AS kind, %(column)s::varchar AS value,
                          max(lead.id) FILTER (WHERE lead.active AND won_status = 'pending'),
                          max(lead.id) FILTER (WHERE NOT lead.active AND won_status = 'lost')
                     FROM crm_lead lead
                     LEFT JOIN tiktok_form form ON form.id = lead.tiktok_form_id
                    WHERE %(column)s = ANY(%(values)s) AND tiktok_is_test IS NOT TRUE
                      AND COALESCE(lead.company_id, form.company_id, %(company)s) = %(company)s
                    GROUP BY %(column)s""",
                kind=kind,
                column=SQL.identifier("lead", column),
                company=company.id,
                values=[value for k, value in keys if k == kind],
            )
            for kind, column in COLUMNS.items()
            if any(k == kind for k, _value in keys)
        ]
        rows = self.env.execute_query(SQL(" UNION ALL ").join(parts)) if parts else []
        return {
            (kind, int(value) if kind == "partner" else value): (opened, lost)
            for kind, value, opened, lost in rows
        }

    # === DELIVERIES === #

    @api.model
    def _find_events(self, email, phones, lead_ids):
        """Find the deliveries of a person, by leads and by what the answers contain.

        :param str email: normalized
        :param list[str] phones: E.164
        :param list[int] lead_ids: of the person's leads
        :rtype: tiktok.event
        """
        tails = self._get_phone_tails(phones)
        # As JSON in ASCII has them; digits of other scripts are compared afterwards.
        written = json.dumps(email)[1:-1]
        query = SQL(
            """SELECT event.id, event.lead_id IS NOT NULL AND event.lead_id = ANY(%(leads)s)
                 FROM tiktok_event event LEFT JOIN crm_lead lead ON lead.id = event.lead_id
                WHERE event.lead_id = ANY(%(leads)s) OR (
                      event.raw IS NOT NULL AND event.kind != 'account'
                      AND (event.raw ILIKE ANY(%(emails)s) OR %(by_phone)s))""",
            leads=list(lead_ids),
            emails=[f"%{_escape_pattern(text)}%" for text in (email, written)],
            by_phone=self._match_raw_phones(tails) if tails else SQL("FALSE"),
        )
        events = self.env["tiktok.event"].sudo()
        self.env.flush_all()
        rows = self.env.execute_query(query)
        certain = events.browse([event_id for event_id, has_lead in rows if has_lead])
        possible = events.browse([event_id for event_id, has_lead in rows if not has_lead])
        return certain | possible.filtered(lambda event: self._match_event(event, email, phones))

    @api.model
    def _match_raw_phones(self, tails):
        """Return the condition of deliveries that may hold a phone number, written in any way.

        Each is read digit by digit, which takes long: so not those whose lead has its number as
        E.164. They are found by their lead, or by the number that it had before a user changed it.

        :param list[str] tails: last digits of phone numbers
        :rtype: SQL
        """
        patterns = [f"%{tail}%" for tail in tails]
        return SQL(
            """((lead.phone_sanitized IS NULL OR event.note_id IS NOT NULL OR lead.id IN (
                     SELECT message.res_id FROM mail_tracking_value tracked
                       JOIN mail_message message ON message.id = tracked.mail_message_id
                      WHERE tracked.field_id = %(field)s AND message.model = 'crm.lead'
                        AND regexp_replace(tracked.old_value_char, '[^0-9]', '', 'g')
                            LIKE ANY(%(phones)s)))
                AND (event.raw ~* %(digits)s
                     OR regexp_replace(event.raw, '[^0-9]', '', 'g') LIKE ANY(%(phones)s)))""",
            field=self.env["ir.model.fields"]._get("crm.lead", "phone").id,
            digits=OTHER_DIGITS,
            phones=patterns,
        )

    @api.model
    def _match_event(self, event, email, phones):
        """Tell by what the answers of a delivery name a person.

        :param event: tiktok.event
        :param str email: normalized
        :param list[str] phones: E.164
        :return: ``email``, ``phone``, ``mixed`` for a text that cannot be read and names other
            addresses too, or None
        :rtype: str | None
        """
        try:
            lead = event._read_lead()
        except ValueError:
            lead = None
        if lead is None:
            return self._match_unreadable_text(event.raw or "", email)
        texts = [answer.text for answer in lead.answers]
        if any(email.lower() in _find_emails(text) for text in texts):
            return "email"
        tails = tuple(self._get_phone_tails(phones))
        for text in texts if tails else ():
            digits = "".join(str(unicodedata.digit(c)) for c in text if c.isdecimal())
            # The digits of an id can look like a phone number.
            if len(digits) <= MOST_DIGITS and digits.endswith(tails):
                return "phone"
        return None

    @api.model
    def _match_unreadable_text(self, text, email):
        """Tell whether a text that can't be read names a person, and others too.

        :param str text: the raw payload
        :param str email: normalized
        :return: ``email``, ``mixed`` or None
        :rtype: str | None
        """
        addresses = _find_emails(text)
        own = addresses & {email.lower(), json.dumps(email)[1:-1].lower()}
        if not own:
            return None
        return "email" if addresses == own else "mixed"

    @api.model
    def _get_phone_tails(self, phones):
        """Return the last digits of phone numbers: people leave out what comes before.

        :param list[str] phones: E.164
        :rtype: list[str]
        """
        written = [each for phone in phones for each in list_equivalents(phone)]
        digits = [re.sub(r"\D", "", phone) for phone in written]
        tails = (number[-9:] for number in digits if len(number) >= LEAST_DIGITS)
        return list(dict.fromkeys(tails))


class ResPartner(models.Model):
    """What TikTok brought of a contact: by the contact itself, its e-mail or its phone."""

    _inherit = "res.partner"

    tiktok_lead_count = fields.Integer("TikTok leads", **TOUCH)
    tiktok_first_campaign = fields.Char("First TikTok campaign", **TOUCH)
    tiktok_first_at = fields.Datetime("First TikTok lead", **TOUCH)
    tiktok_last_campaign = fields.Char("Last TikTok campaign", **TOUCH)
    tiktok_last_at = fields.Datetime("Last TikTok lead", **TOUCH)

    def _compute_tiktok_touches(self):
        """Look at the leads the reader may see, contact by contact: mostly there is one."""
        for partner in self:
            leads = partner._tiktok_find_leads() if partner._origin else self.env["crm.lead"]
            first = leads[:1]
            touches = [_find_last_touch(lead) for lead in leads]
            dated = [touch for touch in touches if touch[0]]
            last = max(dated, key=lambda touch: touch[0], default=(False, False))
            partner.tiktok_lead_count = len(leads)
            partner.tiktok_first_campaign = _label_campaign(first)
            partner.tiktok_first_at = first.tiktok_received_at
            partner.tiktok_last_campaign = last[1]
            partner.tiktok_last_at = last[0]

    def _tiktok_find_leads(self):
        """Return this contact's leads from TikTok, the first one first.

        :rtype: crm.lead
        """
        self.ensure_one()
        person = Domain("partner_id", "child_of", self._origin.id)
        person |= self.env["tiktok.person"]._get_key_domain(self)
        real = Domain("tiktok_lead_uid", "!=", False) & Domain("tiktok_is_test", "=", False)
        leads = self.env["crm.lead"].with_context(active_test=False)
        return leads.search(real & person, order="tiktok_received_at, id", limit=1000)

    def action_tiktok_view_leads(self):
        """Open what TikTok brought of this contact.

        :return: an action
        :rtype: dict
        """
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("tiktok_leadgen.crm_lead_action_tiktok")
        action["domain"] = [("id", "in", self._tiktok_find_leads().ids)]
        action["context"] = {"create": False, "active_test": False}
        return action


def _find_last_touch(lead):
    """Return when the person of a lead submitted last, and by which campaign or form.

    :param lead: crm.lead
    :return: the time, and the name
    :rtype: tuple
    """
    received, repeated = lead.tiktok_received_at, lead.tiktok_repeat_at
    if repeated and (not received or repeated >= received):
        campaign, form = lead.sudo().tiktok_repeat_campaign_id, lead.sudo().tiktok_repeat_form_id
        return repeated, campaign.name or form.name or False
    return received, _label_campaign(lead)


def _label_campaign(lead):
    """Return the name of the campaign that brought a lead, else of the form.

    :param lead: crm.lead
    :rtype: str | bool
    """
    return lead.tiktok_campaign_name or lead.tiktok_form_id.name or False


def _find_emails(text):
    """Return the e-mail addresses of a text, whole: a part of one is another person's.

    :param str text: an answer or a raw payload
    :rtype: set[str]
    """
    return {found.strip(".\\").lower() for found in EMAIL.findall(text)}


def _escape_pattern(text):
    """Return a text as a pattern of LIKE that matches nothing else.

    :param str text: to be found
    :rtype: str
    """
    return re.sub(r"([\\%_])", r"\\\1", text)
