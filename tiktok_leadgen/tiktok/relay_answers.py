"""Read questions and answers in the lists and objects that relays make of them."""

import copy
import functools
import json
import re

from . import values
from .relay_aliases import CONTAINERS, ID, NAMES, ROLES, VALUES, normalize_key
from .standard import LONGEST_QUESTION, find_standard_key

CONTACT_KEYS = ("name", "first_name", "last_name", "email", "phone_number")
_REACH_KEYS = ("first_name", "last_name", "email", "phone_number")  # a question is called a name
_MAX_SEGMENTS = 8  # of amoCRM: leads[add][0][custom_fields][0][values][0][value]
_BRACKETS = re.compile(r"[^\[\]]+(\[[^\[\]]*\])+")
_TELEPHONE = re.compile(r"(?<![a-z])tel")
_SEGMENT = re.compile(r"\[([^\[\]]*)\]")


def read_answer_list(value, allow_pairs=False):
    """Read a list of objects of question and answer.

    :param value: anything JSON can hold
    :param bool allow_pairs: whether ``[{"Email": "a@b.c"}, {"City": "Lima"}]`` is one, too
    :return: answers in the documented shape, None if it is no such list
    :rtype: list[dict] | None
    """
    if not isinstance(value, list) or not value:
        return None
    if not all(isinstance(part, dict) for part in value):
        return None
    parts = [{normalize_key(str(key)): inner for key, inner in part.items()} for part in value]
    if all(map(_is_answer_object, parts)) and any(name in p for p in parts for name in VALUES):
        return [_normalize_answer(part) for part in parts]
    if allow_pairs and all(len(part) == 1 for part in parts):
        keys = [key for part in value for key in part]
        inner = [item for part in value for item in part.values()]
        if len(set(keys)) == len(keys) and not any(isinstance(i, (dict, list)) for i in inner):
            return [{"field": str(k), "value": v} for k, v in zip(keys, inner, strict=True)]
    return None


def read_answer_object(content):
    """Read an object whose keys are questions.

    :param dict content: answers by question, or one list of questions and one of answers
    :return: answers in the documented shape
    :rtype: list[dict]
    """
    return _zip_columns(content) or [
        _read_answer_item(str(key), value) for key, value in content.items()
    ]


def is_plain_value(value):
    """Tell whether an answer holds nothing but texts, numbers and choices.

    :param value: anything JSON can hold
    :rtype: bool
    """
    if isinstance(value, list):
        return not any(isinstance(part, dict) and not is_plain_value(part) for part in value)
    if isinstance(value, dict):
        has_text = any(name in value for name in ("value", "label", "name", "text"))
        return not value or (has_text and not values.describes_person(value))
    return True


def is_contact_answer(answer):
    """Tell whether an answer says who the person is or how to reach them.

    :param dict answer: in the documented shape
    :rtype: bool
    """
    value = answer.get("value")
    if not _is_contact_name(values.join_texts(answer.get("field"))) or not is_plain_value(value):
        return False
    return bool(values.join_texts(value))


def is_reach_answer(answer):
    """Tell whether an answer says how to reach the person.

    :param dict answer: in the documented shape
    :rtype: bool
    """
    return is_contact_answer(answer) and _is_reach_name(values.join_texts(answer.get("field")))


@functools.lru_cache(maxsize=4096)
def _is_contact_name(question):
    """Tell whether a question asks who the person is or how to reach them.

    :param str question: of an answer
    :rtype: bool
    """
    name = question[:LONGEST_QUESTION].lower()
    return "name" in name or find_standard_key(name) in CONTACT_KEYS or _is_reach_name(question)


@functools.lru_cache(maxsize=4096)
def _is_reach_name(question):
    """Tell whether a question asks how to reach the person.

    :param str question: of an answer
    :rtype: bool
    """
    name = question[:LONGEST_QUESTION].lower()
    return (
        any(word in name for word in ("mail", "phone", "mobile", "whatsapp"))
        or bool(_TELEPHONE.search(name))
        or find_standard_key(name) in ("email", "phone_number")
    )


def open_json_text(value):
    """Open a text that is JSON itself.

    :param value: anything JSON can hold
    :return: what the text holds; any other value as it is
    """
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def unflatten_keys(content):
    """Return an object with the parts that flat keys name: Zapier's ``data__email``, ``lead[id]``.

    Only keys that begin with a known container are taken apart: any other is a question.

    :param dict content: of the body
    :rtype: dict
    """
    if not any("__" in str(k) or "[" in str(k) or "." in str(k) for k in content):
        return content
    flat = {key: _split_flat_key(str(key)) for key in content}
    # What is not flat comes first: it must not replace what flat keys add to it.
    found = {key: copy.deepcopy(content[key]) for key, segments in flat.items() if not segments}
    for key, segments in flat.items():
        if segments and not _insert_segments(found, segments, content[key]):
            found[key] = content[key]
    return {key: _restore_lists(value) for key, value in found.items()}


