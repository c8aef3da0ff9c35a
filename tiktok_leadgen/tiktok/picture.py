"""Download the pictures that TikTok's answers link to, within bounds of size and time."""

import time

import requests

from . import values
from .client import make_session, seconds_left

MAX_BYTES = 5 * 1024 * 1024
TIMEOUT = (2, 4)  # seconds to connect, and between two pieces; less than a click may take
MAX_SECONDS = 10  # for one picture
MAX_FAILURES = 3  # in a row: the server is down
_CHUNK = 64 * 1024
_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


class PictureDownloader:
    """Downloads pictures one after the other; after some failures in a row it stops trying.

    :param str base: of TikTok's API; only from there a picture may come without TLS
    :param requests.Session session: default: a new one
    """

    def __init__(self, base, session=None):
        self._base = base.rstrip("/") + "/"
        self._session = session or make_session()
        self._failures = 0

    def download(self, url):
        """Return a JPEG, PNG or WebP, or None if it can't be had.

        :param str url: of an answer of TikTok's
        :rtype: bytes | None
        """
        if self._failures >= MAX_FAILURES or not url.startswith(("https://", self._base)):
            return None
        try:
            content = self._download_body(url)
        except (requests.RequestException, ValueError, OSError):
            content = None
        self._failures = 0 if content else self._failures + 1
        return content if content and is_picture(content) else None

    def _download_body(self, url):
        """Return the body, or None if it fails, is too large or too slow.

        :param str url: of a picture
        :rtype: bytes | None
        """
        left = seconds_left(MAX_SECONDS)
        if left < sum(TIMEOUT):
            return None  # a request waits for more than the picture
        deadline = time.monotonic() + left
        content = bytearray()
        with self._session.get(url, timeout=TIMEOUT, allow_redirects=False, stream=True) as answer:
            if answer.status_code != requests.codes.ok:
                return None
            for chunk in answer.iter_content(_CHUNK):
                content += chunk
                if len(content) > MAX_BYTES or time.monotonic() > deadline:
                    return None
        return bytes(content)


def is_picture(content):
    """Tell whether bytes begin as a JPEG, PNG or WebP does.

    :param bytes content: of a file
    :rtype: bool
    """
    webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    return webp or content.startswith(_BEGINNINGS)


def strip_signature(url):
    """Return the part of a link that stays the same when TikTok signs it again.

    :param str url: of a picture
    :rtype: str
    """
    return values.split_url(url).path[:500]
