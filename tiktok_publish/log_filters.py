"""Keep the URLs of photos out of the log: anyone who knows one can see the photo."""

import re

from odoo.addons.tiktok_leadgen import log_filters

_ADDRESS = re.compile(r"[^\s\"]+")
_SLASHES = re.compile(r"(/+)")


def redact_photo_url(text):
    """Mask the token in URLs of photos, also where letters of the path are escaped.

    :param str text: a message
    :rtype: str
    """
    return _ADDRESS.sub(_mask_tokens, text)


def _mask_tokens(match):
    """Return an address without what follows ``/tiktok/media/``, its query apart.

    :param re.Match match: of ``_ADDRESS``
    :rtype: str
    """
    parts = _SLASHES.split(match[0])  # slashes, and between two of them a part of the path
    for number in range(2, len(parts) - 4, 2):
        if _can_read(parts[number], "tiktok") and _can_read(parts[number + 2], "media"):
            token, separator, query = parts[number + 4].partition("?")
            parts[number + 4] = f"{token and '***'}{separator}{query}"
    return "".join(parts)


def _can_read(part, name):
    """Tell whether a part of a path may read as a name once it is unescaped.

    :param str part: of the path
    :param str name: to compare with
    :rtype: bool
    """
    return "%" in part or part.lower() == name


def install_photo_filter():
    """Redact such URLs in everything this process logs. Calling it again has no effect."""
    log_filters.install(redact_photo_url)
