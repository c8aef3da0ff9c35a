"""HTTP calls to TikTok: deadlines, harmless retries, typed errors.

Nothing here is ever logged: URLs, headers and bodies hold secrets.
"""

import contextlib
import contextvars
import json
import time
import typing

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from . import values
from .errors import AnswerLostError, RetryLaterError, UnparsableAnswerError

CONNECT_SECONDS = 5
READ_SECONDS = 30
MAX_ANSWER_BYTES = 8 * 1024 * 1024
CHUNK_BYTES = 64 * 1024
LONGEST_WAIT_SECONDS = 3600
REQUEST_SECONDS = 8  # all calls of one request together: a user or a program waits
CONSENT_SECONDS = 15  # the same, where a code works once: its token would be lost
# Only requests that never reached TikTok are sent again: some tokens and codes work once.
# TikTok's Retry-After is left to the caller: urllib3 would wait for it here.
RETRIES = Retry(
    connect=2,
    read=0,
    redirect=0,
    status=0,
    other=0,
    backoff_factor=0.3,
    respect_retry_after_header=False,
)
# Signs of errors before a request is sent: TLS may also break after it, when TikTok has it.
NEVER_SENT = (
    *("NewConnectionError", "NameResolution", "CERTIFICATE_VERIFY_FAILED", "CertificateError"),
    *("HANDSHAKE_FAILURE", "WRONG_VERSION_NUMBER", "UNSUPPORTED_PROTOCOL", "PROTOCOL_VERSION"),
)
BAD_CA_FILE = ("[X509", "[PEM")  # how OpenSSL calls a file without certificates
# Of TikTok or of the proxy: nothing was sent.
_BAD_ADDRESS = (
    *(requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema),
    requests.exceptions.MissingSchema,
)

_deadline = contextvars.ContextVar("tiktok_deadline", default=None)


class Network(typing.NamedTuple):
    """How TikTok is reached from this machine."""

    proxy: str = ""  # its address; may hold a password
    ca_file: str = ""  # PEM file of the certificate authorities; empty: the public ones


_network_reader = Network  # nothing is known here of settings


def set_network_reader(read_network):
    """Set where each new session reads how TikTok is reached.

    :param read_network: takes nothing, returns a `Network`
    """
    global _network_reader  # noqa: PLW0603 - set once, when the addon is imported
    _network_reader = read_network


@contextlib.contextmanager
def deadline(seconds=REQUEST_SECONDS):
    """Limit the time of all calls in this context together: a user waits for them.

    :param float seconds: for all of them
    """
    before = _deadline.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _deadline.reset(before)


def seconds_left(most):
    """Return how long a call may take: its own limit, or what is left until the deadline.

    :param float most: its own limit in seconds
    :return: seconds
    :rtype: float
    """
    deadline = _deadline.get()
    return most if deadline is None else max(0.0, min(most, deadline - time.monotonic()))


def make_session():
    """Return a session that tries to connect three times and follows no redirect.

    :rtype: requests.Session
    """
    session = requests.Session()
    # No .netrc, its credentials are none of TikTok's business: so the proxy is a setting of ours.
    session.trust_env = False
    network = _network_reader()
    if network.proxy:
        session.proxies = {"http": network.proxy, "https": network.proxy}
    if network.ca_file:
        session.verify = network.ca_file
    session.mount("https://", HTTPAdapter(max_retries=RETRIES))
    session.mount("http://", HTTPAdapter(max_retries=RETRIES))
    return session


