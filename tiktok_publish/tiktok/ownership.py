"""The file that proves who owns a URL: its content, and whether TikTok would find it.

https://developers.tiktok.com/doc/content-posting-api-media-transfer-guide, "URL prefix": a file
``tiktok<token>.txt`` below the prefix, answered with 200 and without a redirect.
"""

import ipaddress
import re
import time
import urllib.parse

import requests

_BEGINNING = "tiktok-developers-site-verification="
_TOKEN = re.compile(r"[A-Za-z0-9]{16,64}")
_NUMERIC = re.compile(r"[0-9]+|0x[0-9a-f]*")  # such a last part makes a host an IPv4 address
CHECK_SECONDS = 8  # a user waits
_CONNECT_ATTEMPTS = 3  # of a session
_MOST_BYTES = 1024
# Names that no public DNS knows: RFC 6761, RFC 6762, RFC 8375, ICANN's .internal, usual habits.
_LOCAL_NAMES = (
    *("local", "localhost", "localdomain", "internal", "intranet", "lan", "home", "corp"),
    *("private", "home.arpa", "test", "example", "invalid", "onion"),
)


class OwnershipError(Exception):
    """Raised when TikTok would not find the file.

    :param str code: of the sentence for the user
    :param str detail: named in the sentence
    """

    def __init__(self, code, detail=""):
        super().__init__(code)
        self.code = code
        self.detail = detail


def extract_token(text):
    """Extract the token from what a user pastes.

    :param str text: the token, the file's name, its content or its URL
    :return: empty if there is no token in it
    :rtype: str
    """
    text = (text or "").strip().rpartition("/")[2]
    text = text.removeprefix(_BEGINNING).removesuffix(".txt")
    if len(text) > 32:
        text = text.removeprefix("tiktok")
    return text if _TOKEN.fullmatch(text) else ""


def build_file_name(token):
    """Return the name TikTok gives the file.

    :param str token: of the file
    :rtype: str
    """
    return f"tiktok{token}.txt"


def build_file_text(token):
    """Return the content of the file.

    :param str token: of the file
    :rtype: str
    """
    return f"{_BEGINNING}{token}"


def check_file(session, base, token, *, local=False):
    """Fetch the file as TikTok does.

    :param requests.Session session: used without following redirects
    :param str base: Odoo's own URL, without a last slash
    :param str token: of the file
    :param bool local: whether TikTok is the sandbox on this machine, which loopback URLs reach
    :raise OwnershipError: with what is wrong
    """
    check_media_address(base, local=local)
    ends = time.monotonic() + CHECK_SECONDS
    # Each of the attempts to connect has this time; what is left is for the answer.
    timeout = (CHECK_SECONDS / 2 / _CONNECT_ATTEMPTS, CHECK_SECONDS / 2)
    try:
        with session.get(
            f"{base}/{build_file_name(token)}", timeout=timeout, allow_redirects=False, stream=True
        ) as answer:
            _check_file_response(answer, token, ends)
    except requests.exceptions.SSLError:
        raise OwnershipError("certificate") from None
    except requests.Timeout:
        raise OwnershipError("timeout") from None
    except OSError:  # of requests, also of its settings
        raise OwnershipError("unreachable") from None


def check_media_address(base, *, local=False):
    """Refuse a URL from which TikTok fetches nothing.

    The name is not resolved: inside a company it may lead to a private address, and outside not.

    :param str base: URL from which TikTok is to fetch something
    :param bool local: whether TikTok is the sandbox on this machine, which loopback URLs reach
    :raise OwnershipError: `https`, `ip` or `local`
    """
    scheme, host = _split_url(base)
    if local and is_loopback_url(base):
        return
    if scheme != "https" or not host:
        raise OwnershipError("https", base)
    if _is_ip_address(host):
        raise OwnershipError("ip", host)
    if "." not in host or host.endswith(tuple(f".{name}" for name in _LOCAL_NAMES)):
        raise OwnershipError("local", host)


def _split_url(url):
    try:
        parts = urllib.parse.urlsplit(url)
    except ValueError:  # brackets that do not match
        return "", ""
    return parts.scheme, (parts.hostname or "").rstrip(".")


def is_loopback_url(url):
    """Tell whether a URL leads to this machine.

    :param str url: absolute
    :rtype: bool
    """
    host = _split_url(url)[1]
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_ip_address(host):
    """Tell whether a host is an IP address, also as 127.1, 2130706433 or 0x7f000001.

    :param str host: of a URL
    :rtype: bool
    """
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return bool(_NUMERIC.fullmatch(host.rpartition(".")[2]))
    return True


def _check_file_response(answer, token, ends):
    """Check what a server answers instead of the file.

    :param requests.Response answer: unread
    :param str token: of the file
    :param float ends: until when the answer must be there, by `time.monotonic`
    :raise OwnershipError: with what is wrong
    """
    status = answer.status_code
    if answer.is_redirect or 300 <= status < 400:
        raise OwnershipError("redirect", answer.headers.get("Location", "")[:200])
    if status != requests.codes.ok:
        raise OwnershipError("status", str(status))
    content = b""
    for byte in answer.iter_content(1):  # a larger chunk waits until it is full
        content += byte
        if time.monotonic() > ends:
            raise OwnershipError("timeout")
        if len(content) >= _MOST_BYTES:
            break
    if content.strip() != build_file_text(token).encode():
        raise OwnershipError("content")
