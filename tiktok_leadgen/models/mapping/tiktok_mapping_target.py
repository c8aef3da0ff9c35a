import typing

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tiktok import values

TYPES = (
    *("char", "text", "html", "integer", "float", "monetary", "boolean", "date", "datetime"),
    *("selection", "many2one"),
)
TEXT_TYPES = ("char", "text", "html")
# They fill columns with an index: computed ones of the lead, or later those of its contact.
LINE_FIELDS = ("name", "contact_name", "partner_name", "email_from", "phone")
# A stranger's answer must not decide the stage, the owner or the attribution of a lead.
DENIED_FIELDS = (
    *("active", "stage_id", "type", "user_id", "team_id", "company_id", "partner_id", "color"),
    *("lost_reason_id", "probability", "automated_probability", "date_open", "date_closed"),
    *("date_last_stage_update", "date_conversion", "date_automation_last", "message_bounce"),
    *("campaign_id", "medium_id", "source_id", "lead_mining_request_id", "reveal_id"),
)
DENIED_PREFIXES = ("tiktok_", "message_", "activity_", "website_message_", "iap_", "reveal_")
DENIED_MODELS = ("res.users", "res.company", "res.partner", "crm.team", "crm.stage")
DENIED_MODEL_PREFIXES = ("ir.", "res.groups", "mail.", "utm.", "tiktok.")


class MappingTarget(typing.NamedTuple):
    """What an answer may fill on a lead: a field, or a property of its team's leads."""

    name: str
    label: str
    type: str
    relation: str = ""
    options: tuple = ()  # of a selection, pairs of key and label in each language
    team_id: int = 0  # whose property it is
    limit: int = 0  # characters, 0 for any number of them


class TiktokMappingTarget(models.AbstractModel):
    """The fields and properties of a lead that an answer may fill."""

    _name = "tiktok.mapping.target"
    _description = "TikTok Mapping Target"

    @api.model
    def _get_field_choices(self, kinds=None):
        """Return the fields that this user may choose, sorted by label.

        :param tuple kinds: types of fields, all if empty
        :rtype: list[tuple[str, str]]
        """
        leads = self.env["crm.lead"]
        found = [
            (name, field._description_string(self.env))
            for name, field in leads._fields.items()
            if self._is_mappable_field(field)
            and (not kinds or field.type in kinds)
            and leads._has_field_access(field, "write")
        ]
        return sorted(found, key=lambda pair: pair[1].casefold())

    @api.model
    def _is_mappable_field(self, field):
        """Tell whether a stranger's answer may fill a field.

        :param field: of crm.lead
        :rtype: bool
        """
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
    def _check_allowed_field(self, name):
        """Refuse a field that this user may not choose, or that answers may not fill.

        The ORM does not check a selection that is made by a method.

        :param str name: of a field of crm.lead
        :raise ValidationError: if it may not be chosen
        """
        target, leads = self._get_field_target(name), self.env["crm.lead"]
        if not target or not leads._has_field_access(leads._fields[name], "write"):
            raise ValidationError(
                self.env._("“%s” is not for answers: choose another field.", name)
            )
        if target.relation and not self.env[target.relation].has_access("read"):
            raise ValidationError(
                self.env._("You are not allowed to see the options of “%s”.", target.label)
            )

    @api.model
    def _get_field_target(self, name):
        """Return the target of a field, None if it is gone or not for answers.

        :param str name: of a field of crm.lead
        :rtype: MappingTarget | None
        """
        field = self.env["crm.lead"]._fields.get(name)
        if not field or not self._is_mappable_field(field):
            return None
        options = self._get_selection_options(field) if field.type == "selection" else ()
        label = field._description_string(self.env)
        kind = "tags" if field.type == "many2many" else field.type
        return MappingTarget(
            name, label, kind, field.comodel_name or "", options, limit=self._get_field_limit(field)
        )

    @api.model
    def _get_field_limit(self, field):
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
    def _fits_field(self, name, text):
        """Tell whether a field takes a text: one with an index takes a single line.

        :param str name: of a field of crm.lead
        :param str text: to be written
        :rtype: bool
        """
        limit = self._get_field_limit(self.env["crm.lead"]._fields[name])
        return not limit or len(text) <= limit

    @api.model
    def _get_selection_options(self, field):
        """Return the options of a selection in each installed language, the reader's first.

        :param field: of crm.lead
        :return: pairs of key and label
        :rtype: tuple
        """
        installed = (code for code, _name in self.env["res.lang"].get_installed())
        return tuple(
            dict.fromkeys(
                pair
                for code in dict.fromkeys((self.env.lang, *installed, None))
                for pair in field._description_selection(self.with_context(lang=code).env)
            )
        )

    @api.model
    def _get_property_targets(self):
        """Return the properties that the leads of all teams have.

        :return: target by name of the property
        :rtype: dict[str, MappingTarget]
        """
        teams = self.env["crm.team"].sudo().with_context(active_test=False)
        found = {}
        for team in teams.search([("lead_properties_definition", "!=", False)]):
            for definition in team.lead_properties_definition:
                target = self._get_property_target(team, definition)
                if target:
                    found[target.name] = target
        return found

    @api.model
    def _get_property_target(self, team, definition):
        """Return the target of a property, None if it is not for answers.

        :param team: crm.team
        :param dict definition: of the property
        :rtype: MappingTarget | None
        """
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
        return MappingTarget(definition["name"], label, kind, relation, options, team.id)


class CrmTag(models.Model):
    """A tag that a mapping created of an answer can tell who the person is."""

    _inherit = "crm.tag"

    tiktok_from_answer = fields.Boolean(
        readonly=True, copy=False, groups=fields.NO_ACCESS, export_string_translation=False
    )
