import datetime

from odoo import Command, api, fields, models

TAGS = "tag_ids"
PROPERTIES = "lead_properties"
BOOKKEEPING = ("tiktok_mapping_version", "tiktok_mapping_notes")
# Needed to parse an answer, or valid only on the day it arrived.
NOT_MAPPED = (
    *("team_id", "tiktok_submitted_at", "tiktok_received_at", "tiktok_consent_version"),
    "tiktok_phone_issue",  # computed
)


class TiktokMappingChange(models.Model):
    """What the application of a mapping changed on a lead, for as long as it can be undone."""

    _name = "tiktok.mapping.change"
    _description = "TikTok Mapping Change"

    run_id = fields.Many2one("tiktok.mapping.run", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    lead_id = fields.Many2one("crm.lead", required=True, index=True, ondelete="cascade")
    values_before = fields.Json(groups=fields.NO_ACCESS)
    values_after = fields.Json(groups=fields.NO_ACCESS)

    @api.model
    def _apply_mapping(self, run, leads):
        """Write what the present mapping makes of these leads' answers.

        :param run: tiktok.mapping.run
        :param leads: crm.lead of its form
        :return: how many changed, and of how many the answers were removed
        :rtype: tuple[int, int]
        """
        plan, gone = self._plan_lead_changes(run.form_id, leads)
        changed = {lead: after for lead, after in plan.items() if after.keys() - {*BOOKKEEPING}}
        rows = []
        for lead, after in changed.items():
            before = {
                name: self._get_current_value(lead, name, value) for name, value in after.items()
            }
            lead.write(self._prepare_write_values(lead, after))
            values = {"values_before": before, "values_after": after}
            rows.append({"run_id": run.id, "lead_id": lead.id, **values})
        self.create(rows)
        same = leads.browse(lead.id for lead in plan if lead not in changed)
        for some in same.grouped(lambda lead: str(plan[lead])).values():
            some.write(plan[some[0]])
        return len(changed), gone

    # === WHAT WOULD CHANGE === #

    @api.model
    def _plan_lead_changes(self, form, leads, create=True):
        """Return what would change on each lead.

        Only what a former mapping wrote, or what is empty: never what a user entered.

        :param form: tiktok.form
        :param leads: crm.lead of the form
        :param bool create: tags that are missing
        :return: values by lead, and of how many leads the answers were removed
        :rtype: tuple[dict, int]
        """
        leads = leads.filtered(lambda lead: lead.tiktok_mapping_version != form.mapping_version)
        plan, gone = {}, 0
        for version, some in leads.grouped("tiktok_mapping_version").items():
            kept = some.filtered(lambda lead: lead.tiktok_event_id.raw)
            kept = kept.filtered(lambda lead: lead.tiktok_event_id._read_shown_lead())
            gone += len(some) - len(kept)
            before = form._get_archived_mapping(version)
            old = self._compute_mapped_values(form, kept, before, create=False) if before else {}
            new = self._compute_mapped_values(form, kept, create=create)
            for lead in kept:
                plan[lead] = self._get_changed_values(lead, old.get(lead, {}), new[lead])
        return plan, gone

    @api.model
    def _compute_mapped_values(self, form, leads, before=None, create=True):
        """Return what a mapping makes of the answers of leads.

        :param form: tiktok.form
        :param leads: crm.lead of the form
        :param dict before: a former mapping of the form, instead of the present one
        :param bool create: tags that are missing
        :return: serialized values by lead
        :rtype: dict
        """
        company, mapping = form.company_id, self.env["tiktok.mapping"]
        parsed = [lead.tiktok_event_id._read_lead() for lead in leads]
        forms = dict.fromkeys((each.page.uid for each in parsed), form)
        rules, defaults = (before["rules"], before["defaults"]) if before else (None, None)
        country = form._get_default_country(before)
        parsed = self.env["tiktok.form.question"]._sync_questions(forms, parsed, rules)
        countries = country | company.country_id
        locations = self.env["tiktok.location"]._find_locations(parsed, [countries] * len(parsed))
        answered, of_forms = mapping._map_answers(company, forms, parsed, defaults, create)
        found = {}
        for lead, each, location, answers in zip(leads, parsed, locations, answered, strict=True):
            vals = self._prepare_person_values(lead, each, countries, location)
            vals = mapping._add_mapped_values(vals, each, form, answers, of_forms.get(form, ()))
            kept = {name: value for name, value in vals.items() if name not in NOT_MAPPED}
            found[lead] = self._serialize_values(kept)
        return found

    @api.model
    def _prepare_person_values(self, lead, parsed, countries, location):
        """Return the values of a lead that the mapping adds to.

        :param lead: crm.lead
        :param parsed: its `tiktok.lead.ParsedLead`
        :param countries: res.country of phone numbers where the lead's own does not tell
        :param location: its `Location`
        :rtype: dict
        """
        event, crm = lead.tiktok_event_id, self.env["crm.lead"]
        vals = crm._tiktok_prepare_person(event, parsed, countries, location)
        vals.update(
            team_id=lead.team_id.id,
            tiktok_submitted_at=lead.tiktok_submitted_at,
            tiktok_received_at=lead.tiktok_received_at,
        )
        return vals

    @api.model
    def _serialize_values(self, vals):
        """Return values as they can be stored and compared; each property has its own key.

        :param dict vals: of crm.lead
        :rtype: dict
        """
        found = {name: _serialize_value(value) for name, value in vals.items()}
        if found.get("website"):
            found["website"] = self.env["res.partner"]._clean_website(found["website"])
        if TAGS in found:
            tags = (command[1] for command in found[TAGS] or ())
            found[TAGS] = sorted(tags, key=str)  # a name stands for a tag that is not created yet
        for name, value in (found.pop(PROPERTIES, None) or {}).items():
            found[f"{PROPERTIES}.{name}"] = value
        return found

    @api.model
    def _get_changed_values(self, lead, old, new):
        """Return the values of a lead to change, where the new mapping differs from the old one.

        :param lead: crm.lead
        :param dict old: serialized values of the old mapping
        :param dict new: serialized values of the new mapping
        :rtype: dict
        """
        found = {name: new.get(name, False) for name in BOOKKEEPING if name in {**old, **new}}
        for name in {**old, **new}.keys() - {*BOOKKEEPING}:
            was, value = old.get(name), new.get(name)
            if _are_equal_values(was, value):
                continue
            if name == TAGS:
                tags = [was or [], value or []]
                found[name] = {
                    "remove": _subtract_items(*tags),
                    "add": _subtract_items(*reversed(tags)),
                }
                continue
            current = self._get_current_value(lead, name)
            if (name, current) == ("priority", "0"):
                current = False  # the lowest one: no user has chosen any
            if (
                _is_empty_value(current) or _are_equal_values(current, was)
            ) and not _are_equal_values(current, value):
                found[name] = value or False
        return found

    # === WRITING === #

    @api.model
    def _get_current_value(self, lead, name, after=None):
        """Return the serialized value of a lead; of tags only those that are about to change.

        :param lead: crm.lead
        :param str name: of a field, or ``lead_properties.`` and the name of a property
        :param dict after: tags to add and to remove
        :return: a value that JSON can hold
        """
        if name == TAGS:
            now = lead.tag_ids.ids
            return {
                "remove": [tag_id for tag_id in after["add"] if tag_id not in now],
                "add": [tag_id for tag_id in after["remove"] if tag_id in now],
            }
        field, _dot, property_name = name.partition(".")
        if property_name:
            return _get_lead_properties(lead).get(property_name, False)
        return _serialize_value(lead._fields[field].convert_to_write(lead[field], lead))

    @api.model
    def _prepare_write_values(self, lead, values):
        """Return serialized values as `write` takes them.

        :param lead: crm.lead
        :param dict values: serialized
        :rtype: dict
        """
        vals = {}
        for name, value in values.items():
            field, _dot, property_name = name.partition(".")
            if name == TAGS:
                tags = self.env["crm.tag"].browse([*value["add"], *value["remove"]]).exists()
                vals[TAGS] = [Command.link(i) for i in value["add"] if i in tags.ids]
                vals[TAGS] += [Command.unlink(i) for i in value["remove"]]
            elif property_name:
                vals[PROPERTIES] = {
                    **_get_lead_properties(lead),
                    **vals.get(PROPERTIES, {}),
                    property_name: value,
                }
            elif field in lead._fields:
                vals[field] = value
        return vals

    def _undo_lead_changes(self):
        """Restore the values before the change, unless they were changed again since."""
        for change in self:
            lead, before, after = change.lead_id, change.values_before, change.values_after
            vals = {
                name: value
                for name, value in before.items()
                if name == TAGS
                or _are_equal_values(self._get_current_value(lead, name), after.get(name))
            }
            lead.write(self._prepare_write_values(lead, vals))


def _get_lead_properties(lead):
    """Return the properties of a lead as they are stored.

    :param lead: crm.lead
    :rtype: dict
    """
    return dict(lead[PROPERTIES]._values or {})


def _serialize_value(value):
    """Return a value of a field as JSON can hold it.

    :param value: of any type
    :return: a value that JSON can hold
    """
    if isinstance(value, datetime.datetime):
        return fields.Datetime.to_string(value)
    if isinstance(value, datetime.date):
        return fields.Date.to_string(value)
    return str(value) if isinstance(value, str) else value


def _is_empty_value(value):
    return value in (None, False, "", 0, [], {})


def _are_equal_values(one, other):
    if _is_empty_value(one) and _is_empty_value(other):
        return True
    if isinstance(one, float) or isinstance(other, float):
        return abs(float(one or 0) - float(other or 0)) < 0.005
    return one == other


def _subtract_items(some, others):
    return [each for each in some if each not in others]
