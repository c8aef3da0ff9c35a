"""Fetch the pictures that TikTok's answers link to: bounded, and never in the way of the rest."""

import time
import urllib.parse

import requests

from .client import make_session, seconds_left

MAX_BYTES = 5 * 1024 * 1024
TIMEOUT = (3, 5)  # seconds to connect, and between two pieces
MAX_SECONDS = 10  # for one picture
LEAST_SECONDS = 6  # a request with less left has none
MAX_FAILURES = 3  # in a row: whoever serves them is down
_CHUNK = 64 * 1024
_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


class Pictures:
    """Fetches pictures one after the other; after some failures in a row it no longer tries.

    :param str base: of TikTok's API; only there may a picture come without TLS
    :param requests.Session session: default: a new one
    """

    def __init__(self, base, session=None):
        self._base = base.rstrip("/") + "/"
        self._session = session or make_session()
        self._failures = 0

    def get(self, url):
        """Return a JPEG, PNG or WebP, or None for whatever reason.

        :param str url: of an answer of TikTok's
        :rtype: bytes | None
        """
        if self._failures >= MAX_FAILURES or not url.startswith(("https://", self._base)):
            return None
        try:
            content = self._download(url)
        except (requests.RequestException, ValueError, OSError):
            content = None
        self._failures = 0 if content else self._failures + 1
        return content if content and is_picture(content) else None

    def _download(self, url):
        """Return the body, or None if it is no success, too large or too slow."""
        left = seconds_left(MAX_SECONDS)
        if left < LEAST_SECONDS:
            return None  # a person waits, and not for a picture
        connect, read = TIMEOUT
        timeout = (min(connect, left / 6), min(read, left / 2))  # connecting is tried three times
        deadline = time.monotonic() + left
        content = bytearray()
        with self._session.get(url, timeout=timeout, allow_redirects=False, stream=True) as answer:
            if answer.status_code != requests.codes.ok:
                return None
            for chunk in answer.iter_content(_CHUNK):
                content += chunk
                if len(content) > MAX_BYTES or time.monotonic() > deadline:
                    return None
        return bytes(content)


def is_picture(content):
    """Tell whether bytes begin as a JPEG, PNG or WebP does.

    :rtype: bool
    """
    webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    return webp or content.startswith(_BEGINNINGS)


def key(url):
    """Return what of a link stays when its signature changes.

    :rtype: str
    """
    parts = urllib.parse.urlsplit(url)
    return parts.path[:500]
