"""Pictures that TikTok's answers link to."""

import io

import pytest
import requests
from tiktok.picture import MAX_BYTES, PictureDownloader, is_picture, strip_signature

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
    return PictureDownloader("http://127.0.0.1:8070", Session(**options)).download(url)


def test_download_of_a_picture():
    assert get() == JPEG
    assert get("http://127.0.0.1:8070/cdn/a.jpg") == JPEG


@pytest.mark.parametrize(
    "url", ["http://cdn.example.com/a", "http://127.0.0.1:80701/a", "file:///etc/passwd", "", "a"]
)
def test_unsafe_addresses_are_not_requested(url):
    session = Session()
    assert PictureDownloader("http://127.0.0.1:8070", session).download(url) is None
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
def test_failed_downloads_return_nothing(answer):
    assert get(**answer) is None


def test_downloads_stop_after_three_failures():
    session = Session(status=503)
    pictures = PictureDownloader("https://api.example.com", session)
    for _time in range(5):
        pictures.download("https://cdn.example.com/a")
    assert len(session.asked) == 3


def test_recognized_image_formats():
    assert is_picture(b"RIFF\x00\x00\x00\x00WEBPVP8 ")
    assert is_picture(b"\x89PNG\r\n\x1a\n")
    assert not is_picture(b"RIFF\x00\x00\x00\x00WAVE")


def test_strip_signature():
    assert strip_signature("https://a.example.com/p/x.jpeg?x-signature=1") == "/p/x.jpeg"


def test_a_malformed_link_has_no_part_to_compare():
    assert strip_signature("https://[x/p.jpeg") == ""
