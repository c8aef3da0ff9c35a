import dataclasses

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tiktok.contact_suggestion import EMAIL, PHONE_NUMBER, is_contact_answer
from ...tiktok.email_address import find_email
from ...tiktok.standard import find_standard_key
from ...tiktok.values import isolate
from ...value_map import read_value_map
from .tiktok_form import MANAGERS

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
    ("split_name", "Full name, split into two fields"),
    ("field", "Another field…"),
    ("property", "A property of the team's leads…"),
]
# A field that is parsed in a special way: phones are written internationally, names joined.
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
CONTACT_TARGETS = (EMAIL, PHONE_NUMBER)
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
    aliases = fields.Json(
        readonly=True, help="Other names used by TikTok: exports have labels, the webhook has keys."
    )
    target = fields.Selection(
        TARGETS + OTHER_TARGETS,
        "Maps to",
        help="The lead field the answer maps to. Leave empty to keep it as an answer only; "
        "the answers always show every question.",
    )
    # By name, not `ir.model.fields`: sales managers may not read those.
    field_name = fields.Selection(
        selection="_get_field_selection",
        string="Field",
        help=("The field of the lead. For a full name that is split, the field of the first name."),
    )
    last_field_name = fields.Selection(
        selection="_get_last_name_selection", string="Last name maps to"
    )
    property_name = fields.Selection(selection="_get_property_selection", string="Property")
    is_confirmed = fields.Boolean(
        "Confirmed",
        readonly=True,
        help=("Confirmed by a person. Until then it is a suggestion based on the question's text."),
    )
    value_ids = fields.One2many("tiktok.form.value", "question_id", "Values of answers")
    # What the mapping makes of the last answer.
    last_answer = fields.Char("Last answer", compute="_compute_preview", groups=MANAGERS)
    result_text = fields.Char("Result", compute="_compute_preview", groups=MANAGERS)
    is_unparsable = fields.Boolean(compute="_compute_preview", groups=MANAGERS)

    _name_uniq = models.Constraint("UNIQUE(form_id, name)", "The form already has this question.")

    # === COMPUTE METHODS === #

    @api.depends("target", "field_name", "last_field_name", "property_name", "form_id", "value_ids")
    def _compute_preview(self):
        for form, questions in self.grouped("form_id").items():
            company = form.company_id or self.env.company
            missing = questions
            for sample in form._parse_sample_leads():
                lead, found = (form.question_ids | questions)._match_lead_answers(sample)
                shown = missing.filtered(found.get)
                if shown:  # most of the last leads have no answer that is still missing
                    forms = {lead.page.uid: form}
                    (location,) = self.env["tiktok.location"]._resolve_locations(
                        company, [lead], forms
                    )
                for question in shown:
                    question._set_preview_texts(lead, found[question], company, location)
                missing -= shown
                if not missing:
                    break
            missing.update({"last_answer": False, "result_text": False, "is_unparsable": False})

    def _match_lead_answers(self, lead):
        """Match the answers of a lead with these questions and the mapping they have now.

        :param lead: `tiktok.lead.ParsedLead`
        :return: the lead whose answers know their key, and the answer by question; empty answers
            are left out
        :rtype: tuple
        """
        answers = {answer.question: answer for answer in lead.answers if answer.values}
        found = {}
        for question in self:
            names = (question.name, *(question.aliases or ()))
            answer = next((answers[each] for each in names if each in answers), None)
            if answer:
                key = question._get_mapping_rule()["target"].replace("split_name", "name")
                answer = dataclasses.replace(answer, key=key)
                found[question] = question._check_suggested_key(answer)
        matched = {answer.question: answer for answer in found.values()}
        answers = tuple(matched.get(answer.question, answer) for answer in lead.answers)
        return dataclasses.replace(lead, answers=answers), found

    def _set_preview_texts(self, lead, answer, company, location):
        """Show what the mapping makes of an answer.

        :param lead: `tiktok.lead.ParsedLead`
        :param answer: the lead's `tiktok.lead.Answer` to this question
        :param company: res.company
        :param location: `Location` of the lead
        """
        self.last_answer = answer.text
        shown, reason = self._format_mapping_result(lead, answer, company, location)
        self.is_unparsable = bool(reason)
        self.result_text = self.env._("⚠ Kept as an answer: %s", reason) if reason else shown

    def _format_mapping_result(self, lead, answer, company, location):
        """Return what the mapping makes of an answer, or why it stays an answer.

        :param lead: `tiktok.lead.ParsedLead`
        :param answer: the lead's `tiktok.lead.Answer` to this question
        :param company: res.company
        :param location: `Location` of the lead
        :return: text and reason, one of them empty
        :rtype: tuple
        """
        rule, mapping = self._get_mapping_rule(), self.env["tiktok.mapping"]
        target, reasons = rule["target"], mapping._get_reason_labels()
        if target in CONTACT_TARGETS:
            target = answer.key  # empty if it is only suggested and the answer does not fit
        if target in ("field", "split_name", "property"):
            shown, reason = mapping._preview_answers(
                company, [(rule, answer.question, answer.values)]
            )
            return shown, reason and reasons[reason]
        if answer in lead.long_answers:
            return False, reasons["too_long_text"]
        if target in ("country", "state"):
            model = {"country": "res.country", "state": "res.country.state"}[target]
            found = getattr(location, f"{target}_id")
            shown = found and self.env[model].browse(found).display_name
            return shown, None if found else reasons["not_found"]
        if target in ("name", "first_name", "last_name"):
            return lead.person, None
        if target == "phone_number":
            countries = self.form_id.default_country_id | company.country_id
            vals = self.env["tiktok.phone"]._prepare_phone_values(
                answer.text, location.country_id, countries
            )
            issue = reasons.get(f"phone_{vals['tiktok_phone_issue']}")
            return " · ".join(filter(None, (vals["phone"], issue))), None
        if target == "email":
            email = find_email(answer.text)
            return email, None if email else reasons["not_an_email"]
        return (answer.text if target else self.env._("Keep as answer only")), None

    # === SELECTIONS AND CHECKS === #

    @api.model
    def _get_field_selection(self):
        return self.env["tiktok.mapping.target"]._get_field_choices()

    @api.model
    def _get_last_name_selection(self):
        return self.env["tiktok.mapping.target"]._get_field_choices(("char",))

    @api.model
    def _get_property_selection(self):
        return [
            (target.name, target.label)
            for target in self.env["tiktok.mapping.target"]._get_property_targets().values()
        ]

    @api.constrains("target", "field_name", "last_field_name", "property_name")
    def _check_target(self):
        for question in self:
            for name in filter(None, (question.field_name, question.last_field_name)):
                self.env["tiktok.mapping.target"]._check_allowed_field(name)
            missing = {
                "field": not question.field_name,
                "split_name": not (question.field_name and question.last_field_name),
                "property": not question.property_name,
            }
            if missing.get(question.target):
                raise ValidationError(
                    self.env._(
                        "Select the field that answers to “%s” map to.", isolate(question.name)
                    )
                )

    @api.onchange("target")
    def _onchange_target(self):
        """Clear the fields that the new target does not need."""
        if self.target not in ("field", "split_name"):
            self.field_name = False
        if self.target != "split_name":
            self.last_field_name = False
        if self.target != "property":
            self.property_name = False

    # === ACTION METHODS === #

    def action_confirm(self):
        """Confirm the suggested mapping of these questions."""
        self.check_access("write")
        self.sudo().is_confirmed = True

    # === CRUD METHODS === #

    def write(self, vals):
        """Confirm what a user chooses, and archive the mapping that was valid before.

        :param dict vals: of the questions
        :rtype: bool
        """
        changes_mapping = MAPPING_FIELDS & vals.keys()
        if changes_mapping:
            self.form_id._archive_mapping()
        result = super().write(vals)
        if changes_mapping and "is_confirmed" not in vals:
            super(TiktokFormQuestion, self.sudo()).write({"is_confirmed": True})
        return result

    # === BUSINESS METHODS === #

    def _check_suggested_key(self, answer):
        """Return an answer without its field if that is only a suggestion and does not fit.

        What one person answered with a phone number another may answer with "after five".

        :param answer: `tiktok.lead.Answer` to this question; the question may be empty
        :rtype: Answer
        """
        if not self or self.is_confirmed or answer.key not in CONTACT_TARGETS:
            return answer
        if find_standard_key(self.name) == answer.key:
            return answer
        fits = len(answer.values) == 1 and is_contact_answer(answer.key, self.name, answer.text)
        return answer if fits else dataclasses.replace(answer, key="")

    def _get_mapping_rule(self):
        """Return where the answers go, in a form that can be stored as JSON.

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
        values = read_value_map(self.value_ids)
        extra = {"values": values} if values else {}
        return {"target": rule["target"], **{name: rule[name] for name in wanted}, **extra}
