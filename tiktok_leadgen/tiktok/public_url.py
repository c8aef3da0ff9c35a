"""Which URLs TikTok can reach."""

import ipaddress
import re
import urllib.parse

# Names that no public DNS knows: RFC 6761, RFC 6762, RFC 8375, ICANN's .internal, usual habits.
LOCAL_NAMES = (
    *("local", "localhost", "localdomain", "internal", "intranet", "lan", "home", "corp"),
    *("private", "home.arpa", "test", "example", "invalid", "onion"),
)
_LOCAL_ENDINGS = tuple(f".{name}" for name in LOCAL_NAMES)
_NUMERIC = re.compile(r"[0-9]+|0x[0-9a-f]*")  # such a last part makes a host an IPv4 address


def is_public_https(url):
    """Tell whether TikTok can reach a URL: an https URL of a public host.

    :param str url: such as Odoo's base URL
    :return: as far as the URL shows; nothing is requested
    :rtype: bool
    """
    try:
        parts = urllib.parse.urlsplit(url)
    except ValueError:  # brackets that do not match
        return False
    host = (parts.hostname or "").rstrip(".")
    try:
        is_public = ipaddress.ip_address(host).is_global
    except ValueError:
        is_number = _NUMERIC.fullmatch(host.rpartition(".")[2])  # 127.1, 0x7f000001
        is_public = "." in host and not is_number and not host.endswith(_LOCAL_ENDINGS)
    return parts.scheme == "https" and is_public
