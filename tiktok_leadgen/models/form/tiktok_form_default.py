from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tiktok.values import isolate
from ...value_map import read_value_map


class TiktokFormPartMixin(models.AbstractModel):
    """A part of a form's mapping: a change of it gives the mapping a new version."""

    _name = "tiktok.form.part.mixin"
    _description = "Part of a TikTok Form's Mapping"

    @api.model_create_multi
    def create(self, vals_list):
        """Archive the mapping that was valid before.

        :param list vals_list: of the new parts
        :return: the new parts
        """
        forms = self.env["tiktok.form"].browse({vals["form_id"] for vals in vals_list})
        forms.check_access("write")
        forms._archive_mapping()
        return super().create(vals_list)

    def write(self, vals):
        """Archive the mapping that was valid before.

        :param dict vals: of the parts
        :rtype: bool
        """
        self.form_id._archive_mapping()
        result = super().write(vals)
        self.check_access("write")  # the form may belong to another company now
        return result

    def unlink(self):
        """Archive the mapping that was valid before.

        :rtype: bool
        """
        self.form_id._archive_mapping()
        return super().unlink()


class TiktokFormDefault(models.Model):
    """A value that the leads of a form get if no answer fills the field."""

    _name = "tiktok.form.default"
    _description = "TikTok Form Default Value"
    _inherit = ["tiktok.protected.mixin", "tiktok.form.part.mixin"]
    _order = "id"
    _check_company_auto = True

    form_id = fields.Many2one("tiktok.form", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="form_id.company_id", store=True, index=True)
    field_name = fields.Selection(selection="_get_field_selection", string="Field", required=True)
    value = fields.Char(
        required=True,
        help="As a person would write it: 1,500 · 31.12.2026 · yes · the name of a country. "
        "Separate tags with semicolons; missing tags are created.",
    )
    result_text = fields.Char("Result", compute="_compute_result_text")

    _field_uniq = models.Constraint(
        "UNIQUE(form_id, field_name)", "The form already has a value for this field."
    )

    @api.model
    def _get_field_selection(self):
        return self.env["tiktok.mapping.target"]._get_field_choices()

    @api.depends("field_name", "value")
    def _compute_result_text(self):
        for default in self:
            default.result_text = default._parse_value()[0]

    @api.constrains("field_name", "value")
    def _check_value(self):
        for default in self:
            self.env["tiktok.mapping.target"]._check_allowed_field(default.field_name)
            reason = default._parse_value()[1]
            if reason:
                raise ValidationError(
                    self.env._(
                        "“%(value)s” cannot be read for “%(field)s”: %(why)s.",
                        value=isolate(default.value),
                        field=self.env["tiktok.mapping.target"]
                        ._get_field_target(default.field_name)
                        .label,
                        why=self.env["tiktok.mapping"]._get_reason_labels()[reason],
                    )
                )

    def _get_mapping_rule(self):
        return {"target": "field", "field": self.field_name}

    def _parse_value(self):
        """Parse the value of the field.

        :return: the value as the lead will show it, and why it can't be parsed, one of them empty
        :rtype: tuple
        """
        self.ensure_one()
        if not (self.field_name and self.value):
            return False, None
        company = self.company_id or self.form_id.company_id or self.env.company
        value = [(self._get_mapping_rule(), "", [self.value])]
        return self.env["tiktok.mapping"]._preview_answers(company, value)


class TiktokFormValue(models.Model):
    """What one answer to a question becomes: a value of its field, tags, a priority, a team."""

    _name = "tiktok.form.value"
    _description = "TikTok Form Answer Value"
    _inherit = ["tiktok.protected.mixin", "tiktok.form.part.mixin"]
    _order = "question_id, id"
    _check_company_auto = True

    form_id = fields.Many2one("tiktok.form", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="form_id.company_id", store=True, index=True)
    question_id = fields.Many2one(
        "tiktok.form.question",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        domain="[('form_id', '=', form_id)]",
    )
    answer = fields.Char(required=True, help="As the person chooses it, in any case.")
    value = fields.Char(
        "Becomes",
        help="Written to the question's field instead of the answer, as a person would write it: "
        "3000 for “Over 3,000”.",
    )
    tag_ids = fields.Many2many("crm.tag", string="Tags")
    priority = fields.Selection([("1", "Medium"), ("2", "High"), ("3", "Very High")])
    team_id = fields.Many2one(
        "crm.team",
        "Sales Team",
        check_company=True,
        index="btree_not_null",
        help="The team of new leads with this answer, instead of the form's. A routing rule that "
        "fits the lead decides before it. Leads that are here already keep their team.",
    )
    result_text = fields.Char("Result", compute="_compute_result_text")

    _answer_uniq = models.UniqueIndex(
        "(question_id, md5(answer))",  # a long answer does not fit into an index
        "The question already has this answer.",
    )

    @api.depends(
        *("question_id.target", "question_id.field_name", "question_id.property_name"),
        *("answer", "value", "tag_ids", "priority", "team_id.name", "team_id.active"),
    )
    def _compute_result_text(self):
        reasons = self.env["tiktok.mapping"]._get_reason_labels()
        for row in self:
            shown, reason = row._preview_result()
            row.result_text = self.env._("⚠ %s", reasons[reason]) if reason else shown

    @api.constrains("form_id", "question_id", "value")
    def _check_value(self):
        for row in self:
            if row.question_id.form_id != row.form_id:
                raise ValidationError(self.env._("Choose a question of this form."))
            has_field = row.question_id._get_mapping_rule()["target"] in ("field", "property")
            if row.value and not has_field:
                raise ValidationError(
                    self.env._(
                        "Select the field that answers to “%s” map to.",
                        isolate(row.question_id.name),
                    )
                )
            reason = row.value and row._preview_result()[1]
            if reason:
                raise ValidationError(
                    self.env._(
                        "“%(value)s” cannot be written for “%(question)s”: %(why)s.",
                        value=isolate(row.value),
                        question=isolate(row.question_id.name),
                        why=self.env["tiktok.mapping"]._get_reason_labels()[reason],
                    )
                )

    def _preview_result(self):
        """Return what the answer becomes on a lead, or why it can't be written.

        :return: text and reason, one of them empty
        :rtype: tuple
        """
        self.ensure_one()
        question = self.question_id
        values = read_value_map(self)
        if not (question and values):
            return False, None
        company = self.company_id or self.form_id.company_id or self.env.company
        if self.team_id and not self.team_id.active:
            return False, "archived_team"
        rule = {**question._get_mapping_rule(), "values": values}
        shown, reason = self.env["tiktok.mapping"]._preview_answers(
            company, [(rule, question.name, [self.answer])]
        )
        return " · ".join(filter(None, (shown, self.team_id.name))), reason
