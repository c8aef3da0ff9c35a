"""Read what relays make of a lead and bring it into TikTok's documented shape.

Zapier, Make, LeadsBridge and home-made connectors forward a lead as a flat object, as a list of
question and answer, as an object of answers, or as any of these inside ``data`` or as a JSON text
in ``content``.
"""

import json

from . import values

_MAX_DEPTH = 6
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


def find(content):
    """Find the leads in a relayed body.

    :param content: parsed JSON
    :return: entries in the documented shape, none if there is no lead in it
    :rtype: list[dict]
    """
    if isinstance(content, list):
        if _is_answer_list(content):
            content = {"list": content}
        else:
            return [entry for part in content for entry in find(part)]
    if not isinstance(content, dict):
        return []
    entries = [{**ids, "changes": answers} for ids, answers in _collect(content, {}, [], 0)]
    return [entry for entry in entries if _is_somebody(entry)]


def _collect(content, ids, answers, depth):
    """Walk down the wrappers, carrying the ids and answers seen on the way.

    :return: one pair of ids and answers for each lead
    :rtype: list[tuple[dict, list]]
    """
    ids, answers = dict(ids), list(answers)
    inner = []
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
    return _descend(inner, ids, answers, depth)


def _descend(inner, ids, answers, depth):
    states = [(ids, answers)]
    for part in inner:
        parts = [p for p in (part if isinstance(part, list) else [part]) if isinstance(p, dict)]
        if len(states) > 1 and len(parts) > 1:
            continue  # only one list can be the list of leads; two would multiply
        states = [
            state for i, a in states for p in parts for state in _collect(p, i, a, depth + 1)
        ] or states
    return states


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
    return {"field": values.text(_pick(answer, _NAMES)), "value": found}


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
