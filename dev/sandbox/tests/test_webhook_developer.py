"""Events of the developer platform (contract, section 5)."""

import hashlib
import hmac
import itertools
import json

import pytest

from dev.sandbox.tests.clients import wrong

HOURS_72 = 72 * 3600


@pytest.fixture
def hooked(developer, receiver):
    """The developer app with a callback."""
    developer.tiktok.set_app(client_key=developer.key, webhook_url=f"{receiver.url}/events")
    return developer


def verify(developer, headers, body):
    """Check a signature as a receiver does; return its time."""
    stamp, _, digest = headers["TikTok-Signature"].partition(",s=")
    signed = stamp.removeprefix("t=").encode() + b"." + body
    secret = developer.app["client_secret"].encode()
    assert hmac.new(secret, signed, hashlib.sha256).hexdigest() == digest
    return int(stamp.removeprefix("t="))


def send(developer, event="video.publish.completed", **content):
    """Send an event about the public account."""
    developer.tiktok.send_event(
        client_key=developer.key,
        event=event,
        content=content or {"share_id": "1"},
        username=developer.PUBLIC,
    )
    developer.tiktok.flush()


def test_shape_and_signature(hooked, receiver):
    send(hooked, share_id="abc")
    path, headers, raw = receiver.requests[0]
    assert path == "/events"
    assert verify(hooked, headers, raw) == int(hooked.tiktok.now())
    body = json.loads(raw)
    assert body["client_key"] == hooked.key
    assert body["create_time"] == int(hooked.tiktok.now())
    assert json.loads(body["content"]) == {"share_id": "abc"}
    assert body["user_openid"]


def test_no_callback_no_event(developer):
    send(developer)
    assert developer.tiktok.deliveries() == []


@pytest.mark.parametrize("reason", [0, 1, 2, 3, 4, 5])
def test_the_token_is_dead_before_the_event_comes(hooked, receiver, reason):
    tokens = hooked.login()
    hooked.tiktok.remove_authorization(client_key=hooked.key, username=hooked.PUBLIC, reason=reason)
    assert wrong(hooked.get("/v2/user/info/", fields="open_id")) == (401, "access_token_invalid")
    assert hooked.refresh(tokens["refresh"]).json()["error"] == "invalid_grant"
    hooked.tiktok.flush()
    body = json.loads(receiver.requests[0][2])
    assert body["event"] == "authorization.removed"
    assert json.loads(body["content"]) == {"reason": reason}


@pytest.mark.parametrize(("time_unit", "signed", "factor"), [("ms", "yes", 1000), ("s", "no", 1)])
def test_ping(hooked, receiver, time_unit, signed, factor):
    hooked.tiktok.set_settings(hook_ping_time=time_unit, hook_ping_signature=signed)
    hooked.tiktok.test_url(client_key=hooked.key)
    hooked.tiktok.flush()
    _path, headers, raw = receiver.requests[0]
    body = json.loads(raw)
    assert body["event"] == "tiktok.ping"
    assert body["create_time"] == int(hooked.tiktok.now()) * factor
    assert json.loads(body["content"]) == {"reason": "testing Webhook"}
    assert ("TikTok-Signature" in headers) == (signed == "yes")


@pytest.mark.parametrize(("way", "fresh"), [("same_time", False), ("new_time", True)])
def test_retries_for_72_hours_signed_again_or_not(hooked, receiver, way, fresh):
    hooked.tiktok.set_settings(hook_retry_signature=way)
    receiver.answers = [(500, "")] * 100
    began = hooked.tiktok.now()
    send(hooked)
    assert len(receiver.requests) == 1
    hooked.tiktok.advance(HOURS_72)
    (delivery,) = hooked.tiktok.deliveries()
    assert delivery["state"] == "dropped"
    times = [attempt["at"] - began for attempt in delivery["attempts"]]
    waits = [later - sooner for sooner, later in itertools.pairwise(times)]
    assert waits == sorted(waits)
    assert times[-1] == HOURS_72
    stamps = {verify(hooked, headers, raw) for _path, headers, raw in receiver.requests}
    assert (len(stamps) > 1) == fresh


def test_duplicates_on_request(hooked, receiver):
    hooked.tiktok.set_settings(hook_copies=3)
    send(hooked)
    assert len({raw for _p, _h, raw in receiver.requests}) == 1
    assert len(receiver.requests) == 3


def test_any_event_can_be_sent(hooked, receiver):
    hooked.tiktok.send_event(
        client_key=hooked.key, event="portability.download.ready", content={"request_id": 123}
    )
    hooked.tiktok.flush()
    assert "user_openid" not in json.loads(receiver.requests[0][2])
