"""Parse what relays make of a lead and bring it into TikTok's documented shape.

Zapier, Make, LeadsBridge and home-made connectors forward a lead as a flat object, as a list of
question and answer, as an object of answers, or as any of these inside an envelope or as a JSON
text. What they call each part is in `relay_aliases`; what no alias knows is read as a user says,
see `relay_mapping`.
"""

import json
import typing

from . import values
from .errors import UnparsableAnswerError
from .relay_aliases import (
    CONTAINERS,
    ENTITY,
    ENVELOPE,
    ID,
    LIST,
    PERSON,
    ROLES,
    WRAPPER,
    normalize_key,
)
from .relay_answers import (
    is_contact_answer,
    is_plain_value,
    open_json_text,
    read_answer_list,
    read_answer_object,
    split_list,
    unflatten_keys,
)
from .relay_ids import is_entity, store_entity, store_id

LEAD_WRAPPERS = ("lead", "leads", "lead_data", "record", "data")  # others hold an event, too
MAX_PARTS = 50_000  # objects of one body; ten thousand leads in two wrappers each have fewer
_MAX_DEPTH = 6
_MAX_CARRIED = 1024 * 1024  # characters that a list of leads inherits from what is around it


class ObjectBudget:
    """How many more objects of one body may be parsed: anyone may post one."""

    def __init__(self):
        self._left = MAX_PARTS

    def use_object(self):
        """Count one more object.

        :raise UnparsableAnswerError: if the body has too many
        """
        self._left -= 1
        if self._left < 0:
            raise UnparsableAnswerError("too_many", "too_many")


class Part(typing.NamedTuple):
    """What an object of the body says of a lead."""

    ids: dict  # rank of the spelling and value, by key of the documented shape
    answers: list  # in the documented shape


class Inner(typing.NamedTuple):
    """A container in an object of the body, opened."""

    key: str
    value: dict | list
    weight: int  # of several containers the one with the most weight tells the id and the name
    leads: list  # of `Part`


def find_leads(content, budget=None):
    """Find the leads in a relayed body.

    :param content: parsed JSON
    :param ObjectBudget budget: what is left for the body, if this is a part of it
    :return: entries in the documented shape, none if there is no lead in it
    :rtype: list[dict]
    :raise UnparsableAnswerError: if it has too many objects
    """
    budget = budget or ObjectBudget()
    if isinstance(content, list):
        if split_list(content) is content:
            return [entry for part in content for entry in find_leads(part, budget)]
        content = {"list": content}
    budget.use_object()
    if not isinstance(content, dict):
        return []
    entries = map(_create_entry, _collect_leads(unflatten_keys(content), 0, budget))
    return [entry for entry in entries if _is_lead_entry(entry)]


def normalize_entry(entry):
    """Return an entry that has ``changes``, spelled as the documented shape is.

    :param dict entry: may say ``lead_id`` for ``id``, ``question`` for ``field`` and the like
    :rtype: dict
    """
    changes = entry["changes"]
    found, first = entry, changes[0] if changes else None
    if isinstance(first, dict) and "field" not in first:
        answers = read_answer_list(changes)
        found = {**entry, "changes": answers} if answers is not None else entry
    if all(entry.get(key) for key in ("id", "page_id", "create_time")):
        return found  # as TikTok itself writes it: there are a thousand of them in one body
    ids = {}
    for key, value in entry.items():
        name = normalize_key(str(key))
        roles = ROLES.get(name, {})
        if ENTITY in roles and is_entity(value, roles[ENTITY]):
            store_entity(ids, roles[ENTITY], value)
        elif ID in roles and not isinstance(value, dict):
            store_id(ids, name, value)
    missing = {
        key: value for key, (_rank, value) in ids.items() if not values.join_texts(entry.get(key))
    }
    return {**found, **missing}


def has_contact(entry):
    """Tell whether an entry says who the person is or how to reach them.

    :param dict entry: in the documented shape
    :rtype: bool
    """
    return any(map(is_contact_answer, entry["changes"]))


def has_unread_content(content):
    """Tell whether an object has something inside of it that no alias knows.

    :param dict content: of a body
    :rtype: bool
    """
    return any(not is_plain_value(value) for value in content.values())


def _create_entry(part):
    return {**{key: value for key, (_rank, value) in part.ids.items()}, "changes": part.answers}


# === WALKING DOWN === #


def _collect_leads(content, depth, budget, is_person=False):
    """Walk down the containers, each once.

    :param dict content: an object of the body
    :param int depth: how many containers are around it
    :param ObjectBudget budget: what is left for the body
    :param bool is_person: whether its own id is a person's
    :return: one for each lead
    :rtype: list[Part]
    """
    budget.use_object()
    part, inner = Part({}, []), []
    names = {normalize_key(str(key)) for key in content}
    for key, value in content.items():
        name = normalize_key(str(key))
        roles = dict(ROLES.get(name, ()))
        if name == "lead_data" and "meta_data" in names:
            roles = {LIST: ""}  # TikTok's own: all of it are answers, also "Campaign" or "Id"
        if depth >= _MAX_DEPTH:
            roles = {role: of for role, of in roles.items() if role not in CONTAINERS}
        is_read, opened = _open_container(part, roles, value)
        if opened is not None:
            has_own_id = PERSON in roles or ENTITY in roles
            leads = _collect_from_container(opened, depth + 1, budget, has_own_id)
            if _are_leads(leads, roles):
                inner.append(Inner(str(key), opened, _get_weight(name, roles), leads))
            else:
                part.answers.append({"field": str(key), "value": opened})
        elif not is_read:
            _store_scalar(part, roles, names, str(key), value, is_person)
    return _join_containers(part, inner)


