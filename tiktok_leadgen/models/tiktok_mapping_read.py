import pytz
from markupsafe import Markup

from odoo import api, models
from odoo.tools import format_date, format_datetime, formatLang

from ..tiktok import dates, reading
from ..tiktok.values import line
from .time_zone import known_zone

MAX_TAGS = 20  # of one answer
MAX_TAG = 64
LARGEST_INTEGER = 2**31 - 1
_PARAGRAPH = Markup("<p>%s: %s</p>")


class Unclear(ValueError):
    """An answer that can't be read as what it should become; its text is a key of `_why`."""


class TiktokMapping(models.AbstractModel):
    """Reads one answer for each type of field, and says for people what came of it."""

    _inherit = "tiktok.mapping"

    # === READING === #

    @api.model
    def _read(self, company, slot, question, values, known):
        """Return the value for a slot, or why there is none.

        :return: value and key of `_why`, one of them None
        :rtype: tuple
        """
        text = ", ".join(values)
        try:
            if slot.relation:
                return self._read_relation(slot, values, known), None
            value = getattr(self, f"_read_{slot.type}")(company, slot, question, text)
            if slot.limit and len(value) > slot.limit:
                raise Unclear("too_long_text")
            return value, None
        except Unclear as unclear:
            return None, str(unclear)

    def _read_char(self, _company, _slot, _question, text):
        return line(text)

    def _read_text(self, _company, _slot, _question, text):
        return text

    def _read_html(self, _company, _slot, question, text):
        return _PARAGRAPH % (question, text) if question else Markup("<p>%s</p>") % text

    def _read_integer(self, _company, _slot, _question, text):
        found = self._read_float(_company, _slot, _question, text)
        if found != int(found) or abs(found) > LARGEST_INTEGER:
            raise Unclear("not_whole")
        return int(found)

    def _read_float(self, _company, _slot, _question, text):
        found = reading.number(text)
        if found is None:
            raise Unclear("not_a_number")
        return found

    _read_monetary = _read_float

    def _read_boolean(self, _company, _slot, _question, text):
        found = reading.yes_no(text)
        if found is None:
            raise Unclear("not_yes_no")
        return found

    def _read_date(self, company, slot, _question, text):
        found = self._read_moment(company, text).date()
        return found.isoformat() if slot.team_id else found

    def _read_datetime(self, company, slot, _question, text):
        found = self._read_moment(company, text)
        zone = known_zone(company.resource_calendar_id.tz, company.partner_id.tz)
        try:
            found = (found if found.tzinfo else zone.localize(found)).astimezone(pytz.utc)
        except OverflowError:
            raise Unclear("not_a_date") from None
        found = found.replace(tzinfo=None, microsecond=0)
        return found.isoformat(" ") if slot.team_id else found

    @api.model
    def _read_moment(self, company, text):
        """Return the day and time of an answer, as the company's country writes days.

        :rtype: datetime.datetime
        :raise Unclear: if it is none, or if the country leaves open which
        """
        try:
            found = dates.moment(text, company.country_id.code or "")
        except dates.AmbiguousDateError:
            raise Unclear("ambiguous_date") from None
        if found is None:
            raise Unclear("not_a_date")
        return found

    def _read_selection(self, _company, slot, _question, text):
        found = reading.option(text, slot.options)
        if found is None:
            raise Unclear("not_an_option")
        return found

    def _read_property_tags(self, _company, slot, _question, text):
        keys = [reading.option(part, slot.options) for part in self._tags([text])]
        if None in keys:
            raise Unclear("not_an_option")
        return keys

    @api.model
    def _read_relation(self, slot, values, known):
        if slot.type == "tags":
            names = self._tags(values)
            if not self._are_tags(names):
                raise Unclear("too_long")
            return [i for n in names for i in known.get((slot.relation, n.casefold()), ())[:1]]
        ids = known.get((slot.relation, ", ".join(values).casefold()), ())
        if len(ids) != 1:
            raise Unclear("several" if ids else "not_found")
        return ids[0]

    @api.model
    def _are_tags(self, names):
        """Tell whether an answer is short enough for tags: none is made of any other."""
        return len(names) <= MAX_TAGS and all(len(name) <= MAX_TAG for name in names)

    @api.model
    def _why(self):
        """Return why an answer stays among the answers, in the reader's words.

        :rtype: dict[str, str]
        """
        return {
            "not_a_number": self.env._("no clear number"),
            "not_whole": self.env._("no clear whole number"),
            "not_a_date": self.env._("no clear day"),
            "ambiguous_date": self.env._(
                "the company's country does not tell which number is the month"
            ),
            "not_yes_no": self.env._("neither yes nor no"),
            "not_an_option": self.env._("none of the options"),
            "not_found": self.env._("nothing has this name"),
            "several": self.env._("several have this name"),
            "too_long": self.env._("too much for tags"),
            "too_long_text": self.env._("too long"),
            "no_property": self.env._("the lead's team has no such property"),
            "taken": self.env._("another answer fills it"),
        }

    @api.model
    def _note_text(self, why, name):
        """Return a note for people.

        :param str why: a key of `_why`
        :param str name: of the field, or the label of a property
        :rtype: str
        """
        field = self.env["crm.lead"]._fields.get(name)
        label = field._description_string(self.env) if field else name
        if why == "shortened":
            return self.env._("Shortened in “%s”: too long.", label)
        return self.env._(
            "Stays in the answers, not in “%(field)s”: %(why)s.",
            field=label,
            why=self._why().get(why, ""),
        )

    @api.model
    def _shown(self, slot, value, values):
        """Return what was read for people: as the lead will show it.

        :rtype: str
        """
        env = self.env
        if slot.type == "boolean":
            return env._("Yes") if value else env._("No")
        if slot.type == "selection":
            return dict(reversed(slot.options)).get(value, value)
        if slot.type == "tags":
            return ", ".join(self._tags(values))
        if slot.type in ("monetary", "float", "integer"):
            return formatLang(env, value, digits=0 if value == int(value) else 2)
        if slot.type == "date":
            return format_date(env, value)
        if slot.type == "datetime":
            return format_datetime(env, value)
        if slot.type == "many2one":
            return env[slot.relation].sudo().browse(value).display_name
        return ", ".join(values)
