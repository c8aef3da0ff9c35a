from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tiktok import payload, relay_mapping, values
from ...tiktok.errors import UnparsableAnswerError
from ...tiktok.lead import parse_lead

MANAGERS = "sales_team.group_sale_manager"
READABLE = ("no_answers", "unknown_shape")  # reasons of deliveries that a mapping can read
ROLE_LABELS = [
    ("leads", "List of leads"),
    ("answers", "Answers"),
    ("uid", "Lead ID"),
    ("page_uid", "Form ID"),
    ("page_name", "Form name"),
    ("campaign_uid", "Campaign ID"),
    ("campaign_name", "Campaign name"),
    ("submitted_at", "Submission time"),
    ("is_test", "Test lead (yes or no)"),
]
KINDS = [("object", "Object"), ("list", "List"), ("value", "Value")]
SAMPLE_CHARS = 80
SHOWN_LEADS = 5
MAX_REPLAYED = 5_000  # deliveries that failed before the mapping was saved


class TiktokRelayMapping(models.Model):
    """Which part of a relay's body is what, where no alias knows its structure."""

    _name = "tiktok.relay.mapping"
    _description = "TikTok Relay Mapping"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char("Relay", required=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, default=lambda s: s.env.company
    )
    active = fields.Boolean(default=True)
    structure = fields.Char(
        required=True, readonly=True, copy=False, help="Identifies the keys of the body."
    )
    event_id = fields.Many2one(
        "tiktok.event",
        "Sample delivery",
        readonly=True,
        check_company=True,
        ondelete="set null",
        index="btree_not_null",
        copy=False,
    )
    path_ids = fields.One2many("tiktok.relay.path", "mapping_id", "Parts of the body", copy=True)
    preview_text = fields.Text("Preview", compute="_compute_preview_text", groups=MANAGERS)
    failed_count = fields.Integer("Failed", compute="_compute_failed_count", groups=MANAGERS)

    _structure_uniq = models.Constraint(
        "UNIQUE(company_id, structure)", "There is a mapping for this structure already."
    )

    # === COMPUTE METHODS === #

    @api.depends("path_ids.role", "event_id")
    def _compute_preview_text(self):
        for mapping in self:
            mapping.preview_text = mapping._format_preview()

    def _compute_failed_count(self):
        for mapping in self:
            mapping.failed_count = len(mapping._origin._find_failed_events())

    def _format_preview(self):
        """Return what the mapping reads in the sample delivery, for people.

        :rtype: str
        """
        raw = self.event_id.sudo().raw
        if not raw:
            return self.env._("The content of the sample delivery was removed.")
        items = payload.split_mapped_body(raw, self._get_rule())
        leads = [item for item in items if item.kind == payload.KIND_LEAD]
        if not leads:
            return self.env._("No lead can be read yet: choose the part that holds the answers.")
        lines = [self.env._("Leads in this delivery: %s", len(leads))]
        if len(leads) < len(items):
            lines.append(self.env._("Parts that are no lead: %s", len(items) - len(leads)))
        for item in leads[:SHOWN_LEADS]:
            uid = item.lead_uid
            shown = self.env._("without an ID") if uid.startswith("fp-") else uid
            answers = [f"{each.question}: {each.text}" for each in parse_lead(item.raw).answers]
            lines.append(f"{shown} · {' · '.join(answers)}")
        if len({item.lead_uid for item in items}) < len(items):
            lines.append(self.env._("Several have the same ID: choose another part as lead ID."))
        return "\n".join(lines)

    # === CRUD METHODS === #

    @api.model
    def default_get(self, fields):
        """Return the parts of the sample delivery, with what each of them probably is.

        :param list fields: names of fields
        :rtype: dict
        """
        defaults = super().default_get(fields)
        event = self.env["tiktok.event"].browse(defaults.get("event_id") or ())
        if event:
            event.check_access("write")
            content = self._parse_content(event)
            defaults.update(
                company_id=event.company_id.id,
                structure=relay_mapping.compute_structure(content),
                path_ids=[Command.create(part) for part in self._prepare_paths(content)],
            )
        return defaults

    def write(self, vals):
        """Keep the company and the structure: another structure is another mapping.

        :param dict vals: to be written
        :return: True
        :rtype: bool
        :raise UserError: if a user changes them
        """
        _check_changed_fields(self, vals, {"name", "active", "event_id", "path_ids"})
        return super().write(vals)

    @api.constrains("event_id", "company_id")
    def _check_event_access(self):
        """Refuse a delivery that the user may not decide about."""
        self.event_id.with_user(self.env.user).check_access("write")

    # === ACTION METHODS === #

    def action_replay(self):
        """Process the failed deliveries that the mapping can read.

        :return: the action that shows how many
        :rtype: dict
        :raise UserError: if the mapping reads nothing yet
        """
        self.ensure_one()
        self.check_access("write")
        if not self._get_rule().answers:
            raise UserError(self.env._("Choose the part of the body that holds the answers."))
        events = self.sudo()._find_failed_events()
        if events:
            events._record_decision("replayed")
            events._make_pending()
        return events._show_message(self.env._("%s will be retried shortly", len(events)))

    # === BUSINESS METHODS === #

    @api.model
    def _open_for_event(self, event):
        """Open the mapping of a delivery's structure, a new one if there is none.

        :param event: tiktok.event
        :return: an action
        :rtype: dict
        :raise UserError: if the content of the delivery was removed
        """
        self.check_access("create")
        content = self._parse_content(event)
        if event.reason not in READABLE or not relay_mapping.list_paths(content):
            raise UserError(self.env._("There is no structure in this delivery to point at."))
        structure = relay_mapping.compute_structure(content)
        domain = [("company_id", "=", event.company_id.id), ("structure", "=", structure)]
        found = self.with_context(active_test=False).search(domain, limit=1)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Map This Relay"),
            "res_model": self._name,
            "res_id": found.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {} if found else {"default_event_id": event.id},
        }

    @api.model
    def _process_event(self, event, reason):
        """Read an event that no alias knows, with the mappings of its company.

        Its leads get rows of their own through the same door as any other delivery.

        :param event: tiktok.event, no lead
        :param str reason: why it is none
        :return: whether a mapping reads it
        :rtype: bool
        """
        if event.kind != payload.KIND_UNREADABLE or reason not in READABLE or not event.raw:
            return False
        for mapping in self.sudo().search([("company_id", "=", event.company_id.id)]):
            items = mapping._read_items(event)
            if items:
                given = (event.company_id.id, event.verification, event.signature, "")
                rows = [event._prepare_row(item, *given) for item in items]
                event._receive([{**row, "source": event.source} for row in rows])
                event._mark_ignored("mapped")
                return True
        event.structure = relay_mapping.compute_structure(self._parse_content(event))
        return False

    def _read_items(self, event):
        """Read a delivery with this mapping.

        :param event: tiktok.event
        :return: of `payload.Item`, none if it has another structure
        :rtype: list
        """
        rule = self._get_rule()
        return payload.split_mapped_body(event.raw or "", rule) if rule.answers else []

    def _find_failed_events(self):
        """Find the failed deliveries that the mapping can read, one sample of each structure.

        :rtype: tiktok.event
        """
        events = self.env["tiktok.event"].sudo()
        domain = [
            ("company_id", "=", self.company_id.id),
            *(("state", "=", "failed"), ("kind", "=", payload.KIND_UNREADABLE)),
            *(("reason", "in", READABLE), ("scrubbed_at", "=", False)),
        ]
        found = events.search_fetch(domain, ["structure"], limit=MAX_REPLAYED)
        for event in found.filtered(lambda event: not event.structure):
            event.structure = relay_mapping.compute_structure(self._parse_content(event))
        for same in found.grouped("structure").values():
            if self._read_items(same[0]):
                events |= same
        return events

    def _get_rule(self):
        """Return which part of the body is what.

        :rtype: relay_mapping.Rule
        """
        by_role = self.path_ids.filtered("role").grouped("role")
        answers = tuple((by_role.get("answers") or self.path_ids.browse()).mapped("path"))
        leads = (by_role.get("leads") or self.path_ids.browse())[:1].path or ""
        above = tuple(f"{path}/" for path in answers)
        frame = [path for path in self.path_ids.mapped("path") if path not in answers]
        return relay_mapping.Rule(
            leads=leads,
            answers=answers,
            fields={
                role: by_role[role][0].path for role in relay_mapping.FIELDS if role in by_role
            },
            frame=frozenset(path for path in frame if not path.startswith(above)),
        )

    @api.model
    def _parse_content(self, event):
        """Return the content of a delivery.

        :param event: tiktok.event
        :return: parsed JSON, None if it was removed or is no JSON
        """
        try:
            return payload.parse_json((event.sudo().raw or "").encode())
        except UnparsableAnswerError:
            return None

    @api.model
    def _prepare_paths(self, content):
        """Return the parts of a body with what each of them probably is.

        :param content: parsed JSON
        :return: values of tiktok.relay.path
        :rtype: list[dict]
        """
        parts, roles = relay_mapping.list_paths(content), relay_mapping.suggest_roles(content)
        return [
            {"sequence": n, "path": part.path, "kind": part.kind, "role": roles.get(part.path)}
            for n, part in enumerate(parts)
        ]


