import collections
import functools
import re
import typing

from markupsafe import Markup

from odoo import Command, api, models
from odoo.fields import Domain
from odoo.tools.sql import escape_psql

from ...answers_table import NAME_FIELDS
from ...tiktok import reading
from ...tiktok.email_address import find_email
from ...value_map import list_map_fields, list_results, replace_answers
from ..form.tiktok_form_question import FIELD_TARGETS
from .tiktok_mapping_target import MappingTarget

JOINED = {"char": " ", "text": "\n", "html": Markup()}  # several answers fit in one field
KEY_FIELDS = {
    **{key: name for name, key in FIELD_TARGETS.items()},
    **dict.fromkeys(("first_name", "last_name"), "contact_name"),
}
_TAG_BREAK = re.compile(r"[;|\n]|[,،]\s+|、")


class MappedAnswer(typing.NamedTuple):
    """What an answer or a default value writes to one target."""

    target: MappingTarget
    question: str  # empty for a default value
    texts: list  # what was answered
    value: object = None  # of the field or property
    reason: str | None = None  # why there is no value, a key of `_get_reason_labels`


class TiktokMapping(models.AbstractModel):
    """Parses answers into the fields that a form's mapping names, for a whole batch.

    What can't be parsed stays an answer, with a note; it never stops a lead.
    """

    _name = "tiktok.mapping"
    _description = "TikTok Answer Mapping"

    @api.model
    def _map_answers(self, company, forms, leads, defaults=None, create=True):
        """Parse what goes to fields that users chose, for a whole batch.

        :param company: res.company
        :param dict forms: form by its id at TikTok
        :param list leads: `tiktok.lead.ParsedLead`, whose answers know where they go
        :param list defaults: former default values, instead of the present ones
        :param bool create: tags that are missing
        :return: the `MappedAnswer` of each lead in the same order, and the default values of each
            form as `MappedAnswer` by form
        :rtype: tuple[list, dict]
        """
        answered = [
            [
                (answer.rule, answer.question, answer.values)
                for answer in lead.answers
                if answer.rule and answer.values and answer.rule["target"] != "consent"
            ]
            for lead in leads
        ]
        of_forms = self._get_default_values(forms.values(), defaults)
        mapped = self._parse_answers(company, [*answered, *of_forms.values()], create)
        count = len(answered)
        return mapped[:count], dict(zip(of_forms, mapped[count:], strict=True))

    @api.model
    def _get_default_values(self, forms, defaults):
        """Return the default values of forms, as `_parse_answers` takes them.

        :param forms: tiktok.form, several
        :param list defaults: former ones of all forms, None for the present ones
        :return: lists of rule, question and values, by form
        :rtype: dict
        """
        found = {form: [(rule, "", [value]) for rule, value in defaults or ()] for form in forms}
        if defaults is None:
            domain = [("form_id", "in", [form.id for form in found])]
            for default in self.env["tiktok.form.default"].search(domain):
                found[default.form_id].append((default._get_mapping_rule(), "", [default.value]))
        return found

    @api.model
    def _preview_answers(self, company, answers):
        """Return what the mapping of one lead writes, for people, or why it can't be parsed.

        :param company: res.company
        :param list answers: rule, question and values of each
        :return: text and reason, one of them empty
        :rtype: tuple
        """
        (found,) = self._parse_answers(company, [answers], create=False)
        if not found:
            return False, None
        reason = next((each.reason for each in found if each.reason), None)
        if reason:
            return False, reason
        return " · ".join(map(self._format_parsed_value, found)), None

    @api.model
    def _parse_answers(self, company, batch, create=True):
        """Parse the answers of a batch.

        :param company: res.company
        :param list batch: for each lead a list of rule, question and values
        :param bool create: tags that are missing; else their names stand for their ids
        :return: for each lead a list of `MappedAnswer`
        :rtype: list
        """
        targets = self._find_mapping_targets(rule for each in batch for rule, _q, _v in each)
        parts = [
            [
                MappedAnswer(target, question, *found)
                for rule, question, values in each
                for target, *found in self._split_by_target(rule, values, targets)
            ]
            for each in batch
        ]
        records = self._find_named_records(company, [p for each in parts for p in each], create)
        parse = functools.partial(self._parse_for_target, company, records=records)
        return [[part if part.value else parse(part) for part in each] for each in parts]

    @api.model
    def _find_mapping_targets(self, rules):
        """Return the targets that rules name.

        :param rules: any number of rules
        :return: target by name, None for one that is gone
        :rtype: dict
        """
        fields, properties = set(), set()
        for rule in rules:
            fields.update(filter(None, (rule.get("field"), rule.get("last_field"))))
            fields.update(list_map_fields(rule))
            properties.update(filter(None, [rule.get("property")]))
        targets = {
            name: self.env["tiktok.mapping.target"]._get_field_target(name) for name in fields
        }
        known = self.env["tiktok.mapping.target"]._get_property_targets() if properties else {}
        targets.update({name: known.get(name) for name in properties})
        return targets

    @api.model
    def _split_by_target(self, rule, values, targets):
        """Yield each target of a rule with the texts that go there, and a value that is known.

        :param dict rule: of the question
        :param list values: that were answered
        :param dict targets: by name
        :rtype: Iterator[tuple]
        """
        yield from ((targets[name], [], value) for name, value in list_results(rule, values))
        values = replace_answers(rule, values)
        if rule["target"] == "split_name":
            parts = reading.split_full_name(" ".join(values))
            names = (rule.get("field"), rule.get("last_field"))
            for name, part in zip(names, parts, strict=True):
                if targets.get(name) and part:
                    yield targets[name], [part]
            return
        target = targets.get(rule.get("property") or rule.get("field"))
        if target and values:
            yield target, values

    # === NAMES OF RECORDS === #

    @api.model
    def _find_named_records(self, company, parts, create):
        """Find all records that answers name, one search for each model and language.

        :param company: res.company
        :param list parts: `MappedAnswer` without values
        :param bool create: tags that are missing; else their names stand for their ids
        :return: list of ids by model and name in lower case
        :rtype: dict
        """
        wanted, answered = collections.defaultdict(dict), set()
        for part in parts:
            if part.target.relation:
                names = [", ".join(part.texts)]
                if part.target.type == "tags":
                    names = self._split_tag_names(part.texts)
                    names = names if self._are_valid_tag_names(names) else []
                    answered.update(name.casefold() for name in names if part.question)
                wanted[part.target.relation].update((name.casefold(), name) for name in names)
        found = {
            (model, name): ids
            for model, names in wanted.items()
            for name, ids in self._search_by_names(company, model, names).items()
        }
        new = [name for name in wanted.get("crm.tag", ()) if ("crm.tag", name) not in found]
        ids = [wanted["crm.tag"][name] for name in new]
        if create and new:
            values = [
                {"name": name, "tiktok_from_answer": key in answered}
                for key, name in zip(new, ids, strict=True)
            ]
            ids = self.env["crm.tag"].sudo().create(values).ids
        found.update({("crm.tag", name): [each] for name, each in zip(new, ids, strict=True)})
        return found

    @api.model
    def _search_by_names(self, company, model, names):
        """Find the records of a model by their names in all installed languages.

        :param company: res.company; records of other companies are left out
        :param str model: to search
        :param names: any number of names
        :return: list of ids by name in lower case
        :rtype: dict
        """
        records = self.env[model].sudo()
        field = records._fields.get(records._rec_name)
        if not field or not field.store or field.type != "char":
            return {}
        domain = Domain.OR(Domain(field.name, "=ilike", escape_psql(name)) for name in names)
        if "company_id" in records._fields:
            domain &= Domain("company_id", "in", [company.id, False])
        found = collections.defaultdict(list)
        codes = [code for code, _name in self.env["res.lang"].get_installed()]
        for code in codes if field.translate else codes[:1]:
            translated = records.with_context(lang=code)
            for record in translated.search_fetch(domain, [field.name]):
                ids = found[record[field.name].casefold()]
                ids += [record.id] if record.id not in ids else []
        return found

    @api.model
    def _split_tag_names(self, values):
        """Return the single tags of an answer; some forms send several in one text.

        :param list values: that were answered
        :rtype: list[str]
        """
        parts = [part.strip() for value in values for part in _TAG_BREAK.split(value)]
        return list(dict.fromkeys(part for part in parts if part))

    # === VALUES OF A LEAD === #

    @api.model
    def _add_mapped_values(self, vals, lead, form, answered, defaults):
        """Return the values of a lead with those that its form's mapping adds.

        :param dict vals: of crm.lead, with its team
        :param lead: `tiktok.lead.ParsedLead`
        :param form: tiktok.form, empty or None for a lead without
        :param list answered: what `_map_answers` returned for the lead
        :param list defaults: what `_map_answers` returned for the form
        :rtype: dict
        """
        vals = dict(vals)
        filled = self._fill_mapping_targets(vals, answered)
        self._fill_mapping_targets(vals, defaults, filled)
        notes = [*self._get_standard_notes(lead), *vals.get("tiktok_mapping_notes", ())]
        if notes:
            vals["tiktok_mapping_notes"] = notes
        if form:
            vals["tiktok_mapping_version"] = form.mapping_version
        consent = [a for a in lead.answers if a.rule and a.rule["target"] == "consent"]
        if consent:
            vals.update(
                tiktok_consent="\n".join(f"{a.question}: {a.text}" for a in consent),
                tiktok_consent_at=vals.get("tiktok_submitted_at") or vals.get("tiktok_received_at"),
                tiktok_consent_version=form._get_questions_version(),
            )
        return vals

    @api.model
    def _get_standard_notes(self, lead):
        """Return notes on answers of standard questions that are in no field.

        What is too long for its field would be in no index of the database either.

        :param lead: `tiktok.lead.ParsedLead`
        :return: question, reason and field of each
        :rtype: list[list[str]]
        """
        fits, notes = self.env["tiktok.mapping.target"]._fits_field, []
        too_long = {answer.question for answer in lead.long_answers}
        for answer in lead.answers:
            name = KEY_FIELDS.get(answer.key)
            if not name:
                continue
            if answer.question in too_long or not fits(name, answer.text):
                notes.append([answer.question, "too_long_text", name])
            elif name == "email_from" and answer.values and not find_email(answer.text):
                notes.append([answer.question, "not_an_email", name])
        named = [name for name in lead.full_names if name in NAME_FIELDS]
        notes += [[name, "shortened", NAME_FIELDS[name]] for name in named]
        return notes

    @api.model
    def _fill_mapping_targets(self, vals, found, answered=None):
        """Write what was parsed into the values of a lead.

        :param dict vals: of the lead, with its team; changed
        :param list found: `MappedAnswer` of the lead
        :param set answered: targets that answers filled, if these are default values
        :return: the targets that are filled
        :rtype: set[str]
        """
        notes, filled = [], set()
        for target, question, _texts, value, unparsed in found:
            is_filled = answered is not None and (target.name in answered or vals.get(target.name))
            if is_filled and target.type != "tags":
                continue
            is_elsewhere = target.team_id and target.team_id != vals.get("team_id")
            reason = unparsed or ("no_property" if is_elsewhere else None)
            reason = reason or self._set_target_value(vals, target, value, filled)
            if not reason:
                filled.add(target.name)
            elif answered is None:
                notes.append([question, reason, target.label if target.team_id else target.name])
        if notes:
            vals["tiktok_mapping_notes"] = notes
        return filled

    @api.model
    def _set_target_value(self, vals, target, value, filled):
        """Write one value into the values of a lead; some types join several answers.

        :param dict vals: of the lead; changed
        :param target: `MappingTarget`
        :param value: for it
        :param set filled: names of targets that have a value of another answer
        :return: why the value is not written, None if it is
        :rtype: str | None
        """
        if target.type == "tags":
            links = [Command.link(tag_id) for tag_id in value]
            vals[target.name] = [*(vals.get(target.name) or []), *links]
            return None
        values = dict(vals.get("lead_properties") or {}) if target.team_id else vals
        if target.name not in filled:
            values[target.name] = value
        elif target.type not in JOINED:
            return "taken"
        else:
            joined = values[target.name] + JOINED[target.type] + value
            if target.limit and len(joined) > target.limit:
                return "too_long_text"
            values[target.name] = joined
        if target.team_id:
            vals["lead_properties"] = values
        return None
