"""Signatures of TikTok's webhooks: bytes in, yes or no out."""

import contextlib
import hashlib
import hmac
import json
import re

from . import values

OPEN_SIGNATURE_HEADER = "X-Open-Signature"

_NON_ASCII = re.compile(r"[^\x00-\x7f]+")  # whole words: one step for each of them


def escape_unicode(raw):
    r"""Write each character beyond ASCII as ``\uXXXX``, the way TikTok says it signs.

    Above U+FFFF it becomes a surrogate pair. The text is scanned, never parsed and written
    again, so everything else stays byte for byte.

    :param bytes raw: a body in UTF-8
    :rtype: bytes
    :raise UnicodeDecodeError: if the body is not UTF-8
    """
    return _NON_ASCII.sub(_escape, raw.decode("utf-8")).encode("ascii")


def _escape(match):
    return json.encoder.encode_basestring_ascii(match.group())[1:-1]


def check_open_signature(raw, header, secret):
    """Tell whether ``X-Open-Signature`` proves this body.

    TikTok's page "Obtain leads as advertisers" (doc 1806817494948930) says HMAC-SHA256 with the
    app secret over the unicode-escaped body; deliveries seen by others matched the raw body.
    Which holds for answers beyond ASCII is not settled, so either is right.

    :param raw: the body in bytes; several of them where it was packed, as received and unpacked
    :param str header: the header's value: 64 hexadecimal digits
    :param str secret: the Business app's secret
    :rtype: bool
    """
    return match_open_signature(list_signed_bodies(raw), header, secret)


def list_signed_bodies(raw):
    """Return each form of a body that its signature may be of; long, so once for each request.

    :param raw: the body in bytes, or several of them
    :rtype: list[bytes]
    """
    found = []
    for body in raw if isinstance(raw, tuple) else (raw,):
        found.append(body)
        if not body.isascii():
            with contextlib.suppress(UnicodeDecodeError):
                found.append(escape_unicode(body))
    return found


def match_open_signature(bodies, header, secret):
    """Tell whether ``X-Open-Signature`` is of one of these bodies.

    :param list[bytes] bodies: of `list_signed_bodies`
    :param str header: the header's value: 64 hexadecimal digits
    :param str secret: the Business app's secret
    :rtype: bool
    """
    if not header or not secret:
        return False
    given = header.strip().lower().encode("utf-8", "replace")
    key = secret.encode()
    return True in [hmac.compare_digest(given, _hexdigest(key, body)) for body in bodies]


def sign_open(raw, secret):
    """Return what ``X-Open-Signature`` would be for a body.

    :param bytes raw: the body
    :param str secret: the Business app's secret
    :rtype: str
    """
    return _hexdigest(secret.encode(), escape_unicode(raw)).decode()


def hash_token(token):
    """Return what is stored of a webhook token to recognize it.

    :param str token: as an address holds it
    :return: 64 hexadecimal digits, empty for an empty token
    :rtype: str
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest() if token else ""


def match_token_hash(given, accepted, now):
    """Tell whether a token counts; all are compared, each in constant time.

    :param str given: hash of the token that came with the request, empty for none
    :param accepted: pairs of a hash and the time until which it counts, or False for no end
    :param datetime now: in the same time zone
    :rtype: bool
    """
    if not given:
        return False
    matches = [
        hmac.compare_digest(given, known) and (not until or now < until)
        for known, until in accepted
    ]
    return True in matches


def _hexdigest(key, message):
    return hmac.new(key, message, hashlib.sha256).hexdigest().encode()


DEVELOPER_SIGNATURE_HEADER = "TikTok-Signature"
DEVELOPER_TOLERANCE_SECONDS = 300


def check_developer_signature(raw, header, secret, now):
    """Judge ``TikTok-Signature`` (https://developers.tiktok.com/doc/webhooks-verification).

    :param bytes raw: the body as it came
    :param str header: ``t=<seconds>,s=<hex>``; several ``s`` are tolerated
    :param str secret: the app's client secret
    :param float now: seconds since 1970
    :return: ``right``, ``stale`` for a right one of another time, or ``wrong``
    :rtype: str
    """
    parts = [part.strip().partition("=") for part in (header or "").split(",")]
    stamps = [value for name, _, value in parts if name == "t"]
    stamp = values.parse_whole_number(stamps[0]) if len(stamps) == 1 else None
    if not secret or stamp is None:
        return "wrong"
    expected = _hexdigest(secret.encode(), stamps[0].encode() + b"." + raw)
    given = [value.encode("utf-8", "replace") for name, _, value in parts if name == "s"]
    # Each is compared, so that the time tells nothing.
    matches = [hmac.compare_digest(value, expected) for value in given]
    if True not in matches:
        return "wrong"
    return "right" if abs(now - stamp) <= DEVELOPER_TOLERANCE_SECONDS else "stale"
