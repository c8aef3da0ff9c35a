"""Read what relays make of a lead and bring it into TikTok's documented shape.

Zapier, Make, LeadsBridge and home-made connectors forward a lead as a flat object, as a list of
question and answer, as an object of answers, or as any of these inside ``data`` or as a JSON text
in ``content``.
"""

import json

from . import values
from .errors import NotUnderstoodError

MAX_PARTS = 50_000  # objects of one body; ten thousand leads in two wrappers each have fewer
_MAX_DEPTH = 6
_MAX_CARRIED = 1024 * 1024  # characters that a list of leads inherits from what is around it
_WRAPPERS = ("content", "data", "lead_data", "payload", "lead", "body")
_LISTS = ("changes", "answers", "field_data", "list", "form_data", "fields", "field_list", "data")
_NAMES = ("field", "key", "name", "label", "field_name", "question")
_VALUES = ("value", "values", "field_value", "answer", "answers")
_IDS = {
    "id": ("lead_id", "leadid", "lead_uid", "leadgen_id", "id"),
    "page_id": ("page_id", "form_id", "formid", "page_uid"),
    "page_name": ("page_name", "form_name", "form_title"),
    "advertiser_id": ("advertiser_id", "advertiser_uid", "ad_account_id"),
    "advertiser_name": ("advertiser_name", "ad_account_name"),
    "library_id": ("library_id",),
    "campaign_id": ("campaign_id",),
    "campaign_name": ("campaign_name", "campaign"),
    "adgroup_id": ("adgroup_id", "ad_group_id"),
    "adgroup_name": ("adgroup_name", "ad_group_name"),
    "ad_id": ("ad_id",),
    "ad_name": ("ad_name",),
    "create_time": ("create_time", "created_time", "created_at", "submitted_at"),
    "lead_source": ("lead_source",),
}
_KNOWN_IDS = {alias: key for key, aliases in _IDS.items() for alias in aliases}
# Says something about the delivery, nothing about the person.
_ENVELOPE = {
    *("object", "request_id", "event", "time", "company_id", "token", "subscription_id", "entry"),
}
# Without an id, only an object with one of these is somebody's lead.
_CONTACT = ("name", "mail", "phone", "mobile", "tel", "whatsapp")


class Room:
    """How many more objects of one body may be looked at: anyone may post one."""

    def __init__(self):
        self._left = MAX_PARTS

    def take(self):
        """Look at one more.

        :raise NotUnderstoodError: if it is one too many
        """
        self._left -= 1
        if self._left < 0:
            raise NotUnderstoodError("too_many", "too_many")


def find(content, room=None):
    """Find the leads in a relayed body.

    :param content: parsed JSON
    :param Room room: what is left for the body, if this is a part of it
    :return: entries in the documented shape, none if there is no lead in it
    :rtype: list[dict]
    :raise NotUnderstoodError: if it is too much to look at
    """
    room = room or Room()
    if isinstance(content, list):
        if _is_answer_list(content):
            content = {"list": content}
        else:
            return [entry for part in content for entry in find(part, room)]
    room.take()
    if not isinstance(content, dict):
        return []
    entries = [{**ids, "changes": answers} for ids, answers in _collect(content, 0, room)]
    return [entry for entry in entries if _is_somebody(entry)]


def respell(entry):
    """Return an entry that has ``changes``, spelled as the documented shape is.

    :param dict entry: may say ``lead_id`` for ``id``, ``question`` for ``field`` and the like
    :rtype: dict
    """
    changes = entry["changes"]
    found, first = entry, changes[0] if changes else None
    if isinstance(first, dict) and "field" not in first and _is_answer_list(changes):
        found = {**entry, "changes": [_change(change) for change in changes]}
    if all(entry.get(key) for key in ("id", "page_id", "create_time")):
        return found  # as TikTok itself writes it: there are a thousand of them in one body
    ids = {}
    for key, aliases in _IDS.items():
        other = next((entry[alias] for alias in aliases if values.text(entry.get(alias))), None)
        if other is not None and not values.text(entry.get(key)):
            ids[key] = other
    return {**found, **ids}