def _is_answer_object(part):
    """Tell whether an object is a question with its answer, and no lead of its own.

    :param dict part: with keys as `normalize_key` spells them
    :rtype: bool
    """
    if not any(part.get(name) for name in NAMES):
        return False
    for name, value in part.items():
        roles = ROLES.get(name, {})
        if (roles.get(ID) == "id" and name != "id") or find_standard_key(name) in _REACH_KEYS:
            return False
        holds_objects = isinstance(value, list) and any(isinstance(each, dict) for each in value)
        if holds_objects and any(role in roles for role in CONTAINERS):
            if read_answer_list(value) is not None or name not in VALUES:
                return False
        elif name == "value" and isinstance(value, dict) and not is_plain_value(value):
            return False
    return True


def _normalize_answer(part):
    """Return an answer in the documented shape.

    :param dict part: with keys as `normalize_key` spells them
    :rtype: dict
    """
    names = [values.format_line(part[name]) for name in NAMES if part.get(name)]
    known = next((name for name in names if find_standard_key(name)), None)
    given = [part[name] for name in VALUES if name in part]
    filled = next((value for value in given if values.join_texts(value)), None)
    return {"field": known or names[0], "value": filled or next(iter(given), None)}


def _read_answer_item(key, value):
    """Read one answer of an object, which may repeat its question inside.

    :param str key: the question, or an id of it
    :param value: the answer, or an object of question and answer
    :return: an answer in the documented shape
    :rtype: dict
    """
    if isinstance(value, dict):
        part = {normalize_key(str(name)): inner for name, inner in value.items()}
        if any(name in part for name in VALUES) and _is_answer_object(part):
            known = find_standard_key(key)
            answer = _normalize_answer(part)
            return {**answer, "field": key} if known else answer
    return {"field": key, "value": value}


def _zip_columns(content):
    """Read one list of questions beside one of answers, as Zapier's line items are.

    :param dict content: two lists of the same length
    :return: answers in the documented shape, empty if it is something else
    :rtype: list[dict]
    """
    if len(content) != 2:
        return []
    names, answers = (
        next((v for k, v in content.items() if normalize_key(str(k)) in known), None)
        for known in (NAMES, VALUES)
    )
    if not (isinstance(names, list) and isinstance(answers, list) and len(names) == len(answers)):
        return []
    pairs = zip(names, answers, strict=True)
    return [{"field": values.format_line(name), "value": answer} for name, answer in pairs]


def _split_flat_key(key):
    if _BRACKETS.fullmatch(key):
        segments = [key[: key.index("[")], *_SEGMENT.findall(key)]
    elif "__" in key:
        segments = key.split("__")
    elif "." in key and " " not in key:
        segments = key.split(".")
    else:
        return []
    roles = ROLES.get(normalize_key(segments[0]), {})
    is_known = any(role in roles for role in CONTAINERS)
    is_filled = all(segments[1:-1]) and (segments[-1] or key.endswith("[]"))
    return segments if is_known and is_filled and 2 <= len(segments) <= _MAX_SEGMENTS else []


def _insert_segments(found, segments, value):
    """Store a value under the path of its key.

    :param dict found: changed
    :param list segments: of the key, the last one empty for one more item of a list
    :param value: of the key
    :return: whether there was room for it
    :rtype: bool
    """
    *above, last = segments
    for segment in above:
        inner = found.setdefault(segment, {})
        if not isinstance(inner, dict):
            return False
        found = inner
    last = last or str(len(found))
    if last in found:
        return False
    found[last] = value
    return True


def _restore_lists(value):
    """Return lists where the keys of an object are consecutive numbers from 0.

    :param value: that `_insert_segments` stored
    :return: the value with lists in it
    """
    if not isinstance(value, dict):
        return value
    inner = [_restore_lists(each) for each in value.values()]
    if value and list(value) == [str(number) for number in range(len(value))]:
        return inner
    return dict(zip(value, inner, strict=True))


def split_list(content):
    """Return the parts of a body that is a list of leads, or the body itself.

    :param content: parsed JSON
    :rtype: list
    """
    if isinstance(content, list) and read_answer_list(content) is None:
        return content
    return [content]
