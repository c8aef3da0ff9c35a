"""Pictures that TikTok's answers link to."""

import io

import pytest
import requests
from tiktok.picture import MAX_BYTES, Pictures, is_picture, key

JPEG = b"\xff\xd8\xff\xe0 and more"


class Session:
    """Gives one answer to everything."""

    def __init__(self, content=JPEG, status=200, error=None):
        self.content, self.status, self.error = content, status, error
        self.asked = []

    def get(self, url, **options):
        self.asked.append(url)
        assert options["allow_redirects"] is False
        if self.error:
            raise self.error
        answer = requests.Response()
        answer.status_code = self.status
        answer.raw = io.BytesIO(self.content)
        return answer


def get(url="https://cdn.example.com/a.jpeg", **options):
    """Fetch one picture."""
    return Pictures("http://127.0.0.1:8070", Session(**options)).get(url)


def test_a_picture():
    assert get() == JPEG
    assert get("http://127.0.0.1:8070/cdn/a.jpg") == JPEG


@pytest.mark.parametrize(
    "url", ["http://cdn.example.com/a", "http://127.0.0.1:80701/a", "file:///etc/passwd", "", "a"]
)
def test_addresses_that_are_not_asked(url):
    session = Session()
    assert Pictures("http://127.0.0.1:8070", session).get(url) is None
    assert not session.asked


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 404},
        {"status": 302},
        {"content": b"<svg onload=alert(1)>"},
        {"content": b"GIF89a"},
        {"content": b""},
        {"content": JPEG + b"0" * MAX_BYTES},
        {"error": requests.ConnectTimeout()},
        {"error": requests.exceptions.InvalidURL()},
    ],
)
def test_what_is_no_picture(answer):
    assert get(**answer) is None


def test_it_gives_up_after_three_failures_in_a_row():
    session = Session(status=503)
    pictures = Pictures("https://api.example.com", session)
    for _time in range(5):
        pictures.get("https://cdn.example.com/a")
    assert len(session.asked) == 3


def test_kinds():
    assert is_picture(b"RIFF\x00\x00\x00\x00WEBPVP8 ")
    assert is_picture(b"\x89PNG\r\n\x1a\n")
    assert not is_picture(b"RIFF\x00\x00\x00\x00WAVE")


def test_the_key_leaves_the_signature_out():
    assert key("https://a.example.com/p/x.jpeg?x-signature=1") == "/p/x.jpeg"
