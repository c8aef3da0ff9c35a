"""How the Display API is read."""

import pytest
from tiktok.display import DisplayApi
from tiktok.errors import UnparsableAnswerError

OK = {"code": "ok", "message": "", "log_id": "x"}


class FakeClient:
    """Gives one and the same answer.

    :param content: what TikTok answers, parsed
    """

    def __init__(self, content):
        self.content = content

    def call(self, _method, _url, **_options):
        """Answer."""
        return 200, self.content


def videos(content):
    """Read a page of videos from an answer."""
    return DisplayApi("https://example.com", "act.x", FakeClient(content)).request_videos()


def test_page_of_videos():
    """A page has its videos and tells where the next one begins."""
    data = {"videos": [{"id": "1"}], "cursor": 5, "has_more": True}
    assert videos({"data": data, "error": OK}) == ([{"id": "1"}], 5, True)


def test_empty_list_of_videos():
    """An empty list is an answer."""
    assert videos({"data": {"videos": [], "has_more": False}, "error": OK}) == ([], None, False)


@pytest.mark.parametrize(
    "data",
    [
        {},
        None,
        [],
        [1],
        "text",
        {"has_more": False},
        {"videos": None, "has_more": False},
        {"videos": {}, "has_more": False},
        {"videos": []},
        {"videos": [], "has_more": "no"},
        {"videos": [{"id": "1"}, None], "has_more": False},
    ],
)
def test_answer_without_a_list_is_not_an_empty_list(data):
    """Taken for an empty list, it would archive all videos."""
    with pytest.raises(UnparsableAnswerError):
        videos({"data": data, "error": OK})


def test_empty_answer_is_refused():
    """Nor is an empty body."""
    with pytest.raises(UnparsableAnswerError):
        videos({})
