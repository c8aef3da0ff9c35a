"""Read a body that no alias knows, where a user says which part is what.

A part is named by its path: ``/submissions/*/person/mail`` is a JSON Pointer (RFC 6901) in which
``*`` stands for each item of a list.
"""

import hashlib
import json
import re
import typing

from . import values
from .relay_aliases import ID, ROLES, normalize_key
from .relay_answers import open_json_text, read_answer_list, read_answer_object

MAX_PATHS = 300  # of one body; a lead has some dozens
_MAX_LEAVES = 5_000  # looked at for a contact
_DEEPEST = 20
_MAX_CARRIED = 1024 * 1024  # characters that all leads of a body inherit from around their list
ITEM = "*"
LEADS, ANSWERS = "leads", "answers"
# Roles of a single value, and what the documented shape calls it.
FIELDS = {
    "uid": "id",
    "page_uid": "page_id",
    "page_name": "page_name",
    "campaign_uid": "campaign_id",
    "campaign_name": "campaign_name",
    "submitted_at": "create_time",
    "is_test": "is_test",
}
_EMAIL = re.compile(r"[^\s@<>\"',;:]+@[^\s@<>\"',;:]+\.[^\s@<>\"',;:]{2,}")
_PHONE = re.compile(r"\s*(\+|00)[\d\s().\-/]{7,22}\s*|\s*[\d\s().\-/]{7,20}\s*")


class BodyPath(typing.NamedTuple):
    """One part of a body."""

    path: str
    kind: str  # object, list, or value
    sample: object  # of a value: the first that is not empty


class Rule(typing.NamedTuple):
    """Which part of a body is what."""

    leads: str  # path of the list of leads, empty where the body is one lead
    answers: tuple  # paths of objects and lists of answers, and of single answers
    fields: dict  # path by role of `FIELDS`
    frame: frozenset  # paths of all parts that hold no answers


def list_paths(content):
    """List the parts of a body, in the order they come.

    :param content: parsed JSON
    :return: `BodyPath` of each, at most `MAX_PATHS`
    :rtype: list[BodyPath]
    """
    found = {}
    _walk_parts(content, "", found, 0)
    return [BodyPath(path, kind, sample) for path, (kind, sample) in found.items() if path]


def compute_structure(content):
    """Return a short name for the structure of a body, the same whatever the values are.

    :param content: parsed JSON
    :rtype: str
    """
    paths = sorted(f"{part.path} {part.kind}" for part in list_paths(content))
    return hashlib.sha256("\n".join(paths).encode()).hexdigest()[:32]


def find_frame(content, answers):
    """Return the paths of all parts that hold no answers: those differ from form to form.

    :param content: parsed JSON
    :param answers: paths of answers
    :rtype: frozenset[str]
    """
    above = tuple(f"{path}/" for path in answers)
    return frozenset(
        part.path
        for part in list_paths(content)
        if part.path not in answers and not part.path.startswith(above)
    )


def read_entries(content, rule):
    """Read the leads of a body.

    :param content: parsed JSON
    :param Rule rule: which part is what
    :return: entries in the documented shape, none if the body has another structure; and what
        belongs to none of them: elements that are no leads, and what is too long to repeat
    :rtype: tuple[list[dict], list]
    """
    if not find_frame(content, rule.answers) <= rule.frame:
        return [], []
    leads = _find_values(content, rule.leads) if rule.leads else [content]
    if len(leads) == 1 and isinstance(leads[0], list):
        leads = leads[0]
    shared, left_out = _read_shared_parts(content, rule, len(leads))
    entries = []
    for lead in leads:
        entry = _read_entry(lead, rule, shared)
        if entry["changes"] or entry.get("id"):
            entries.append(entry)
        elif lead is not None and lead not in ("", [], {}):
            left_out.append(lead)
    return entries, left_out if entries else []


def suggest_roles(content):
    """Suggest what the parts of a body are, by the names they have and by what is in them.

    :param content: parsed JSON
    :return: role by path: `LEADS`, `ANSWERS` or one of `FIELDS`
    :rtype: dict[str, str]
    """
    parts, roles = list_paths(content), {}
    documented = {key: role for role, key in FIELDS.items()}
    holders = [
        part.path.rpartition("/")[0]
        for part in parts
        if part.kind == "value" and is_contact_text(str(part.sample))
    ]
    if holders and holders[0]:
        roles[holders[0]] = ANSWERS
        leads, separator, _inner = holders[0].partition(f"/{ITEM}")
        if separator and leads:
            roles[leads] = LEADS
    for part in parts:
        name = normalize_key(part.path.rpartition("/")[2])
        role = documented.get(ROLES.get(name, {}).get(ID, ""))
        if part.kind == "value" and role and role not in roles.values():
            roles[part.path] = role
    return roles


