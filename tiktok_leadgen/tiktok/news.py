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
    answers = [answer for answer in fresh.answers if _is_new(answer, known)]
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


def _is_new(answer, known):
    """Tell whether an answer adds something: a question, or what kind of question it is."""
    if not answer.values:
        return False
    if answer.key in _NAMES and _text(answer) in _plain(known.person):
        return False
    for other in known.answers:
        if not other.values:
            continue
        if answer.key and answer.key == other.key:
            return False
        if _question(answer) == _question(other):
            return False
        # The same under another name: the webhook's key, or the export's label.
        if _text(answer) == _text(other) and (other.key or not answer.key):
            return False
    return True


def _words(lead):
    return {_text(answer) for answer in lead.answers}


def _question(answer):
    return _plain(answer.question).replace(": ", " ")


def _text(answer):
    return _plain(answer.text)


def _plain(text):
    return " ".join(text.casefold().split())
