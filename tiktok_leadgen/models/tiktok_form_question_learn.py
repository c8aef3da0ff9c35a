import dataclasses

from odoo import api, models

from ..clash import lock_references
from ..tiktok.lead import Answer
from ..tiktok.standard import LONGEST_QUESTION, question_names, same, standard_key
from .tiktok_form_question import OTHER_TARGETS

MAX_QUESTION = LONGEST_QUESTION  # a longer one is answered all the same, but has no row
MAX_QUESTIONS = 200  # of one form
_OWN_RULES = {target for target, _label in OTHER_TARGETS} | {"consent"}


class TiktokFormQuestion(models.Model):
    """How questions are recognised, whoever sends them under which name."""

    _inherit = "tiktok.form.question"

    @api.model
    def _learn(self, forms, leads, rules=None):
        """Add the questions that were never seen, and let each answer know where it goes.

        :param dict forms: form by its id at TikTok
        :param list leads: `tiktok.lead.Lead`
        :param dict rules: what held before, by id of the question, instead of what holds now
        """
        form_ids = [form.id for form in forms.values()]
        books = {form_id: _Book() for form_id in form_ids}
        for question in self.search([("form_id", "in", form_ids)]) if form_ids else ():
            books[question.form_id.id].add(question)
        of_forms = [
            (books[forms[lead.page_uid].id], lead) for lead in leads if lead.page_uid in forms
        ]
        for book, lead in of_forms:
            book.recognise(lead.answers)
        self._keep(books)
        for book, lead in of_forms:
            for answer in lead.answers:
                rule = book.rule(answer.question, rules)
                answer.rule = rule if rule["target"] in _OWN_RULES else None
                # A name that is split is still the contact's name.
                answer.key = "name" if rule["target"] == "split_name" else rule["target"]

    @api.model
    def _foresee(self, form, labels):
        """Add the questions a form will bring, before its first lead.

        :param form: tiktok.form
        :param list labels: as TikTok lists them
        """
        book = _Book()
        for question in form.question_ids:
            book.add(question)
        # A standard question arrives under its key, any other one under its own text.
        names = question_names(list(filter(None, labels)), form.question_ids.mapped("name"))
        book.recognise([Answer(name, [], "") for name in dict.fromkeys(names)])
        self._keep({form.id: book})

    @api.model
    def _keep(self, books):
        """Store what was learnt, in one statement for all forms.

        Where another transaction holds a form or a question, the next lead teaches it again.
        """
        learnt = {("tiktok_form", form_id) for form_id, book in books.items() if book.new}
        free = lock_references(self.env.cr, learnt)
        new = [
            (form_id, entry)
            for form_id, book in books.items()
            if ("tiktok_form", form_id) in free
            for entry in book.new
        ]
        created = self.create(
            [
                {
                    "form_id": form_id,
                    "name": entry.name,
                    "target": standard_key(entry.name) or False,
                    "spellings": entry.spellings or False,
                }
                for form_id, entry in new
            ]
        )
        for (_form_id, entry), question in zip(new, created, strict=True):
            entry.question = question
        changed = [entry for book in books.values() for entry in book.changed]
        known = self.browse([entry.question.id for entry in changed])
        free = known.try_lock_for_update(allow_referencing=True)
        for entry in changed:
            if entry.question in free:
                entry.question.spellings = entry.spellings or False


@dataclasses.dataclass(eq=False)
class _Entry:
    """A question, and how else it is spelt."""

    name: str
    spellings: list = dataclasses.field(default_factory=list)
    question: object = None  # its row, None while it is new
    rule: dict | None = None


class _Book:
    """The questions of one form, by every spelling."""

    def __init__(self):
        self.by_spelling = {}
        self.by_likeness = {}
        self.new = []
        self.changed = set()

    def add(self, question):
        """Note a question that is known.

        :param question: tiktok.form.question
        """
        entry = _Entry(question.name, list(question.spellings or ()), question)
        for spelling in (entry.name, *entry.spellings):
            self._note(spelling, entry)

    def _note(self, spelling, entry):
        self.by_spelling[spelling] = entry
        for likeness in self._likenesses(spelling):
            self.by_likeness.setdefault(likeness, entry)

    def _likenesses(self, spelling):
        key = standard_key(spelling)
        return [("text", same(spelling)), *([("key", key)] if key else [])]

    def recognise(self, answers):
        """Find the question of each answer of one lead; two answers are never one question.

        A form has both `phone_number` and "WhatsApp number", or one of them is the label of the
        other: only a lead with both tells.

        :param list answers: `tiktok.lead.Answer`
        """
        entries = [self.by_spelling.get(answer.question) for answer in answers]
        if None not in entries and len(set(entries)) == len(entries):
            return
        taken = set()
        for spelling in sorted((answer.question for answer in answers), key=self._rank):
            known = self.by_spelling.get(spelling)
            entry = known or self._alike(spelling)
            if entry is None or entry in taken:
                entry = self._make(spelling, known)
            elif not known and len(spelling) <= MAX_QUESTION:
                entry.spellings.append(spelling)
                self.changed.update([entry] if entry.question else [])
                self.by_spelling[spelling] = entry
            taken.add(entry)

    def _rank(self, spelling):
        """Have what is known by its very name come before what is only like it."""
        entry = self.by_spelling.get(spelling)
        return (entry is None, entry is not None and entry.name != spelling)

    def _alike(self, spelling):
        if len(spelling) > MAX_QUESTION:
            return None
        found = (self.by_likeness.get(likeness) for likeness in self._likenesses(spelling))
        return next(filter(None, found), None)

    def _make(self, spelling, before):
        """Make a question of a spelling, which may have been taken for another one's."""
        if before:
            before.spellings.remove(spelling)
            self.changed.update([before] if before.question else [])
        entry = _Entry(spelling)
        if len(spelling) <= MAX_QUESTION and len(self.by_spelling) < MAX_QUESTIONS:
            self.new.append(entry)
            self._note(spelling, entry)
        return entry

    def rule(self, spelling, rules):
        """Return where the answers to a question go.

        :param str spelling: of the question
        :param dict rules: instead of what holds now
        :rtype: dict
        """
        entry = self.by_spelling.get(spelling)
        if entry is None:
            return {"target": standard_key(spelling)}
        if entry.rule is None:
            guess = {"target": standard_key(entry.name)}
            if entry.question is None:  # its form is locked, so it has no row yet
                return guess
            now = entry.question._rule() if rules is None else None
            entry.rule = now or rules.get(str(entry.question.id), guess)
        return entry.rule
