import json

import pytest
from tiktok import payload

ENTRY = {
    "id": 7600000000000000123,
    "lead_source": "INSTANT_FORM",
    "page_id": 7600000000000000456,
    "page_name": "Spring quote form",
    "advertiser_id": 7163948356417550001,
    "library_id": 0,
    "campaign_id": 1809876543200000,
    "create_time": 1789901990,
    "changes": [
        {"field": "first_name", "value": "Ana"},
        {"field": "last_name", "value": "Pérez"},
        {"field": "What is your budget?", "value": "2-4 M"},
    ],
}


def delivery(*entries, **values):
    return {"request_id": "2026", "object": 1, "time": 1789902000, "entry": list(entries), **values}


def split(content):
    return payload.split_body(json.dumps(content).encode())


def only(content):
    items = split(content)
    assert len(items) == 1
    return items[0]


def without(content, *keys):
    return {key: value for key, value in content.items() if key not in keys}


def test_the_documented_shape_is_read_exactly():
    item = only(delivery(ENTRY))
    assert item == payload.Item(
        kind="lead",
        key="lead:7600000000000000123",
        raw=item.raw,
        lead_uid="7600000000000000123",
        advertiser_uid="7163948356417550001",
        page_uid="7600000000000000456",
        submitted=1789901990,
    )
    assert json.loads(item.raw) == ENTRY
    assert item.raw.isascii()


def test_an_id_as_text_is_the_same_lead_as_the_id_as_number():
    as_text = {**ENTRY, "id": "7600000000000000123"}
    assert only(delivery(ENTRY)).key == only(delivery(as_text)).key


@pytest.mark.parametrize("missing", ["request_id", "time", "object"])
def test_missing_keys_around_entries_lose_no_lead(missing):
    assert only(without(delivery(ENTRY), missing)).kind == "lead"


@pytest.mark.parametrize("request_id", ["2026", 2026, None, "", 2**70])
def test_a_request_id_of_any_kind_does_no_harm(request_id):
    assert only(delivery(ENTRY, request_id=request_id)).kind == "lead"


@pytest.mark.parametrize("what", [1, "1", 1.0])
def test_object_1_is_a_lead_however_it_is_written(what):
    assert only(delivery(ENTRY, object=what)).kind == "lead"


@pytest.mark.parametrize("what", [0, 2, 3, 8, 9, 10, 11, 14, "2", None, True, "lead", [1]])
def test_other_object_is_stored_and_is_no_lead(what):
    item = only(delivery(ENTRY, object=what))
    assert (item.kind, item.reason, item.lead_uid) == ("other", "other_object", "")


def test_a_suspended_ad_account_without_an_object_is_no_lead():
    item = only({**without(delivery(ENTRY), "object"), "subscription_id": "7"})
    assert (item.kind, item.reason) == ("other", "other_object")


def test_no_entry_is_noted():
    item = only(delivery())
    assert (item.kind, item.reason) == ("other", "no_entries")


@pytest.mark.parametrize("entries", [{}, {"id": 1}, "x", 1, None, True])
def test_entries_that_are_no_list_are_unreadable(entries):
    item = only({"object": 1, "entry": entries})
    assert (item.kind, item.reason) == ("unreadable", "bad_shape")


@pytest.mark.parametrize("bad", [None, 1, "x", True, [], [ENTRY], 1.5])
def test_invalid_entry_loses_no_other_entry(bad):
    items = split(delivery(bad, ENTRY))
    assert [item.kind for item in items] == ["unreadable", "lead"]
    assert items[0].reason == "bad_entry"
    assert json.loads(items[0].raw) == bad


@pytest.mark.parametrize("empty", [{}, {"changes": []}, {"changes": None}, {"id": 0}])
def test_an_entry_with_nothing_in_it_is_unreadable(empty):
    item = only(delivery(empty))
    assert (item.kind, item.reason) == ("unreadable", "no_answers")


@pytest.mark.parametrize("changes", [[], None, "x", {}, 5])
def test_id_without_answers_is_still_a_lead(changes):
    item = only(delivery({**ENTRY, "changes": changes}))
    assert (item.kind, item.lead_uid) == ("lead", "7600000000000000123")


@pytest.mark.parametrize(
    "value", ["a", "", ["a", "b"], {"x": 1}, 12, 1.5, True, None, [[["a"]]], "\x00\ud800"]
)
def test_a_value_of_any_kind_is_stored_unchanged(value):
    item = only(delivery({**ENTRY, "changes": [{"field": "q", "value": value}]}))
    assert item.kind == "lead"
    assert json.loads(item.raw)["changes"] == [{"field": "q", "value": value}]


