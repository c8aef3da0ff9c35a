from odoo import api, fields, models
from odoo.exceptions import ValidationError


class TiktokFormDefault(models.Model):
    """What a form's leads have where no answer says anything else."""

    _name = "tiktok.form.default"
    _description = "TikTok Form Default Value"
    _inherit = ["tiktok.protected.mixin"]
    _order = "id"
    _check_company_auto = True

    form_id = fields.Many2one("tiktok.form", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="form_id.company_id", store=True, index=True)
    field_name = fields.Selection(selection="_field_selection", string="Field", required=True)
    value = fields.Char(
        required=True,
        help="As a person would write it: 1,500 · 31.12.2026 · yes · the name of a country. Tags "
        "are separated by semicolons; those that are missing are made.",
    )
    read_as = fields.Char("Read as", compute="_compute_read_as")

    _field_uniq = models.Constraint(
        "UNIQUE(form_id, field_name)", "The form has a value for this field already."
    )

    @api.model
    def _field_selection(self):
        return self.env["tiktok.slot"]._selection()

    @api.depends("field_name", "value")
    def _compute_read_as(self):
        for default in self:
            default.read_as = default._read()[0]

    @api.constrains("field_name", "value")
    def _check_value(self):
        for default in self:
            self.env["tiktok.slot"]._check_field(default.field_name)
            why = default._read()[1]
            if why:
                raise ValidationError(
                    self.env._(
                        "“%(value)s” can't be read for “%(field)s”: %(why)s.",
                        value=default.value,
                        field=self.env["tiktok.slot"]._of_field(default.field_name).label,
                        why=self.env["tiktok.mapping"]._why()[why],
                    )
                )

    def _rule(self):
        return {"target": "field", "field": self.field_name}

    def _read(self):
        """Return the value as the lead will show it, and why it can't be read.

        :rtype: tuple
        """
        self.ensure_one()
        if not (self.field_name and self.value):
            return False, None
        company = self.company_id or self.form_id.company_id or self.env.company
        wish = [(self._rule(), "", [self.value])]
        return self.env["tiktok.mapping"]._preview(company, wish)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Let the forms remember what held before."""
        forms = self.env["tiktok.form"].browse({vals["form_id"] for vals in vals_list})
        forms.check_access("write")
        forms._remember_mapping()
        return super().create(vals_list)

    def write(self, vals):
        """Let the forms remember what held before."""
        self.form_id._remember_mapping()
        result = super().write(vals)
        self.check_access("write")  # the form may be another company's by now
        return result

    def unlink(self):
        """Let the forms remember what held before."""
        self.form_id._remember_mapping()
        return super().unlink()
