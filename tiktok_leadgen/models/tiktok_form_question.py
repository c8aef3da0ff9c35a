from odoo import api, fields, models

from ..tiktok.standard import standard_key

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
    ("state", "State"),
    ("country", "Country"),
]


class TiktokFormQuestion(models.Model):
    """A question of a form, and where its answers go."""

    _name = "tiktok.form.question"
    _description = "TikTok Form Question"
    _order = "sequence, id"
    _check_company_auto = True

    form_id = fields.Many2one("tiktok.form", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="form_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char("Question", required=True, readonly=True, help="As TikTok sends it.")
    target = fields.Selection(
        TARGETS,
        "Goes to",
        help="Where the answer goes on the lead. Empty: it stays among the answers only, which "
        "always show every question.",
    )

    _name_uniq = models.Constraint("UNIQUE(form_id, name)", "The form has this question already.")

    @api.model
    def _learn(self, forms, leads):
        """Add the questions that were never seen, and let each answer know its target.

        :param dict forms: form by its id at TikTok
        :param list leads: `tiktok.lead.Lead`
        """
        form_ids = [form.id for form in forms.values()]
        found = {
            (question.form_id.id, question.name): question.target or ""
            for question in self.search_fetch([("form_id", "in", form_ids)], ["name", "target"])
        }
        new = {}
        for lead in leads:
            form = forms.get(lead.page_uid)
            for answer in lead.answers if form else ():
                pair = (form.id, answer.question)
                if pair in found:
                    answer.key = found[pair]
                else:
                    new.setdefault(pair, answer.key)
        self.create(
            [
                {"form_id": form_id, "name": name, "target": key or False}
                for (form_id, name), key in new.items()
            ]
        )

    @api.model
    def _foresee(self, form, labels):
        """Add the questions a form will bring, before its first lead.

        A standard question arrives under its key, any other one under its own text.

        :param form: tiktok.form
        :param list labels: as TikTok lists them
        """
        known = {question.name: question.target for question in form.question_ids}
        taken = set(known.values())
        rows = []
        for label in labels:
            key = standard_key(label)
            if (key and key in taken) or label in known:
                continue
            rows.append({"form_id": form.id, "name": key or label, "target": key or False})
            taken.add(key)
            known[label] = key
        self.create([row for row in rows if row["name"] not in form.question_ids.mapped("name")])
