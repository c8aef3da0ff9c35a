import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tiktok import lead as tiktok_lead
from ..tiktok.standard import same

MANAGERS = "sales_team.group_sale_manager"
SAMPLES = 300  # last leads of a form, among which each question's last answer is looked for


class TiktokForm(models.Model):
    """A form's mapping: what holds, what held before, and what it makes of the last lead."""

    _inherit = "tiktok.form"

    default_ids = fields.One2many("tiktok.form.default", "form_id", "Values of every lead")
    # What a lead was made with can be told for each lead: that is how a new mapping can be applied
    # without writing over what a person changed.
    mapping_version = fields.Integer(default=1, readonly=True, copy=False)
    mapping_history = fields.Json(readonly=True, copy=False, groups=fields.NO_ACCESS)
    guess_count = fields.Integer(
        "Guesses", compute="_compute_guess_count", help="Questions that nobody confirmed yet."
    )
    # In the list of questions a column shows only where it is needed.
    has_property = fields.Boolean(compute="_compute_columns")
    has_split = fields.Boolean(compute="_compute_columns")
    run_id = fields.Many2one(
        "tiktok.mapping.run", compute="_compute_run", search="_search_run_id", groups=MANAGERS
    )
    run_state = fields.Selection(related="run_id.state", string="Application", groups=MANAGERS)
    run_text = fields.Char(compute="_compute_run", groups=MANAGERS)
    run_percent = fields.Float(compute="_compute_run", groups=MANAGERS)
    sample_text = fields.Char(compute="_compute_sample_text", groups=MANAGERS)

    # === COMPUTE METHODS === #

    @api.depends("question_ids.is_confirmed")
    def _compute_guess_count(self):
        domain = [("form_id", "in", self.ids), ("is_confirmed", "=", False)]
        groups = self.env["tiktok.form.question"]._read_group(domain, ["form_id"], ["__count"])
        counts = dict(groups)
        for form in self:
            form.guess_count = counts.get(form._origin, 0)

    @api.depends("question_ids.target")
    def _compute_columns(self):
        for form in self:
            targets = form.question_ids.mapped("target")
            form.has_property = "property" in targets
            form.has_split = "split_name" in targets

    def _compute_run(self):
        for form in self:
            run = self.env["tiktok.mapping.run"].search(
                [("form_id", "=", form._origin.id)], limit=1
            )
            form.run_id = run
            form.run_text = run and run._sentence()
            form.run_percent = 100 * run.done_count / max(run.total, 1)

    def _search_run_id(self, operator, value):
        """Find the forms whose last application of a mapping is one of these."""
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
            event = form._sample_events()[:1]
            if not event:
                form.sample_text = self.env._("No lead is kept to show: its answers were removed.")
            elif event.lead_id.tiktok_is_test:
                form.sample_text = self.env._("Shown on the last test, until a real lead comes.")
            else:
                form.sample_text = self.env._("Each question shows its last answer.")

    def _sample_events(self, limit=1):
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

    def _read_samples(self):
        """Yield the last leads as they came, the newest first; tests come after real leads.

        :rtype: Iterator[tiktok.lead.Lead]
        """
        for event in self._sample_events(SAMPLES):
            yield tiktok_lead.read(event.raw)

    # === ACTION METHODS === #

    def action_confirm_all(self):
        """Say that all guesses of the form are right."""
        self.check_access("write")
        self.question_ids.filtered(lambda question: not question.is_confirmed).action_confirm()

    def action_apply_mapping(self):
        """Ask whether the mapping is to be applied to the leads that are there."""
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
        """Take back the last application."""
        self.ensure_one()
        self.check_access("write")
        run = self.run_id
        if run.state != "done" or not run.sudo().change_ids:
            raise UserError(self.env._("There is nothing that can be undone."))
        run.sudo().write({"state": "undoing", "failed_count": 0})
        run._wake()

    # === BUSINESS METHODS === #

    def _remember_mapping(self):
        """Keep what holds now for the leads made with it; what holds next has a new number.

        While no lead was made with the present mapping there is nothing to remember.
        """
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        for form in self.sudo():
            used = leads.search_count(form._version_domain(form.mapping_version), limit=1)
            if used:
                version = str(form.mapping_version)
                form.write(
                    {
                        "mapping_history": {
                            **(form.mapping_history or {}),
                            version: form._mapping(),
                        },
                        "mapping_version": form.mapping_version + 1,
                    }
                )

    def _version_domain(self, version):
        """Return which of the form's leads were made with a mapping.

        :rtype: list
        """
        versions = [version, 0, False] if version == 1 else [version]
        return [("tiktok_form_id", "=", self.id), ("tiktok_mapping_version", "in", versions)]

    def _mapping(self):
        """Return what holds now: rules by id of the question, and the values of every lead."""
        self.ensure_one()
        return {
            "rules": {str(question.id): question._rule() for question in self.question_ids},
            "defaults": [[default._rule(), default.value] for default in self.default_ids],
        }

    def _mapping_of(self, version):
        """Return what held for the leads of a version, None for what holds now."""
        self.ensure_one()
        return (self.sudo().mapping_history or {}).get(str(version or 1))

    def _mapped_fields(self):
        """Return the fields of a lead that this form fills, or once filled.

        :rtype: set[str]
        """
        mappings = [*(self.sudo().mapping_history or {}).values()]
        mappings += [form._mapping() for form in self]
        rules = [rule for mapping in mappings for rule in mapping["rules"].values()]
        names = {rule.get(key) for rule in rules for key in ("field", "last_field")}
        return names - {None, ""}

    def _questions_version(self):
        """Return a short name for the set of questions somebody was asked.

        :rtype: str
        """
        self.ensure_one()
        names = sorted(same(question.name) for question in self.question_ids)
        digest = hashlib.blake2s("\n".join(names).encode(), digest_size=4).hexdigest()
        since = max(self.question_ids.mapped("create_date"), default=None)
        return f"{digest} ({since:%Y-%m-%d})" if since else digest
