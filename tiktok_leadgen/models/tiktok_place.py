from odoo import api, models
from odoo.fields import Domain
from odoo.tools.sql import escape_psql


class TiktokPlace(models.AbstractModel):
    """Reads countries and states the way people write them."""

    _name = "tiktok.place"
    _description = "TikTok Place Reader"

    @api.model
    def _lookup(self, company, leads):
        """Find the country and state of each lead, for a whole batch.

        A state is looked for in the lead's country, else in the company's.

        :param company: res.company
        :param list leads: `tiktok.lead.Lead`
        :return: country id and state id, or False, by the Python id of a lead
        :rtype: dict
        """
        asked = [lead for lead in leads if lead.answer("country") or lead.answer("state")]
        countries = self._countries({lead.answer("country") for lead in asked} - {""})
        places = {}
        for lead in asked:
            country_id = countries.get(lead.answer("country"), False)
            state = self._state(lead.answer("state"), country_id or company.country_id.id)
            places[id(lead)] = (country_id or state.country_id.id, state.id)
        return places

    @api.model
    def _countries(self, names):
        Country = self.env["res.country"]
        languages = {code for code, _name in self.env["res.lang"].get_installed()} | {"en_US"}
        found = {}
        for name in names:
            code = Domain("code", "=", name.upper())
            country = Country.search(code, limit=1) if len(name) == 2 else Country
            for language in () if country else languages:
                country = Country.with_context(lang=language).search(
                    [("name", "=ilike", escape_psql(name))]
                )[:1]
                if country:
                    break
            found[name] = country.id
        return found

    @api.model
    def _state(self, name, country_id):
        State = self.env["res.country.state"]
        if not name or not country_id:
            return State
        domain = Domain("country_id", "=", country_id)
        by_code = State.search(domain & Domain("code", "=", name.upper()), limit=1)
        return by_code or State.search(
            domain & Domain("name", "=ilike", escape_psql(name)), limit=1
        )
