import typing

from odoo import api, models
from odoo.tools.sql import escape_psql

from ...tiktok.countries import AMBIGUOUS, read_country
from ...tiktok.states import find_state


class Location(typing.NamedTuple):
    """Country and state of a lead, False for none."""

    country_id: int | bool = False
    state_id: int | bool = False


class TiktokLocation(models.AbstractModel):
    """Finds countries and states by the names that people write."""

    _name = "tiktok.location"
    _description = "TikTok Location"

    @api.model
    def _resolve_locations(self, company, leads, forms):
        """Find the country and state of each lead, for a whole batch.

        :param company: res.company
        :param list leads: `tiktok.lead.ParsedLead`
        :param dict forms: tiktok.form by its id at TikTok
        :return: a `Location` for each lead, in the same order
        :rtype: list
        """
        no_form = self.env["tiktok.form"]
        defaults = [
            forms.get(lead.page.uid, no_form).default_country_id | company.country_id
            for lead in leads
        ]
        return self._find_locations(leads, defaults)

    @api.model
    def _find_locations(self, leads, defaults):
        """Find the country and state of each lead.

        A state is looked for in the lead's country, else in the default ones.

        :param list leads: `tiktok.lead.ParsedLead`
        :param list defaults: res.country of each lead, the first one first
        :return: a `Location` for each lead, in the same order
        :rtype: list
        """
        answers = [(lead.answer("country"), lead.answer("state")) for lead in leads]
        countries = self._search_countries({country for country, _state in answers} - {""})
        states, found = {}, []
        for (country, state), others in zip(answers, defaults, strict=True):
            country_id = countries.get(country, False)
            location = Location(country_id)
            for each in [country_id] if country_id else others.ids:
                if state and each not in states:
                    states[each] = self._list_states(each)
                state_id = state and find_state(state, *states[each])
                if state_id:
                    location = Location(each, state_id)
                    break
            found.append(location)
        return found

    @api.model
    def _search_countries(self, names):
        """Find countries by name in any language, short name or code.

        :param set names: as people write them
        :return: id by name, False for none
        :rtype: dict
        """
        codes = {name: read_country(name) for name in names}
        domain = [("code", "in", list(set(codes.values()) - {"", AMBIGUOUS}))]
        known = self.env["res.country"].search_fetch(domain, ["code"])
        by_code = {country.code: country.id for country in known}
        return {
            name: by_code.get(code, False) if code else self._search_renamed_country(name)
            for name, code in codes.items()
        }

    @api.model
    def _search_renamed_country(self, name):
        """Find a country by a name that only this database has.

        :param str name: as people write it
        :return: its id, False for none
        :rtype: int | bool
        """
        languages = {code for code, _name in self.env["res.lang"].get_installed()} | {"en_US"}
        for language in sorted(languages):
            countries = self.env["res.country"].with_context(lang=language)
            found = countries.search([("name", "=ilike", escape_psql(name))], limit=1)
            if found:
                return found.id
        return False

    @api.model
    def _list_states(self, country_id):
        """Return the states of a country.

        :param int country_id: of res.country
        :return: id, name and code of each, and the code of the country
        :rtype: tuple[list[tuple], str]
        """
        states = self.env["res.country.state"].search_fetch(
            [("country_id", "=", country_id)], ["name", "code"]
        )
        found = [(state.id, state.name, (state.code or "").upper()) for state in states]
        return found, self.env["res.country"].browse(country_id).code or ""
