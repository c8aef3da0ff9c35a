"""Which URLs TikTok can reach."""

import ipaddress
import urllib.parse

LOCAL_ENDINGS = (".localhost", ".local", ".internal", ".lan")


def is_public_https(url):
    """Tell whether TikTok can reach a URL: an https URL of a public host.

    :param str url: such as Odoo's base URL
    :return: as far as the URL shows; nothing is requested
    :rtype: bool
    """
    parts = urllib.parse.urlsplit(url)
    host = parts.hostname or ""
    try:
        is_public = ipaddress.ip_address(host).is_global
    except ValueError:
        is_public = "." in host and not host.endswith(LOCAL_ENDINGS)
    return parts.scheme == "https" and is_public
