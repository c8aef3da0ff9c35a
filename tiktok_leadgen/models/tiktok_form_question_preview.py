from odoo import api, fields, models

from .tiktok_form_mapping import MANAGERS


class TiktokFormQuestion(models.Model):
    """Shows what a mapping makes of each question's last answer, while one chooses."""

    _inherit = "tiktok.form.question"

    last_answer = fields.Char("Last answer", compute="_compute_preview", groups=MANAGERS)
    read_as = fields.Char("Read as", compute="_compute_preview", groups=MANAGERS)
    is_unread = fields.Boolean(compute="_compute_preview", groups=MANAGERS)

    @api.depends("target", "field_name", "last_field_name", "property_name", "form_id")
    def _compute_preview(self):
        for form, questions in self.grouped("form_id").items():
            company = form.company_id or self.env.company
            missing = questions
            for lead in form._read_samples():
                found = (form.question_ids | questions)._find_answers(lead)
                places = self.env["tiktok.place"]._lookup(company, [lead])
                for question in missing.filtered(found.get):
                    question._show(lead, found[question], company, places)
                    missing -= question
                if not missing:
                    break
            missing.update({"last_answer": False, "read_as": False, "is_unread": False})

    def _find_answers(self, lead):
        """Find what a lead answered, and have each answer know where it goes.

        :param lead: `tiktok.lead.Lead`
        :return: `tiktok.lead.Answer` by question; nothing for those that were left empty
        :rtype: dict
        """
        answers = {answer.question: answer for answer in lead.answers if answer.values}
        found = {}
        for question in self:
            spellings = (question.name, *(question.spellings or ()))
            answer = next((answers[each] for each in spellings if each in answers), None)
            if answer:
                answer.key = question._rule()["target"].replace("split_name", "name")
                found[question] = answer
        return found

    def _show(self, lead, answer, company, places):
        self.last_answer = answer.text
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
        if answer in lead.long_answers:
            return False, sentences["too_long_text"]
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
