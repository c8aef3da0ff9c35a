"""Recognize the questions of one form under all names that TikTok sends them by."""

import dataclasses

from .standard import LONGEST_QUESTION, find_standard_key, normalize_question

MAX_QUESTION_CHARS = LONGEST_QUESTION  # a longer one is answered all the same, but is not stored
MAX_QUESTIONS = 200  # of one form


@dataclasses.dataclass(eq=False)
class Question:
    """A question of the form and the other names that TikTok sends it by."""

    name: str
    aliases: list = dataclasses.field(default_factory=list)
    record_id: int = 0  # of its row, 0 while it has none


class QuestionIndex:
    """The questions of one form, by each of their names.

    `new` are the questions that have no row yet; of `changed` the aliases are other ones than
    those of the row.
    """

    def __init__(self):
        self._by_name = {}
        self._by_similarity = {}
        self.new = []
        self.changed = set()

    def add_question(self, name, aliases, record_id):
        """Add a question that has a row.

        :param str name: of the question
        :param list aliases: its other names
        :param int record_id: of its row
        """
        question = Question(name, list(aliases), record_id)
        for each in (question.name, *question.aliases):
            self._index_name(each, question)

    def find_question(self, name):
        """Return the question that has a name, None for one that is not stored.

        :param str name: as TikTok sends it
        :rtype: Question | None
        """
        return self._by_name.get(name)

    def match_names(self, names):
        """Find the question of each answer of one lead; two answers are never one question.

        A form has both `phone_number` and "WhatsApp number", or one of them is the label of the
        other: only a lead with both tells.

        :param list names: of the questions that the lead answered
        """
        known = [self._by_name.get(name) for name in names]
        if None not in known and len(set(known)) == len(known):
            return
        taken = set()
        for name in sorted(names, key=self._rank_by_match):
            before = self._by_name.get(name)
            question = before or self._find_similar_question(name)
            if question is None or question in taken:
                question = self._create_question(name, before)
            elif not before and len(name) <= MAX_QUESTION_CHARS:
                question.aliases.append(name)
                self._mark_aliases_changed(question)
                self._by_name[name] = question
            taken.add(question)

    def _index_name(self, name, question):
        self._by_name[name] = question
        for similarity in self._get_similarities(name):
            self._by_similarity.setdefault(similarity, question)

    def _get_similarities(self, name):
        key = find_standard_key(name)
        return [("text", normalize_question(name)), *([("key", key)] if key else [])]

    def _rank_by_match(self, name):
        """Sort exact names first, then aliases, then names that are only similar.

        :param str name: of a question
        :rtype: tuple
        """
        question = self._by_name.get(name)
        return (question is None, question is not None and question.name != name)

    def _find_similar_question(self, name):
        if len(name) > MAX_QUESTION_CHARS:
            return None
        found = (self._by_similarity.get(each) for each in self._get_similarities(name))
        return next(filter(None, found), None)

    def _create_question(self, name, before):
        """Create a question of a name, which may have been an alias of another question.

        :param str name: of the new question
        :param before: the `Question` whose alias it was, None for none
        :rtype: Question
        """
        if before:
            before.aliases.remove(name)
            self._mark_aliases_changed(before)
        question = Question(name)
        if len(name) <= MAX_QUESTION_CHARS and len(self._by_name) < MAX_QUESTIONS:
            self.new.append(question)
            self._index_name(name, question)
        return question

    def _mark_aliases_changed(self, question):
        if question.record_id:
            self.changed.add(question)
