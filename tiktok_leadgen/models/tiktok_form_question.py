from odoo import api, fields, models
from odoo.exceptions import ValidationError

TARGETS = [
    ("name", "Contact name"),
    ("first_name", "First name"),
    ("last_name", "Last name"),
    ("email", "Email"),
    ("phone_number", "Phone"),
    ("company", "Company name"),
    ("job_title", "Job position"),
    ("website", "Website"),
    ("street", "Street"),
    ("street2", "Street 2"),
    ("city", "City"),
    ("zip", "Zip"),
    ("state", "State or province"),
    ("country", "Country"),
    ("consent", "Consent"),
]
OTHER_TARGETS = [
    ("split_name", "Full name, split in two fields"),
    ("field", "Another field…"),
    ("property", "A property of the team's leads…"),
]
# A field that has a reader of its own: phones are written internationally, names joined.
FIELD_TARGETS = {
    "contact_name": "name",
    "email_from": "email",
    "phone": "phone_number",
    "partner_name": "company",
    "function": "job_title",
    "state_id": "state",
    "country_id": "country",
    **{name: name for name in ("website", "street", "street2", "city", "zip")},
}
MAPPING_FIELDS = {"target", "field_name", "last_field_name", "property_name"}


class TiktokFormQuestion(models.Model):
    """A question of a form, and where its answers go."""

    _name = "tiktok.form.question"
    _description = "TikTok Form Question"
    _inherit = ["tiktok.protected.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    form_id = fields.Many2one(
        "tiktok.form", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="form_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char("Question", required=True, readonly=True, help="As TikTok sends it.")
    spellings = fields.Json(
        readonly=True, help="How else TikTok writes it: exports have labels, the webhook has keys."
    )
    target = fields.Selection(
        TARGETS + OTHER_TARGETS,
        "Goes to",
        help="Where the answer goes on the lead. Empty: it stays among the answers only, which "
        "always show every question.",
    )
    # By name, not `ir.model.fields`: sales managers may not read those.
    field_name = fields.Selection(
        selection="_field_selection",
        string="Field",
        help="The field of the lead. Of a full name that is split: where the given name goes.",
    )
    last_field_name = fields.Selection(
        selection="_last_field_selection", string="Family name goes to"
    )
    property_name = fields.Selection(selection="_property_selection", string="Property")
    is_confirmed = fields.Boolean(
        "Confirmed",
        readonly=True,
        help="A person looked at it. Until then it is a guess from the question's words.",
    )

    _name_uniq = models.Constraint("UNIQUE(form_id, name)", "The form has this question already.")

    # === CHECKS === #

    @api.model
    def _field_selection(self):
        return self.env["tiktok.slot"]._selection()

    @api.model
    def _last_field_selection(self):
        return self.env["tiktok.slot"]._selection(("char",))

    @api.model
    def _property_selection(self):
        return [(slot.name, slot.label) for slot in self.env["tiktok.slot"]._properties().values()]

    @api.constrains("target", "field_name", "last_field_name", "property_name")
    def _check_target(self):
        for question in self:
            for name in filter(None, (question.field_name, question.last_field_name)):
                self.env["tiktok.slot"]._check_field(name)
            missing = {
                "field": not question.field_name,
                "split_name": not (question.field_name and question.last_field_name),
                "property": not question.property_name,
            }
            if missing.get(question.target):
                raise ValidationError(
                    self.env._("Say which field the answers to “%s” go to.", question.name)
                )

    @api.onchange("target")
    def _onchange_target(self):
        """Forget what the new target does not need."""
        if self.target not in ("field", "split_name"):
            self.field_name = False
        if self.target != "split_name":
            self.last_field_name = False
        if self.target != "property":
            self.property_name = False

    # === ACTION METHODS === #

    def action_confirm(self):
        """Say that a guess is right."""
        self.check_access("write")
        self.sudo().is_confirmed = True

    # === CRUD METHODS === #

    def write(self, vals):
        """Take what a person chooses for confirmed, and let the form remember what held before."""
        changes_mapping = MAPPING_FIELDS & vals.keys()
        if changes_mapping:
            self.form_id._remember_mapping()
        result = super().write(vals)
        if changes_mapping and "is_confirmed" not in vals:
            super(TiktokFormQuestion, self.sudo()).write({"is_confirmed": True})
        return result

    # === BUSINESS METHODS === #

    def _rule(self):
        """Return where the answers go, as it can be kept for later.

        :rtype: dict
        """
        self.ensure_one()
        rule = {
            "target": self.target or "",
            "field": self.field_name or "",
            "last_field": self.last_field_name or "",
            "property": self.property_name or "",
        }
        if rule["target"] == "field" and rule["field"] in FIELD_TARGETS:
            rule = {"target": FIELD_TARGETS[rule["field"]]}
        wanted = {
            "split_name": ("field", "last_field"),
            "field": ("field",),
            "property": ("property",),
        }.get(rule["target"], ())
        return {"target": rule["target"], **{name: rule[name] for name in wanted}}
