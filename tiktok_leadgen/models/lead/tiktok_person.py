import re

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize

from ...tiktok.phone import list_equivalents

E164 = re.compile(r"\+\d{7,15}")
# One key of a person, and the column of crm.lead that has it.
COLUMNS = {"email": "email_normalized", "phone": "phone_sanitized", "partner": "partner_id"}
SALES = "sales_team.group_sale_salesman"
TOUCH = {"compute": "_compute_tiktok_touches", "groups": SALES}


class TiktokPerson(models.AbstractModel):
    """Recognize a person by e-mail, phone and contact, and find their leads."""

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
