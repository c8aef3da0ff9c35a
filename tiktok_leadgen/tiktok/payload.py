"""Split a webhook body: one item for each lead in it.

The documented shape (doc 1806817494948930, "Obtain leads as advertisers") comes first and is read
exactly; the shapes that relays send are in `relay`.
"""

import hashlib
import json
import typing

from . import relay, relay_mapping, values
from .entry_bounds import find_exceeded_bound
from .errors import UnparsableAnswerError
from .relay_answers import open_json_text

MAX_ENTRIES = 10_000  # TikTok sends at most 1,000
OBJECT_LEAD = 1  # the others are ad reviews, report changes and the like
_LONGEST_INTEGER = 1_000  # digits; Python refuses to parse a few thousand
META_OBJECT = "page"  # of Meta's webhook; a relay may add the answers that Meta leaves out
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
        "unknown_shape",
        "too_long",
        "too_many_answers",
        "too_many_values",
    ]
)
KIND_LEAD = "lead"
KIND_OTHER = "other"
KIND_UNREADABLE = "unreadable"


class Item(typing.NamedTuple):
    """One part of a body, ready to be stored."""

    kind: str
    key: str  # the same for the same content, however often it arrives
    raw: str  # JSON in ASCII, or the unreadable text itself
    lead_uid: str = ""
    advertiser_uid: str = ""
    page_uid: str = ""
    submitted: int | None = None  # seconds since 1970
    reason: str = ""  # why it is not a lead, one of const.REASONS


def split_body(body):
    """Split a body into its items; never raises.

    :param bytes body: what was posted
    :rtype: list[Item]
    """
    try:
        return _split_parsed_body(_parse_body(body))
    except UnparsableAnswerError as error:
        code = error.code
    except RecursionError:
        code = "too_deep"
    return [_create_unreadable_item(body.decode("utf-8", "backslashreplace"), code)]


def find_reason(kind, raw):
    """Return why a stored item is not a lead, as far as its content still shows it.

    :param str kind: of its `Item`
    :param str raw: of its `Item`
    :rtype: str
    """
    found = next((item.reason for item in split_body(raw.encode()) if item.kind == kind), "")
    return found or ("other_object" if kind == KIND_OTHER else "no_answers")


def split_form_fields(fields):
    """Split the fields of a form; never raises.

    :param dict fields: texts by name, lists of them where a name comes several times
    :rtype: list[Item]
    """
    try:
        items = _split_parsed_body(fields)
        if any(item.kind == KIND_LEAD for item in items):
            return items
        opened = {name: open_json_text(value) for name, value in fields.items()}
        inner = {name: value for name, value in opened.items() if isinstance(value, (dict, list))}
        found = {name: _split_parsed_body(value) for name, value in inner.items()}
        read = {
            name: parts
            for name, parts in found.items()
            if any(item.kind == KIND_LEAD for item in parts)
        }
        if not read:
            return items
        beside = {name: value for name, value in fields.items() if name not in read}
        leads = [item for parts in read.values() for item in parts]
        if not relay_mapping.holds_contact(beside):
            return leads  # what describes the delivery
        return [*leads, _create_unreadable_item(_serialize_content(beside), "unknown_shape")]
    except UnparsableAnswerError as error:
        return [_create_unreadable_item(_serialize_content(fields), error.code)]
    except RecursionError:
        return [_create_unreadable_item(_serialize_content(fields), "too_deep")]


def _split_parsed_body(content):
    if not isinstance(content, dict) or "entry" not in content:
        return _split_relayed_body(content)
    if content.get("object") == META_OBJECT and any(
        map(relay.has_contact, relay.split_content(content).leads)
    ):
        return _split_relayed_body(content)
    if not _is_lead_object(content):
        return [_create_other_item(content, "other_object")]
    entries = content["entry"]
    if not isinstance(entries, list):
        return [_create_unreadable_item(_serialize_content(content), "bad_shape")]
    if not entries:
        return [_create_other_item(content, "no_entries")]
    if len(entries) > MAX_ENTRIES:
        return [_create_unreadable_item(_serialize_content(content), "too_many")]
    budget = relay.ObjectBudget()
    items = [item for entry in entries for item in _split_entry(entry, budget)]
    beside = {key: value for key, value in content.items() if isinstance(value, (dict, list))}
    del beside["entry"]
    if relay_mapping.holds_contact(beside):
        items += _split_relayed_body(beside)
    if len(items) > MAX_ENTRIES:
        return [_create_unreadable_item(_serialize_content(content), "too_many")]
    return items


