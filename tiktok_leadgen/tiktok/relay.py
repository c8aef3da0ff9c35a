"""Parse what relays make of a lead and bring it into TikTok's documented shape.

Zapier, Make, LeadsBridge and home-made connectors forward a lead as a flat object, as a list of
question and answer, as an object of answers, or as any of these inside ``data`` or as a JSON text
in ``content``.
"""

import json

from . import values
from .errors import UnparsableAnswerError

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
# It describes the delivery, not the person.
_ENVELOPE = {
    *("object", "request_id", "event", "time", "company_id", "token", "subscription_id", "entry"),
}
# Without an id, only an object with one of these is a lead.
_CONTACT = ("name", "mail", "phone", "mobile", "tel", "whatsapp")


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


def find_leads(content, budget=None):
    """Find the leads in a relayed body.

    :param content: parsed JSON
    :param Room budget: what is left for the body, if this is a part of it
    :return: entries in the documented shape, none if there is no lead in it
    :rtype: list[dict]
    :raise UnparsableAnswerError: if it has too many objects
    """
    budget = budget or ObjectBudget()
    if isinstance(content, list):
        if _is_answer_list(content):
            content = {"list": content}
        else:
            return [entry for part in content for entry in find_leads(part, budget)]
    budget.use_object()
    if not isinstance(content, dict):
        return []
    found = _collect_leads(content, 0, budget)
    entries = [{**_remove_id_ranks(ids), "changes": answers} for ids, answers in found]
    return [entry for entry in entries if _is_lead_entry(entry)]


def normalize_entry(entry):
    """Return an entry that has ``changes``, spelled as the documented shape is.

    :param dict entry: may say ``lead_id`` for ``id``, ``question`` for ``field`` and the like
    :rtype: dict
    """
    changes = entry["changes"]
    found, first = entry, changes[0] if changes else None
    if isinstance(first, dict) and "field" not in first and _is_answer_list(changes):
        found = {**entry, "changes": [_normalize_answer(change) for change in changes]}
    if all(entry.get(key) for key in ("id", "page_id", "create_time")):
        return found  # as TikTok itself writes it: there are a thousand of them in one body
    ids = {}
    for key, aliases in _IDS.items():
        other = next(
            (entry[alias] for alias in aliases if values.join_texts(entry.get(alias))), None
        )
        if other is not None and not values.join_texts(entry.get(key)):
            ids[key] = other
    return {**found, **ids}


def _collect_leads(content, depth, budget):
    """Walk down the wrappers, each once.

    :param dict content: an object of the body
    :param int depth: how many wrappers are around it
    :param ObjectBudget budget: what is left for the body
    :return: one pair of ids and answers for each lead
    :rtype: list[tuple[dict, list]]
    """
    budget.use_object()
    ids, answers, inner = {}, [], []
    for key, value in content.items():
        part = _unpack_wrapper(key, value) if depth < _MAX_DEPTH else None
        name = str(key).strip().lower().replace(" ", "_").replace("-", "_")
        if part is not None:
            inner.append(part)
        elif name in _LISTS and _is_answer_list(value):
            answers += [_normalize_answer(answer) for answer in value]
        elif name in _LISTS and isinstance(value, dict):
            answers += [{"field": str(k), "value": v} for k, v in value.items()]
        elif name in _KNOWN_IDS:
            _store_ranked_id(ids, name, value)
        elif name not in _ENVELOPE and name not in _LISTS:
            answers.append({"field": str(key), "value": value})
    return _join_with_wrappers(
        (ids, answers), [_collect_from_part(part, depth + 1, budget) for part in inner]
    )


def _collect_from_part(part, depth, budget):
    parts = part if isinstance(part, list) else [part]
    return [
        found for p in parts if isinstance(p, dict) for found in _collect_leads(p, depth, budget)
    ]


def _join_with_wrappers(above, groups):
    """Combine what an object itself says with what its wrappers hold.

    Only one of the wrappers can be the list of leads: two would multiply.

    :param tuple above: ids and answers of the object
    :param list groups: for each wrapper its leads, as pairs of ids and answers
    :return: one pair of ids and answers for each lead
    :rtype: list[tuple[dict, list]]
    """
    leads = next((group for group in groups if len(group) > 1), None)
    above = _merge_deeper_parts(above, *(group[0] for group in groups if len(group) == 1))
    if leads is None:
        return [above]
    if len(leads) * len(json.dumps(above)) > _MAX_CARRIED:
        above = ({}, [])  # a short body must not become a thousand long leads
    return [_merge_deeper_parts(above, lead) for lead in leads]


def _merge_deeper_parts(above, *parts):
    """Add what is deeper inside; its ids win unless their spelling is less exact.

    All parts are added in one pass: a body can hold thousands of wrappers.

    :param tuple above: ids and answers
    :param tuple parts: pairs of ids and answers
    :return: ids and answers
    :rtype: tuple[dict, list]
    """
    ids, answers = dict(above[0]), [*above[1]]
    for deeper_ids, deeper_answers in parts:
        answers += deeper_answers
        for key in _IDS:
            rank = deeper_ids.get(f"_{key}")
            if rank is not None and rank <= ids.get(f"_{key}", rank):
                ids.update({key: deeper_ids[key], f"_{key}": rank})
    return ids, answers


def _unpack_wrapper(key, value):
    """Return what a wrapper holds.

    :param key: of the value in its object
    :param value: anything JSON can hold
    :return: None if it is no wrapper
    :rtype: dict | list | None
    """
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
        and all(isinstance(part, dict) and _pick_first_value(part, _NAMES) for part in value)
        and any(key in part for part in value for key in _VALUES)
    )


def _normalize_answer(answer):
    found = next((answer[key] for key in _VALUES if key in answer), None)
    return {"field": values.format_line(_pick_first_value(answer, _NAMES)), "value": found}


def _pick_first_value(part, names):
    return next((part[name] for name in names if part.get(name)), None)


def _store_ranked_id(ids, name, value):
    """Store the first of several spellings; an exact one, such as lead_id, beats ``id``.

    :param dict ids: by key of the entry; the rank of each spelling is stored beside it
    :param str name: as the relay spells it
    :param value: of the id
    """
    key = _KNOWN_IDS[name]
    rank = _IDS[key].index(name)
    known = values.parse_uid(value) if key.endswith("id") else values.join_texts(value)
    if known and rank <= ids.get(f"_{key}", rank):
        ids[key] = value
        ids[f"_{key}"] = rank


def _remove_id_ranks(ids):
    """Return the ids without the ranks of their spellings, which `_store_ranked_id` adds.

    :param dict ids: by key of the entry
    :rtype: dict
    """
    return {key: value for key, value in ids.items() if not key.startswith("_")}


def _is_lead_entry(entry):
    """Tell whether an entry is a lead: it has an id and answers, or at least a contact.

    :param dict entry: in the documented shape
    :rtype: bool
    """
    named = [values.join_texts(change.get("field")).lower() for change in entry["changes"]]
    answered = [values.join_texts(change.get("value")) for change in entry["changes"]]
    if values.parse_uid(entry.get("id")) and any(answered):
        return True
    return any(
        value and any(word in name for word in _CONTACT)
        for name, value in zip(named, answered, strict=True)
    )
