"""The Content Posting API, without TikTok."""

import pytest
from tiktok import posting


class Api:
    """Answers with one thing and keeps what it was asked."""

    def __init__(self, answer):
        self.answer, self.calls = answer, []

    def call(self, method, path, **options):
        self.calls.append((method, path, options))
        return self.answer


POST = {
    "direct": True,
    "title": "Spring",
    "description": "More #spring",
    "cover": 1,
    "privacy_level": "SELF_ONLY",
    "allow_comment": False,
    "auto_add_music": True,
    "is_own_brand": True,
    "is_branded_content": False,
    "is_aigc": False,
}
URLS = ["https://shop.example.com/1.jpg", "https://shop.example.com/2.jpg"]


def test_body_of_a_direct_post():
    assert posting.build_body(POST, URLS) == {
        "media_type": "PHOTO",
        "post_mode": "DIRECT_POST",
        "post_info": {
            "title": "Spring",
            "description": "More #spring",
            "privacy_level": "SELF_ONLY",
            "disable_comment": True,
            "auto_add_music": True,
            "brand_content_toggle": False,
            "brand_organic_toggle": True,
        },
        "source_info": {"source": "PULL_FROM_URL", "photo_cover_index": 1, "photo_images": URLS},
    }


def test_body_of_a_draft_has_its_texts_only():
    content = posting.build_body({**POST, "direct": False}, URLS)
    assert content["post_mode"] == "MEDIA_UPLOAD"
    assert set(content["post_info"]) == {"title", "description"}


def test_ai_label_is_a_field_of_the_body():
    assert posting.build_body({**POST, "is_aigc": True}, URLS)["is_aigc"] is True


def test_creator_info_keeps_known_audiences_in_order():
    api = Api(
        {
            "creator_username": "acme",
            "creator_nickname": "ACME",
            "creator_avatar_url": "https://p.example.com/a.jpg",
            "privacy_level_options": ["SELF_ONLY", "SOMETHING_NEW", "PUBLIC_TO_EVERYONE"],
            "comment_disabled": True,
        }
    )
    creator = posting.fetch_creator_info(api)
    assert creator.privacy_options == ("PUBLIC_TO_EVERYONE", "SELF_ONLY")
    assert creator.comment_disabled
    assert not creator.is_private
    assert api.calls == [("POST", posting.CREATOR_INFO, {"json": {}})]


def test_private_account_is_recognized_by_its_audiences():
    api = Api({"privacy_level_options": ["FOLLOWER_OF_CREATOR", "SELF_ONLY"]})
    assert posting.fetch_creator_info(api).is_private
    assert not posting.fetch_creator_info(Api({})).is_private


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"publish_id": "p_pub_url~v2.1"}, "p_pub_url~v2.1"),
        ({}, ""),
        ({"publish_id": 7}, ""),
        ({"publish_id": "x" * 65}, ""),
    ],
)
def test_begin(answer, expected):
    assert posting.begin_post(Api(answer), {}) == expected


@pytest.mark.parametrize(
    ("code", "open_"),
    [
        ("answer_lost", True),
        ("no_object", True),
        ("http_502", True),
        ("not_json", True),
        ("internal_error", True),
        ("", True),
        ("unreachable", False),
        ("rate_limit_exceeded", False),
        ("invalid_param", False),
        ("url_ownership_unverified", False),
        ("access_token_invalid", False),
    ],
)
def test_errors_after_which_the_post_may_have_arrived(code, open_):
    assert posting.may_have_arrived(code) is open_


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("PROCESSING_UPLOAD", "processing"),
        ("PROCESSING_DOWNLOAD", "processing"),
        ("SOMETHING_NEW", "processing"),
        ("SEND_TO_USER_INBOX", "inbox"),
        ("PUBLISH_COMPLETE", "published"),
        ("FAILED", "failed"),
    ],
)
def test_states(said, state):
    assert posting.fetch_status(Api({"status": said}), "p").state == state


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        ([7512345678901234567], ("7512345678901234567",)),
        (["7512345678901234567", 3], ("7512345678901234567", "3")),
        ([], ()),
        (None, ()),
        (["x", True, -1, 1.5, {}], ()),
        ("12", ("12",)),
    ],
)
def test_ids_of_public_posts_come_in_many_shapes(ids, expected):
    answer = {"status": "PUBLISH_COMPLETE", "publicaly_available_post_id": ids}
    assert posting.fetch_status(Api(answer), "p").post_uids == expected


def test_unexpected_answers_raise_nothing():
    for value in (None, [], {}, "x", -1, True, 10**30):
        status = posting.fetch_status(
            Api({"status": str(value), "fail_reason": value, "downloaded_bytes": value}), "p"
        )
        assert status.state == "processing"
        assert 0 <= status.downloaded < 2**31


@pytest.mark.parametrize(
    ("name", "content", "direct", "expected"),
    [
        ("post.publish.complete", {}, True, True),
        ("post.publish.complete", {"publish_type": "DIRECT_PUBLISH"}, True, True),
        ("post.publish.complete", {"publish_type": "DIRECT_PUBLISH"}, False, False),
        ("post.publish.complete", {"publish_type": "INBOX_SHARE"}, True, False),
        ("post.publish.complete", {"publish_type": "INBOX_SHARE"}, False, True),
        ("post.publish.inbox_delivered", {}, True, False),
        ("post.publish.inbox_delivered", {"publish_type": "INBOX_SHARE"}, False, True),
        ("post.publish.complete", {"publish_id": "v_pub_file~v2.1"}, True, False),
        ("post.publish.complete", {"publish_id": 7, "publish_type": []}, True, True),
    ],
)
def test_events_that_may_be_about_a_photo_post(name, content, direct, expected):
    assert posting.may_be_photo_post(name, content, direct=direct) is expected


def test_cancel_names_the_post():
    api = Api({})
    posting.cancel_post(api, "p1")
    assert api.calls == [("POST", posting.CANCEL, {"json": {"publish_id": "p1"}})]


def test_post_urls():
    assert posting.build_post_url("acme", "12") == "https://www.tiktok.com/@acme/photo/12"
    assert not posting.build_post_url("", "12")
    assert posting.build_profile_url("acme.de") == "https://www.tiktok.com/@acme.de"
    assert posting.build_profile_url("a/../b?c") == "https://www.tiktok.com/@a%2F..%2Fb%3Fc"
    assert not posting.build_profile_url("")


def test_a_text_can_be_stored():
    assert posting.parse_text("Ana\x00 \ud83d") == "Ana ?"
