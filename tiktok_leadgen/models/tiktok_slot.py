import typing

from odoo import api, models
from odoo.exceptions import ValidationError

from ..tiktok import values

TYPES = (
    *("char", "text", "html", "integer", "float", "monetary", "boolean", "date", "datetime"),
    *("selection", "many2one"),
)
TEXT_TYPES = ("char", "text", "html")
# They fill columns with an index: computed ones of the lead, or those of its contact later.
LINE_FIELDS = ("name", "contact_name", "partner_name", "email_from", "phone")
# Where a lead is, whose it is and where it came from is not for a stranger's answer to say.
DENIED_FIELDS = (
    *("active", "stage_id", "type", "user_id", "team_id", "company_id", "partner_id", "color"),
    *("lost_reason_id", "probability", "automated_probability", "date_open", "date_closed"),
    *("date_last_stage_update", "date_conversion", "date_automation_last", "message_bounce"),
    *("campaign_id", "medium_id", "source_id", "lead_mining_request_id", "reveal_id"),
)
DENIED_PREFIXES = ("tiktok_", "message_", "activity_", "website_message_", "iap_", "reveal_")
DENIED_MODELS = ("res.users", "res.company", "res.partner", "crm.team", "crm.stage")
DENIED_MODEL_PREFIXES = ("ir.", "res.groups", "mail.", "utm.", "tiktok.")


class Slot(typing.NamedTuple):
    """A place on a lead where a value goes: a field, or a property of its team's leads."""

    name: str
    label: str
    type: str
    relation: str = ""
    options: tuple = ()  # of a selection, pairs of key and label in each language
    team_id: int = 0  # whose property it is
    limit: int = 0  # characters, 0 for any number of them


class TiktokSlot(models.AbstractModel):
    """Knows the places on a lead that an answer may fill."""

    _name = "tiktok.slot"
    _description = "TikTok Answer Target"

    @api.model
    def _selection(self, kinds=None):
        """Return the fields that this user may choose, by what people call them.

        :param tuple kinds: types of fields, all if empty
        :rtype: list[tuple[str, str]]
        """
        leads = self.env["crm.lead"]
        found = [
            (name, field._description_string(self.env))
            for name, field in leads._fields.items()
            if self._is_suitable(field)
            and (not kinds or field.type in kinds)
            and leads._has_field_access(field, "write")
        ]
        return sorted(found, key=lambda pair: pair[1].casefold())

    @api.model
    def _is_suitable(self, field):
        """Tell whether a stranger's answer may fill a field."""
        relation = field.comodel_name or ""
        is_tags = field.type == "many2many" and relation == "crm.tag"
        return bool(
            field.store
            and not field.readonly
            and not field.related
            and (field.type in TYPES or is_tags)
            and field.name not in (*DENIED_FIELDS, *models.MAGIC_COLUMNS)
            and not field.name.startswith(DENIED_PREFIXES)
            and relation not in DENIED_MODELS
            and not relation.startswith(DENIED_MODEL_PREFIXES)
        )

    @api.model
    def _check_field(self, name):
        """Refuse a field that may not be chosen, by this user or by anybody.

        The ORM does not check a selection that is made by a method.

        :param str name: of a field of crm.lead
        """
        slot, leads = self._of_field(name), self.env["crm.lead"]
        if not slot or not leads._has_field_access(leads._fields[name], "write"):
            raise ValidationError(
                self.env._("“%s” is not for answers: choose another field.", name)
            )
        if slot.relation and not self.env[slot.relation].has_access("read"):
            raise ValidationError(
                self.env._("You may not see what can be chosen for “%s”.", slot.label)
            )

    @api.model
    def _of_field(self, name):
        """Return the slot of a field, None if it is gone or not for answers.

        :rtype: Slot | None
        """
        field = self.env["crm.lead"]._fields.get(name)
        if not field or not self._is_suitable(field):
            return None
        options = self._options(field) if field.type == "selection" else ()
        label = field._description_string(self.env)
        kind = "tags" if field.type == "many2many" else field.type
        return Slot(
            name, label, kind, field.comodel_name or "", options, limit=self._field_limit(field)
        )

    @api.model
    def _field_limit(self, field):
        """Return how many characters a field takes, 0 for any number of them.

        :param field: of crm.lead
        :rtype: int
        """
        if field.type not in TEXT_TYPES:
            return 0
        is_line = field.name in LINE_FIELDS or field.index in ("btree", "btree_not_null", True)
        limits = (getattr(field, "size", None), values.MAX_LINE if is_line else 0)
        return min(filter(None, limits), default=0)

    @api.model
    def _options(self, field):
        """Return the options of a selection in each installed language.

        :rtype: tuple
        """
        languages = dict.fromkeys(code for code, _name in self.env["res.lang"].get_installed())
        return tuple(
            dict.fromkeys(
                pair
                for code in (*languages, None)
                for pair in field._description_selection(self.with_context(lang=code).env)
            )
        )

    @api.model
    def _properties(self):
        """Return the properties that the leads of all teams have.

        :rtype: dict[str, Slot]
        """
        teams = self.env["crm.team"].sudo().with_context(active_test=False)
        found = {}
        for team in teams.search([("lead_properties_definition", "!=", False)]):
            for definition in team.lead_properties_definition:
                slot = self._of_property(team, definition)
                if slot:
                    found[slot.name] = slot
        return found

    @api.model
    def _of_property(self, team, definition):
        kind = definition.get("type")
        relation = definition.get("comodel") or ""
        is_gone = kind == "many2one" and relation not in self.env
        if kind == "tags":
            options = tuple((tag[0], tag[1]) for tag in definition.get("tags") or ())
        elif kind == "selection":
            options = tuple(map(tuple, definition.get("selection") or ()))
        elif is_gone or kind not in TYPES or relation.startswith(("res.", *DENIED_MODEL_PREFIXES)):
            return None
        else:
            options = ()
        label = definition.get("string") or definition["name"]
        kind = {"tags": "property_tags"}.get(kind, kind)
        return Slot(definition["name"], label, kind, relation, options, team.id)
