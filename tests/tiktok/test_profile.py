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


def test_a_profile():
    """Values are named after the fields; nothing else of the answer is kept."""
    assert profile.read(USER) == {
        "nickname": "ACME",
        "username": "acme",
        "bio": "First line\nsecond line",
        "profile_url": "https://vm.tiktok.com/ZMfake/",
        "is_verified": True,
        "follower_count": 1200,
        "likes_count": 3_000_000_000,
    }


def test_what_is_not_given_is_left_out():
    """Without a permission TikTok leaves fields out: what is known stays."""
    assert profile.read({"display_name": "ACME", "username": None}) == {"nickname": "ACME"}


@pytest.mark.parametrize("text", ["A\x00CME", "ACME\ud83d", 5, {"a": 1}, ["x"], ""])
def test_texts_that_no_database_would_take(text):
    """Whatever comes is text that can be stored."""
    for name in ("display_name", "username", "bio_description", "profile_deep_link"):
        for value in profile.read({name: text}).values():
            assert "\x00" not in value.encode("utf-8").decode("utf-8")


def test_numbers_that_no_database_would_take():
    """A count is kept as far as its column goes."""
    huge = dict.fromkeys(
        ("follower_count", "following_count", "likes_count", "video_count"), 10**30
    )
    kept = profile.read(huge)
    assert kept.pop("likes_count") == 2**53
    assert set(kept.values()) == {2**31 - 1}
    assert profile.read({"follower_count": "many"}) == {"follower_count": 0}


def test_only_a_link_becomes_one():
    """An address of the web, and nothing that a browser would run."""
    assert profile.read({"profile_deep_link": "javascript:alert(1)"}) == {"profile_url": ""}


def test_a_name_is_one_line_and_the_bio_keeps_its_own():
    user = {"display_name": "AC\nME\u202e", "username": "a\u2066c", "bio_description": "1\n2"}
    assert profile.read(user) == {"nickname": "AC ME", "username": "ac", "bio": "1\n2"}
