"""Bodies of relays as they were seen, and what must not become a lead or a second one."""

import json

import pytest
from tiktok import lead, payload

UID = "7600000000000000123"
PERSON = {"full_name": "Ana Pérez", "email": "ana@example.com"}
PAIRS = [{"name": question, "value": answer} for question, answer in PERSON.items()]
REST = {
    "code": 0,
    "message": "OK",
    "request_id": "r",
    "data": {
        "lead_data": {"Email": "ana@example.com", "Name": "Ana Pérez", "Campaign": "radio"},
        "meta_data": {
            "lead_id": UID,
            "lead_source": "INSTANT_FORM",
            "page_id": "456",
            "campaign_id": "11",
            "create_time": "2026-11-20 12:00:00",
        },
    },
}


def split(content):
    return payload.split_body(json.dumps(content).encode())


def read(content):
    items = split(content)
    assert [item.kind for item in items] == ["lead"], items
    return items[0], lead.parse_lead(items[0].raw)


def answers(found):
    return {answer.question: answer.text for answer in found.answers}


ONE_LEAD = {
    "n8n item": [{"json": {"lead_id": UID, **PERSON}, "pairedItem": {"item": 0}}],
    "pipedream steps": {
        "steps": {
            "trigger": {"event": {"body": {"lead_id": UID, **PERSON}}, "context": {"id": "c"}}
        }
    },
    "supabase": {
        "type": "INSERT",
        "table": "leads",
        "schema": "public",
        "record": {"lead_id": UID, **PERSON},
        "old_record": None,
    },
    "hubspot": {"properties": {"lead_id": {"value": UID}, "email": {"value": "ana@example.com"}}},
    "airtable": {"records": [{"id": UID, "fields": {"Email": "ana@example.com"}}]},
    "result with leads": {"result": {"leads": [{"id": UID, **PERSON}]}},
    "leads with an object of answers": {
        "form_id": "f",
        "leads": [{"id": UID, "field_data": PERSON}],
    },
    "user answers": {
        "data": {"leadId": UID, "user_answers": [{"question_name": "Email", "value": "a@b.co"}]}
    },
    "keys of Zapier": {"lead__lead_id": UID, "lead__email": "ana@example.com"},
    "keys with dots": {
        "data.lead_id": UID,
        "data.answers.0.name": "email",
        "data.answers.0.value": "a@b.co",
    },
    "keys with brackets": {
        "lead[id]": UID,
        "fields[0][name]": "email",
        "fields[0][value]": "a@b.co",
    },
    "line items": {
        "lead_id": UID,
        "answers": {"question": ["Email"], "answer": ["ana@example.com"]},
    },
    "fields by id": {"lead_id": UID, "fields": {"q1": {"title": "Email", "value": "a@b.co"}}},
    "ids among the fields": {"fields": {"lead_id": UID, "form_id": "456", **PERSON}},
    "objects for all": {
        "lead": {"id": UID, "campaign": {"id": 1, "name": "C"}, "ad": {"id": 2}, "answers": PAIRS},
        "form": {"form_id": "456", "form_name": "F"},
    },
    "Meta's change with answers": {
        "object": "page",
        "entry": [
            {
                "id": "99",
                "time": 1795176000,
                "changes": [
                    {"field": "leadgen", "value": {"leadgen_id": UID, "field_data": PAIRS}}
                ],
            }
        ],
    },
    "a list that is no list of leads": {
        "lead_id": UID,
        **PERSON,
        "leads": [{"sku": 1}, {"sku": 2}],
    },
    "capitals": {"LEAD_ID": UID, "FORM_FIELDS": PAIRS},
    "a contact with an id of its own": {"lead_id": UID, "contact": {"id": "c-1", **PERSON}},
    "TikTok's answer": REST,
    "TikTok's answers in a list": {"code": 0, "data": {"list": [REST["data"]]}},
}


@pytest.mark.parametrize("content", ONE_LEAD.values(), ids=ONE_LEAD)
def test_body_is_one_lead_with_its_id_and_address(content):
    item, found = read(content)
    assert item.lead_uid == UID
    assert found.answer("email") in ("ana@example.com", "a@b.co")


