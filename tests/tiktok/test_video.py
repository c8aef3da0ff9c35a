"""What the Display API says of a video."""

import pytest
from tiktok import video
from tiktok.errors import UnparsableAnswerError

RAW = {"id": "7080213458555737986", "title": "t", "create_time": 1789902000, "view_count": 5}


def test_parsed_video():
    """Values are named after the fields; what is missing is empty."""
    read = video.parse_video(RAW)
    assert read.uid == "7080213458555737986"
    assert read.cover_url == ""
    assert read.values["title"] == "t"
    assert read.values["published_at"].isoformat() == "2026-09-20T11:00:00"
    assert read.values["view_count"] == 5
    assert read.values["like_count"] == 0
    assert read.values["share_url"] == ""


def test_page_has_each_video_once():
    """The last one counts; what has no id is left out."""
    page = video.parse_page([RAW, {**RAW, "title": "again"}, {"title": "no id"}])
    assert [each.values["title"] for each in page] == ["again"]


def test_page_without_any_id_is_no_page():
    """Taken for an empty one, all videos would be gone."""
    with pytest.raises(UnparsableAnswerError):
        video.parse_page([{"video_id": "7080213458555737986"}])
    assert video.parse_page([]) == []


@pytest.mark.parametrize(
    ("value", "count"),
    [
        (5_000_000_000, 5_000_000_000),
        ("12", 12),
        (3.0, 3),
        (10**30, 2**53),
        (-1, 0),
        (None, 0),
        (True, 0),
        (float("nan"), 0),
        (float("inf"), 2**53),
        ("many", 0),
        ([], 0),
    ],
)
def test_parsed_counts(value, count):
    """A count is never negative and never too large to be kept."""
    assert video.parse_count(value) == count


@pytest.mark.parametrize("value", ["javascript:alert(1)", "//host", "", None, 5, {}])
def test_invalid_links_are_empty(value):
    """Only an address of the web becomes a link."""
    assert video.parse_link(value) == ""


@pytest.mark.parametrize("value", [None, "", 0, -5, 10**30, "soon", [], True])
def test_invalid_times_are_empty(value):
    """What is no time is none."""
    assert video.parse_published_at(value) is None
