"""The vectors are of TikTok's rule as its page states it, made by another program."""

import datetime

import pytest
from tiktok import signature

SECRET = "test_app_secret"
ASCII_BODY = (
    b'{"object":1,"entry":[{"id":7600000000000000123,"changes":[{"field":"name",'
    b'"value":"Jane Doe"}]}],"time":1784500000}'
)
ASCII_SIGNATURE = "5d7d47a97175f8522d06cbba3e1f1ad670acc8b0dfa98c7bbae89fe9d996ab08"
WIDE_BODY = (
    '{"object":1,"entry":[{"id":7600000000000000123,"changes":[{"field":"name",'
    '"value":"Zoë 😀"}]}],"time":1784500000}'
).encode()
WIDE_RAW_SIGNATURE = "962913842b2579a95ce0348f87a34cc3f56fd0fb00532b090d614e07243bb60f"
WIDE_ESCAPED_SIGNATURE = "e36c7d255cdc1ca56b2b09e4bd16628bd433ba4807b50c476608f9becfb8eabf"
RIGHT = [
    pytest.param(ASCII_BODY, ASCII_SIGNATURE, id="ascii"),
    pytest.param(WIDE_BODY, WIDE_RAW_SIGNATURE, id="raw"),
    pytest.param(WIDE_BODY, WIDE_ESCAPED_SIGNATURE, id="escaped"),
]


@pytest.mark.parametrize(("body", "header"), RIGHT)
def test_a_signature_over_the_raw_or_the_escaped_body_is_right(body, header):
    assert signature.check_open_signature(body, header, SECRET)


@pytest.mark.parametrize(("body", "header"), RIGHT)
def test_upper_case_and_blanks_around_it_do_not_matter(body, header):
    assert signature.check_open_signature(body, f" {header.upper()}\n", SECRET)


@pytest.mark.parametrize(("body", "header"), RIGHT)
def test_one_changed_byte_anywhere_makes_it_wrong(body, header):
    for at in (0, len(body) // 2, len(body) - 1):
        changed = body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
        assert not signature.check_open_signature(changed, header, SECRET)


@pytest.mark.parametrize(("body", "header"), RIGHT)
def test_one_changed_digit_makes_it_wrong(body, header):
    for at in (0, 31, 63):
        digit = "0" if header[at] != "0" else "1"
        changed = header[:at] + digit + header[at + 1 :]
        assert not signature.check_open_signature(body, changed, SECRET)


@pytest.mark.parametrize(("body", "header"), RIGHT)
def test_another_secret_makes_it_wrong(body, header):
    assert not signature.check_open_signature(body, header, SECRET + "x")
    assert not signature.check_open_signature(body, header, SECRET.upper())


@pytest.mark.parametrize("header", ["", " ", None])
def test_no_signature_is_never_right(header):
    assert not signature.check_open_signature(ASCII_BODY, header, SECRET)


@pytest.mark.parametrize("secret", ["", None])
def test_without_a_secret_nothing_is_right_not_even_the_signature_of_an_empty_secret(secret):
    header = signature.sign_open(ASCII_BODY, "")
    assert not signature.check_open_signature(ASCII_BODY, header, secret)


@pytest.mark.parametrize("header", ["é" * 64, "\udcff" * 64, ASCII_SIGNATURE + "é", "٣" * 64])
def test_a_header_beyond_ascii_is_wrong_and_raises_nothing(header):
    assert not signature.check_open_signature(ASCII_BODY, header, SECRET)


@pytest.mark.parametrize("cut", [63, 32, 1])
def test_a_part_of_the_signature_is_wrong(cut):
    assert not signature.check_open_signature(ASCII_BODY, ASCII_SIGNATURE[:cut], SECRET)
    assert not signature.check_open_signature(ASCII_BODY, ASCII_SIGNATURE + "0", SECRET)


def test_a_body_that_is_not_unicode_can_only_be_signed_raw():
    body = '{"name":"Zoë"}'.encode("latin-1")
    assert not signature.check_open_signature(body, WIDE_RAW_SIGNATURE, SECRET)
    assert signature.check_open_signature(body, signature._hexdigest(b"k", body).decode(), "k")


def test_escaping_changes_nothing_but_what_is_beyond_ascii():
    assert signature.escape_unicode(b'{"a" : "\\u00e9\\n\x7f"}') == b'{"a" : "\\u00e9\\n\x7f"}'
    assert signature.escape_unicode("Zoë 😀 é".encode()) == b"Zo\\u00eb \\ud83d\\ude00 \\u00e9"


@pytest.mark.parametrize(("body", "expected"), [(ASCII_BODY, ASCII_SIGNATURE)])
def test_we_sign_like_tiktok(body, expected):
    assert signature.sign_open(body, SECRET) == expected
    assert signature.sign_open(WIDE_BODY, SECRET) == WIDE_ESCAPED_SIGNATURE


NOW = datetime.datetime(2026, 9, 20, 11, 0, tzinfo=datetime.UTC)


def match_token(given, expected, until=False):
    accepted = [(signature.hash_token("other"), False), (signature.hash_token(expected), until)]
    return signature.match_token_hash(signature.hash_token(given), accepted, NOW)


def test_a_token_is_right_only_if_it_is_the_same():
    assert match_token("abc", "abc")
    assert not match_token("abd", "abc")
    assert not match_token("ABC", "abc")
    assert not match_token("abc ", "abc")
    assert not match_token("é\udcff", "abc")


def test_a_replaced_token_is_right_until_its_time():
    assert match_token("abc", "abc", NOW + datetime.timedelta(seconds=1))
    assert not match_token("abc", "abc", NOW)


@pytest.mark.parametrize(("given", "expected"), [("", ""), (None, None), ("", "a"), ("a", "")])
def test_an_empty_token_is_never_right(given, expected):
    assert not match_token(given, expected)


@pytest.mark.parametrize("stamp", ["²", "٣", "1.5", "-1", "", "9" * 5000])
def test_a_moment_that_is_no_number_is_wrong(stamp):
    header = f"t={stamp},s={'0' * 64}"
    assert signature.check_developer_signature(b"{}", header, SECRET, 1784500000) == "wrong"