def test_answer_of_tiktok_is_the_lead_of_its_meta_data():
    item, found = read(REST)
    assert (item.page_uid, item.submitted) == ("456", 1795176000)
    assert (found.campaign.uid, found.campaign.name) == ("11", "")
    assert answers(found) == {
        "Email": "ana@example.com",
        "Name": "Ana Pérez",
        "Campaign": "radio",  # a question of the form
    }


def test_webhook_and_forwarded_answer_have_one_key():
    entry = {"id": int(UID), "changes": [{"field": "email", "value": "ana@example.com"}]}
    (webhook,) = split({"object": 1, "entry": [entry]})
    assert split(REST)[0].key == webhook.key


@pytest.mark.parametrize("ids", [{"external_id": "e-1"}, {}], ids=["external", "event"])
def test_each_try_of_a_relay_is_the_same_lead(ids):
    tries = [
        {"event_id": "evt-1", "event": "lead", "timestamp": moment, "data": {**ids, **PERSON}}
        for moment in (1795176000, 1795176060, 1795176120)
    ]
    found = [split(content)[0] for content in tries]
    assert len({item.key for item in found}) == 1
    assert [item.submitted for item in found] == [1795176000, 1795176060, 1795176120]


def test_each_try_without_any_id_is_the_same_lead():
    tries = [{"timestamp": moment, **PERSON} for moment in (1795176000, "2026-11-20T13:00:00Z")]
    assert len({split(content)[0].key for content in tries}) == 1


def test_id_of_an_event_is_not_shared_by_several_leads():
    people = [{**PERSON, "email": f"{number}@example.com"} for number in range(3)]
    items = split({"event_id": "evt-1", "data": people})
    assert len({item.lead_uid for item in items}) == 3


@pytest.mark.parametrize(
    "content",
    [
        {"id": UID, **PERSON, "ad": {"id": 9, "name": "A", "adgroup": {"id": 8, "name": "G"}}},
        {"id": UID, **PERSON, "form": {"id": 9, "fields": [{"name": "city", "value": "Lima"}]}},
        {"lead": {"id": UID, **PERSON}, "event": {"id": "evt-1", "type": "lead"}},
        {"event": {"id": "evt-1"}, "record": {"id": UID, **PERSON}, "meta": {"id": "m-1"}},
        {"id": UID, **PERSON, "customFields": [{"id": "f7", "value": "Lima"}]},
        {
            "id": UID,
            **PERSON,
            "custom_fields": [{"id": "f7", "value": "x"}, {"id": "f8", "value": 1}],
        },
        {"id": UID, "form": {"id": "f", **PERSON}},
    ],
)
def test_id_of_something_else_is_not_the_id_of_the_lead(content):
    item, found = read(content)
    assert item.lead_uid == UID
    assert found.answer("email") == "ana@example.com"


def test_ad_knows_its_ad_group_and_campaign():
    campaign = {"id": 7, "name": "C"}
    ad = {"id": 9, "name": "A", "adgroup": {"id": 8, "name": "G", "campaign": campaign}}
    _item, found = read({"lead_id": UID, **PERSON, "ad": ad})
    assert [(each.uid, each.name) for each in found.ad_entities.values()] == [
        ("7", "C"),
        ("8", "G"),
        ("9", "A"),
    ]


def test_leads_with_their_own_ids_keep_what_they_share():
    people = [{"lead_id": str(number), **PERSON} for number in (1, 2)]
    items = split({"campaign": {"id": 7, "name": "C"}, "form": {"id": 8}, "leads": people})
    assert [(item.lead_uid, item.page_uid) for item in items] == [("1", "8"), ("2", "8")]
    assert [lead.parse_lead(item.raw).campaign.name for item in items] == ["C", "C"]


def test_name_inside_beats_the_name_of_the_automation():
    _item, found = read({"lead_id": UID, "name": "TikTok to Odoo", "data": {"name": "Ana"}})
    assert found.person == "Ana"
    assert answers(found)["name (2)"] == "TikTok to Odoo"


def test_name_of_the_contact_beats_the_name_of_the_lead():
    _item, found = read({"contact": {"name": "Ana"}, "lead": {"id": UID, "name": "Lead 123"}})
    assert found.person == "Ana"


