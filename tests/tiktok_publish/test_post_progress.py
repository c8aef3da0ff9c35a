"""What may follow a state, and when TikTok is asked again, without TikTok."""

import pytest
from tiktok import post_progress


@pytest.mark.parametrize(
    ("state", "new_state", "expected"),
    [
        ("processing", "published", True),
        ("inbox", "published", True),
        ("failed", "inbox", True),
        ("cancelled", "published", True),
        ("cancelled", "failed", False),
        ("published", "failed", False),
        ("draft", "published", False),
    ],
)
def test_states_that_may_follow(state, new_state, expected):
    assert post_progress.may_become(state, new_state) is expected


def test_waits_between_checks_grow_to_an_hour():
    waits = [post_progress.poll_wait(polls) for polls in range(20)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (5, 3600)


def test_drafts_are_not_checked():
    assert post_progress.polling_hours("draft") == 0
    assert post_progress.polling_hours("inbox") > post_progress.polling_hours("published")


def test_percentage_grows_with_the_fetched_bytes():
    assert post_progress.fetched_percentage(0, 100) == 10
    assert post_progress.fetched_percentage(50, 100) == 45
    assert post_progress.fetched_percentage(500, 100) == 80
    assert post_progress.fetched_percentage(5, 0) == 10
