"""A description of a delivery has nothing of the person in it."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiktok import redacted

SLOW = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
ENTRY = {
    "id": 7600000000000000123,
    "page_id": "7600000000000000456",
    "campaign_name": "Herbst für Köln",
    "create_time": 1789901990,
    "is_test": False,
    "library_id": None,
    "changes": [
        {"field": "full name", "value": "Ana Pérez"},
        {"field": "phone_number", "value": "+56911112222"},
        {"field": "What is your budget?", "value": ["2-4 M", "أحمد"]},
        {"field": "born", "value": "1990-02-03"},
        {"field": "site", "value": "https://ana.example.com/me"},
    ],
}


def describe(content):
    return redacted.redact_payload(json.dumps(content))


def list_values(content):
    """Yield all values of parsed JSON as texts."""
    inner = content.values() if isinstance(content, dict) else content
    for part in inner if isinstance(content, (dict, list)) else ():
        yield from list_values(part)
    if isinstance(content, (str, int, float)) and not isinstance(content, bool):
        yield str(content)


def test_structure_types_and_lengths_are_shown():
    found = describe(ENTRY)
    keys = found["keys"]
    assert list(keys) == list(ENTRY)
    assert keys["id"] == {"type": "integer", "length": 19}
    assert keys["page_id"] == {"type": "text", "length": 19, "looks_like": "digits"}
    assert keys["campaign_name"]["scripts"] == ["latin"]
    assert (keys["is_test"], keys["library_id"]) == ({"type": "boolean"}, {"type": "null"})
    changes = keys["changes"]["items"]
    assert changes[0]["keys"]["field"]["standard_question"] == "name"
    assert changes[1]["keys"]["value"]["looks_like"] == "phone"
    assert changes[2]["keys"]["value"]["items"][1]["scripts"] == ["arabic"]
    assert changes[3]["keys"]["value"]["looks_like"] == "date"
    assert changes[4]["keys"]["value"]["looks_like"] == "address"


def test_no_value_is_shown():
    text = redacted.redact_delivery(json.dumps(ENTRY), {}, {"state": "failed"})
    for value in list_values(ENTRY):
        if value not in ("phone_number", "site"):  # what standard questions are called
            assert json.dumps(value)[1:-1] not in text


@pytest.mark.parametrize(
    "key",
    ["ana@example.com", "Ana Pérez", "+56911112222", "What is your budget?", "Ana", "x" * 60],
)
def test_a_key_that_may_be_an_answer_is_numbered(key):
    found = json.dumps(describe({key: "yes", "mail": "Ana"}))
    assert f'"{key}"' not in found
    assert "key 1: " in found


def test_a_key_that_is_a_value_elsewhere_is_numbered():
    assert list(describe({"anna": 1, "anna_answers": 2, "name": "Anna"})["keys"]) == [
        "key 1: word, 4",
        "key 2: word, 12",
        "name",
    ]


@pytest.mark.parametrize("raw", ["Ana Pérez <ana@example.com>", "{", "", "[" * 200_000])
def test_a_body_that_can_not_be_read_is_described(raw):
    found = redacted.redact_payload(raw)
    assert (found["type"], found["length"]) == ("unreadable", len(raw))
    assert "Ana" not in json.dumps(found)


def test_an_answer_is_no_question():
    found = describe({"value": "Email", "field": "Email"})["keys"]
    assert "standard_question" not in found["value"]
    assert found["field"]["standard_question"] == "email"


def test_json_in_a_text_is_not_quoted():
    found = describe({"content": json.dumps({"name": "Ana Pérez"})})
    assert found["keys"]["content"]["looks_like"] == "json"
    assert "Ana" not in json.dumps(found)


def test_it_is_bounded():
    deep = ENTRY
    for _level in range(500):
        deep = {"data": deep}
    assert len(json.dumps(describe(deep))) < 2_000
    assert len(json.dumps(describe([ENTRY] * 5_000))) < 60_000
    assert len(json.dumps(describe({f"k{n}": n for n in range(9_000)}))) < 5_000


def test_headers_have_no_secret():
    headers = [
        ("Content-Type", "multipart/form-data; boundary=----abc123"),
        ("Content-Length", "512"),
        ("User-Agent", "okhttp/3.9"),
        ("X-Open-Signature", "5d7d47a97175f8522d06cbba3e1f1ad670acc8b0"),
        ("Authorization", "Bearer abc"),
        ("Cookie", "session_id=abc"),
        ("X-Forwarded-For", "203.0.113.7"),
        ("Bad Name\n", "x"),
        ("accept", "Zoë"),
    ]
    assert redacted.describe_headers(headers) == {
        "content-type": "multipart/form-data; boundary=…",
        "content-length": "512",
        "user-agent": "okhttp/3.9",
        "x-open-signature": 40,
        "authorization": 10,
        "cookie": 14,
        "x-forwarded-for": 11,
        "accept": 3,
    }


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", "loopback"),
        ("::1", "loopback"),
        ("::ffff:10.0.0.7", "private"),
        ("192.168.1.20", "private"),
        ("fd00::7", "private"),
        ("8.8.8.8", "public_v4"),
        ("::ffff:8.8.8.8", "public_v4"),
        ("2606:4700::1111", "public_v6"),
        ("unix:", ""),
        ("", ""),
    ],
)
def test_an_address_is_only_classified(address, expected):
    assert redacted.classify_address(address) == expected
    stored = redacted.describe_request([("Content-Length", "512")], address)
    assert stored == {"content-length": "512", **({":address": expected} if expected else {})}


# Values that can't be a word of the description by chance.
MARKED = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).map(
    lambda text: f"ꙮ{text}"
)
KEYS = st.one_of(
    MARKED, st.text(max_size=12), st.sampled_from(["name", "field", "value", "data", "entry"])
)
LEAVES = st.one_of(
    MARKED, st.integers(10**12, 10**20), st.floats(1e12, 1e15), st.booleans(), st.none()
)
BODIES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(KEYS, inner, max_size=5)),
    max_leaves=25,
)


@SLOW
@given(BODIES)
def test_no_value_of_any_body_occurs(content):
    text = redacted.redact_delivery(json.dumps(content), {}, {})
    readable = text + json.dumps(json.loads(text), ensure_ascii=False)
    for value in list_values(content):
        assert value not in readable
        assert json.dumps(value)[1:-1] not in text


@SLOW
@given(st.lists(st.tuples(st.text(max_size=20), MARKED), max_size=8))
def test_no_value_of_any_header_occurs(headers):
    found = json.dumps(redacted.describe_headers(headers), ensure_ascii=False)
    assert "ꙮ" not in found


@SLOW
@given(st.dictionaries(MARKED, st.booleans(), max_size=5), st.text(max_size=60))
def test_no_unusual_key_and_no_unreadable_text_occurs(content, text):
    assert "ꙮ" not in json.dumps(describe(content), ensure_ascii=False)
    redacted.redact_payload(text)