def holds_contact(content):
    """Tell whether there is an e-mail address or a phone number somewhere in a body.

    :param content: parsed JSON
    :rtype: bool
    """
    stack, seen = [content], 0
    while stack and seen < _MAX_LEAVES:
        part = stack.pop()
        if isinstance(part, dict):
            stack += part.values()
        elif isinstance(part, list):
            stack += part
        elif isinstance(part, (str, int)) and not isinstance(part, bool):
            seen += 1
            if is_contact_text(str(part)):
                return True
    return False


def is_contact_text(text):
    """Tell whether a text is an e-mail address or a phone number and nothing else.

    :param str text: of a body
    :rtype: bool
    """
    text = text[:400].strip()
    if _EMAIL.fullmatch(text):
        return True
    digits = sum(char.isdecimal() for char in text)
    return bool(_PHONE.fullmatch(text)) and 8 <= digits <= 15 and not _is_moment(text)


def _is_moment(text):
    return text.isdecimal() and len(text) in (10, 13) and text.startswith("1")  # since 2001


def _walk_parts(part, path, found, depth):
    if path not in found and len(found) > MAX_PATHS:
        return
    part = open_json_text(part)
    if isinstance(part, (dict, list)) and depth < _DEEPEST:
        found.setdefault(path, ("object" if isinstance(part, dict) else "list", None))
        items = part.items() if isinstance(part, dict) else ((ITEM, each) for each in part)
        for key, value in items:
            _walk_parts(value, f"{path}/{_escape_key(key, part)}", found, depth + 1)
    elif path not in found or found[path][1] in (None, ""):
        kind = found[path][0] if path in found else "value"
        is_scalar = not isinstance(part, (dict, list))
        found[path] = (kind, part if is_scalar and kind == "value" else None)


def _escape_key(key, owner):
    if isinstance(owner, list):
        return ITEM
    escaped = str(key).replace("~", "~0").replace("/", "~1")
    return "~2" if escaped == ITEM else escaped  # a key that is a star


def _split_path(path):
    return [] if not path else path.split("/")[1:]


def _find_values(content, path):
    """Return all parts of a body at a path.

    :param content: parsed JSON
    :param str path: of the part
    :rtype: list
    """
    parts = [content]
    for segment in _split_path(path):
        inner = []
        for part in map(open_json_text, parts):
            if segment == ITEM:
                inner += part if isinstance(part, list) else []
            elif isinstance(part, dict):
                inner += [value for key, value in part.items() if _escape_key(key, part) == segment]
        parts = inner
    return parts


def _read_shared_parts(content, rule, count):
    """Read, once for all leads of a body, what stands outside their list.

    :param content: the whole body
    :param Rule rule: which part is what
    :param int count: of the leads
    :return: parts by path, those that a short body would make long leads of are empty; and these
    :rtype: tuple[dict[str, list], list]
    """
    shared, left_out = {}, []
    for path in (*rule.fields.values(), *rule.answers):
        if not (rule.leads and path.startswith(f"{rule.leads}/")):
            found = _find_values(content, path)
            is_long = count > 1 and count * len(json.dumps(found)) > _MAX_CARRIED
            shared[path] = [] if is_long else found
            left_out += [{path: found}] if is_long else []
    return shared, left_out


def _find_in_lead(lead, path, leads, shared):
    """Return all parts at a path that belong to one lead.

    :param lead: the part of the body that is one lead
    :param str path: of the part
    :param str leads: path of the list of leads
    :param dict shared: of `_read_shared_parts`
    :rtype: list
    """
    if path in shared:
        return shared[path]
    prefix = f"{leads}/{ITEM}"
    if path == prefix or path.startswith(f"{prefix}/"):
        return _find_values(lead, path[len(prefix) :])
    return _find_values(lead, path[len(leads) :])  # one lead that is not in a list today


def _read_entry(lead, rule, shared):
    """Return one lead as an entry.

    :param lead: the part of the body that is one lead
    :param Rule rule: which part is what
    :param dict shared: of `_read_shared_parts`
    :return: in the documented shape
    :rtype: dict
    """
    entry, changes = {}, []
    for role, path in rule.fields.items():
        found = _find_in_lead(lead, path, rule.leads, shared)
        known = next((value for value in found if values.join_texts(value)), None)
        if known is not None and not isinstance(known, (dict, list)):
            entry[FIELDS[role]] = known
    for path in rule.answers:
        for value in _find_in_lead(lead, path, rule.leads, shared):
            changes += _read_answers(path, value)
    return {**entry, "changes": [each for each in changes if values.join_texts(each["value"])]}


def _read_answers(path, value):
    value = open_json_text(value)
    listed = read_answer_list(value, allow_pairs=True)
    if listed is not None:
        return listed
    if isinstance(value, dict):
        return read_answer_object(value)
    segments = [each for each in _split_path(path) if each != ITEM] or [""]
    question = segments[-1].replace("~1", "/").replace("~0", "~")
    return [{"field": question, "value": value}]
