"""The API for Business (Marketing API): its envelope, limits, pages and files.

Each endpoint is in the module of its subject: forms in `instant_form.py` (TikTok calls a form
a page), subscriptions in `subscription.py`, exports in `export.py`, test leads in `mock_lead.py`.

https://business-api.tiktok.com/portal/docs?id=1740029171730433
"""

import json
import time
import urllib.parse

import requests

from . import values
from .business_refusal import REFUSED, SECOND_LOCK, SUCCESS, parse_refusal, read_refusal
from .client import Client, seconds_left
from .errors import (
    AnswerLostError,
    ReconnectError,
    RetryLaterError,
    UnparsableAnswerError,
    unexplained_refusal,
)
from .rate_limiter import RateLimiter
from .shape import missing, require_list, require_object

PAGE_SIZE = 100
MAX_PAGES = 1_000
MAX_REDIRECTS = 3
MAX_ATTEMPTS = 3  # where TikTok's limit of calls per second is reached
MAX_FILE_BYTES = 512 * 1024 * 1024
MAX_FILE_SECONDS = 900
CHUNK_BYTES = 8 * 1024  # small, so that a slow file meets its deadline
RATE_LIMITER = RateLimiter()


class BusinessClient:
    """Calls the Marketing API with one token.

    :param str base_url: with ``/open_api/v1.3``
    :param str token: of an advertiser; some calls need none
    :param requests.Session session: default: a new one
    :param RateLimiter rate_limiter: default: that of the process
    :param on_dead: called when TikTok rejects the token, before the error is raised
    """

    def __init__(self, base_url, token="", session=None, rate_limiter=RATE_LIMITER, on_dead=None):
        self._base = base_url.rstrip("/")
        self._token = token
        self._client = _RedirectingClient(self._base, session)
        self._rate_limiter = rate_limiter
        self._on_dead = on_dead

    def get(self, path, params=None, headers=None):
        """Send a GET request and return its data.

        :param str path: below the base
        :param dict params: lists and objects are written as JSON
        :param dict headers: in addition to the token
        :return: the envelope's ``data``
        :rtype: dict
        :raise TiktokError: as TikTok refuses
        :raise UnparsableAnswerError: if a success comes without data
        """
        data = self._call_with_retries("GET", path, headers, params=_encode_params(params))
        if data is None:
            raise missing("data")
        return data

    def get_list(self, path, params=None, key="list"):
        """Send a GET request and return a list of its data, which may be empty.

        :param str path: below the base
        :param dict params: lists and objects are written as JSON
        :param str key: of the list in ``data``
        :rtype: list[dict]
        :raise TiktokError: as TikTok refuses
        :raise UnparsableAnswerError: if a success comes without the list
        """
        return require_list(self.get(path, params), key)

    def post(self, path, body=None, headers=None, files=None):
        """Send a POST request and return its data.

        The change is made whatever the answer holds: callers check for what they need of it.

        :param str path: below the base
        :param dict body: sent as JSON, or beside files as the fields of a form
        :param dict headers: in addition to the token
        :param dict files: as of `requests`
        :return: the envelope's ``data``, empty if there is none
        :rtype: dict
        :raise TiktokError: as TikTok refuses
        """
        content = {"data": body, "files": files} if files else {"json": body or {}}
        return self._call_with_retries("POST", path, headers, **content) or {}

    def iter_pages(self, path, params=None, key="list", page_size=PAGE_SIZE):
        """Yield every item of a paged list.

        The list ends with the last page TikTok names; where it names none, with a page without
        new items.

        :param str path: below the base
        :param dict params: in addition to those of the page
        :param str key: of the list in ``data``
        :param int page_size: items per page
        :rtype: Iterator[dict]
        :raise TiktokError: as TikTok refuses
        :raise UnparsableAnswerError: if the list is missing, incomplete or endless
        """
        seen = set()
        for page in range(1, MAX_PAGES + 1):
            data = self.get(path, {**(params or {}), "page": page, "page_size": page_size})
            new = [item for item in require_list(data, key) if _is_new_item(item, seen)]
            yield from new
            last = _last_page_number(data)
            if page >= last or (not new and last == MAX_PAGES):
                return
            if not new:
                raise UnparsableAnswerError("TikTok's list is incomplete.", "incomplete_list")
        raise UnparsableAnswerError("TikTok's list does not end.", "endless_list")

    def download(self, path, params, out, headers=None):
        """Download a file. After an error, what was written is incomplete.

        :param str path: below the base
        :param dict params: lists and objects are written as JSON
        :param out: binary file to write to
        :param dict headers: in addition to the token
        :return: size in bytes
        :rtype: int
        :raise AnswerLostError: if it was not received completely
        :raise TiktokError: as TikTok refuses, in JSON instead of the file
        :raise UnparsableAnswerError: if the answer is no file
        """
        headers = {"Accept-Encoding": "identity", **(headers or {})}
        with self._send_with_token("GET", path, headers, params=_encode_params(params)) as response:
            chunks = _iter_chunks(response)
            first = next(chunks, b"")
            if response.status_code >= 400 or _is_json_answer(response, first):
                raise self._report_dead_token(read_refusal(response, first, chunks))
            if response.status_code != requests.codes.ok:  # its empty body is no empty export
                raise UnparsableAnswerError("TikTok's answer is no file.", "no_file")
            out.write(first)
            size = len(first)
            for chunk in chunks:
                out.write(chunk)
                size += len(chunk)
        return size

    def _call_with_retries(self, method, path, headers, **options):
        """Send a request and return its data; wait and retry at TikTok's limit per second.

        :param str method: GET or POST
        :param str path: below the base
        :param dict headers: in addition to the token
        :param options: of `Client.call`
        :return: the envelope's ``data``, None if there is none
        :rtype: dict | None
        :raise TiktokError: as TikTok refuses
        """
        for _time in range(MAX_ATTEMPTS - 1):
            try:
                return self._parse_data(self._send_with_token(method, path, headers, **options))
            except RetryLaterError as error:
                # Refused, not carried out: another process reached the limit of this second.
                if error.code not in REFUSED or error.retry_after != SECOND_LOCK:
                    raise
                self._rate_limiter.sleep(SECOND_LOCK)
        return self._parse_data(self._send_with_token(method, path, headers, **options))

    def _send_with_token(self, method, path, headers, **options):
        self._rate_limiter.wait_for_permit()
        path = f"/{path.strip('/')}/"
        headers = {**({"Access-Token": self._token} if self._token else {}), **(headers or {})}
        return self._client.answer(method, self._base + path, headers=headers, **options)

    def _parse_data(self, response):
        """Return the data of an answer.

        :param requests.Response response: unread
        :rtype: dict | None
        :raise TiktokError: as TikTok refuses
        """
        content = self._client.parse(response)
        if content.get("code") not in SUCCESS:
            if "code" not in content and response.status_code >= 400:
                raise unexplained_refusal(response.status_code)
            raise self._report_dead_token(parse_refusal(content))
        data = content.get("data")
        return _ids_to_text(data) if isinstance(data, dict) else None

    def _report_dead_token(self, error):
        """Return an error, after reporting a rejected token.

        :param TiktokError error: of a call
        :rtype: TiktokError
        """
        if isinstance(error, ReconnectError) and self._on_dead:
            self._on_dead()
        return error


