"""Keep the addresses of photos out of the log: whoever knows one sees the photo."""

import re

from odoo.addons.tiktok_leadgen import log_guard

_ESCAPED = r"[^/\s\"]*%[^/\s\"]*"  # a part of a path that may read anything
_PHOTO = re.compile(rf"(?i)(/+(?:tiktok|{_ESCAPED})/+(?:media|{_ESCAPED})/+)[^/\s\"?]+")


def redact_photo_address(text):
    """Mask the token in addresses of photos, also where letters of the path are escaped.

    :param str text: a message
    :rtype: str
    """
    return _PHOTO.sub(r"\1***", text)


def install():
    """Have what this process logs redacted of such addresses, once."""
    log_guard.install(redact_photo_address)
