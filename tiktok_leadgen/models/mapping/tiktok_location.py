import typing

from odoo import api, models
from odoo.fields import Domain
from odoo.tools.sql import escape_psql


class Location(typing.NamedTuple):
    """Country and state of a lead, False for none."""

    country_id: int | bool = False
    state_id: int | bool = False


class TiktokLocation(models.AbstractModel):
    """Finds countries and states by the names that people write."""

    _name = "tiktok.location"
    _description = "TikTok Location"

    @api.model
    def _resolve_locations(self, company, leads):
        """Find the country and state of each lead, for a whole batch.

        A state is looked for in the lead's country, else in the company's.

        :param company: res.company
        :param list leads: `tiktok.lead.ParsedLead`
        :return: a `Location` for each lead, in the same order
        :rtype: list
        """
        answers = [(lead.answer("country"), lead.answer("state")) for lead in leads]
        countries = self._search_countries({country for country, _state in answers} - {""})
        found = []
        for country, state in answers:
            country_id = countries.get(country, False)
            record = self._search_country_state(state, country_id or company.country_id.id)
            found.append(Location(country_id or record.country_id.id, record.id))
        return found

    @api.model
    def _search_countries(self, names):
        """Find countries by code, or by name in each installed language.

        :param set names: as people write them
        :return: id by name, False for none
        :rtype: dict
        """
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
    def _search_country_state(self, name, country_id):
        """Find a state of a country by code or name.

        :param str name: as people write it, empty for none
        :param int country_id: of res.country, False for none
        :rtype: res.country.state
        """
        State = self.env["res.country.state"]
        if not name or not country_id:
            return State
        domain = Domain("country_id", "=", country_id)
        by_code = State.search(domain & Domain("code", "=", name.upper()), limit=1)
        return by_code or State.search(
            domain & Domain("name", "=ilike", escape_psql(name)), limit=1
        )
