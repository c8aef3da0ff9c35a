"""The shapes that relays make of a lead, each read into the documented one."""

import json
import time

import pytest
from tiktok import lead, payload

UID = "7600000000000000123"
FLAT = {
    "lead_id": UID,
    "form_id": "7600000000000000456",
    "advertiser_id": "7163948356417550001",
    "full_name": "Ana Pérez",
    "phone_number": "+56911112222",
    "email": "ana@example.com",
    "What is your budget?": "2-4 M",
}
IDS = {key: FLAT[key] for key in ("lead_id", "form_id", "advertiser_id")}
ANSWERS = {key: value for key, value in FLAT.items() if key not in IDS}


def pairs(name, value):
    return [{name: key, value: text} for key, text in ANSWERS.items()]


def values_lists():
    return [{"name": key, "values": [text]} for key, text in ANSWERS.items()]


SHAPES = {
    "flat": FLAT,
    "flat with a number as id": {**FLAT, "lead_id": int(UID)},
    "flat in capitals": {key.upper(): value for key, value in FLAT.items()},
    "flat with blanks": {key.replace("_", " ").title(): value for key, value in FLAT.items()},
    "flat with another spelling of the id": {**ANSWERS, **IDS, "leadgen_id": UID, "lead_id": ""},
    "a list of one": [FLAT],
    "key and value in list": {**IDS, "list": pairs("key", "value")},
    "name and value in list": {**IDS, "list": pairs("name", "value")},
    "label and value in answers": {**IDS, "answers": pairs("label", "value")},
    "label and values in answers": {**IDS, "answers": values_lists()},
    "name and values in field_data": {**IDS, "field_data": values_lists()},
    "field_name and field_value": {**IDS, "field_data": pairs("field_name", "field_value")},
    "question and answer": {**IDS, "form_data": pairs("question", "answer")},
    "field and value in changes": {**IDS, "changes": pairs("field", "value")},
    "an object of answers": {**IDS, "answers": ANSWERS},
    "an object of fields": {**IDS, "fields": ANSWERS},
    "in data": {"event": "lead", "data": FLAT},
    "a list in data": {"data": [FLAT]},
    "answers beside data": {**ANSWERS, "data": IDS},
    "ids beside data": {**IDS, "data": ANSWERS},
    "ids beside a list of answers in data": {**IDS, "data": pairs("key", "value")},
    "lead_data and field_list": {"lead_data": {**IDS, "field_list": pairs("name", "value")}},
    "data and form_data": {"data": {**IDS, "form_data": pairs("key", "value")}},
    "text in content": {"content": json.dumps(FLAT)},
    "text of a list in content": {**IDS, "content": json.dumps(pairs("key", "value"))},
    "text in content in data": {"data": {"content": json.dumps({"data": json.dumps(FLAT)})}},
    "answers as object in text": {"content": json.dumps({**IDS, "answers": ANSWERS})},
    "an entry of another shape": {"object": 1, "entry": [FLAT]},
    "an entry with an object of answers": {"object": 1, "entry": [{**IDS, "answers": ANSWERS}]},
    "the documented shape in content": {
        "content": json.dumps({"object": 1, "entry": [{"id": int(UID), **FLAT}]})
    },
}


def split(content):
    return payload.split_body(json.dumps(content).encode())


@pytest.mark.parametrize("content", SHAPES.values(), ids=SHAPES)
def test_each_shape_is_the_same_lead(content):
    (item,) = split(content)
    assert (item.kind, item.lead_uid) == ("lead", UID)
    assert item.page_uid == "7600000000000000456"
    assert item.advertiser_uid == "7163948356417550001"
    found = lead.parse_lead(item.raw)
    assert found.person == "Ana Pérez"
    assert found.answer("phone_number") == "+56911112222"
    assert found.answer("email") == "ana@example.com"
    budget = [answer.text for answer in found.answers if "budget" in answer.question.lower()]
    assert budget == ["2-4 M"]
    assert not found.is_test


@pytest.mark.parametrize("name", ["full_name", "name", "Full name", "your_name", "fullname"])
def test_each_alias_of_the_name_is_parsed(name):
    (item,) = split({"lead_id": UID, name: "Ana"})
    assert lead.parse_lead(item.raw).person == "Ana"


@pytest.mark.parametrize("name", ["phone", "phone_number", "mobile", "Phone Number", "whatsapp"])
def test_each_alias_of_the_phone_is_parsed(name):
    (item,) = split({"lead_id": UID, name: "+56911112222"})
    assert lead.parse_lead(item.raw).answer("phone_number") == "+56911112222"


def test_several_leads_in_one_relayed_body_are_several_leads():
    people = [{"lead_id": n, "name": f"P{n}"} for n in (1, 2, 3)]
    for content in (people, {"data": people}, {"leads": 1, "content": json.dumps(people)}):
        assert [item.lead_uid for item in split(content)] == ["1", "2", "3"]


