"""Compare two deliveries of one lead: the webhook's and the export's."""

import dataclasses

from .lead import EntityRef

_NAMES = ("name", "first_name", "last_name")
_PERSONAL = (*_NAMES, "email", "phone_number")


def find_supplement(known, fresh):
    """Return what a second delivery knows that the first did not.

    :param ParsedLead known: what is here
    :param ParsedLead fresh: what came now
    :return: a lead with nothing but that, None if there is nothing new
    :rtype: ParsedLead | None
    """
    entities = {
        kind: _subtract_entity(entity, known.entities[kind])
        for kind, entity in fresh.entities.items()
    }
    submitted = None if known.submitted else fresh.submitted
    known_answers = _KnownAnswers(known)
    answers = tuple(answer for answer in fresh.answers if known_answers.lacks_answer(answer))
    if not (answers or submitted or any(each.uid or each.name for each in entities.values())):
        return None
    return dataclasses.replace(fresh, **entities, submitted=submitted, answers=answers)


def matches_authenticated(claimed, authenticated):
    """Tell whether an unverified delivery says what an authenticated one says.

    What it says about the person must be in both, so that a stranger can't add another phone.

    :param ParsedLead claimed: of the unverified delivery
    :param ParsedLead authenticated: TikTok's own
    :rtype: bool
    """
    for kind, entity in authenticated.entities.items():
        ours = claimed.entities[kind].uid
        if ours and entity.uid and ours != entity.uid:
            return False
    said, true = _answer_texts(claimed), _answer_texts(authenticated)
    personal = [answer for answer in claimed.answers if answer.key in _PERSONAL]
    others = [answer for answer in authenticated.answers if answer.key not in _NAMES]
    return all(_plain_answer(answer) in said for answer in others) and (
        all(_plain_answer(answer) in true for answer in personal if answer.key not in _NAMES)
        and _plain_text(claimed.person) == _plain_text(authenticated.person)
    )


def _subtract_entity(fresh, known):
    """Return the ID and the name that only the second delivery has.

    :param EntityRef fresh: of the second delivery
    :param EntityRef known: of the first
    :rtype: EntityRef
    """
    uid = "" if known.uid else fresh.uid
    return EntityRef(uid, "" if known.name else fresh.name, fresh.full_name)


class _KnownAnswers:
    """The answers of a lead, to look new ones up in: each is read once, however many there are.

    :param ParsedLead lead: what is here
    """

    def __init__(self, lead):
        answered = [answer for answer in lead.answers if answer.values]
        self._person = _plain_text(lead.person)
        self._keys = {answer.key for answer in answered if answer.key}
        self._questions = {_plain_question(answer) for answer in answered}
        self._texts = {_plain_answer(answer) for answer in answered}
        self._standard_texts = {_plain_answer(answer) for answer in answered if answer.key}

    def lacks_answer(self, answer):
        """Tell whether an answer adds something: a question, or what kind of question it is.

        :param Answer answer: of a later delivery
        :rtype: bool
        """
        if not answer.values or answer.key in self._keys:
            return False
        text = _plain_answer(answer)
        if answer.key in _NAMES and text in self._person:
            return False
        if _plain_question(answer) in self._questions:
            return False
        # The same under another name: the webhook's key, or the export's label.
        return text not in (self._standard_texts if answer.key else self._texts)


def _answer_texts(lead):
    return {_plain_answer(answer) for answer in lead.answers}


def _plain_question(answer):
    return _plain_text(answer.question).replace(": ", " ")


def _plain_answer(answer):
    return _plain_text(answer.text)


def _plain_text(text):
    return " ".join(text.casefold().split())
