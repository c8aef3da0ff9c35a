"""Take a webhook body apart: one item for each lead in it.

The documented shape (doc 1806817494948930, "Obtain leads as advertisers") comes first and is read
exactly; the shapes that relays send are in `relay`.
"""

import collections
import hashlib
import json
import typing

from . import relay, values
from .errors import NotUnderstoodError

MAX_ENTRIES = 10_000  # TikTok sends at most 1,000
# A form has some dozens of questions, each answered by a text or a few choices.
MAX_ENTRY_CHARS = 256 * 1024  # of one lead, as JSON in ASCII: 40,000 letters of any alphabet
MAX_ANSWERS = 500  # of one lead
MAX_VALUES = 500  # of one answer
DEEPEST = 100  # levels; a lead has four
OBJECT_LEAD = 1  # the others are ad reviews, report changes and the like
# Why something is not a lead: what `Item.reason` can be.
REASONS = frozenset(
    [
        "other_object",
        "no_entries",
        "empty_body",
        "bad_encoding",
        "not_json",
        "too_deep",
        "bad_shape",
        "too_many",
        "bad_entry",
        "no_answers",
        "too_long",
        "too_many_answers",
        "too_many_values",
    ]
)
KIND_LEAD = "lead"
KIND_OTHER = "other"
KIND_UNREADABLE = "unreadable"


class Item(typing.NamedTuple):
    """One thing a body told us, ready to be stored."""

    kind: str
    key: str  # the same for the same thing, however often it comes
    raw: str  # JSON in ASCII, or the unreadable text itself
    lead_uid: str = ""
    advertiser_uid: str = ""
    page_uid: str = ""
    submitted: int | None = None  # seconds since 1970
    reason: str = ""  # why it is not a lead, one of const.REASONS


def split(body):
    """Split a body into its items; never raises.

    :param bytes body: what was posted
    :rtype: list[Item]
    """
    try:
        return _split(load(body))
    except NotUnderstoodError as error:
        code = error.code
    except RecursionError:
        code = "too_deep"
    return [_unreadable(body.decode("utf-8", "backslashreplace"), code)]


def item(entry):
    """Return the item of one entry that was not posted, such as a row of an export.

    :param dict entry: in the documented shape
    :rtype: Item
    """
    return _item(entry)


def reason(kind, raw):
    """Return why something that is stored is not a lead, as far as that can still be seen.

    :param str kind: of its `Item`
    :param str raw: of its `Item`
    :rtype: str
    """
    found = next((item.reason for item in split(raw.encode()) if item.kind == kind), "")
    return found or ("other_object" if kind == KIND_OTHER else "no_answers")


def split_form(fields):
    """Split the fields of a form; never raises.

    :param dict fields: texts by name
    :rtype: list[Item]
    """
    try:
        return _split(fields)
    except NotUnderstoodError as error:
        return [_unreadable(_dump(fields), error.code)]
    except RecursionError:
        return [_unreadable(_dump(fields), "too_deep")]


def _split(content):
    if not isinstance(content, dict) or "entry" not in content:
        return _split_relayed(content)
    if not _is_lead_object(content):
        return [_other(content, "other_object")]
    entries = content["entry"]
    if not isinstance(entries, list):
        return [_unreadable(_dump(content), "bad_shape")]
    if not entries:
        return [_other(content, "no_entries")]
    if len(entries) > MAX_ENTRIES:
        return [_unreadable(_dump(content), "too_many")]
    room = relay.Room()
    return [_item(entry, room) for entry in entries]


