from odoo import api, fields, models

from .tiktok_form_mapping import MANAGERS


class TiktokFormQuestion(models.Model):
    """Shows what a mapping makes of the last lead, while one chooses."""

    _inherit = "tiktok.form.question"

    last_answer = fields.Char("Last answer", compute="_compute_preview", groups=MANAGERS)
    read_as = fields.Char("Read as", compute="_compute_preview", groups=MANAGERS)
    is_unread = fields.Boolean(compute="_compute_preview", groups=MANAGERS)

    @api.depends("target", "field_name", "last_field_name", "property_name", "form_id")
    def _compute_preview(self):
        for form, questions in self.grouped("form_id").items():
            lead = form._sample()
            answers = {answer.question: answer for answer in lead.answers} if lead else {}
            known = [
                (question, question._answer_in(answers))
                for question in form.question_ids | questions
            ]
            for question, answer in known:
                if answer:
                    answer.key = question._rule()["target"].replace("split_name", "name")
            company = form.company_id or self.env.company
            places = self.env["tiktok.place"]._lookup(company, [lead]) if lead else {}
            for question, answer in known:
                if question in questions:
                    question._show(lead, answer, company, places)

    def _answer_in(self, answers):
        spellings = (self.name, *(self.spellings or ()))
        return next((answers[each] for each in spellings if each in answers), None)

    def _show(self, lead, answer, company, places):
        self.last_answer = answer.text if answer else False
        shown, why = False, None
        if answer and answer.values:
            shown, why = self._read_for_people(lead, answer, company, places)
        self.is_unread = bool(why)
        self.read_as = self.env._("⚠ stays in answers: %s", why) if why else shown

    def _read_for_people(self, lead, answer, company, places):
        rule = self._rule()
        target = rule["target"]
        sentences = self.env["tiktok.mapping"]._why()
        if target in ("field", "split_name", "property"):
            wish = [(rule, answer.question, answer.values)]
            shown, why = self.env["tiktok.mapping"]._preview(company, wish)
            return shown, why and sentences[why]
        if target in ("country", "state"):
            model = {"country": "res.country", "state": "res.country.state"}[target]
            found = places.get(id(lead), (False, False))[target == "state"]
            shown = found and self.env[model].browse(found).display_name
            return shown, None if found else sentences["not_found"]
        if target in ("name", "first_name", "last_name"):
            return lead.person, None
        if target == "phone_number":
            country = places.get(id(lead), (False, False))[0]
            return self.env["crm.lead"]._tiktok_phone(answer.text, country, company), None
        return (answer.text if target else self.env._("Answers only")), None
