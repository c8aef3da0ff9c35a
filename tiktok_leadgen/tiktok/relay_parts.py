"""Combine what the objects of a relay's body say of each lead; no part of a body is lost."""

import json
import typing

from . import values
from .relay_aliases import normalize_key
from .relay_answers import is_contact_answer, split_list

_MAX_CARRIED = 1024 * 1024  # characters that a list of leads inherits from what is around it


class Part(typing.NamedTuple):
    """What an object of the body says of a lead."""

    ids: dict  # rank of the spelling and value, by key of the documented shape
    answers: list  # in the documented shape
    source: object = None  # the element of a list that it is read from, None outside of lists
    left_out: tuple = ()  # what was found beside it and is no lead


class Inner(typing.NamedTuple):
    """A container in an object of the body, opened."""

    key: str
    value: dict | list
    weight: int  # of several containers the one with the most weight tells the id and the name
    leads: list  # of `Part`
    left_out: tuple  # elements that are no objects


def list_objects(value):
    """Return the objects of a list and of the lists in it, and what else is in there.

    A list of questions and answers is one object.

    :param value: of a container
    :return: objects, and elements that are none
    :rtype: tuple[list[dict], list]
    """
    if isinstance(value, dict):
        return [value], []
    if not isinstance(value, list):
        return [], [] if is_empty(value) else [value]
    objects, others = [], []
    for element in value:
        is_answers = isinstance(element, list) and split_list(element) is not element
        inner, rest = list_objects({"list": element} if is_answers else element)
        objects += inner
        others += rest
    return objects, others


def is_empty(value):
    """Tell whether there is nothing in a part of a body.

    :param value: anything JSON can hold
    :rtype: bool
    """
    return value is None or value in ("", [], {})


def join_containers(above, inner):
    """Combine what an object itself says with what its containers hold.

    Each list of leads gives its own: one that was copied into the leads of another would give them
    the contacts of other people. A list of what is no lead, such as the goods of an order, is an
    answer.

    :param Part above: of the object
    :param list inner: its containers, of `Inner`
    :return: one for each lead
    :rtype: list[Part]
    """
    lists = [each for each in inner if len(each.leads) > 1]
    chosen = [each for each in lists if any(map(is_lead_part, each.leads))]
    keys = {each.key for each in chosen}
    others = [{"field": each.key, "value": each.value} for each in lists if each.key not in keys]
    singles = [each for each in inner if len(each.leads) == 1]
    singles.sort(key=lambda each: each.weight)
    beside = tuple(part for each in (*singles, *chosen) for part in each.left_out)
    above = Part(above.ids, above.answers + others, left_out=beside)
    above = merge_parts([above, *(each.leads[0] for each in singles)])
    if not chosen:
        return [above]
    leads = [lead for each in chosen for lead in each.leads]
    shared = Part({key: of for key, of in above.ids.items() if key != "id"}, above.answers)
    beside = above.left_out
    if len(leads) * len(json.dumps(shared[:2])) > _MAX_CARRIED:
        # A short body must not become a thousand long leads.
        beside += (shared.answers,) if shared.answers else ()
        shared = Part({}, [])
    first, *rest = (merge_parts([shared, lead])._replace(source=lead.source) for lead in leads)
    return [first._replace(left_out=first.left_out + beside), *rest]


def merge_parts(parts):
    """Merge parts of one lead, what is deeper inside last.

    Its ids win unless their spelling is less exact. Of two answers to one question the deeper one
    keeps the name: the other is the name of an envelope, such as "TikTok to Odoo". All parts are
    merged in one pass: a body can hold thousands of containers.

    :param list parts: of `Part`
    :rtype: Part
    """
    ids, answers, last = {}, [], {}
    for number, part in enumerate(parts):
        for key, (rank, value) in part.ids.items():
            if rank <= ids.get(key, (rank,))[0]:
                ids[key] = (rank, value)
        for answer in part.answers:
            name, text = normalize_key(answer["field"]), values.join_texts(answer["value"])
            before = last.get(name)
            if not before or before[0] != number:
                for at in before[1] if before and text not in ("", before[2]) else ():
                    answers[at] = {**answers[at], "field": f"{answers[at]['field']} (2)"}
                before = last[name] = (number, [], text)
            before[1].append(len(answers))
            answers.append(answer)
    return Part(ids, answers, left_out=tuple(each for part in parts for each in part.left_out))


def is_lead_part(part):
    """Tell whether a part has an id or says who the person is.

    :param Part part: of the body
    :rtype: bool
    """
    return "id" in part.ids or any(map(is_contact_answer, part.answers))
