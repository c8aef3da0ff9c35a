"""The API for Business (Marketing API): its envelope, its limits, its pages and its files.

https://business-api.tiktok.com/portal/docs?id=1740029171730433
"""

import json
import time
import urllib.parse

import requests

from . import values
from .business_refusal import REFUSED, SECOND_LOCK, SUCCESS, refusal
from .client import Client, seconds_left
from .errors import (
    NotUnderstoodError,
    ReconnectError,
    RetryLaterError,
    UnclearError,
    without_reason,
)
from .pace import Pace
from .shape import missing, require_list, require_object

PAGE_SIZE = 100
MAX_PAGES = 1_000
MAX_REDIRECTS = 3
TRIES = 3  # after TikTok's limit of a second
MAX_FILE_BYTES = 512 * 1024 * 1024
MAX_FILE_SECONDS = 900
MAX_REFUSAL_BYTES = 64 * 1024
CHUNK_BYTES = 8 * 1024  # small, so that a slow file meets its deadline
PACE = Pace()


class BusinessClient:
    """Calls the Marketing API with one token.

    :param str base_url: with ``/open_api/v1.3``
    :param str token: of an advertiser; some calls need none
    :param requests.Session session: default: a new one
    :param Pace pace: default: that of the process
    :param on_dead: called when TikTok takes the token no more, before the error is raised
    """

    def __init__(self, base_url, token="", session=None, pace=PACE, on_dead=None):
        self._base = base_url.rstrip("/")
        self._token = token
        self._client = _Following(self._base, session)
        self._pace = pace
        self._on_dead = on_dead

    def get(self, path, params=None, headers=None):
        """Read something.

        :param str path: below the base
        :param dict params: lists and objects are written as JSON
        :param dict headers: beside the token
        :return: the envelope's ``data``
        :rtype: dict
        :raise TiktokError: as TikTok refuses
        :raise NotUnderstoodError: if a success comes without data
        """
        data = self._call("GET", path, headers, params=_query(params))
        if data is None:
            raise missing("data")
        return data

    def post(self, path, body=None, headers=None):
        """Change something.

        What was changed stays so, whatever the answer holds: callers that need something of it
        check that it is there.

        :param dict body: sent as JSON
        :return: the envelope's ``data``, empty if there is none
        :rtype: dict
        :raise TiktokError: as TikTok refuses
        """
        return self._call("POST", path, headers, json=body or {}) or {}

    def pages(self, path, params=None, key="list", page_size=PAGE_SIZE):
        """Yield every item of a list that comes in pages.

        It ends with the last page TikTok names; where it names none, with a page that brings
        nothing new.

        :param str key: of the list in ``data``
        :rtype: Iterator[dict]
        :raise TiktokError: as TikTok refuses
        :raise NotUnderstoodError: if the list is missing, incomplete or endless
        """
        seen = set()
        for page in range(1, MAX_PAGES + 1):
            data = self.get(path, {**(params or {}), "page": page, "page_size": page_size})
            new = [item for item in require_list(data, key) if _is_new(item, seen)]
            yield from new
            last = _last_page(data)
            if page >= last or (not new and last == MAX_PAGES):
                return
            if not new:
                raise NotUnderstoodError("TikTok's list is incomplete.", "incomplete_list")
        raise NotUnderstoodError("TikTok's list does not end.", "endless_list")

    def download(self, path, params, out, headers=None):
        """Write a file of TikTok's to a binary file. What was written before an error is nothing.

        :param out: has ``write``
        :return: how many bytes
        :rtype: int
        :raise UnclearError: if it did not come whole
        :raise TiktokError: as TikTok refuses, in JSON instead of the file
        """
        headers = {"Accept-Encoding": "identity", **(headers or {})}
        with self._send("GET", path, headers, params=_query(params)) as response:
            chunks = _chunks(response)
            first = next(chunks, b"")
            if response.status_code >= 400 or _is_json(response, first):
                raise self._told(_refusal_instead(response, first, chunks))
            out.write(first)
            size = len(first)
            for chunk in chunks:
                out.write(chunk)
                size += len(chunk)
        return size

    def _call(self, method, path, headers, **options):
        """Send a call and return its data, once more for each full second of TikTok's."""
        for _time in range(TRIES - 1):
            try:
                return self._data(self._send(method, path, headers, **options))
            except RetryLaterError as error:
                # Refused, not carried out: another process has used up this second.
                if error.code not in REFUSED or error.retry_after != SECOND_LOCK:
                    raise
                self._pace.sleep(SECOND_LOCK)
        return self._data(self._send(method, path, headers, **options))

    def _send(self, method, path, headers, **options):
        self._pace.wait()
        path = f"/{path.strip('/')}/"
        headers = {**({"Access-Token": self._token} if self._token else {}), **(headers or {})}
        return self._client.answer(method, self._base + path, headers=headers, **options)

    def _data(self, response):
        content = self._client.parse(response)
        if content.get("code") not in SUCCESS:
            if "code" not in content and response.status_code >= 400:
                raise without_reason(response.status_code)
            raise self._told(refusal(content))
        data = content.get("data")
        return _with_text_ids(data) if isinstance(data, dict) else None

    def _told(self, error):
        """Return an error, after telling of a dead token."""
        if isinstance(error, ReconnectError) and self._on_dead:
            self._on_dead()
        return error


