import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tiktok.standard import normalize_question
from ...tiktok.values import MAX_LINE
from ...value_map import find_seen_answers, list_map_fields
from ..form.tiktok_form import MANAGERS

CHOICE_TARGETS = (False, "field", "property")  # questions that may be a choice of a few answers
MOST_CHOICES = 12
SAMPLES = 300  # last leads of a form, among which each question's last answer is looked for


class TiktokForm(models.Model):
    """A form's mapping: the present one, the former ones, and what it makes of the last lead."""

    _inherit = "tiktok.form"

    default_ids = fields.One2many("tiktok.form.default", "form_id", "Default values")
    value_ids = fields.One2many("tiktok.form.value", "form_id", "Values of answers")
    # Each lead knows the version it was created with, so that a new mapping can be applied without
    # overwriting what a user changed.
    mapping_version = fields.Integer(default=1, readonly=True, copy=False)
    mapping_history = fields.Json(readonly=True, copy=False, groups=fields.NO_ACCESS)
    suggestion_count = fields.Integer(
        "Suggestions",
        compute="_compute_suggestion_count",
        help="Questions that are not confirmed yet.",
    )
    # The list of questions shows a column only where it is needed.
    has_property = fields.Boolean(compute="_compute_visible_columns")
    has_split = fields.Boolean(compute="_compute_visible_columns")
    run_id = fields.Many2one(
        "tiktok.mapping.run", compute="_compute_last_run", search="_search_run_id", groups=MANAGERS
    )
    run_state = fields.Selection(related="run_id.state", string="Application", groups=MANAGERS)
    run_text = fields.Char(compute="_compute_last_run", groups=MANAGERS)
    run_percent = fields.Float(compute="_compute_last_run", groups=MANAGERS)
    sample_text = fields.Char(compute="_compute_sample_text", groups=MANAGERS)

    # === COMPUTE METHODS === #

    @api.depends("question_ids.is_confirmed")
    def _compute_suggestion_count(self):
        domain = [("form_id", "in", self.ids), ("is_confirmed", "=", False)]
        groups = self.env["tiktok.form.question"]._read_group(domain, ["form_id"], ["__count"])
        counts = dict(groups)
        for form in self:
            form.suggestion_count = counts.get(form._origin, 0)

    @api.depends("question_ids.target")
    def _compute_visible_columns(self):
        for form in self:
            targets = form.question_ids.mapped("target")
            form.has_property = "property" in targets
            form.has_split = "split_name" in targets

    def _compute_last_run(self):
        for form in self:
            run = self.env["tiktok.mapping.run"].search(
                [("form_id", "=", form._origin.id)], limit=1
            )
            form.run_id = run
            form.run_text = run and run._get_progress_text()
            form.run_percent = 100 * run.done_count / max(run.total, 1)

    def _search_run_id(self, operator, value):
        """Find the forms whose last application of a mapping is one of these.

        :param str operator: of the domain
        :param value: ids of runs, or a domain
        :rtype: Domain
        """
        runs = self.env["tiktok.mapping.run"]
        if operator in ("any", "any!"):
            value = runs.search(value).ids
        elif operator != "in":
            return NotImplemented
        groups = runs._read_group([], ["form_id"], ["id:max"])
        last = {form.id: run_id for form, run_id in groups}
        found = Domain("id", "in", [form_id for form_id, run_id in last.items() if run_id in value])
        return found | Domain("id", "not in", list(last)) if False in value else found

    def _compute_sample_text(self):
        for form in self:
            event = form._find_sample_events()[:1]
            if not event:
                form.sample_text = self.env._("No lead can be shown: its answers were removed.")
            elif event.lead_id.tiktok_is_test:
                form.sample_text = self.env._(
                    "Shown on the last test lead until a real lead arrives."
                )
            else:
                form.sample_text = self.env._("Each question shows its last answer.")

    def _find_sample_events(self, limit=1):
        """Return the events of the last real leads, then of the last tests.

        :param int limit: of real leads, and of tests
        :rtype: tiktok.event
        """
        found = events = self.env["tiktok.event"].sudo()
        domain = [
            ("form_id", "=", self._origin.id),
            ("kind", "=", "lead"),
            ("raw", "!=", False),
            ("lead_id", "!=", False),
        ]
        for is_test in (False, True) if self._origin else ():
            real = [("lead_id.tiktok_is_test", "=", is_test)]
            found += events.search(domain + real, order="id desc", limit=limit)
        return found

    def _parse_sample_leads(self):
        """Yield the last leads as TikTok sent them, the newest first; tests follow the real leads.

        :rtype: Iterator[tiktok.lead.ParsedLead]
        """
        leads = (event._read_shown_lead() for event in self._find_sample_events(SAMPLES))
        yield from filter(None, leads)

    # === ACTION METHODS === #

    def action_confirm_all(self):
        """Confirm all suggestions of the form."""
        self.check_access("write")
        self.question_ids.filtered(lambda question: not question.is_confirmed).action_confirm()

    def action_add_seen_answers(self):
        """Add the answers that were given to questions with a few different ones.

        :raise UserError: if there is no answer to add
        """
        self.ensure_one()
        self.check_access("write")
        choices = self.question_ids.filtered(lambda row: row.target in CHOICE_TARGETS)
        seen = find_seen_answers(self._parse_sample_leads(), choices, MOST_CHOICES)
        known = {(row.question_id, row.answer) for row in self.value_ids}
        rows = [
            {"form_id": self.id, "question_id": question.id, "answer": text}
            for question, texts in seen.items()
            for text in texts
            if (question, text) not in known and len(text) <= MAX_LINE
        ]
        if not rows:
            raise UserError(
                self.env._(
                    "There is no answer to add: no question of your own has only a few "
                    "different answers yet, or all of them are listed."
                )
            )
        self.env["tiktok.form.value"].create(rows)

    def action_apply_mapping(self):
        """Open the dialog that applies the mapping to existing leads.

        :return: the action
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Apply to existing leads"),
            "res_model": "tiktok.mapping.apply",
            "view_mode": "form",
            "target": "new",
            "context": {"default_form_id": self.id},
        }

    def action_undo_mapping(self):
        """Undo the last application of the mapping, in the background.

        :raise UserError: if there is nothing to undo
        """
        self.ensure_one()
        self.check_access("write")
        run = self.run_id
        if run.state != "done" or not run.sudo().change_ids:
            raise UserError(self.env._("There is nothing to undo."))
        run.sudo().write({"state": "undoing", "failed_count": 0})
        run._trigger_mapping_cron()

    # === CRUD METHODS === #

    def write(self, vals):
        """Archive the mapping that was valid before.

        :param dict vals: of the forms
        :rtype: bool
        """
        if "default_country_id" in vals:
            self._archive_mapping()
        return super().write(vals)

    # === BUSINESS METHODS === #

    def _archive_mapping(self):
        """Store the present mapping for the leads created with it; the next one has a new version.

        While no lead was created with the present mapping there is nothing to archive.
        """
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        for form in self.sudo():
            used = leads.search_count(form._get_version_domain(form.mapping_version), limit=1)
            if used:
                version = str(form.mapping_version)
                form.write(
                    {
                        "mapping_history": {
                            **(form.mapping_history or {}),
                            version: form._get_present_mapping(),
                        },
                        "mapping_version": form.mapping_version + 1,
                    }
                )

    def _get_version_domain(self, version):
        """Return which of the form's leads were created with a mapping.

        :param int version: of the mapping
        :rtype: list
        """
        versions = [version, 0, False] if version == 1 else [version]
        return [("tiktok_form_id", "=", self.id), ("tiktok_mapping_version", "in", versions)]

    def _get_present_mapping(self):
        """Return the present mapping: rules by id of the question, and the default values.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "rules": {
                str(question.id): question._get_mapping_rule() for question in self.question_ids
            },
            "defaults": [
                [default._get_mapping_rule(), default.value] for default in self.default_ids
            ],
            "country": self.default_country_id.id,
        }

    def _get_archived_mapping(self, version):
        """Return the mapping of a former version.

        :param int version: of the mapping; 0 or False is the first
        :return: as `_get_present_mapping` returns it, None for the present version
        :rtype: dict | None
        """
        self.ensure_one()
        return (self.sudo().mapping_history or {}).get(str(version or 1))

    def _get_default_country(self, mapping=None):
        """Return the default country of a mapping.

        :param dict mapping: a former one, as it is archived; None for the present one
        :rtype: res.country
        """
        self.ensure_one()
        if mapping is None:
            return self.default_country_id
        return self.env["res.country"].browse(mapping.get("country") or ()).exists()

    def _get_mapped_fields(self):
        """Return the fields of a lead that this form fills, or once filled.

        :rtype: set[str]
        """
        mappings = [*(self.sudo().mapping_history or {}).values()]
        mappings += [form._get_present_mapping() for form in self]
        rules = [rule for mapping in mappings for rule in mapping["rules"].values()]
        names = {rule.get(key) for rule in rules for key in ("field", "last_field")}
        return (names | set().union(*map(list_map_fields, rules))) - {None, ""}

    def _get_questions_version(self):
        """Return a short name for the set of questions that the form asks.

        :rtype: str
        """
        self.ensure_one()
        names = sorted(normalize_question(question.name) for question in self.question_ids)
        digest = hashlib.blake2s("\n".join(names).encode(), digest_size=4).hexdigest()
        since = max(self.question_ids.mapped("create_date"), default=None)
        return f"{digest} ({since:%Y-%m-%d})" if since else digest