def test_unknown_keys_are_stored():
    item = only(delivery({**ENTRY, "new_key": {"a": [1]}}, more=1))
    assert json.loads(item.raw)["new_key"] == {"a": [1]}


def test_a_thousand_entries_are_a_thousand_items_in_their_order():
    items = split(delivery(*({**ENTRY, "id": 10**18 + n} for n in range(1000))))
    assert [item.lead_uid for item in items] == [str(10**18 + n) for n in range(1000)]


@pytest.mark.parametrize("uid", [None, 0, "", "0", True, 7.6e18, "x" * 5000, [], {}])
def test_lead_without_usable_id_gets_a_fingerprint(uid):
    item = only(delivery({**ENTRY, "id": uid}))
    assert item.kind == "lead"
    assert item.lead_uid.startswith("fp-") and len(item.lead_uid) == 43
    assert item.key == f"lead:{item.lead_uid}"


def test_the_fingerprint_stays_the_same_whatever_else_changes():
    nameless = without(ENTRY, "id")
    first = only(delivery(nameless)).lead_uid
    assert (
        first == "fp-f1fbadd699dc91eeddad433f0d9f13b285497ebb"
    )  # a new version must not take old leads for new
    other = {**nameless, "campaign_name": "x", "page_id": str(ENTRY["page_id"])}
    other["changes"] = [{**change, "field": change["field"].upper()} for change in ENTRY["changes"]]
    assert only(delivery(dict(reversed(other.items())), request_id="2")).lead_uid == first


@pytest.mark.parametrize(
    "changed",
    [
        {"page_id": 1},
        {"advertiser_id": 1},
        {"create_time": 1789901991},
        {"changes": ENTRY["changes"][:2]},
        {"changes": [{"field": "first_name", "value": "Eva"}, *ENTRY["changes"][1:]]},
        {"changes": [{"field": "first_nameA", "value": "na"}, *ENTRY["changes"][1:]]},
    ],
)
def test_another_form_time_or_answer_is_another_fingerprint(changed):
    nameless = without(ENTRY, "id")
    assert only(delivery(nameless)).lead_uid != only(delivery({**nameless, **changed})).lead_uid


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty_body"),
        (b" \r\n\t ", "empty_body"),
        (b"hello", "not_json"),
        (b'{"a":', "not_json"),
        (b"{'a': 1}", "not_json"),
        (b'{"a": nan}', "not_json"),
        (b'{"a": NaN}', "no_answers"),
        (b"[Infinity]", "no_answers"),
        (b"\xff\xfe\xfd", "bad_encoding"),
        ("Zoë".encode("latin-1"), "bad_encoding"),
        (b"[" * 100_000, "too_deep"),
        (b'{"a":' * 100_000, "too_deep"),
        (b"null", "no_answers"),
        (b"[]", "no_answers"),
        (b"{}", "no_answers"),
        (b"1", "no_answers"),
        (b'"x"', "no_answers"),
        (b'[[[{"a": 1}]]]', "no_answers"),
    ],
)
def test_unreadable_body_is_one_item_with_reason(body, reason):
    (item,) = payload.split_body(body)
    assert (item.kind, item.reason) == ("unreadable", reason)
    assert item.key == payload.split_body(body)[0].key


@pytest.mark.parametrize(
    "value",
    [b"NaN", b"-Infinity", b"9" * 5000, '"Zoë"'.encode("latin-1"), b'"Ana \xf0\x9f\x98"'],
)
def test_a_value_that_is_no_json_costs_no_other_lead_and_not_its_own(value):
    whole = json.dumps(delivery({**ENTRY, "id": "1"}, {**ENTRY, "id": "2", "remark": "BAD"}))
    items = payload.split_body(whole.encode().replace(b'"BAD"', value))
    assert [(item.kind, item.lead_uid) for item in items] == [("lead", "1"), ("lead", "2")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_each_unicode_that_json_allows_is_read(encoding):
    (item,) = payload.split_body(json.dumps(delivery(ENTRY)).encode(encoding))
    assert item.lead_uid == "7600000000000000123"


def test_raw_text_of_unreadable_body_can_be_stored():
    (item,) = payload.split_body(b"\x00\xff{")
    assert item.raw == "\\xff{"


def test_two_unreadable_bodies_have_two_keys():
    assert payload.split_body(b"a")[0].key != payload.split_body(b"b")[0].key