def _are_leads(leads, roles):
    """Tell whether what a container holds are leads.

    Fields that are named by an id alone, ``[{"id": "f7", "value": "Lima"}]``, are none.

    :param list leads: of `Part`
    :param dict roles: of the container's key
    :rtype: bool
    """
    if WRAPPER in roles or LIST not in roles:
        return True
    return any(is_contact_answer(answer) for lead in leads for answer in lead.answers)


def _get_weight(name, roles):
    return 2 if PERSON in roles else int(name in LEAD_WRAPPERS)


def _open_container(part, roles, value):
    """Read what an object holds under a key, as far as it is no lead of its own.

    :param Part part: of the object; changed
    :param dict roles: of the key
    :param value: of the key
    :return: whether it was read, and what must be walked down, None for nothing
    :rtype: tuple[bool, dict | list | None]
    """
    if not any(role in roles for role in CONTAINERS):
        return False, None
    value = open_json_text(value)
    if value is None or value == []:
        return True, None
    answers = read_answer_list(value, LIST in roles)
    if answers is None and isinstance(value, dict):
        if ENTITY in roles and is_entity(value, roles[ENTITY]):
            rest = store_entity(part.ids, roles[ENTITY], value)
            return not rest, rest or None
        if LIST in roles and WRAPPER not in roles:
            answers = _read_list_object(part, value)
    if answers is not None:
        part.answers.extend(answers)
        return True, None
    items = value if isinstance(value, list) else [value]
    return False, value if any(isinstance(each, dict) for each in items) else None


def _read_list_object(part, value):
    """Read an object of answers, and the ids that are among them.

    :param Part part: what it is in; changed
    :param dict value: answers by question
    :return: answers in the documented shape
    :rtype: list[dict]
    """
    found = []
    for answer in read_answer_object(value):
        name = normalize_key(answer["field"])
        is_id = name.endswith(("_id", "_uid")) and ID in ROLES.get(name, {})
        if not (is_id and store_id(part.ids, name, answer["value"])):
            found.append(answer)
    return found


def _collect_from_container(value, depth, budget, is_person):
    parts = value if isinstance(value, list) else [value]
    return [
        found
        for part in parts
        if isinstance(part, dict)
        for found in _collect_leads(part, depth, budget, is_person)
    ]


def _store_scalar(part, roles, names, key, value, is_person):
    """Store what no container is: an id, an answer, or nothing for what describes the delivery.

    :param Part part: of the object; changed
    :param dict roles: of the key
    :param set names: of all keys of the object
    :param str key: as the relay spells it
    :param value: of the key
    :param bool is_person: whether the object's own id is a person's
    """
    name = normalize_key(key)
    if ENVELOPE in roles and (not roles[ENVELOPE] or roles[ENVELOPE] in names):
        return
    if is_person and roles.get(ID) == "id" and not name.startswith("lead"):
        part.answers.append({"field": f"contact {key}", "value": value})
    elif ID not in roles or not store_id(part.ids, name, value):
        part.answers.append({"field": key, "value": value})


# === JOINING === #


def _join_containers(above, inner):
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
    chosen = [each for each in lists if any(map(_is_lead_part, each.leads))]
    keys = {each.key for each in chosen}
    others = [{"field": each.key, "value": each.value} for each in lists if each.key not in keys]
    singles = [each for each in inner if len(each.leads) == 1]
    singles.sort(key=lambda each: each.weight)
    above = Part(above.ids, above.answers + others)
    above = _merge_parts([above, *(each.leads[0] for each in singles)])
    if not chosen:
        return [above]
    leads = [lead for each in chosen for lead in each.leads]
    shared = Part({key: of for key, of in above.ids.items() if key != "id"}, above.answers)
    if len(leads) * len(json.dumps(shared)) > _MAX_CARRIED:
        shared = Part({}, [])  # a short body must not become a thousand long leads
    return [_merge_parts([shared, lead]) for lead in leads]


def _merge_parts(parts):
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
    return Part(ids, answers)


def _is_lead_part(part):
    return "id" in part.ids or any(map(is_contact_answer, part.answers))


def _is_lead_entry(entry):
    """Tell whether an entry is a lead: it has an id and answers, or at least a contact.

    An id beside something that no alias knows is not enough: the answers are in there.

    :param dict entry: in the documented shape
    :rtype: bool
    """
    if has_contact(entry):
        return True
    if not values.parse_uid(entry.get("id")):
        return False
    found = [change.get("value") for change in entry["changes"]]
    return all(map(is_plain_value, found)) and any(map(values.join_texts, found))
