"""Whatever comes in, something comes out that can be stored and processed."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiktok import lead, payload

SLOW = settings(max_examples=80)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters())
    | st.sampled_from(["²", "--5", "\x00", "{", '[{"field": "name", "value": "A"}]', '{"id": 7}'])
)
KEYS = st.text(max_size=8) | st.sampled_from(
    [
        *("entry", "object", "id", "changes", "field", "value", "values", "create_time", "page_id"),
        *("data", "content", "answers", "list", "lead_id", "name", "email", "phone", "campaign_id"),
        *("field_data", "lead", "payload", "form_id", "advertiser_id", "label", "key", "_id"),
    ]
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=40,
)


def check(items):
    assert items
    for item in items:
        json.dumps(item).encode()
        assert item.kind in ("lead", "other", "unreadable")
        assert (item.kind == "lead") == bool(item.lead_uid)
        assert "\x00" not in item.raw + item.key
        item.raw.encode()
        assert item.submitted is None or item.submitted > 0
        if item.kind == "lead":
            lead.parse_lead(item.raw)


@SLOW
@given(st.binary())
def test_any_bytes(body):
    check(payload.split_body(body))


@SLOW
@given(JSON)
def test_any_json(content):
    check(payload.split_body(json.dumps(content).encode("utf-8", "surrogatepass")))


@SLOW
@given(st.lists(JSON, min_size=1, max_size=5))
def test_any_entries(entries):
    check(payload.split_body(json.dumps({"object": 1, "entry": entries}).encode()))


@SLOW
@given(st.dictionaries(KEYS, JSON))
def test_any_entry_in_the_documented_shape_keeps_its_id(values):
    content = {"object": 1, "entry": [{**values, "changes": [{}], "id": 7600000000000000123}]}
    items = payload.split_body(json.dumps(content).encode())
    check(items)
    assert items[0].lead_uid == "7600000000000000123"


@SLOW
@given(st.lists(st.integers(min_value=1, max_value=2**63), max_size=20), st.booleans())
def test_ids_survive_exactly(uids, as_text):
    entries = [{"id": str(uid) if as_text else uid, "changes": []} for uid in uids]
    items = payload.split_body(json.dumps({"object": 1, "entry": entries}).encode())
    assert [item.lead_uid for item in items if item.lead_uid] == [str(uid) for uid in uids]


@SLOW
@given(st.dictionaries(st.text(), st.text(st.characters())))
def test_any_form(fields):
    check(payload.split_form_fields(fields))


DEPTHS = [30, 100, 200, 300, 330, 400, 480, 490, 600, 900, 980, 990]
SHAPES = [
    ('{"object":1,"entry":[{"changes":[{"field":"name","value":%s}]}]}', "[", "]"),
    ('{"object":1,"entry":[{"changes":[{"field":"name","value":%s}]}]}', '{"value":', "}"),
    ('{"object":1,"entry":[{"id":7,"changes":[{"field":"name","value":%s}]}]}', "[", "]"),
    ('{"object":1,"entry":[{"id":7,"x":%s}]}', '{"x":', "}"),
    ('{"object":1,"entry":[{"id":7,"page_name":%s,"changes":[]}]}', "[", "]"),
    ('{"object":2,"entry":%s}', "[", "]"),
    ('{"object":1,"entry":%s}', "[", "]"),
    ('{"object":1,"entry":{"x":%s}}', "[", "]"),
    ('{"name":"Ana","q":%s}', "[", "]"),
    ('{"name":"Ana","data":%s}', '{"data":', "}"),
    ('{"name":"Ana","lead_id":7,"x":%s}', '{"value":', "}"),
    ("%s", "[", "]"),
]


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize(("shape", "opening", "closing"), SHAPES)
def test_any_depth(shape, opening, closing, depth):
    body = shape % (opening * depth + '"Ana"' + closing * depth)
    check(payload.split_body(body.encode()))
