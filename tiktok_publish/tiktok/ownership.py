"""The file that shows TikTok whose an address is: what is in it, and whether TikTok would find it.

https://developers.tiktok.com/doc/content-posting-api-media-transfer-guide, "URL prefix": a file
``tiktok<token>.txt`` below the prefix, answered with 200 and without a redirect.
"""

import ipaddress
import re
import urllib.parse

import requests

_BEGINNING = "tiktok-developers-site-verification="
_TOKEN = re.compile(r"[A-Za-z0-9]{16,64}")
_NUMERIC = re.compile(r"[0-9]+|0x[0-9a-f]*")  # such a last part makes a host an IPv4 address
_TIMEOUT = (5, 10)  # seconds to connect, and to answer
_MOST_BYTES = 1024
# Names that no public DNS knows: RFC 6761, RFC 6762, RFC 8375, ICANN's .internal, usual habits.
_LOCAL_NAMES = (
    *("local", "localhost", "localdomain", "internal", "intranet", "lan", "home", "corp"),
    *("private", "home.arpa", "test", "example", "invalid", "onion"),
)


class OwnershipError(Exception):
    """Why TikTok would not find the file.

    :param str code: which sentence
    :param str detail: what the sentence needs to say
    """

    def __init__(self, code, detail=""):
        super().__init__(code)
        self.code = code
        self.detail = detail


def read_token(text):
    """Find the token in what a person pastes: itself, the file's name, its text or its address.

    :rtype: str
    """
    text = (text or "").strip().rpartition("/")[2]
    text = text.removeprefix(_BEGINNING).removesuffix(".txt")
    if len(text) > 32:
        text = text.removeprefix("tiktok")
    return text if _TOKEN.fullmatch(text) else ""


def file_name(token):
    """Return how TikTok calls the file.

    :rtype: str
    """
    return f"tiktok{token}.txt"


def file_text(token):
    """Return what must be in the file.

    :rtype: str
    """
    return f"{_BEGINNING}{token}"


def check(session, base, token, *, local=False):
    """Fetch the file the way TikTok does.

    :param requests.Session session: follows no redirect by itself
    :param str base: Odoo's own address, without a last slash
    :param bool local: whether TikTok stands on this machine: then its addresses will do
    :raise OwnershipError: with what is wrong
    """
    check_address(base, local=local)
    try:
        with session.get(
            f"{base}/{file_name(token)}", timeout=_TIMEOUT, allow_redirects=False, stream=True
        ) as answer:
            _check_answer(answer, token)
    except requests.exceptions.SSLError:
        raise OwnershipError("certificate") from None
    except requests.Timeout:
        raise OwnershipError("timeout") from None
    except OSError:  # of requests, also of its settings
        raise OwnershipError("unreachable") from None


def check_address(base, *, local=False):
    """Refuse an address that TikTok takes nothing from.

    A name is not looked up: inside a company it may lead to a private address, and outside not.

    :param str base: where TikTok shall fetch something
    :param bool local: whether TikTok stands on this machine: then its addresses will do
    :raise OwnershipError: `https`, `ip` or `local`
    """
    scheme, host = _split(base)
    if local and is_loopback(base):
        return
    if scheme != "https" or not host:
        raise OwnershipError("https", base)
    if _is_ip(host):
        raise OwnershipError("ip", host)
    if "." not in host or host.endswith(tuple(f".{name}" for name in _LOCAL_NAMES)):
        raise OwnershipError("local", host)


def _split(url):
    try:
        parts = urllib.parse.urlsplit(url)
    except ValueError:  # brackets that do not match
        return "", ""
    return parts.scheme, (parts.hostname or "").rstrip(".")


def is_loopback(url):
    """Tell whether an address is on this machine.

    :rtype: bool
    """
    host = _split(url)[1]
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_ip(host):
    """Tell whether a host is an address, also as 127.1, 2130706433 or 0x7f000001.

    :rtype: bool
    """
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return bool(_NUMERIC.fullmatch(host.rpartition(".")[2]))
    return True


def _check_answer(answer, token):
    status = answer.status_code
    if answer.is_redirect or 300 <= status < 400:
        raise OwnershipError("redirect", answer.headers.get("Location", "")[:200])
    if status != requests.codes.ok:
        raise OwnershipError("status", str(status))
    content = next(answer.iter_content(_MOST_BYTES), b"")
    if content.strip() != file_text(token).encode():
        raise OwnershipError("content")