def load(body):
    """Parse JSON as strictly as the standard, and survive whatever else comes.

    :param bytes body: UTF-8, or UTF-16 and UTF-32 as JSON allows
    :raise NotUnderstoodError: if it is not JSON
    """
    if not body.strip():
        raise NotUnderstoodError("empty_body", "empty_body")
    try:
        return json.loads(body, parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise NotUnderstoodError("bad_encoding", "bad_encoding") from None
    except RecursionError:
        raise NotUnderstoodError("too_deep", "too_deep") from None
    except ValueError:
        raise NotUnderstoodError("not_json", "not_json") from None


def _refuse_constant(name):
    raise ValueError(name)  # NaN and Infinity are not JSON


def _is_lead_object(content):
    if "object" not in content:
        return "subscription_id" not in content  # an ad account's suspension has no object
    return values.uid(content["object"]) == str(OBJECT_LEAD)


def _item(entry, room=None):
    if not isinstance(entry, dict):
        return _unreadable(_dump(entry), "bad_entry")
    if isinstance(entry.get("changes"), list) and (entry["changes"] or _has_id(entry)):
        return _lead(relay.respell(entry))
    relayed = relay.find(entry, room)
    if relayed:
        return _lead(relayed[0])
    if _has_id(entry):
        return _lead(entry)  # somebody's lead all the same; its answers are lost at TikTok
    return _unreadable(_dump(entry), "no_answers")


def _has_id(entry):
    return bool(values.uid(entry.get("id")))


def _split_relayed(content):
    found = relay.find(content)
    if not found:
        return [_unreadable(_dump(content), "no_answers")]
    if len(found) > MAX_ENTRIES:
        return [_unreadable(_dump(content), "too_many")]
    return [_lead(entry) for entry in found]


def _is_deep(content):
    """Tell whether something is nested deeper than anybody's answers.

    What could just be read here may be too deep where less room is left to read it again.
    """
    stack = [(content, 1)]
    while stack:
        part, depth = stack.pop()
        if depth > DEEPEST:
            return True
        inner = part.values() if isinstance(part, dict) else part
        stack += [(each, depth + 1) for each in inner if isinstance(each, (dict, list))]
    return False


def _lead(entry):
    raw = _dump(entry)
    if raw.count("[") + raw.count("{") > DEEPEST and _is_deep(entry):
        return _unreadable(raw, "too_deep")
    exceeded = _find_exceeded_bound(entry, raw)
    if exceeded:
        return _unreadable(raw, exceeded)
    lead_uid = values.uid(entry.get("id")) or fingerprint(entry)
    return Item(
        kind=KIND_LEAD,
        key=lead_key(lead_uid),
        raw=raw,
        lead_uid=lead_uid,
        advertiser_uid=values.uid(entry.get("advertiser_id")),
        page_uid=values.uid(entry.get("page_id")),
        submitted=values.moment(entry.get("create_time")),
    )


def _find_exceeded_bound(entry, raw):
    """Return which bound an entry exceeds: what is over it would hold up the other leads.

    :param dict entry: in the documented shape
    :param str raw: the same as JSON
    :return: one of `REASONS`, empty for none
    :rtype: str
    """
    if len(raw) > MAX_ENTRY_CHARS:
        return "too_long"
    changes = entry.get("changes")
    if not isinstance(changes, list):
        return ""
    if len(changes) > MAX_ANSWERS:
        return "too_many_answers"
    counts = collections.Counter()
    for change in changes:
        value = change.get("value") if isinstance(change, dict) else None
        if isinstance(value, (list, dict)):  # one text is one value
            counts[values.text(change.get("field"))] += len(values.texts(value))
    return "too_many_values" if max(counts.values(), default=0) > MAX_VALUES else ""


def lead_key(lead_uid):
    """Return what is the same for a lead however often it comes.

    :param str lead_uid: TikTok's, or a fingerprint
    :rtype: str
    """
    return f"lead:{lead_uid}"


def fingerprint(entry):
    """Return what stands for the id of a lead that came without one.

    The same answers to the same form at the same time are the same lead.

    :param dict entry: an entry in the documented shape
    :rtype: str
    """
    parts = [
        values.uid(entry.get("page_id")),
        values.uid(entry.get("advertiser_id")),
        str(values.moment(entry.get("create_time")) or ""),
    ]
    changes = entry.get("changes")
    for change in changes if isinstance(changes, list) else ():
        if isinstance(change, dict):
            parts += [values.text(change.get("field")).lower(), values.text(change.get("value"))]
    return f"fp-{_digest(json.dumps(parts))[:40]}"


def _other(content, reason):
    raw = _dump(content)
    return Item(KIND_OTHER, f"other:{_digest(raw)}", raw, reason=reason)


def _unreadable(raw, reason):
    raw = values.clean(raw)
    return Item(KIND_UNREADABLE, f"body:{_digest(raw)}", raw, reason=reason)


def _dump(content):
    return json.dumps(content, ensure_ascii=True, separators=(",", ":"))


def _digest(text):
    return hashlib.sha256(text.encode()).hexdigest()
