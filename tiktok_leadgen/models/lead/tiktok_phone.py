import re

from odoo import api, models
from odoo.exceptions import UserError

from ...tiktok import phone as tiktok_phone
from ...tiktok.values import isolate

PHONE_ISSUES = [
    (tiktok_phone.UNKNOWN_COUNTRY, "Country unknown"),
    (tiktok_phone.NO_NUMBER, "Not a valid phone number"),
]
MAX_SUGGESTIONS = 12
_COMMAND_SIGNS = re.compile("[*#＊＃﹡﹟]")


class TiktokPhone(models.AbstractModel):
    """Parses the phone numbers of leads, and finds out what is missing to call them."""

    _name = "tiktok.phone"
    _description = "TikTok Phone Number"

    @api.model
    def _prepare_phone_values(self, text, country_id, countries):
        """Return the phone number of an answer as E.164, or as it was written.

        Then without * and #, also the wide ones: Odoo's own phone fields make a link of any text,
        and with them a phone carries out a command, such as forwarding all calls.

        :param str text: as it was answered, empty for none
        :param int country_id: of the lead, False for none
        :param countries: res.country to try after it, such as those of the form and the company
        :return: values of crm.lead
        :rtype: dict
        """
        found = self._parse_phone(text, country_id, countries)
        kept = _COMMAND_SIGNS.sub("", text).strip()
        return {"phone": found.number or kept or False, "tiktok_phone_issue": found.issue or False}

    @api.model
    def _parse_phone(self, text, country_id, countries):
        """Return what is known of the number in a text.

        :param str text: as it was written, empty for none
        :param int country_id: of the lead, False for none
        :param countries: res.country to try after it
        :rtype: tiktok.phone.Phone
        """
        if not text:
            return tiktok_phone.Phone()
        own = self.env["res.country"].browse(country_id or ()).code or ""
        return tiktok_phone.parse_phone(text, own, tuple(countries.mapped("code")))

    @api.model
    def _find_phone_issue(self, lead):
        """Return why a lead from TikTok cannot be called, False if it can or has no number.

        :param lead: crm.lead
        :rtype: str | bool
        """
        if not lead.tiktok_lead_uid or not lead.phone:
            return False
        company = lead._tiktok_get_company()
        countries = lead.sudo().tiktok_form_id.default_country_id | company.sudo().country_id
        return self._parse_phone(lead.phone, lead.country_id.id, countries).issue or False

    @api.model
    def _suggest_countries(self, lead):
        """Return the countries in which a lead's number is one, those of the form's leads first.

        :param lead: crm.lead
        :rtype: res.country
        """
        countries = self.env["res.country"]
        if lead.tiktok_phone_issue != tiktok_phone.UNKNOWN_COUNTRY:
            return countries
        codes = tiktok_phone.list_phone_countries(lead.phone or "")
        found = countries.search([("code", "in", codes)])
        counts = dict(
            self.env["crm.lead"]
            .sudo()
            ._read_group(
                [
                    ("tiktok_form_id", "in", lead.sudo().tiktok_form_id.ids),
                    ("country_id", "in", found.ids),
                ],
                ["country_id"],
                ["__count"],
            )
        )
        return found.sorted(lambda country: -counts.get(country, 0))[:MAX_SUGGESTIONS]

    @api.model
    def _choose_country(self, lead, country):
        """Read the number of a lead, and of later leads of its form, as one of a country.

        A default that a user has chosen for the form is replaced only by who may edit forms.

        :param lead: crm.lead
        :param country: res.country of the number
        :raise UserError: if it is no number of the country
        """
        number = tiktok_phone.parse_phone_of_country(lead.phone or "", country.code)
        if not number:
            raise UserError(
                self.env._(
                    "“%(phone)s” is no valid phone number in %(country)s: choose another country.",
                    phone=isolate(lead.phone),
                    country=isolate(country.name),
                )
            )
        form = lead.sudo().tiktok_form_id
        if form and (not form.default_country_id or form.with_env(lead.env).has_access("write")):
            form.default_country_id = country
        lead.write({"phone": number, "country_id": (lead.country_id or country).id})