def parse_json(body):
    """Parse JSON as strictly as the standard; anything else raises one error.

    :param bytes body: UTF-8, or UTF-16 and UTF-32 as JSON allows
    :return: what JSON can hold
    :raise UnparsableAnswerError: if it is not JSON
    """
    if not body.strip():
        raise UnparsableAnswerError("empty_body", "empty_body")
    try:
        return json.loads(body, parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise UnparsableAnswerError("bad_encoding", "bad_encoding") from None
    except RecursionError:
        raise UnparsableAnswerError("too_deep", "too_deep") from None
    except ValueError:
        raise UnparsableAnswerError("not_json", "not_json") from None


def _refuse_constant(name):
    raise ValueError(name)  # NaN and Infinity are not JSON


def _parse_body(body):
    """Parse the JSON of a delivery, also with values that are none: they cost nothing else.

    Relays write NaN for a value that is missing, or cut a text within a letter.

    :param bytes body: what was posted
    :return: what JSON can hold; NaN and Infinity are missing values, bytes that are no letter
        become the replacement character
    :raise UnparsableAnswerError: if it is not JSON otherwise
    """
    try:
        return parse_json(body)
    except UnparsableAnswerError as error:
        if error.code not in ("not_json", "bad_encoding"):
            raise
        try:
            text = body.decode(json.detect_encoding(body), "replace")
            return json.loads(text, parse_constant=_ignore_constant, parse_int=_parse_integer)
        except (ValueError, RecursionError):
            raise error from None


def _ignore_constant(_name):
    return None


def _parse_integer(digits):
    return int(digits) if len(digits) <= _LONGEST_INTEGER else digits


def _is_lead_object(content):
    if "object" not in content:
        return "subscription_id" not in content  # an ad account's suspension has no object
    return values.parse_uid(content["object"]) == str(OBJECT_LEAD)


def parse_entry(entry):
    """Return the item of one entry that holds one lead, such as a row of an export.

    :param entry: in the documented shape, or as a relay sends it
    :rtype: Item
    """
    return _split_entry(entry)[0]


def _split_entry(entry, budget=None):
    """Return the items of one entry: a relay may have put several leads into it.

    :param entry: in the documented shape, or as a relay sends it
    :param ObjectBudget budget: what is left for the body, None for an entry of its own
    :return: at least one
    :rtype: list[Item]
    """
    if not isinstance(entry, dict):
        return [_create_unreadable_item(_serialize_content(entry), "bad_entry")]
    if isinstance(entry.get("changes"), list) and (entry["changes"] or _has_tiktok_lead_id(entry)):
        return [_create_lead_item(relay.normalize_entry(entry))]
    relayed = relay.split_content(entry, budget)
    if relayed.leads:
        return _create_items(relayed)
    if _has_tiktok_lead_id(entry) and not relay.has_unread_content(entry):
        return [_create_lead_item(entry)]  # it is a lead all the same, whose answers are lost
    return [_create_unreadable_item(_serialize_content(entry), _find_lack(entry))]


def _has_tiktok_lead_id(entry):
    return bool(values.parse_uid(entry.get("id")))


def _split_relayed_body(content):
    found = relay.split_content(content)
    if not found.leads:
        return [_create_unreadable_item(_serialize_content(content), _find_lack(content))]
    if max(map(len, found)) > MAX_ENTRIES:
        return [_create_unreadable_item(_serialize_content(content), "too_many")]
    return _create_items(found)


def _create_items(found):
    """Return the items of what was found; a part that is no lead stays visible beside the leads.

    :param relay.Found found: in a body or an entry
    :rtype: list[Item]
    """
    leads = [_create_lead_item(entry) for entry in found.leads]
    return leads + [
        _create_unreadable_item(_serialize_content(part), _find_lack(part))
        for part in found.left_out
    ]


def _find_lack(content):
    """Return why there is no lead in what could be parsed.

    :param content: parsed JSON
    :return: ``unknown_shape`` if an e-mail address or a phone number is in it, else ``no_answers``
    :rtype: str
    """
    return "unknown_shape" if relay_mapping.holds_contact(content) else "no_answers"


def split_mapped_body(raw, rule):
    """Split a stored body that no alias knows, as a user says; never raises.

    :param str raw: of an unreadable `Item`
    :param relay_mapping.Rule rule: where the leads, their answers and ids are
    :return: items of leads and of the parts that are none; none at all if the body does not have
        that structure
    :rtype: list[Item]
    """
    try:
        found = relay.Found(*relay_mapping.read_entries(parse_json(raw.encode()), rule))
    except (UnparsableAnswerError, RecursionError):
        return []
    return [] if max(map(len, found)) > MAX_ENTRIES else _create_items(found)


def _create_lead_item(entry):
    raw = _serialize_content(entry)
    exceeded = find_exceeded_bound(entry, raw)
    if exceeded:
        return _create_unreadable_item(raw, exceeded)
    lead_uid = values.parse_uid(entry.get("id")) or compute_fingerprint(entry)
    return Item(
        kind=KIND_LEAD,
        key=get_lead_key(lead_uid),
        raw=raw,
        lead_uid=lead_uid,
        advertiser_uid=values.parse_uid(entry.get("advertiser_id")),
        page_uid=values.parse_uid(entry.get("page_id")),
        submitted=values.parse_moment(entry.get("create_time"))
        or values.parse_moment(entry.get("sent_time")),
    )


def get_lead_key(lead_uid):
    """Return the key of a lead, the same however often it is delivered.

    :param str lead_uid: TikTok's, or a fingerprint
    :rtype: str
    """
    return f"lead:{lead_uid}"


def compute_fingerprint(entry):
    """Return a substitute for the id of a lead that has none.

    The same answers to the same form at the same time are the same lead. When a relay sent them
    does not count: it may try again.

    :param dict entry: an entry in the documented shape
    :rtype: str
    """
    parts = [
        values.parse_uid(entry.get("page_id")),
        values.parse_uid(entry.get("advertiser_id")),
        str(values.parse_moment(entry.get("create_time")) or ""),
    ]
    changes = entry.get("changes")
    for change in changes if isinstance(changes, list) else ():
        if isinstance(change, dict):
            parts += [
                values.join_texts(change.get("field")).lower(),
                values.join_texts(change.get("value")),
            ]
    return f"fp-{_compute_digest(json.dumps(parts))[:40]}"


def _create_other_item(content, reason):
    raw = _serialize_content(content)
    return Item(KIND_OTHER, f"other:{_compute_digest(raw)}", raw, reason=reason)


def _create_unreadable_item(raw, reason):
    raw = values.remove_unstorable(raw)
    return Item(KIND_UNREADABLE, f"body:{_compute_digest(raw)}", raw, reason=reason)


def _serialize_content(content):
    return json.dumps(content, ensure_ascii=True, separators=(",", ":"))


def _compute_digest(text):
    return hashlib.sha256(text.encode()).hexdigest()
