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
_TIMEOUT = (5, 10)  # seconds to connect, and to answer
_MOST_BYTES = 1024


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

    :raise OwnershipError: `https`, `ip` or `local`
    """
    parts = urllib.parse.urlsplit(base)
    host = parts.hostname or ""
    if local and is_loopback(base):
        return
    if parts.scheme != "https":
        raise OwnershipError("https")
    if _is_ip(host):
        raise OwnershipError("ip", host)
    if "." not in host or host.endswith((".local", ".localhost", ".internal", ".lan")):
        raise OwnershipError("local", host)


def is_loopback(url):
    """Tell whether an address is on this machine.

    :rtype: bool
    """
    host = urllib.parse.urlsplit(url).hostname or ""
    return host == "localhost" or (_is_ip(host) and ipaddress.ip_address(host).is_loopback)


def _is_ip(host):
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
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