class Client:
    """Sends requests and reads JSON.

    :param requests.Session session: default: a new one
    """

    def __init__(self, session=None):
        self._session = session or make_session()

    def call(self, method, url, **options):
        """Send one request and return the answer, whatever its status.

        :param str method: GET or POST
        :param str url: complete
        :param options: ``params``, ``json``, ``data``, ``headers`` of requests
        :return: HTTP status and the parsed body; an empty body is ``{}``
        :rtype: tuple[int, dict]
        :raise RetryLaterError: if TikTok can't be reached, is busy or broken
        :raise AnswerLostError: if a request was sent and its answer was lost
        :raise UnparsableAnswerError: if the answer is not JSON
        """
        response = self.answer(method, url, **options)
        return response.status_code, self.parse(response)

    def answer(self, method, url, **options):
        """Send one request and return the response, its body unread.

        :param str method: GET or POST
        :param str url: complete
        :param options: of `call`
        :rtype: requests.Response
        :raise RetryLaterError: if TikTok can't be reached, is busy or broken
        """
        response = self._send_request(method, url, options)
        if response.status_code >= requests.codes.server_error or (
            response.status_code == requests.codes.too_many_requests
        ):
            response.close()  # what else it says is not read
        if response.status_code == requests.codes.too_many_requests:
            raise RetryLaterError(
                "TikTok asks to slow down.",
                "rate_limit_exceeded",
                retry_after=_read_retry_after(response),
            )
        if response.status_code >= requests.codes.server_error:
            raise RetryLaterError(
                f"TikTok has a problem (HTTP {response.status_code}).",
                f"http_{response.status_code}",
                retry_after=_read_retry_after(response),
            )
        return response

    def _send_request(self, method, url, options):
        """Send one request, within the deadline.

        :param str method: GET or POST
        :param str url: complete
        :param dict options: of `call`
        :rtype: requests.Response
        :raise RetryLaterError: if TikTok can't be reached
        :raise AnswerLostError: if a request was sent and its answer was lost
        """
        left = seconds_left(CONNECT_SECONDS + READ_SECONDS)
        if left < 1:
            raise RetryLaterError("TikTok took too long before.", "unreachable")
        # A connection is tried three times; what it takes is no longer there for the answer.
        connect = min(CONNECT_SECONDS, left / 4)
        timeout = (connect, min(READ_SECONDS, left - connect))
        try:
            return self._session.request(
                method, url, timeout=timeout, allow_redirects=False, stream=True, **options
            )
        except requests.ConnectTimeout:
            raise RetryLaterError("TikTok can't be reached.", "unreachable") from None
        except requests.exceptions.ProxyError:  # raised only before a request is sent through it
            raise RetryLaterError("The proxy can't be used.", "bad_proxy") from None
        except requests.ConnectionError as error:
            if any(sign in repr(error) for sign in BAD_CA_FILE):
                raise RetryLaterError("The CA file can't be read.", "bad_ca_file") from None
            if any(sign in repr(error) for sign in NEVER_SENT):
                raise RetryLaterError("TikTok can't be reached.", "unreachable") from None
            raise AnswerLostError("TikTok's answer was lost.", "answer_lost") from None
        except _BAD_ADDRESS:
            raise RetryLaterError("An address is not valid.", "bad_address") from None
        except requests.RequestException:
            raise AnswerLostError("TikTok did not answer in time.", "answer_lost") from None
        except ValueError:  # of requests itself, which parses the URL of a redirect
            raise AnswerLostError("TikTok redirects to no URL.", "answer_lost") from None
        except OSError:  # of requests itself, before it connects
            raise RetryLaterError("The CA file can't be read.", "bad_ca_file") from None

    @staticmethod
    def parse(response):
        """Parse the body as an object; an empty one is ``{}``.

        :param requests.Response response: unread
        :rtype: dict
        :raise AnswerLostError: if it is not received completely, or not in time
        :raise UnparsableAnswerError: if it is anything else, or too large
        """
        body = read_body(response)
        if not body:
            return {}
        try:
            content = json.loads(body)
        except (ValueError, RecursionError):
            raise UnparsableAnswerError(
                f"TikTok's answer can't be read (HTTP {response.status_code}).", "not_json"
            ) from None
        if not isinstance(content, dict):
            raise UnparsableAnswerError("TikTok's answer can't be read.", "not_an_object")
        return content


def read_body(response):
    """Read the body of a response, up to the largest size that TikTok's answers can have.

    :param requests.Response response: unread; it is closed
    :rtype: bytes
    :raise AnswerLostError: if it is not received completely, or not in time
    :raise UnparsableAnswerError: if it is too large
    """
    body, ends = bytearray(), time.monotonic() + seconds_left(READ_SECONDS)
    try:
        with response:
            for chunk in response.iter_content(CHUNK_BYTES):
                body += chunk
                if len(body) > MAX_ANSWER_BYTES:
                    raise UnparsableAnswerError("TikTok's answer is too large.", "too_large")
                if time.monotonic() > ends:
                    raise AnswerLostError("TikTok did not answer in time.", "answer_lost")
    except requests.RequestException:
        raise AnswerLostError("TikTok's answer was lost.", "answer_lost") from None
    return bytes(body)


def _read_retry_after(response):
    seconds = values.parse_whole_number(response.headers.get("Retry-After", ""))
    return None if seconds is None else float(min(seconds, LONGEST_WAIT_SECONDS))
