"""Compare two deliveries of one lead: the webhook's and the export's."""

import dataclasses

from .lead import Lead

ORIGIN = tuple(
    f"{what}_{part}"
    for what in ("page", "advertiser", "library", "campaign", "adgroup", "ad")
    for part in ("uid", "name")
    if (what, part) != ("library", "name")
)
_NAMES = ("name", "first_name", "last_name")
_PERSONAL = (*_NAMES, "email", "phone_number")


def news(known, fresh):
    """Return what a second delivery knows that the first did not.

    :param Lead known: what is here
    :param Lead fresh: what came now
    :return: a lead with nothing but that, None if there is nothing new
    :rtype: Lead | None
    """
    found = {name: getattr(fresh, name) for name in ORIGIN if not getattr(known, name)}
    if not known.submitted:
        found["submitted"] = fresh.submitted
    known_answers = _Known(known)
    answers = [answer for answer in fresh.answers if known_answers.lacks(answer)]
    if not answers and not any(found.values()):
        return None
    return dataclasses.replace(fresh, **{**_without_origin(), **found, "answers": answers})


def agrees(claimed, proven):
    """Tell whether a delivery without proof says what TikTok's own word says.

    What it says about the person must be in both, so that nobody slips in a phone of their own.

    :param Lead claimed: came without proof
    :param Lead proven: TikTok's
    :rtype: bool
    """
    for name in ORIGIN:
        ours, theirs = getattr(claimed, name), getattr(proven, name)
        if name.endswith("_uid") and ours and theirs and ours != theirs:
            return False
    said, true = _words(claimed), _words(proven)
    personal = [answer for answer in claimed.answers if answer.key in _PERSONAL]
    return all(_text(answer) in said for answer in proven.answers if answer.key not in _NAMES) and (
        all(_text(answer) in true for answer in personal if answer.key not in _NAMES)
        and _plain(claimed.person) == _plain(proven.person)
    )


def _without_origin():
    empty = Lead()
    return {name: getattr(empty, name) for name in (*ORIGIN, "submitted")}


class _Known:
    """The answers of a lead, to look new ones up in: each is read once, however many there are.

    :param Lead lead: what is here
    """

    def __init__(self, lead):
        answered = [answer for answer in lead.answers if answer.values]
        self._person = _plain(lead.person)
        self._keys = {answer.key for answer in answered if answer.key}
        self._questions = {_question(answer) for answer in answered}
        self._texts = {_text(answer) for answer in answered}
        self._standard_texts = {_text(answer) for answer in answered if answer.key}

    def lacks(self, answer):
        """Tell whether an answer adds something: a question, or what kind of question it is.

        :param Answer answer: of a later delivery
        :rtype: bool
        """
        if not answer.values or answer.key in self._keys:
            return False
        text = _text(answer)
        if answer.key in _NAMES and text in self._person:
            return False
        if _question(answer) in self._questions:
            return False
        # The same under another name: the webhook's key, or the export's label.
        return text not in (self._standard_texts if answer.key else self._texts)


def _words(lead):
    return {_text(answer) for answer in lead.answers}


def _question(answer):
    return _plain(answer.question).replace(": ", " ")


def _text(answer):
    return _plain(answer.text)


def _plain(text):
    return " ".join(text.casefold().split())
