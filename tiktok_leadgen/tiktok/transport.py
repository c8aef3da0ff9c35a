"""Unpack the body of a request: bounded, because a short body can become a long one."""

import zlib

_GZIP_START = b"\x1f\x8b"
_MAX_LAYERS = 3
_MAX_MEMBERS = 64  # of one gzip body
_GZIP_BITS, _ZLIB_BITS, _RAW_BITS = 31, 15, -15
# A relay that declares another alphabet than UTF-8; none of them can do more than decode.
_CHARSETS = ("iso-8859-", "iso8859-", "latin", "windows-", "cp125", "koi8-", "gb", "big5")
_ASIAN_CHARSETS = ("shift_jis", "shift-jis", "euc-", "tis-620")


class TransportError(Exception):
    """A body that can't be read, and so is not stored."""


class UnsupportedBodyError(TransportError):
    """It is packed in an unknown way, or it is damaged."""


class OversizedBodyError(TransportError):
    """Unpacked, it is larger than any delivery."""


def unpack_body(raw, encoding, limit):
    """Return a body without its ``Content-Encoding``.

    :param bytes raw: the body as received
    :param str encoding: the header's value, empty for none
    :param int limit: bytes of the unpacked body
    :rtype: bytes
    :raise UnsupportedBodyError: if the encoding is unknown, or the body does not have it
    :raise OversizedBodyError: if the unpacked body exceeds the limit
    """
    layers = [each.strip().lower() for each in encoding.split(",")]
    layers = [each for each in layers if each not in ("", "identity")]
    if len(layers) > _MAX_LAYERS:
        raise UnsupportedBodyError(encoding)
    if not layers and raw.startswith(_GZIP_START):
        layers = ["gzip"]  # some relays forget to declare it
    body = raw
    for layer in reversed(layers):
        body = _unpack_layer(body, layer, limit)
    return body


def decode_charset(body, charset):
    """Return a body in UTF-8, if it is declared to be in another alphabet.

    :param bytes body: unpacked
    :param str charset: as the ``Content-Type`` declares it, empty for none
    :rtype: bytes
    """
    name = (charset or "").strip().lower()
    if not name.startswith((*_CHARSETS, *_ASIAN_CHARSETS)):
        return body
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        try:
            return body.decode(name).encode("utf-8")
        except (LookupError, UnicodeError):
            return body
    return body  # declared wrongly


def _unpack_layer(body, layer, limit):
    if body.lstrip()[:1] in (b"{", b"["):
        return body  # a proxy unpacked it and left the header
    if layer in ("gzip", "x-gzip"):
        return _inflate(body, [_GZIP_BITS], limit)
    if layer == "deflate":
        return _inflate(body, [_ZLIB_BITS, _RAW_BITS], limit)
    raise UnsupportedBodyError(layer)


def _inflate(body, formats, limit):
    """Unpack a body in the first format that fits.

    :param bytes body: packed
    :param list formats: window sizes, as `zlib.decompressobj` takes them
    :param int limit: bytes of the unpacked body
    :rtype: bytes
    :raise UnsupportedBodyError: if none fits
    :raise OversizedBodyError: if the unpacked body exceeds the limit
    """
    for bits in formats:
        try:
            return _inflate_members(body, bits, limit)
        except zlib.error:
            continue
    raise UnsupportedBodyError("damaged")


def _inflate_members(body, bits, limit):
    found = b""
    for _member in range(_MAX_MEMBERS):
        unpacker = zlib.decompressobj(bits)
        found += unpacker.decompress(body, limit + 1 - len(found))
        if len(found) > limit:
            raise OversizedBodyError
        if not unpacker.eof:
            raise zlib.error("truncated")
        body = unpacker.unused_data  # gzip can have several members
        if bits != _GZIP_BITS or not body.startswith(_GZIP_START):
            return found
    raise UnsupportedBodyError("members")
