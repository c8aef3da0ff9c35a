"""Store the ids that a relay sends, in whatever spelling, under TikTok's own keys."""

import re

from . import values
from .relay_aliases import ID, ID_RANKS, ROLES, normalize_key
from .relay_answers import is_contact_answer

_EARLIEST = 1_000_000_000  # seconds since 1970; a smaller number is no time of a delivery
_ENTITY_RANK = 100  # of an id in an object: any name of the table counts more
_ENTITY_KEYS = {"id", "uid", "name", "title"}
_MAX_LEAVES = 5_000  # looked at for an address
_LONGEST = 400  # characters
_EMAIL = re.compile(r"[^\s@<>\"',;:]+@[^\s@<>\"',;:]+\.[^\s@<>\"',;:]{2,}")
_FLAGS = ("true", "false", "yes", "no", "0", "1")


def store_id(ids, name, value):
    """Store the first of several spellings; an exact one, such as lead_id, beats ``id``.

    :param dict ids: rank of the spelling and value, by key of the documented shape; changed
    :param str name: in the spelling of `normalize_key`
    :param value: of the id
    :return: whether it is no answer
    :rtype: bool
    """
    key, rank, given = ROLES[name][ID], ID_RANKS[name], value
    if isinstance(value, dict):
        value = value.get("value")  # of HubSpot's properties
    if key in ("create_time", "sent_time"):
        moment = values.parse_moment(value)
        known = bool(moment) and moment >= (_EARLIEST if key == "sent_time" else 0)
        is_answer = not known
    elif key == "is_test":
        known = values.join_texts(value).lower() in _FLAGS
        is_answer = not known
    elif key.endswith("id"):
        known = values.parse_uid(value)
        # An address that a relay uses as its ID is how to reach the person.
        is_answer = holds_email(given) or (not known and isinstance(given, (dict, list)))
    else:
        known = values.join_texts(value)
        is_answer = not known
    is_answer = is_answer and bool(values.join_texts(given))
    if known and not is_answer and rank <= ids.get(key, (rank,))[0]:
        ids[key] = (rank, value)
    return not is_answer


def is_entity(value, kind):
    """Tell whether an object is a campaign, a form or the like, and no answers of a person.

    :param value: anything JSON can hold
    :param str kind: begins the keys of the documented shape
    :rtype: bool
    """
    if not isinstance(value, dict):
        return False
    names = {normalize_key(str(key)) for key in value}
    named = names & (_ENTITY_KEYS | {f"{kind}_id", f"{kind}_name"})
    answers = [{"field": name, "value": "x"} for name in names - named - ID_RANKS.keys()]
    return bool(named) and not any(map(is_contact_answer, answers))


def store_entity(ids, kind, value):
    """Store the id and the name of a campaign, a form or the like.

    :param dict ids: rank of the spelling and value, by key of the documented shape; changed
    :param str kind: begins the keys of the documented shape
    :param dict value: the object
    :return: what else is in it: an ad may have its campaign inside, or a person's address
    :rtype: dict
    """
    names = {normalize_key(str(key)): inner for key, inner in value.items()}
    for key, spellings in (
        (f"{kind}_id", (f"{kind}_id", "id", "uid")),
        (f"{kind}_name", (f"{kind}_name", "name", "title")),
    ):
        found = next((names[each] for each in spellings if values.join_texts(names.get(each))), "")
        if found and key not in ids:
            ids[key] = (_ENTITY_RANK, found)
    return {
        key: inner
        for key, inner in value.items()
        if isinstance(inner, (dict, list)) or holds_email(inner)
    }


def holds_email(value):
    """Tell whether there is an e-mail address in a part of a body.

    :param value: anything JSON can hold
    :rtype: bool
    """
    stack, seen = [value], 0
    while stack and seen < _MAX_LEAVES:
        part = stack.pop()
        if isinstance(part, (dict, list)):
            stack += part.values() if isinstance(part, dict) else part
        elif isinstance(part, str):
            seen += 1
            if "@" in part and _EMAIL.fullmatch(part[:_LONGEST].strip()):
                return True
    return False