def _collect(content, depth, room):
    """Walk down the wrappers, each once.

    :return: one pair of ids and answers for each lead
    :rtype: list[tuple[dict, list]]
    """
    room.take()
    ids, answers, inner = {}, [], []
    for key, value in content.items():
        part = _unpack(key, value) if depth < _MAX_DEPTH else None
        name = str(key).strip().lower().replace(" ", "_").replace("-", "_")
        if part is not None:
            inner.append(part)
        elif name in _LISTS and _is_answer_list(value):
            answers += [_change(answer) for answer in value]
        elif name in _LISTS and isinstance(value, dict):
            answers += [{"field": str(k), "value": v} for k, v in value.items()]
        elif name in _KNOWN_IDS:
            _keep_id(ids, name, value)
        elif name not in _ENVELOPE and name not in _LISTS:
            answers.append({"field": str(key), "value": value})
    return _join((ids, answers), [_collect_part(part, depth + 1, room) for part in inner])


def _collect_part(part, depth, room):
    parts = part if isinstance(part, list) else [part]
    return [found for p in parts if isinstance(p, dict) for found in _collect(p, depth, room)]


def _join(above, groups):
    """Put together what stands in an object and what its wrappers hold.

    Only one of the wrappers can be the list of leads: two would multiply.
    """
    leads = next((group for group in groups if len(group) > 1), None)
    above = _merge(above, *(group[0] for group in groups if len(group) == 1))
    if leads is None:
        return [above]
    if len(leads) * len(json.dumps(above)) > _MAX_CARRIED:
        above = ({}, [])  # a short body must not become a thousand long leads
    return [_merge(above, lead) for lead in leads]


def _merge(above, *parts):
    """Add what stands deeper; its ids win unless their spelling is less exact.

    All parts are added in one go: a body can hold thousands of wrappers.
    """
    ids, answers = dict(above[0]), [*above[1]]
    for deeper_ids, deeper_answers in parts:
        answers += deeper_answers
        for key in _IDS:
            rank = deeper_ids.get(f"_{key}")
            if rank is not None and rank <= ids.get(f"_{key}", rank):
                ids.update({key: deeper_ids[key], f"_{key}": rank})
    return ids, answers


def _unpack(key, value):
    """Return what a wrapper holds, or None if this is not one."""
    name = str(key).strip().lower()
    if name == "entry" and isinstance(value, list):
        return value
    if name not in _WRAPPERS:
        return None
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    if isinstance(value, list):
        return {"list": value} if _is_answer_list(value) else value
    return value if isinstance(value, dict) else None


def _is_answer_list(value):
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(part, dict) and _pick(part, _NAMES) for part in value)
        and any(key in part for part in value for key in _VALUES)
    )


def _change(answer):
    found = next((answer[key] for key in _VALUES if key in answer), None)
    return {"field": values.line(_pick(answer, _NAMES)), "value": found}


def _pick(part, names):
    return next((part[name] for name in names if part.get(name)), None)


def _keep_id(ids, name, value):
    """Keep the first of several spellings; an exact one, such as lead_id, beats ``id``."""
    key = _KNOWN_IDS[name]
    rank = _IDS[key].index(name)
    known = values.uid(value) if key.endswith("id") else values.text(value)
    if known and rank <= ids.get(f"_{key}", rank):
        ids[key] = value
        ids[f"_{key}"] = rank


def _is_somebody(entry):
    for key in [key for key in entry if key.startswith("_")]:
        del entry[key]
    named = [values.text(change.get("field")).lower() for change in entry["changes"]]
    answered = [values.text(change.get("value")) for change in entry["changes"]]
    if values.uid(entry.get("id")) and any(answered):
        return True
    return any(
        value and any(word in name for word in _CONTACT)
        for name, value in zip(named, answered, strict=True)
    )
