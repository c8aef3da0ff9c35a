"""Bodies of https://developers.tiktok.com/doc/webhooks-events, and what else may come."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiktok import developer_event

REMOVED = {
    "client_key": "ck_demo",
    "event": "authorization.removed",
    "create_time": 1784500000,
    "user_openid": "oid_demo",
    "content": '{"reason":1}',
}


def read(**values):
    return developer_event.read(json.dumps({**REMOVED, **values}).encode())


def test_the_documented_body_is_read():
    event = read()
    assert (event.name, event.client_key, event.open_id) == (
        "authorization.removed",
        "ck_demo",
        "oid_demo",
    )
    assert event.created == 1784500000
    assert event.content == {"reason": 1}
    assert event.is_known
    assert event.has_account
    assert not event.reason


@pytest.mark.parametrize("moment", [1784500000, 1784500000000, "1784500000", 1784500000.0])
def test_seconds_and_milliseconds_are_one_time(moment):
    assert read(create_time=moment).created == 1784500000


@pytest.mark.parametrize("moment", [None, "soon", -1, 0, True, [], {}])
def test_what_is_no_time_is_none(moment):
    assert read(create_time=moment).created is None


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('{"reason":4}', {"reason": 4}),
        ({"reason": 4}, {"reason": 4}),
        ("", {}),
        ("{", {}),
        ("[1]", {}),
        ("[" * 100_000, {}),
        ("\ud800", {}),
        (None, {}),
        (7, {}),
        ([], {}),
    ],
)
def test_the_content_is_parsed_twice_or_empty(content, expected):
    assert read(content=content).content == expected


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("post.publish.publicaly_available", "post.publish.publicly_available"),
        ("post.publish.publicly_available", "post.publish.publicly_available"),
        (
            "post.publish.no_longer_publicaly_available",
            "post.publish.no_longer_publicly_available",
        ),
        ("post.publish.completed", "post.publish.complete"),
    ],
)
def test_both_names_are_one_event(sent, name):
    assert read(event=sent).name == name


@pytest.mark.parametrize(
    ("name", "known", "has_account"),
    [
        ("authorization.removed", True, True),
        ("video.upload.failed", True, True),
        ("video.publish.completed", True, True),
        ("post.publish.failed", True, True),
        ("post.publish.inbox_delivered", True, True),
        ("portability.download.ready", True, False),
        ("tiktok.ping", True, False),
        ("tiktok.pingpong", False, True),
        ("authorization.removed.twice", False, True),
        ("something.new", False, True),
        ("", False, True),
    ],
)
def test_which_events_are_known(name, known, has_account):
    event = read(event=name)
    assert event.is_known is known
    assert event.has_account is has_account


def test_the_key_is_the_same_only_for_the_same_event():
    key = read().key
    assert read().key == key
    others = [
        {"client_key": "x"},
        {"event": "video.upload.failed"},
        {"create_time": 1784500001},
        {"user_openid": "x"},
        {"content": '{"reason":2}'},
    ]
    assert len({key, *(read(**other).key for other in others)}) == 6


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty_body"),
        (b"{", "not_json"),
        (b"NaN", "not_json"),
        (b"\xff\xfe\xfd", "bad_encoding"),
        (b"[]", "bad_entry"),
        (b'"text"', "bad_entry"),
        (b"[" * 60_000, "too_deep"),
    ],
)
def test_what_cannot_be_read_has_a_reason(body, reason):
    event = developer_event.read(body)
    assert event.reason == reason
    assert not event.is_known
    assert "\x00" not in event.raw


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({"reason": 0}, "0"),
        ({"reason": 5}, "5"),
        ({"reason": "3"}, "3"),
        ({"reason": 6}, "0"),
        ({"reason": True}, "0"),
        ({"reason": None}, "0"),
        ({"reason": [1]}, "0"),
        ({}, "0"),
    ],
)
def test_a_reason_beyond_the_documented_ones_is_unknown(content, reason):
    assert developer_event.removed_reason(content) == reason


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(REMOVED, JSON)))
def test_no_values_make_it_raise(values):
    body = json.dumps(values).encode("utf-8", "surrogatepass")
    event = developer_event.read(body)
    event.raw.encode("ascii")
    assert developer_event.read(event.raw).key == event.key


@given(st.binary())
def test_no_bytes_make_it_raise(body):
    assert "\x00" not in developer_event.read(body).raw
