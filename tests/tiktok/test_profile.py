"""What the Display API says of a TikTok user."""

import pytest
from tiktok import profile

USER = {
    "display_name": "ACME",
    "username": "acme",
    "bio_description": "First line\nsecond line",
    "profile_deep_link": "https://vm.tiktok.com/ZMfake/",
    "is_verified": True,
    "follower_count": 1200,
    "likes_count": 3_000_000_000,
    "union_id": "u",
}


def test_parsed_profile():
    """Values are named after the fields; nothing else of the answer is kept."""
    assert profile.parse_profile(USER) == {
        "nickname": "ACME",
        "username": "acme",
        "bio": "First line\nsecond line",
        "profile_url": "https://vm.tiktok.com/ZMfake/",
        "is_verified": True,
        "follower_count": 1200,
        "likes_count": 3_000_000_000,
    }


def test_missing_fields_are_omitted():
    """Without a permission TikTok leaves fields out: what is known stays."""
    assert profile.parse_profile({"display_name": "ACME", "username": None}) == {"nickname": "ACME"}


@pytest.mark.parametrize("text", ["A\x00CME", "ACME\ud83d", 5, {"a": 1}, ["x"], ""])
def test_texts_that_the_database_rejects(text):
    """Whatever comes is text that can be stored."""
    for name in ("display_name", "username", "bio_description", "profile_deep_link"):
        for value in profile.parse_profile({name: text}).values():
            assert "\x00" not in value.encode("utf-8").decode("utf-8")


def test_numbers_that_the_database_rejects():
    """A count is kept as far as its column goes."""
    huge = dict.fromkeys(
        ("follower_count", "following_count", "likes_count", "video_count"), 10**30
    )
    kept = profile.parse_profile(huge)
    assert kept.pop("likes_count") == 2**53
    assert set(kept.values()) == {2**31 - 1}
    assert profile.parse_profile({"follower_count": "many"}) == {"follower_count": 0}


def test_only_web_addresses_become_links():
    """An address of the web, nothing that a browser would execute."""
    assert profile.parse_profile({"profile_deep_link": "javascript:alert(1)"}) == {
        "profile_url": ""
    }


def test_line_breaks_of_name_and_bio():
    user = {"display_name": "AC\nME\u202e", "username": "a\u2066c", "bio_description": "1\n2"}
    assert profile.parse_profile(user) == {"nickname": "AC ME", "username": "ac", "bio": "1\n2"}
