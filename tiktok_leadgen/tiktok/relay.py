"""Parse what relays make of a lead and bring it into TikTok's documented shape.

Zapier, Make, LeadsBridge and home-made connectors forward a lead as a flat object, as a list of
question and answer, as an object of answers, or as any of these inside an envelope or as a JSON
text. What they call each part is in `relay_aliases`; what no alias knows is read as a user says,
see `relay_mapping`.
"""

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
    ROWS,
    WRAPPER,
    normalize_key,
)
from .relay_answers import (
    is_contact_answer,
    is_plain_value,
    is_reach_answer,
    open_json_text,
    read_answer_list,
    read_answer_object,
    split_list,
    unflatten_keys,
)
from .relay_forms import expand_form
from .relay_ids import holds_email, is_entity, store_entity, store_id
from .relay_parts import Inner, Part, is_empty, join_containers, list_objects

LEAD_WRAPPERS = ("lead", "leads", "lead_data", "record", "data")  # others hold an event, too
MAX_PARTS = 50_000  # objects of one body; ten thousand leads in two wrappers each have fewer
_MAX_DEPTH = 6


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


class Found(typing.NamedTuple):
    """What is in a body."""

    leads: list  # entries in the documented shape
    left_out: list  # every part that is no lead and in none


def split_content(content, budget=None):
    """Split a relayed body into its leads and what belongs to none of them.

    :param content: parsed JSON
    :param ObjectBudget budget: what is left for the body, if this is a part of it
    :rtype: Found
    :raise UnparsableAnswerError: if it has too many objects
    """
    budget = budget or ObjectBudget()
    if isinstance(content, list):
        if split_list(content) is content:
            inner = [split_content(part, budget) for part in content]
            return Found(*([each for found in inner for each in found[at]] for at in (0, 1)))
        content = {"list": content}
    budget.use_object()
    if not isinstance(content, dict):
        return Found([], [] if is_empty(content) else [content])
    leads, left_out = [], []
    for part in _collect_leads(unflatten_keys(content), 0, budget):
        entry = _create_entry(part)
        if _is_lead_entry(entry):
            leads.append(entry)
        elif part.source is not None:
            left_out.append(part.source)
        left_out += part.left_out
    if leads:
        return Found(leads, [part for part in left_out if not is_empty(part)])
    return Found([], [] if is_empty(content) else [content])


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
    part, inner, content = Part({}, []), [], expand_form(content)
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
            objects, others = list_objects(opened)
            has_own_id = PERSON in roles or ENTITY in roles
            leads = _collect_from_objects(objects, depth + 1, budget, has_own_id)
            if _are_leads(leads, roles):
                weight = _get_weight(name, roles)
                inner.append(Inner(str(key), opened, weight, leads, tuple(others)))
            else:
                part.answers.append({"field": str(key), "value": opened})
        elif not is_read:
            _store_scalar(part, roles, names, str(key), value, is_person)
    return join_containers(part, inner)


def _are_leads(leads, roles):
    """Tell whether what a container holds are leads.

    Fields that are named by an id alone, ``[{"id": "f7", "value": "Lima"}]``, are none, and rows
    such as ``[{"id": 7, "name": "Shoe"}]`` are none either.

    :param list leads: of `Part`
    :param dict roles: of the container's key
    :rtype: bool
    """
    if ROWS in roles:
        return any(is_reach_answer(answer) for lead in leads for answer in lead.answers)
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
    objects, _others = list_objects(value)
    return False, value if objects else None


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


def _collect_from_objects(objects, depth, budget, is_person):
    return [
        found if found.source is not None else found._replace(source=each)
        for each in objects
        for found in _collect_leads(each, depth, budget, is_person)
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
    is_envelope = ENVELOPE in roles and (not roles[ENVELOPE] or roles[ENVELOPE] in names)
    # What describes the delivery names no person: what does is an answer. What a platform puts
    # beside the body, such as its headers, is none.
    if is_envelope and (roles[ENVELOPE] or not holds_email(value)):
        return
    if is_person and roles.get(ID) == "id" and not name.startswith("lead"):
        part.answers.append({"field": f"contact {key}", "value": value})
    elif ID not in roles or not store_id(part.ids, name, value):
        part.answers.append({"field": key, "value": value})


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
