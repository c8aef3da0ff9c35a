"""The signatures and challenges of both platforms."""

import base64
import hashlib
import hmac
import re

NON_ASCII = re.compile(r"[^\x00-\x7f]")


def escape_unicode(body):
    r"""Write every non-ASCII character of a body as ``\uXXXX``, lower-case hex.

    :param bytes body: UTF-8
    :return: ASCII; characters above U+FFFF become surrogate pairs
    :rtype: bytes
    """
    return NON_ASCII.sub(_escape, body.decode()).encode("ascii")


def _escape(match):
    units = match.group().encode("utf-16-be")
    return "".join(f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2))


def lead_signature(secret, body):
    """Sign the body of a lead webhook (``X-Open-Signature``).

    :param str secret: the Business app's secret
    :param bytes body: what is signed, raw or escaped
    :return: 64 lower-case hex digits
    :rtype: str
    """
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def developer_signature(secret, body, timestamp):
    """Return the ``TikTok-Signature`` header of a developer webhook.

    :param str secret: the app's client secret
    :param bytes body: the raw body
    :param int timestamp: seconds
    :rtype: str
    """
    signed = b"%d.%s" % (timestamp, body)
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return f"t={timestamp},s={digest}"


def challenge_hex(verifier):
    """Return TikTok's PKCE challenge: the SHA-256 in hex, unlike RFC 7636."""
    return hashlib.sha256(verifier.encode()).hexdigest()


def challenge_base64url(verifier):
    """Return the PKCE challenge of RFC 7636."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def utf16_units(text):
    """Count a text as TikTok does: in UTF-16 code units, so most emoji count two."""
    return len(text.encode("utf-16-le")) // 2