class _RedirectingClient(Client):
    """Follows redirects within TikTok, with the same method, headers and body.

    :param str base: the configured base URL; its host may redirect to itself
    :param requests.Session session: default: a new one
    """

    def __init__(self, base, session=None):
        super().__init__(session)
        self._parts = urllib.parse.urlsplit(base)

    def _send_request(self, method, url, options):
        """Send a request and follow its redirects.

        :param str method: GET or POST
        :param str url: complete
        :param dict options: of `Client.call`
        :rtype: requests.Response
        :raise UnparsableAnswerError: if TikTok redirects elsewhere or endlessly
        """
        for _step in range(MAX_REDIRECTS + 1):
            response = super()._send_request(method, url, options)
            if response.status_code not in (307, 308):
                return response
            url = urllib.parse.urljoin(url, response.headers.get("Location", ""))
            response.close()
            self._check_redirect(url)
            if urllib.parse.urlsplit(url).query:
                options = {**options, "params": None}
        raise UnparsableAnswerError("TikTok sends us in circles.", "redirects")

    def _check_redirect(self, url):
        """Check that a redirect stays at TikTok.

        :param str url: of the redirect
        :raise UnparsableAnswerError: if it does not
        """
        parts = urllib.parse.urlsplit(url)
        host = parts.hostname or ""
        own = parts.scheme == self._parts.scheme and host == self._parts.hostname
        tiktok = parts.scheme == "https" and host.endswith(".tiktok.com")
        if not own and not tiktok:
            raise UnparsableAnswerError("TikTok redirects to another server.", "redirects")


