"""How long calls may take together where a request waits for them."""

import pytest
import requests
from tiktok import client, picture
from tiktok.errors import AnswerLostError, RetryLaterError

URL = "https://open.tiktokapis.com/v2/user/info/"


class Clock:
    """A clock that moves when told, and by what a call of the slow TikTok takes."""

    def __init__(self):
        self.now = 100.0
        self.timeouts = []

    def request(self, _method, _url, *, timeout, **_options):
        """Take all the time there is, and answer nothing."""
        self.timeouts.append(timeout)
        self.now += sum(timeout)
        raise requests.ReadTimeout


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(client.time, "monotonic", lambda: clock.now)
    return clock


def call(clock):
    with pytest.raises(RetryLaterError) as raised:
        client.Client(clock).call("GET", URL)
    return raised.value


def test_nobody_waits(clock):
    for _again in range(3):
        assert isinstance(call(clock), AnswerLostError)
    assert clock.timeouts == [(client.CONNECT_SECONDS, client.READ_SECONDS)] * 3


def test_the_calls_of_one_request_share_its_time(clock):
    with client.deadline(25):
        clock.now += 10
        assert isinstance(call(clock), AnswerLostError)
        assert clock.timeouts == [(3.75, 11.25)]
        last = call(clock)
    assert clock.now == 125
    assert len(clock.timeouts) == 1, "what has no time left is not sent"
    assert not isinstance(last, AnswerLostError), "so it is sure that TikTok did nothing"


def test_a_page_is_held_for_seconds_only(clock):
    with client.deadline():
        for _again in range(3):
            call(clock)
    assert clock.now - 100 <= 8


def test_it_is_over_with_the_request(clock):
    with client.deadline(25), client.deadline(5):
        clock.now += 4
        assert client.seconds_left(30) == 1
    assert client.seconds_left(30) == 30


class UnusedSession:
    """A session that must not be used."""

    def get(self, url, **_options):
        """Fail the test."""
        raise AssertionError(url)


def test_a_picture_is_not_waited_for(clock):
    pictures = picture.PictureDownloader("https://open.tiktokapis.com", UnusedSession())
    with client.deadline(5):
        assert pictures.download("https://p16.tiktokcdn.com/x.jpeg") is None
