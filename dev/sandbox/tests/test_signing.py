"""The vectors of the contracts."""

import hashlib

from dev.sandbox import signing

BODY_1 = (
    b'{"object":1,"entry":[{"id":7600000000000000123,"changes":'
    b'[{"field":"name","value":"Jane Doe"}]}],"time":1784500000}'
)
BODY_2 = (
    '{"object":1,"entry":[{"id":7600000000000000123,"changes":'
    '[{"field":"name","value":"Zoë 😀"}]}],"time":1784500000}'
).encode()
SECRET = "test_app_secret"


def test_lead_signature_of_an_ascii_body():
    expected = "5d7d47a97175f8522d06cbba3e1f1ad670acc8b0dfa98c7bbae89fe9d996ab08"
    assert signing.escape_unicode(BODY_1) == BODY_1
    assert signing.lead_signature(SECRET, BODY_1) == expected


def test_lead_signature_of_other_letters():
    raw = "962913842b2579a95ce0348f87a34cc3f56fd0fb00532b090d614e07243bb60f"
    escaped = "e36c7d255cdc1ca56b2b09e4bd16628bd433ba4807b50c476608f9becfb8eabf"
    assert signing.lead_signature(SECRET, BODY_2) == raw
    assert b"Zo\\u00eb \\ud83d\\ude00" in signing.escape_unicode(BODY_2)
    assert signing.lead_signature(SECRET, signing.escape_unicode(BODY_2)) == escaped


def test_developer_signature():
    body = (
        b'{"client_key":"ck_demo","event":"authorization.removed","create_time":1784500000,'
        b'"user_openid":"oid_demo","content":"{\\"reason\\":1}"}'
    )
    expected = "f0c95b1f200a126ad71feece4889f519ef04d742ad25558cd858a4bb033650b2"
    header = signing.developer_signature("test_client_secret", body, 1784500001)
    assert header == f"t=1784500001,s={expected}"


def test_pkce_is_hex_unlike_the_rfc():
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    expected = "13d31e961a1ad8ec2f16b10c4c982e0876a878ad6df144566ee1894acb70f9c3"
    assert signing.challenge_hex(verifier) == expected
    other = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    assert signing.challenge_base64url(verifier) == other


def test_utf16_units():
    assert [signing.utf16_units(text) for text in ("a", "é", "م", "😀")] == [1, 1, 1, 2]


def test_hashes_of_tiktoks_examples():
    assert hashlib.sha256(b"alice_abc@gmail.com").hexdigest().startswith("848a7714")
    assert hashlib.sha256(b"+12133734253").hexdigest().startswith("9f7ec22d")