def _encode_params(params):
    """Encode query parameters: lists and objects as JSON, without those that are None.

    :param dict params: of any kind
    :rtype: dict
    """
    return {
        name: json.dumps(value) if isinstance(value, (list, dict)) else value
        for name, value in (params or {}).items()
        if value is not None
    }


def _is_new_item(item, seen):
    mark = hash(json.dumps(item, sort_keys=True))
    if mark in seen:
        return False
    seen.add(mark)
    return True


def _last_page_number(data):
    """Return the number of the last page as TikTok names it, else `MAX_PAGES`.

    :param dict data: of the envelope
    :rtype: int
    :raise UnparsableAnswerError: if ``page_info`` has another shape than documented
    """
    if "page_info" not in data:
        return MAX_PAGES
    total = require_object(data, "page_info").get("total_page")
    if not isinstance(total, int) or isinstance(total, bool):
        raise missing("total_page")
    return total


def _ids_to_text(value):
    """Convert ids to text: they have 19 digits, and TikTok sometimes sends numbers.

    :param value: parsed JSON
    :return: the same with ids as text
    """
    if isinstance(value, list):
        return [_ids_to_text(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: _id_to_text(name, item) for name, item in value.items()}


def _id_to_text(name, item):
    if isinstance(item, int) and not isinstance(item, bool) and name.endswith("_id"):
        return str(item)
    if isinstance(item, list) and name.endswith("_ids"):
        return [str(each) if isinstance(each, int) else each for each in item]
    return _ids_to_text(item)


def _iter_chunks(response):
    """Yield the chunks of a file, within the limits of size and time.

    :param requests.Response response: unread
    :rtype: Iterator[bytes]
    :raise UnparsableAnswerError: if it is too large
    :raise AnswerLostError: if it is too slow or incomplete
    """
    size, ends = 0, time.monotonic() + seconds_left(MAX_FILE_SECONDS)
    try:
        for chunk in response.iter_content(CHUNK_BYTES):
            size += len(chunk)
            if size > MAX_FILE_BYTES:
                raise UnparsableAnswerError("TikTok's file is too large.", "too_large")
            if time.monotonic() > ends:
                raise AnswerLostError("TikTok's file comes too slowly.", "answer_lost")
            yield chunk
    except requests.RequestException:
        raise AnswerLostError("TikTok's file did not come whole.", "truncated") from None
    announced = values.parse_whole_number(response.headers.get("Content-Length", ""))
    packed = response.headers.get("Content-Encoding")
    if announced is not None and not packed and size != announced:
        raise AnswerLostError("TikTok's file did not come whole.", "truncated")


def _is_json_answer(response, first):
    kind = response.headers.get("Content-Type", "")
    return "json" in kind.lower() or first.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{")
