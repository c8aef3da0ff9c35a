"""Nothing of a relay's body vanishes: what is no lead stays visible as an unreadable delivery."""

import json

import pytest
from tiktok import lead, payload

UID = "7600000000000000123"
ANA = {"full_name": "Ana", "email": "ana@example.com"}
BEN = {"full_name": "Ben", "email": "ben@example.com"}


def split(content):
    return payload.split_body(json.dumps(content).encode())


def read_answers(content):
    """Return the answers of the only lead of a body."""
    (item,) = split(content)
    return {answer.question: answer.text for answer in lead.parse_lead(item.raw).answers}


RED = {"colour": "red"}


@pytest.mark.parametrize(
    ("content", "left_out"),
    [
        ([[ANA, RED], BEN], [RED]),
        ({"leads": [ANA, RED, BEN]}, [RED]),
        ({"data": {"leads": [ANA, RED, BEN]}}, [RED]),
        ({"leads": [ANA, "call me", 7, BEN, None, {}]}, ["call me", 7]),
        ({"leads": [[ANA, RED], BEN]}, [RED]),
        ({"object": 1, "entry": [{"leads": [ANA, RED, BEN]}]}, [RED]),
        ({"object": "page", "entry": [{"leads": [ANA, BEN, RED]}]}, [RED]),
        (
            {"leads": [ANA, {"records": [BEN, RED]}], "payload": {"list": [{"sku": 1}, RED]}},
            [RED],
        ),
    ],
)
def test_each_element_that_is_no_lead_stays_visible(content, left_out):
    items = payload.split_body(json.dumps(content).encode())
    kinds = [item.kind for item in items]
    assert kinds == [payload.KIND_LEAD] * 2 + [payload.KIND_UNREADABLE] * len(left_out)
    assert [json.loads(item.raw) for item in items[2:]] == left_out


def test_answers_that_are_no_objects_stay_visible_beside_one_lead():
    first, second = payload.split_body(json.dumps({"lead_id": 5, "data": ["hi", ANA]}).encode())
    assert (first.lead_uid, first.kind) == ("5", payload.KIND_LEAD)
    assert (second.raw, second.kind) == ('"hi"', payload.KIND_UNREADABLE)


def test_what_stands_beside_the_entries_is_read_too():
    entry = {"id": UID, "changes": [{"field": "email", "value": "ana@example.com"}]}
    content = {"object": 1, "entry": [entry], "leads": [BEN], "meta": {"version": 2}}
    assert [item.kind for item in split(content)] == [payload.KIND_LEAD] * 2
    assert len(split({"object": 1, "entry": [entry], "meta": {"version": 2}})) == 1


def test_what_is_too_long_for_each_lead_stays_visible_once():
    people = [{"full_name": f"p{n}", "email": f"p{n}@example.com"} for n in range(200)]
    content = {"comment": "n" * 10_000, "leads": people}
    items = payload.split_body(json.dumps(content).encode())
    assert [item.kind for item in items] == [payload.KIND_LEAD] * 200 + [payload.KIND_UNREADABLE]
    assert "n" * 10_000 in items[-1].raw


@pytest.mark.parametrize("is_first", [True, False])
def test_flat_keys_do_not_lose_what_an_object_of_their_name_holds(is_first):
    flat, nested = {"data__email": "ana@example.com"}, {"data": {"city": "Lima"}}
    content = {**flat, **nested} if is_first else {**nested, **flat}
    assert read_answers(content) == {"email": "ana@example.com", "city": "Lima"}


def test_what_names_a_person_is_no_envelope():
    content = {"lead_id": UID, **ANA, "object": {"x": 1}, "subscription_id": [BEN]}
    found = str(read_answers(content))
    assert "ben@example.com" in found
    assert "object" not in found


@pytest.mark.parametrize("key", ["external_id", "event_id", "token", "create_time", "is_test"])
@pytest.mark.parametrize("value", ["ben@example.com", ["ben@example.com"], {"x": ["ben@a.co"]}])
def test_address_under_any_name_stays_an_answer(key, value):
    found = read_answers({"lead_id": UID, "full_name": "Ana", key: value})
    assert "ben@" in str(found)


def test_address_in_a_campaign_stays_an_answer():
    campaign = {"id": 11, "name": "Spring", "owner": "ben@example.com"}
    assert "ben@example.com" in str(read_answers({"full_name": "Ana", "campaign": campaign}))


def test_headers_of_the_request_are_no_answers():
    content = {"headers": {"from": "zap@example.com", "authorization": "x"}, "body": {**ANA}}
    assert "zap@example.com" not in str(read_answers(content))


def test_form_with_two_leads_gives_both_and_what_is_beside_them():
    fields = {"one": json.dumps(ANA), "two": json.dumps(BEN), "ref": "x@example.com", "v": "2"}
    items = payload.split_form_fields(fields)
    assert [item.kind for item in items] == [payload.KIND_LEAD] * 2 + [payload.KIND_UNREADABLE]
    assert "x@example.com" in items[-1].raw