@pytest.mark.parametrize("key", ["time", "timestamp", "created_at", "submitted_at"])
def test_answer_that_is_no_time_stays_an_answer(key):
    item, found = read({"lead_id": UID, key: "in the morning", **PERSON})
    assert item.submitted is None
    assert answers(found)[key] == "in the morning"


def test_word_that_is_no_flag_stays_an_answer():
    _item, found = read({"lead_id": UID, "test": "IELTS", **PERSON})
    assert answers(found)["test"] == "IELTS"
    assert not found.is_test


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({"ref": UID, "respondent": {"mail": "ana@example.com"}}, "unknown_shape"),
        ({"lead_id": UID, "respondent": {"mail": "ana@example.com"}}, "unknown_shape"),
        ({"submissions": [{"who": {"tel": "+56911112222"}}]}, "unknown_shape"),
        ({"a": [[["+56 9 1111 2222"]]]}, "unknown_shape"),
        ({"lead_id": UID, "respondent": {"city": "Lima"}}, "no_answers"),
        ({"challenge": "x"}, "no_answers"),
        ({"order": {"id": 7600000000000000123}}, "no_answers"),
        ({"object": 1, "entry": [{"id": UID, "respondent": {"mail": "a@b.co"}}]}, "unknown_shape"),
    ],
)
def test_unknown_structure_is_stored_with_its_reason(content, reason):
    (item,) = split(content)
    assert (item.kind, item.reason) == ("unreadable", reason)
    assert payload.find_reason(item.kind, item.raw) == reason


def test_webhook_of_meta_has_no_answers_and_is_no_lead():
    change = {"field": "leadgen", "value": {"leadgen_id": UID, "form_id": "1", "page_id": "2"}}
    (item,) = split({"object": "page", "entry": [{"id": "2", "changes": [change]}]})
    assert (item.kind, item.reason) == ("other", "other_object")


def test_json_in_a_field_of_a_form_is_read_whatever_its_name():
    fields = {"rawRequest": json.dumps({"lead_id": UID, **PERSON}), "formID": "7"}
    (item,) = payload.split_form_fields(fields)
    assert item.lead_uid == UID


def test_field_of_a_form_that_comes_twice_is_a_choice():
    fields = {"lead_id": UID, "email": "ana@example.com", "rooms": ["Kitchen", "Office"]}
    (item,) = payload.split_form_fields(fields)
    assert answers(lead.parse_lead(item.raw))["rooms"] == "Kitchen, Office"


def test_relay_that_sends_a_thousand_leads_is_read_quickly():
    people = [{"leadId": str(10**18 + n), "fieldData": PAIRS, **PERSON} for n in range(1000)]
    assert len({item.lead_uid for item in split({"leads": people})}) == 1000


def split_names(content):
    """Return the kinds of the items of a body, with the name of each lead."""
    items = payload.split_body(json.dumps(content).encode())
    return [
        lead.parse_lead(item.raw).answer("name") if item.kind == payload.KIND_LEAD else item.kind
        for item in items
    ]


ANA = {"full_name": "Ana", "email": "ana@example.com"}
BEN = {"full_name": "Ben", "email": "ben@example.com"}


def test_one_entry_may_hold_several_leads():
    assert split_names({"object": 1, "entry": [{"leads": [ANA, BEN]}]}) == ["Ana", "Ben"]


def test_a_part_that_is_no_lead_stays_beside_the_leads():
    assert split_names([ANA, {"colour": "red"}, BEN]) == ["Ana", "Ben", payload.KIND_UNREADABLE]


def test_two_lists_of_leads_do_not_share_their_contacts():
    cleo, dan = ({"full_name": name, "email": f"{name}@example.com"} for name in ("cleo", "dan"))
    content = {"data": [ANA, BEN], "payload": [cleo, dan]}
    assert sorted(split_names(content)) == ["Ana", "Ben", "cleo", "dan"]
    raws = [item.raw for item in payload.split_body(json.dumps(content).encode())]
    assert all(raw.count("@example.com") == 1 for raw in raws)
