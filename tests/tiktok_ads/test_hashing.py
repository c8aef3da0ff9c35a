"""Hashes of e-mail addresses and phone numbers, with TikTok's own examples."""

import hashlib

import pytest
from tiktok.hashing import hash_email, hash_phone

EMAIL = hashlib.sha256(b"alice_abc@gmail.com").hexdigest()
PHONE = hashlib.sha256(b"+12133734253").hexdigest()


def test_tiktoks_examples():
    assert (EMAIL[:8], EMAIL[-4:]) == ("848a7714", "bb4f")
    assert (PHONE[:8], PHONE[-4:]) == ("9f7ec22d", "d2fd")


@pytest.mark.parametrize("text", ["alice_abc@gmail.com", "  Alice_ABC@Gmail.COM\n"])
def test_an_address_is_trimmed_and_in_lower_case(text):
    assert hash_email(text) == EMAIL


@pytest.mark.parametrize("text", ["+12133734253", "+1 (213) 373-4253", "+1.213.373.4253 "])
def test_a_number_has_its_plus_and_digits_only(text):
    assert hash_phone(text) == PHONE


@pytest.mark.parametrize("text", ["", False, None, "alice", "@", "   "])
def test_what_is_no_address_is_skipped(text):
    assert hash_email(text) == ""


@pytest.mark.parametrize("text", ["", False, None, "2133734253", "+12", "+1213373425312345", "x"])
def test_what_is_no_number_is_skipped(text):
    assert hash_phone(text) == ""


def test_dots_and_tags_stay():
    assert hash_email("a.b+c@gmail.com") != hash_email("ab@gmail.com")
