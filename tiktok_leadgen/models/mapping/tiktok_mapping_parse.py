import pytz
from markupsafe import Markup

from odoo import api, models
from odoo.tools import format_date, format_datetime, formatLang

from ...tiktok import dates, reading
from ...tiktok.values import format_line
from ...time_zone import find_known_zone

MAX_TAGS = 20  # of one answer
MAX_TAG = 64
LARGEST_INTEGER = 2**31 - 1
_PARAGRAPH = Markup("<p>%s: %s</p>")


class UnparsableAnswer(ValueError):
    """An answer that its target can't take; the text is a key of `_get_reason_labels`."""


class TiktokMapping(models.AbstractModel):
    """Parses one answer for each type of field, and formats the result for people."""

    _inherit = "tiktok.mapping"

    # === PARSING === #

    @api.model
    def _parse_for_target(self, company, answer, records):
        """Parse an answer for its target.

        :param company: res.company
        :param answer: `MappedAnswer` without value
        :param dict records: ids by model and name in lower case
        :return: the answer with its value, or with the reason why there is none
        :rtype: MappedAnswer
        """
        target, text = answer.target, ", ".join(answer.texts)
        try:
            if target.relation:
                value = self._parse_record_names(target, answer.texts, records)
            else:
                parse = getattr(self, f"_parse_{target.type}_answer")
                value = parse(company, target, answer.question, text)
        except UnparsableAnswer as error:
            return answer._replace(reason=str(error))
        if target.limit and len(value) > target.limit:
            return answer._replace(reason="too_long_text")
        return answer._replace(value=value)

    def _parse_char_answer(self, _company, _target, _question, text):
        return format_line(text)

    def _parse_text_answer(self, _company, _target, _question, text):
        return text

    def _parse_html_answer(self, _company, _target, question, text):
        return _PARAGRAPH % (question, text) if question else Markup("<p>%s</p>") % text

    def _parse_integer_answer(self, _company, _target, _question, text):
        found = self._parse_float_answer(_company, _target, _question, text)
        if found != int(found) or abs(found) > LARGEST_INTEGER:
            raise UnparsableAnswer("not_whole")
        return int(found)

    def _parse_float_answer(self, _company, _target, _question, text):
        found = reading.parse_number(text)
        if found is None:
            raise UnparsableAnswer("not_a_number")
        return found

    _parse_monetary_answer = _parse_float_answer

    def _parse_boolean_answer(self, _company, _target, _question, text):
        found = reading.parse_yes_no(text)
        if found is None:
            raise UnparsableAnswer("not_yes_no")
        return found

    def _parse_date_answer(self, company, target, _question, text):
        found = self._parse_date_and_time(company, text).date()
        return found.isoformat() if target.team_id else found

    def _parse_datetime_answer(self, company, target, _question, text):
        found = self._parse_date_and_time(company, text)
        zone = find_known_zone(company.resource_calendar_id.tz, company.partner_id.tz)
        try:
            found = (found if found.tzinfo else zone.localize(found)).astimezone(pytz.utc)
        except OverflowError:
            raise UnparsableAnswer("not_a_date") from None
        found = found.replace(tzinfo=None, microsecond=0)
        return found.isoformat(" ") if target.team_id else found

    @api.model
    def _parse_date_and_time(self, company, text):
        """Return the day and time of an answer, as the company's country writes days.

        :param company: res.company
        :param str text: of the answer
        :rtype: datetime.datetime
        :raise UnparsableAnswer: if it is no date, or more than one in that country
        """
        try:
            found = dates.parse_moment(text, company.country_id.code or "")
        except dates.AmbiguousDateError:
            raise UnparsableAnswer("ambiguous_date") from None
        if found is None:
            raise UnparsableAnswer("not_a_date")
        return found

    def _parse_selection_answer(self, _company, target, _question, text):
        found = reading.match_option(text, target.options)
        if found is None:
            raise UnparsableAnswer("not_an_option")
        return found

    def _parse_property_tags_answer(self, _company, target, _question, text):
        names = self._split_tag_names([text])
        if not self._are_valid_tag_names(names):
            raise UnparsableAnswer("too_long")
        keys = [reading.match_option(name, target.options) for name in names]
        if None in keys:
            raise UnparsableAnswer("not_an_option")
        return keys

    @api.model
    def _parse_record_names(self, target, values, records):
        """Return the record that an answer names, or its tags.

        :param target: `MappingTarget` with a model
        :param list values: that were answered
        :param dict records: ids by model and name in lower case
        :return: id of the record, or list of ids of tags
        :rtype: int | list[int]
        :raise UnparsableAnswer: if no record has this name, or several have it
        """
        if target.type == "tags":
            names = self._split_tag_names(values)
            if not self._are_valid_tag_names(names):
                raise UnparsableAnswer("too_long")
            return [i for n in names for i in records.get((target.relation, n.casefold()), ())[:1]]
        ids = records.get((target.relation, ", ".join(values).casefold()), ())
        if len(ids) != 1:
            raise UnparsableAnswer("several" if ids else "not_found")
        return ids[0]

    @api.model
    def _are_valid_tag_names(self, names):
        """Tell whether an answer is short enough for tags: none is created of a longer one.

        :param list names: of the tags
        :rtype: bool
        """
        return len(names) <= MAX_TAGS and all(len(name) <= MAX_TAG for name in names)

    @api.model
    def _get_reason_labels(self):
        """Return the reasons why an answer is not written to its target, for people.

        :rtype: dict[str, str]
        """
        return {
            "not_a_number": self.env._("not a single number"),
            "not_whole": self.env._("not a single whole number"),
            "not_a_date": self.env._("not a single day"),
            "ambiguous_date": self.env._(
                "the company's country does not tell which number is the month"
            ),
            "not_yes_no": self.env._("neither yes nor no"),
            "not_an_option": self.env._("none of the options"),
            "not_found": self.env._("no record has this name"),
            "several": self.env._("several records have this name"),
            "too_long": self.env._("too much for tags"),
            "too_long_text": self.env._("too long"),
            "archived_team": self.env._("the sales team is archived"),
            "no_property": self.env._("the lead's team has no such property"),
            "not_an_email": self.env._("not an e-mail address"),
            "phone_country": self.env._("the country of the number is unknown"),
            "phone_number": self.env._("not a valid phone number"),
            "taken": self.env._("another answer fills it"),
        }

    @api.model
    def _format_note(self, reason, name):
        """Return a note on an answer for people.

        :param str reason: a key of `_get_reason_labels`
        :param str name: of the field, or the label of a property
        :rtype: str
        """
        field = self.env["crm.lead"]._fields.get(name)
        label = field._description_string(self.env) if field else name
        if reason == "shortened":
            return self.env._("Shortened in “%s”: too long.", label)
        return self.env._(
            "Kept as an answer, not written to “%(field)s”: %(why)s.",
            field=label,
            why=self._get_reason_labels().get(reason, ""),
        )

    @api.model
    def _format_parsed_value(self, answer):
        """Return the value of an answer as the lead will show it.

        :param answer: `MappedAnswer`
        :rtype: str
        """
        env, target, value, values = self.env, answer.target, answer.value, answer.texts
        if target.type == "boolean":
            return env._("Yes") if value else env._("No")
        if target.type == "selection":
            return dict(reversed(target.options)).get(value, value)
        if target.type == "tags" and not values:  # chosen for the answer, not named by it
            return ", ".join(env["crm.tag"].sudo().browse(value).mapped("name"))
        if target.type == "tags":
            return ", ".join(self._split_tag_names(values))
        if target.type in ("monetary", "float", "integer"):
            return formatLang(env, value, digits=0 if value == int(value) else 2)
        if target.type == "date":
            return format_date(env, value)
        if target.type == "datetime":
            return format_datetime(env, value)
        if target.type == "many2one":
            return env[target.relation].sudo().browse(value).display_name
        return ", ".join(values)