def test_values_around_a_list_of_leads_belong_to_each_lead():
    people = [{"lead_id": 1, "name": "A"}, {"lead_id": 2, "name": "B", "form_id": 8}]
    items = split({"form_id": 7, "lead": {"campaign_name": "Spring"}, "data": people})
    assert [(item.lead_uid, item.page_uid) for item in items] == [("1", "7"), ("2", "8")]
    assert [lead.parse_lead(item.raw).campaign.name for item in items] == ["Spring"] * 2


def test_without_an_id_a_contact_makes_it_a_lead():
    (item,) = split({"name": "Ana", "email": "ana@example.com"})
    assert item.lead_uid.startswith("fp-")
    assert split({"email": "ana@example.com", "name": "Ana"})[0].kind == "lead"


@pytest.mark.parametrize(
    "content",
    [
        {"challenge": "x"},
        {"lead_id": UID},
        {"lead_id": UID, "name": ""},
        {"name": "", "email": None},
        {"budget": "2-4 M"},
        {"data": {}},
        {"data": "Ana"},
        {"content": "{not json"},
        {"event": "ping", "data": []},
    ],
)
def test_body_without_lead_is_stored_as_unreadable(content):
    (item,) = split(content)
    assert (item.kind, item.reason) == ("unreadable", "no_answers")
    assert json.loads(item.raw) == content


@pytest.mark.parametrize("empty", [0, "0", None, False, "", "x" * 5000])
def test_empty_alias_of_id_does_not_hide_filled_one(empty):
    (item,) = split({**FLAT, "lead_id": empty, "id": UID})
    assert item.lead_uid == UID


def test_exact_alias_of_id_beats_plain_id():
    for content in ({**FLAT, "id": "9"}, {"id": "9", **FLAT}):
        assert split(content)[0].lead_uid == UID


def test_the_id_inside_beats_the_id_of_the_envelope():
    (item,) = split({"id": "evt-1", "data": {**ANSWERS, "id": UID}})
    assert item.lead_uid == UID


def test_a_relay_that_knows_no_campaign_sends_no_test():
    (item,) = split({**FLAT, "campaign_name": ""})
    assert not lead.parse_lead(item.raw).is_test


def test_wrappers_are_opened_only_so_deep():
    content = FLAT
    for _level in range(6):
        content = {"payload": content}
    assert split(content)[0].lead_uid == UID
    assert split({"payload": content})[0].kind == "unreadable"


@pytest.mark.parametrize(
    "content",
    [
        {**{f"q{n}": "x" for n in range(2000)}, "name": "A", "data": [{}] * 2000},
        {"name": "A" * 100_000, "data": [{"x": 1}] * 2000},
        {"name": "A", "data": [{}] * 3000, **{" " * n + "Data": {"x": {}} for n in range(3000)}},
        {"name": "A", **{" " * n + "data": [{"a": 1}] * 200 for n in range(50)}},
    ],
    ids=["answers", "long", "wrappers", "lists"],
)
def test_short_body_is_never_multiplied(content):
    began = time.process_time()
    items = split(content)
    assert time.process_time() - began < 2
    assert sum(len(item.raw) for item in items) < 10_000_000


@pytest.mark.parametrize("content", [{"entry": [{}] * 10_001}, [{"name": "A"}] * 10_001])
def test_body_with_too_many_leads_is_stored_as_one_item(content):
    (item,) = split(content)
    assert (item.kind, item.reason) == ("unreadable", "too_many")


@pytest.mark.parametrize(
    "body",
    [
        b'{"data":[' + b"{}," * 60_000 + b"{}]}",
        b"[" + b"{}," * 60_000 + b"{}]",
        b'{"object":1,"entry":[' + (b'{"data":[' + b"{}," * 9_000 + b"{}]},") * 8 + b"{}]}",
    ],
    ids=["in data", "in a list", "in entries"],
)
def test_body_with_too_many_objects_is_not_parsed(body):
    (item,) = payload.split_body(body)
    assert (item.kind, item.reason) == ("unreadable", "too_many")


def test_ten_thousand_leads_in_two_wrappers_each_are_read():
    leads = [{"lead": {"data": {**FLAT, "lead_id": str(n + 10**18)}}} for n in range(10_000)]
    assert len(payload.split_body(json.dumps(leads).encode())) == 10_000


def test_an_entry_that_names_its_ids_as_relays_do():
    changes = [{"field": "name", "value": "Ana"}]
    entries = [{"lead_id": int(UID) + n, "form_id": 456, "changes": changes} for n in (0, 1)]
    items = payload.split_body(json.dumps({"object": 1, "entry": entries}).encode())
    assert [item.lead_uid for item in items] == [UID, str(int(UID) + 1)]
    assert {item.page_uid for item in items} == {"456"}


def test_an_entry_that_names_its_questions_as_relays_do():
    entries = [{"id": UID, "changes": [{"name": "email", "value": "ana@example.com"}]}]
    (item,) = payload.split_body(json.dumps({"object": 1, "entry": entries}).encode())
    assert [answer.text for answer in lead.parse_lead(item.raw).answers] == ["ana@example.com"]