class TiktokRelayPath(models.Model):
    """One part of a relay's body, and what it is."""

    _name = "tiktok.relay.path"
    _description = "TikTok Relay Body Part"
    _order = "sequence, id"

    mapping_id = fields.Many2one(
        "tiktok.relay.mapping", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="mapping_id.company_id", store=True, index=True)
    sequence = fields.Integer(readonly=True)
    path = fields.Char("Part", required=True, readonly=True, help="* stands for each item.")
    kind = fields.Selection(KINDS, required=True, readonly=True, default="value")
    role = fields.Selection(ROLE_LABELS, "This is", help="Leave empty for what Odoo does not need.")
    sample = fields.Char("In the sample", compute="_compute_sample", groups=MANAGERS)

    def write(self, vals):
        """Change nothing but the role of a part.

        :param dict vals: to be written
        :return: True
        :rtype: bool
        :raise UserError: if a user changes anything else
        """
        _check_changed_fields(self, vals, {"role"})
        return super().write(vals)

    @api.depends("mapping_id.event_id", "path")
    def _compute_sample(self):
        for mapping, paths in self.grouped("mapping_id").items():
            content = mapping._parse_content(mapping.event_id)
            samples = {part.path: part.sample for part in relay_mapping.list_paths(content)}
            for path in paths:
                text = values.format_line(samples.get(path.path))
                shortened = f"{text[:SAMPLE_CHARS]}…" if len(text) > SAMPLE_CHARS else text
                path.sample = shortened or False

    @api.constrains("role", "kind", "mapping_id")
    def _check_role(self):
        for mapping, paths in self.mapping_id.grouped(lambda mapping: mapping).items():
            roles = paths.path_ids.filtered("role")
            single = [path.role for path in roles if path.role != "answers"]
            if len(single) != len(set(single)):
                raise ValidationError(
                    mapping.env._("Only the answers may be in several parts of the body.")
                )
            for path in roles:
                expected = {"leads": "list", "answers": path.kind}.get(path.role, "value")
                if path.kind != expected:
                    raise ValidationError(
                        mapping.env._("“%s” cannot be this: choose another part.", path.path)
                    )


def _check_changed_fields(records, vals, allowed):
    """Refuse to change what describes the sample delivery.

    :param records: that are written
    :param dict vals: to be written
    :param set allowed: fields that a user may change
    :raise UserError: if a user changes another one
    """
    if not records.env.su and vals.keys() - allowed:
        raise UserError(
            records.env._("The structure is that of the sample delivery: it cannot be changed.")
        )
