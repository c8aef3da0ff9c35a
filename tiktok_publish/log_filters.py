"""Keep the URLs of photos out of the log: anyone who knows one can see the photo."""

import re

from odoo.addons.tiktok_leadgen import log_filters

_ESCAPED = r"[^/\s\"]*%[^/\s\"]*"  # a part of a path that may read anything
_PHOTO = re.compile(rf"(?i)(/+(?:tiktok|{_ESCAPED})/+(?:media|{_ESCAPED})/+)[^/\s\"?]+")


def redact_photo_url(text):
    """Mask the token in URLs of photos, also where letters of the path are escaped.

    :param str text: a message
    :rtype: str
    """
    return _PHOTO.sub(r"\1***", text)


def install_photo_filter():
    """Redact such URLs in everything this process logs. Calling it again has no effect."""
    log_filters.install(redact_photo_url)
