"""Bodies are unpacked within bounds, or refused."""

import gzip
import json
import zlib

import pytest
from tiktok import signature
from tiktok.transport import (
    OversizedBodyError,
    UnsupportedBodyError,
    decode_charset,
    unpack_body,
)

LIMIT = 100_000
BODY = json.dumps({"lead_id": "1", "name": "Zoë"}, ensure_ascii=False).encode()
RAW = zlib.compressobj(wbits=-15)
DEFLATED = RAW.compress(BODY) + RAW.flush()
PACKED = [
    (gzip.compress(BODY), "gzip"),
    (gzip.compress(BODY), "GZIP"),
    (gzip.compress(BODY), "x-gzip"),
    (gzip.compress(BODY), ""),  # not declared
    (gzip.compress(BODY[:9]) + gzip.compress(BODY[9:]), "gzip"),
    (gzip.compress(BODY) + b"\x00\x00", "gzip"),
    (zlib.compress(BODY), "deflate"),
    (DEFLATED, "deflate"),
    (gzip.compress(zlib.compress(BODY)), "deflate, gzip"),
    (gzip.compress(BODY), "identity, gzip"),
    (BODY, "identity"),
    (BODY, ""),
    (BODY, "gzip"),  # a proxy unpacked it and left the header
    (b"", ""),
]
REFUSED = [
    (b"", "gzip"),
    (gzip.compress(BODY)[:-9], "gzip"),
    (gzip.compress(BODY)[:20], "gzip"),
    (b"\x1f\x8bnonsense", "gzip"),
    (b"\x1f\x8bnonsense", ""),
    (zlib.compress(BODY), "gzip"),
    (b"nonsense", "deflate"),
    (b"nonsense", "br"),
    (b"nonsense", "zstd"),
    (b"nonsense", "compress"),
    (gzip.compress(BODY), "gzip, br"),
    (gzip.compress(BODY), "gzip, gzip, gzip, gzip"),
    (gzip.compress(b"") * 200, "gzip"),
]


@pytest.mark.parametrize(("raw", "encoding"), PACKED)
def test_body_is_unpacked(raw, encoding):
    assert unpack_body(raw, encoding, LIMIT) == (BODY if raw else b"")


@pytest.mark.parametrize(("raw", "encoding"), REFUSED)
def test_unknown_or_damaged_body_is_refused(raw, encoding):
    with pytest.raises(UnsupportedBodyError):
        unpack_body(raw, encoding, LIMIT)


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (gzip.compress(b"x" * (LIMIT + 1)), "gzip"),
        (gzip.compress(bytes(50_000_000)), "gzip"),
        (zlib.compress(bytes(50_000_000)), "deflate"),
        (gzip.compress(bytes(60_000)) * 2, "gzip"),
        (gzip.compress(gzip.compress(bytes(50_000_000))), "gzip, gzip"),
    ],
)
def test_body_that_grows_over_the_limit_is_refused(raw, encoding):
    with pytest.raises(OversizedBodyError):
        unpack_body(raw, encoding, LIMIT)


def test_body_of_exactly_the_limit_is_unpacked():
    assert len(unpack_body(gzip.compress(bytes(LIMIT)), "gzip", LIMIT)) == LIMIT


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("iso-8859-1", "latin-1"),
        ("ISO-8859-1", "latin-1"),
        ("windows-1252", "cp1252"),
        ("windows-1251", "cp1251"),
        ("koi8-r", "koi8-r"),
        ("shift_jis", "shift_jis"),
        ("gb2312", "gb2312"),
        ("big5", "big5"),
        ("euc-kr", "euc-kr"),
    ],
)
def test_declared_alphabet_is_read(charset, encoding):
    text = {"windows-1251": "Иван", "koi8-r": "Иван", "gb2312": "王", "big5": "王"}.get(charset)
    text = text or {"shift_jis": "山田", "euc-kr": "김"}.get(charset, "Zoë")
    assert decode_charset(text.encode(encoding), charset).decode() == text


@pytest.mark.parametrize("charset", ["", "utf-8", "utf-16", "x-unknown", "rot13", "gb-nonsense"])
def test_other_alphabet_is_left_as_it_is(charset):
    assert decode_charset(b"Zo\xeb", charset) == b"Zo\xeb"


def test_utf_8_that_is_declared_wrongly_stays():
    assert decode_charset("Zoë".encode(), "iso-8859-1") == "Zoë".encode()


@pytest.mark.parametrize("which", [0, 1])
def test_signature_of_the_received_or_the_unpacked_body_is_right(which):
    bodies = (gzip.compress(BODY), BODY)
    header = signature._hexdigest(b"secret", bodies[which]).decode()
    assert signature.check_open_signature(bodies, header, "secret")
    assert not signature.check_open_signature(bodies, header, "other")
    assert not signature.check_open_signature((b"x", b"y"), header, "secret")