class _Following(Client):
    """Follows a redirect with all that was sent, as long as it stays at TikTok.

    :param str base: what was configured; its host may redirect to itself
    """

    def __init__(self, base, session=None):
        super().__init__(session)
        self._parts = urllib.parse.urlsplit(base)

    def _send(self, method, url, options):
        for _step in range(MAX_REDIRECTS + 1):
            response = super()._send(method, url, options)
            if response.status_code not in (307, 308):
                return response
            url = urllib.parse.urljoin(url, response.headers.get("Location", ""))
            response.close()
            self._check(url)
            if urllib.parse.urlsplit(url).query:
                options = {**options, "params": None}
        raise NotUnderstoodError("TikTok sends us in circles.", "redirects")

    def _check(self, url):
        parts = urllib.parse.urlsplit(url)
        host = parts.hostname or ""
        own = parts.scheme == self._parts.scheme and host == self._parts.hostname
        tiktok = parts.scheme == "https" and host.endswith(".tiktok.com")
        if not own and not tiktok:
            raise NotUnderstoodError("TikTok sends us to somebody else.", "redirects")


def _query(params):
    """Return parameters as an address takes them: lists and objects as JSON, empty ones left out.

    :param dict params: of any kind
    :rtype: dict
    """
    return {
        name: json.dumps(value) if isinstance(value, (list, dict)) else value
        for name, value in (params or {}).items()
        if value is not None
    }


def _is_new(item, seen):
    mark = hash(json.dumps(item, sort_keys=True))
    if mark in seen:
        return False
    seen.add(mark)
    return True


def _last_page(data):
    """Return the number of the last page as TikTok names it, else `MAX_PAGES`.

    :raise NotUnderstoodError: if what tells of the pages has another shape than documented
    """
    if "page_info" not in data:
        return MAX_PAGES
    total = require_object(data, "page_info").get("total_page")
    if not isinstance(total, int) or isinstance(total, bool):
        raise missing("total_page")
    return total


def _with_text_ids(value):
    """Return the same with ids as texts: they have 19 digits, and sometimes come as numbers."""
    if isinstance(value, list):
        return [_with_text_ids(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: _text_id(name, item) for name, item in value.items()}


def _text_id(name, item):
    if isinstance(item, int) and not isinstance(item, bool) and name.endswith("_id"):
        return str(item)
    if isinstance(item, list) and name.endswith("_ids"):
        return [str(each) if isinstance(each, int) else each for each in item]
    return _with_text_ids(item)


def _chunks(response):
    """Yield the file; stop at what is too large, too slow or not whole."""
    size, ends = 0, time.monotonic() + seconds_left(MAX_FILE_SECONDS)
    try:
        for chunk in response.iter_content(CHUNK_BYTES):
            size += len(chunk)
            if size > MAX_FILE_BYTES:
                raise NotUnderstoodError("TikTok's file is too large.", "too_large")
            if time.monotonic() > ends:
                raise UnclearError("TikTok's file comes too slowly.", "answer_lost")
            yield chunk
    except requests.RequestException:
        raise UnclearError("TikTok's file did not come whole.", "truncated") from None
    announced = values.whole_number(response.headers.get("Content-Length", ""))
    packed = response.headers.get("Content-Encoding")
    if announced is not None and not packed and size != announced:
        raise UnclearError("TikTok's file did not come whole.", "truncated")


def _is_json(response, first):
    kind = response.headers.get("Content-Type", "")
    return "json" in kind.lower() or first.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{")


def _refusal_instead(response, first, chunks):
    """Return the error that came in place of a file."""
    body = first
    for chunk in chunks:
        body += chunk
        if len(body) > MAX_REFUSAL_BYTES:
            return NotUnderstoodError("TikTok's answer is no file.", "no_file")
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        status = response.status_code
        return NotUnderstoodError(f"TikTok's answer can't be read (HTTP {status}).", "not_json")
    if content.get("code") in SUCCESS:
        return NotUnderstoodError("TikTok's answer is no file.", "no_file")
    return refusal(content)
