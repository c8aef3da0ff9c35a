import collections
import re

from markupsafe import Markup

from odoo import Command, api, models
from odoo.fields import Domain
from odoo.tools.sql import escape_psql

from ..tiktok import reading
from .answers_table import NAME_FIELDS
from .tiktok_form_question import FIELD_TARGETS

JOINED = {"char": " ", "text": "\n", "html": Markup()}  # several answers fit in one field
KEY_FIELDS = {
    **{key: name for name, key in FIELD_TARGETS.items()},
    **dict.fromkeys(("first_name", "last_name"), "contact_name"),
}
_TAG_BREAK = re.compile(r"[;|\n]|[,،]\s+|、")


class TiktokMapping(models.AbstractModel):
    """Reads answers into the fields that a form's mapping names, a whole batch at once.

    What can't be read stays among the answers, with a note; it never stops a lead.
    """

    _name = "tiktok.mapping"
    _description = "TikTok Answer Mapping"

    @api.model
    def _of_leads(self, company, forms, leads, defaults=None, create=True):
        """Read what goes to fields of a person's choice, for a whole batch.

        :param company: res.company
        :param dict forms: form by its id at TikTok
        :param list leads: `tiktok.lead.Lead`, whose answers know where they go
        :param list defaults: what held before, instead of what holds now
        :param bool create: tags that are missing
        :return: what was read, by the Python id of a lead, and of default values by form
        :rtype: dict
        """
        wishes = {
            id(lead): [
                (answer.rule, answer.question, answer.values)
                for answer in lead.answers
                if answer.rule and answer.values and answer.rule["target"] != "consent"
            ]
            for lead in leads
        }
        for form in forms.values():
            wishes[form] = [(rule, "", [value]) for rule, value in defaults or ()]
        if defaults is None:
            domain = [("form_id", "in", [form.id for form in forms.values()])]
            for default in self.env["tiktok.form.default"].search(domain):
                wishes[default.form_id].append((default._rule(), "", [default.value]))
        wishes = {key: each for key, each in wishes.items() if each}
        return self._lookup(company, wishes, create) if wishes else {}

    @api.model
    def _preview(self, company, wish):
        """Return what would be read, for people, and why it can't be.

        :param list wish: rules, questions and values
        :rtype: tuple
        """
        found = self._lookup(company, {0: wish}, create=False)[0]
        if not found:
            return False, None
        why = next((why for *_rest, why in found if why), None)
        values = {slot: values for rule, _q, some in wish for slot, values in self._parts(
            rule, some, {slot.name: slot for slot, *_rest in found})}  # fmt: skip
        if why:
            return False, why
        return " · ".join(
            self._shown(slot, value, values[slot]) for slot, _q, value, _w in found
        ), None

    @api.model
    def _lookup(self, company, wishes, create=True):
        """Read the answers of a batch.

        :param company: res.company
        :param dict wishes: lists of rule, question and values, by anything
        :param bool create: tags that are missing; else their names stand for their ids
        :return: lists of slot, question, value and why there is none, by the same
        :rtype: dict
        """
        slots = self._slots(rule for each in wishes.values() for rule, _q, _v in each)
        parts = {
            key: [
                (slot, question, some)
                for rule, question, values in each
                for slot, some in self._parts(rule, values, slots)
            ]
            for key, each in wishes.items()
        }
        known = self._names(company, [part for each in parts.values() for part in each], create)
        return {
            key: [(slot, question, *self._read(company, slot, question, values, known))
                  for slot, question, values in each]
            for key, each in parts.items()
        }  # fmt: skip

    @api.model
    def _slots(self, rules):
        """Return the slots that rules name, by name; None for what is gone."""
        fields, properties = set(), set()
        for rule in rules:
            fields.update(filter(None, (rule.get("field"), rule.get("last_field"))))
            properties.update(filter(None, [rule.get("property")]))
        slots = {name: self.env["tiktok.slot"]._of_field(name) for name in fields}
        known = self.env["tiktok.slot"]._properties() if properties else {}
        slots.update({name: known.get(name) for name in properties})
        return slots

    @api.model
    def _parts(self, rule, values, slots):
        """Yield each slot of a rule with what goes there."""
        if rule["target"] == "split_name":
            parts = reading.split_name(" ".join(values))
            names = (rule.get("field"), rule.get("last_field"))
            for name, part in zip(names, parts, strict=True):
                if slots.get(name) and part:
                    yield slots[name], [part]
            return
        slot = slots.get(rule.get("property") or rule.get("field"))
        if slot and values:
            yield slot, values

    # === NAMES OF RECORDS === #

    @api.model
    def _names(self, company, parts, create):
        """Find all records that answers name, one search for each model and language.

        :return: list of ids by model and name in lower case
        :rtype: dict
        """
        wanted = collections.defaultdict(dict)
        for slot, _question, values in parts:
            if slot.relation:
                names = [", ".join(values)]
                if slot.type == "tags":
                    names = self._tags(values)
                    names = names if self._are_tags(names) else []
                wanted[slot.relation].update((name.casefold(), name) for name in names)
        found = {
            (model, name): ids
            for model, names in wanted.items()
            for name, ids in self._search_names(company, model, names).items()
        }
        if "crm.tag" in wanted:
            new = [name for name in wanted["crm.tag"] if ("crm.tag", name) not in found]
            names = [wanted["crm.tag"][name] for name in new]
            if create:
                tags = self.env["crm.tag"].sudo().create([{"name": name} for name in names])
            # Without making it, a tag's name stands for the id it would get.
            ids = tags.ids if create else names
            found.update({("crm.tag", n): [i] for n, i in zip(new, ids, strict=True)})
        return found

    @api.model
    def _search_names(self, company, model, names):
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
    def _tags(self, values):
        """Return the single tags of an answer; some forms send several in one text."""
        parts = [part.strip() for value in values for part in _TAG_BREAK.split(value)]
        return list(dict.fromkeys(part for part in parts if part))

    # === WRITING === #

    @api.model
    def _complete(self, vals, lead, form, mapped):
        """Add to the values of a lead what its form's mapping says.

        :param dict vals: of crm.lead, with its team
        :param lead: `tiktok.lead.Lead`
        :param form: tiktok.form, None for a lead without
        :param dict mapped: of `_of_leads`
        """
        answered = self._fill(vals, mapped.get(id(lead), ()))
        self._fill(vals, mapped.get(form, ()), answered)
        notes = [*self._note_long_text(lead), *vals.get("tiktok_mapping_notes", ())]
        if notes:
            vals["tiktok_mapping_notes"] = notes
        if form:
            vals["tiktok_mapping_version"] = form.mapping_version
        consent = [a for a in lead.answers if a.rule and a.rule["target"] == "consent"]
        if consent:
            vals.update(
                tiktok_consent="\n".join(f"{a.question}: {a.text}" for a in consent),
                tiktok_consent_at=vals.get("tiktok_submitted_at") or vals.get("tiktok_received_at"),
                tiktok_consent_version=form._questions_version(),
            )

    @api.model
    def _note_long_text(self, lead):
        """Return notes on what is too long for its field: no index of the database would take it.

        :param lead: `tiktok.lead.Lead`
        :rtype: list[list[str]]
        """
        leads, notes = self.env["crm.lead"], []
        too_long = {answer.question for answer in lead.long_answers}
        for answer in lead.answers:
            name = KEY_FIELDS.get(answer.key)
            if not name:
                continue
            if answer.question in too_long or not leads._tiktok_fits(name, answer.text):
                notes.append([answer.question, "too_long_text", name])
        named = [name for name in lead.long_names if name in NAME_FIELDS]
        notes += [[name, "shortened", NAME_FIELDS[name]] for name in named]
        return notes

    @api.model
    def _fill(self, vals, found, answered=None):
        """Put what was read into the values of a lead.

        :param dict vals: of the lead, with its team
        :param list found: of `_lookup`
        :param set answered: slots that answers filled, if these are default values
        :return: the slots that are filled
        :rtype: set[str]
        """
        notes, taken = [], set()
        for slot, question, value, unread in found:
            is_taken = answered is not None and (slot.name in answered or vals.get(slot.name))
            if is_taken and slot.type != "tags":
                continue
            is_elsewhere = slot.team_id and slot.team_id != vals.get("team_id")
            why = unread or ("no_property" if is_elsewhere else None)
            why = why or self._put(vals, slot, value, taken)
            if not why:
                taken.add(slot.name)
            elif answered is None:
                notes.append([question, why, slot.label if slot.team_id else slot.name])
        if notes:
            vals["tiktok_mapping_notes"] = notes
        return taken

    @api.model
    def _put(self, vals, slot, value, taken):
        if slot.type == "tags":
            links = [Command.link(tag_id) for tag_id in value]
            vals[slot.name] = [*(vals.get(slot.name) or []), *links]
            return None
        values = dict(vals.get("lead_properties") or {}) if slot.team_id else vals
        if slot.name not in taken:
            values[slot.name] = value
        elif slot.type not in JOINED:
            return "taken"
        else:
            joined = values[slot.name] + JOINED[slot.type] + value
            if slot.limit and len(joined) > slot.limit:
                return "too_long_text"
            values[slot.name] = joined
        if slot.team_id:
            vals["lead_properties"] = values
        return None
