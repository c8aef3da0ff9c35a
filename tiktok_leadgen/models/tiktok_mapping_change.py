import datetime

from odoo import Command, api, fields, models

TAGS = "tag_ids"
PROPERTIES = "lead_properties"
BOOKKEEPING = ("tiktok_mapping_version", "tiktok_mapping_notes")
# Needed to read an answer, or true of the day it came only.
NOT_MAPPED = ("team_id", "tiktok_submitted_at", "tiktok_received_at", "tiktok_consent_version")


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
    def _apply(self, run, leads):
        """Write what the mapping of today makes of these leads' answers.

        :param run: tiktok.mapping.run
        :param leads: crm.lead of its form
        :return: how many changed, and how many have no answers any more
        :rtype: tuple[int, int]
        """
        plan, gone = self._plan(run.form_id, leads)
        changed = {lead: after for lead, after in plan.items() if after.keys() - {*BOOKKEEPING}}
        rows = []
        for lead, after in changed.items():
            before = {name: self._now(lead, name, value) for name, value in after.items()}
            lead.write(self._to_write(lead, after))
            values = {"values_before": before, "values_after": after}
            rows.append({"run_id": run.id, "lead_id": lead.id, **values})
        self.create(rows)
        same = leads.browse(lead.id for lead in plan if lead not in changed)
        for some in same.grouped(lambda lead: str(plan[lead])).values():
            some.write(plan[some[0]])
        return len(changed), gone

    # === WHAT WOULD CHANGE === #

    @api.model
    def _plan(self, form, leads, create=True):
        """Return what would change on each lead.

        Only what another mapping wrote, or what is empty: never what a person entered.

        :param bool create: tags that are missing
        :return: values by lead, and how many leads have no answers any more
        :rtype: tuple[dict, int]
        """
        leads = leads.filtered(lambda lead: lead.tiktok_mapping_version != form.mapping_version)
        plan, gone = {}, 0
        for version, some in leads.grouped("tiktok_mapping_version").items():
            kept = some.filtered(lambda lead: lead.tiktok_event_id.raw)
            gone += len(some) - len(kept)
            before = form._mapping_of(version)
            old = self._values(form, kept, before, create=False) if before else {}
            new = self._values(form, kept, create=create)
            for lead in kept:
                plan[lead] = self._difference(lead, old.get(lead, {}), new[lead])
        return plan, gone

    @api.model
    def _values(self, form, leads, before=None, create=True):
        """Return what a mapping makes of the answers of leads.

        :param dict before: of `tiktok.form._mapping`, instead of what holds now
        :return: values in JSON by lead
        :rtype: dict
        """
        company, crm, mapping = form.company_id, self.env["crm.lead"], self.env["tiktok.mapping"]
        read = {lead: lead.tiktok_event_id._read_lead() for lead in leads}
        forms = dict.fromkeys((lead.page_uid for lead in read.values()), form)
        rules, defaults = (before["rules"], before["defaults"]) if before else (None, None)
        self.env["tiktok.form.question"]._learn(forms, read.values(), rules)
        places = self.env["tiktok.place"]._lookup(company, read.values())
        mapped = mapping._of_leads(company, forms, read.values(), defaults, create)
        found = {}
        for lead, answers in read.items():
            vals = crm._tiktok_prepare_person(lead.tiktok_event_id, answers, company, places)
            vals.update(
                team_id=lead.team_id.id,
                tiktok_submitted_at=lead.tiktok_submitted_at,
                tiktok_received_at=lead.tiktok_received_at,
            )
            mapping._complete(vals, answers, form, mapped)
            kept = {name: value for name, value in vals.items() if name not in NOT_MAPPED}
            found[lead] = self._to_json(kept)
        return found

    @api.model
    def _to_json(self, vals):
        """Return values as they can be kept and compared; each property on its own."""
        found = {name: _plain(value) for name, value in vals.items()}
        if found.get("website"):
            found["website"] = self.env["res.partner"]._clean_website(found["website"])
        if TAGS in found:
            tags = (command[1] for command in found[TAGS] or ())
            found[TAGS] = sorted(tags, key=str)  # the name of a tag that is not made yet
        for name, value in (found.pop(PROPERTIES, None) or {}).items():
            found[f"{PROPERTIES}.{name}"] = value
        return found

    @api.model
    def _difference(self, lead, old, new):
        """Return what is to be written of what the new mapping says otherwise than the old."""
        found = {name: new.get(name, False) for name in BOOKKEEPING if name in {**old, **new}}
        for name in {**old, **new}.keys() - {*BOOKKEEPING}:
            was, value = old.get(name), new.get(name)
            if _same(was, value):
                continue
            if name == TAGS:
                tags = [was or [], value or []]
                found[name] = {"remove": _without(*tags), "add": _without(*reversed(tags))}
                continue
            now = self._now(lead, name)
            if (_is_empty(now) or _same(now, was)) and not _same(now, value):
                found[name] = value or False
        return found

    # === WRITING === #

    @api.model
    def _now(self, lead, name, after=None):
        """Return what a lead has; of tags only those that are about to change."""
        if name == TAGS:
            now = lead.tag_ids.ids
            return {
                "remove": [tag_id for tag_id in after["add"] if tag_id not in now],
                "add": [tag_id for tag_id in after["remove"] if tag_id in now],
            }
        field, _dot, property_name = name.partition(".")
        if property_name:
            return _properties(lead).get(property_name, False)
        return _plain(lead._fields[field].convert_to_write(lead[field], lead))

    @api.model
    def _to_write(self, lead, values):
        vals = {}
        for name, value in values.items():
            field, _dot, property_name = name.partition(".")
            if name == TAGS:
                tags = self.env["crm.tag"].browse([*value["add"], *value["remove"]]).exists()
                vals[TAGS] = [Command.link(i) for i in value["add"] if i in tags.ids]
                vals[TAGS] += [Command.unlink(i) for i in value["remove"]]
            elif property_name:
                vals[PROPERTIES] = {
                    **_properties(lead),
                    **vals.get(PROPERTIES, {}),
                    property_name: value,
                }
            elif field in lead._fields:
                vals[field] = value
        return vals

    def _undo(self):
        """Give back what was there, where nobody changed it since."""
        for change in self:
            lead, before, after = change.lead_id, change.values_before, change.values_after
            vals = {
                name: value
                for name, value in before.items()
                if name == TAGS or _same(self._now(lead, name), after.get(name))
            }
            lead.write(self._to_write(lead, vals))


def _properties(lead):
    """Return the properties of a lead as they are stored.

    :rtype: dict
    """
    return dict(lead[PROPERTIES]._values or {})


def _plain(value):
    """Return a value of a field as JSON can hold it."""
    if isinstance(value, datetime.datetime):
        return fields.Datetime.to_string(value)
    if isinstance(value, datetime.date):
        return fields.Date.to_string(value)
    return str(value) if isinstance(value, str) else value


def _is_empty(value):
    return value in (None, False, "", 0, [], {})


def _same(one, other):
    if _is_empty(one) and _is_empty(other):
        return True
    if isinstance(one, float) or isinstance(other, float):
        return abs(float(one or 0) - float(other or 0)) < 0.005
    return one == other


def _without(some, others):
    return [each for each in some if each not in others]
