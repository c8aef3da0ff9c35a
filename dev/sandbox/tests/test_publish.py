"""Photo posts (contract, section 6)."""

import base64
import io
import json

import pytest
from PIL import Image

from dev.sandbox.tests.clients import fine, wrong

INIT = "/v2/post/publish/content/init/"
STATUS = "/v2/post/publish/status/fetch/"
INFO = "/v2/post/publish/creator_info/query/"
CANCEL = "/v2/post/publish/cancel/"
SITE = "https://media.example.com/"
DAY = 86400


def picture(kind="JPEG", size=(600, 800)):
    """Return the bytes of a picture."""
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind)
    return out.getvalue()


@pytest.fixture
def site(tiktok, developer, receiver):
    """A verified site with pictures, and an audited app."""
    tiktok.map_host("media.example.com", receiver.url)
    tiktok.add_property(client_key=developer.key, kind="prefix", value=SITE, verified=True)
    tiktok.set_app(client_key=developer.key, audited=True)
    developer.login()
    receiver.pages = {
        "/1.jpg": (200, {}, picture()),
        "/2.webp": (200, {}, picture("WEBP")),
        "/3.png": (200, {}, picture("PNG")),
        "/large.jpg": (200, {}, picture(size=(1200, 1600))),
        "/wide.jpg": (200, {}, picture(size=(2100, 700))),
        "/text.jpg": (200, {}, b"not a picture"),
        "/moved.jpg": (302, {"Location": "/1.jpg"}, b""),
        "/broken.jpg": (500, {}, b""),
    }
    return receiver


def body(*names, mode="DIRECT_POST", **changes):
    """Return a post's body; changes go where they belong."""
    info = {
        "title": "Spring offer",
        "description": "Longer text #spring",
        "privacy_level": "PUBLIC_TO_EVERYONE",
        "disable_comment": False,
        "auto_add_music": True,
        "brand_content_toggle": False,
        "brand_organic_toggle": True,
    }
    source = {
        "source": "PULL_FROM_URL",
        "photo_cover_index": 0,
        "photo_images": [name if "://" in name else SITE + name for name in names or ["1.jpg"]],
    }
    made = {"media_type": "PHOTO", "post_mode": mode, "post_info": info, "source_info": source}
    for key, value in changes.items():
        part = next(p for p in (source, info, made) if key in p or p is made)
        part[key] = value
    return made


def init(developer, *names, **changes):
    """Begin a post."""
    return developer.post(INIT, body(*names, **changes))


def posted(developer, *names, seconds=5, **changes):
    """Begin a post, let some time go by, and return its status."""
    publish_id = fine(init(developer, *names, **changes))["publish_id"]
    assert len(publish_id) <= 64
    developer.tiktok.advance(seconds)
    found = fine(developer.post(STATUS, {"publish_id": publish_id}))
    return {**found, "publish_id": publish_id}


def test_from_init_to_the_public(developer, site):
    publish_id = fine(init(developer, "1.jpg", "2.webp"))["publish_id"]
    states = []
    for seconds in (0, 5, 60):
        developer.tiktok.advance(seconds)
        found = fine(developer.post(STATUS, {"publish_id": publish_id}))
        states.append((found["status"], len(found["publicaly_available_post_id"])))
    assert states == [("PROCESSING_DOWNLOAD", 0), ("PUBLISH_COMPLETE", 0), ("PUBLISH_COMPLETE", 1)]
    assert found["downloaded_bytes"] == len(picture()) + len(picture("WEBP"))
    assert isinstance(found["publicaly_available_post_id"][0], int)
    developer.tiktok.set_settings(post_ids="string")
    found = fine(developer.post(STATUS, {"publish_id": publish_id}))
    assert isinstance(found["publicaly_available_post_id"][0], str)
    post = developer.tiktok.post(publish_id)
    assert base64.b64decode(post["pictures"][0]).startswith(b"\xff\xd8")


def test_a_private_post_never_gets_a_public_id(developer, site):
    found = posted(developer, seconds=DAY / 24, privacy_level="SELF_ONLY")
    assert (found["status"], found["publicaly_available_post_id"]) == ("PUBLISH_COMPLETE", [])


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("3.png", "file_format_check_failed"),
        ("text.jpg", "file_format_check_failed"),
        ("large.jpg", "picture_size_check_failed"),
        ("wide.jpg", "picture_size_check_failed"),
        ("moved.jpg", "photo_pull_failed"),
        ("missing.jpg", "photo_pull_failed"),
    ],
)
def test_one_bad_picture_fails_the_post(developer, site, name, reason):
    found = posted(developer, "1.jpg", name)
    assert (found["status"], found["fail_reason"]) == ("FAILED", reason)
    explanation = developer.tiktok.post(found["publish_id"])["explanation"]
    assert explanation.startswith("Picture 2")


def test_png_and_sizes_as_switched(developer, site):
    developer.tiktok.set_settings(png="accepted", picture_limit="short_1080")
    assert posted(developer, "3.png")["status"] == "PUBLISH_COMPLETE"
    assert posted(developer, "wide.jpg")["status"] == "PUBLISH_COMPLETE"
    developer.tiktok.set_settings(picture_limit="long_1080", picture_min=700)
    assert posted(developer, "1.jpg")["fail_reason"] == "picture_size_check_failed"


def test_a_site_that_is_down_is_tried_for_an_hour(developer, site):
    found = posted(developer, "broken.jpg", seconds=1200)
    assert found["status"] == "PROCESSING_DOWNLOAD"
    site.pages["/broken.jpg"] = (200, {}, picture())
    developer.tiktok.advance(700)
    call = {"publish_id": found["publish_id"]}
    assert fine(developer.post(STATUS, call))["status"] == "PUBLISH_COMPLETE"
    site.pages["/broken.jpg"] = (503, {}, b"")
    found = posted(developer, "broken.jpg", seconds=3700)
    assert found["fail_reason"] == "photo_pull_failed"


def test_36_photos(developer, site):
    assert wrong(init(developer, *["1.jpg"] * 36)) == (400, "invalid_param")
    fine(init(developer, *["1.jpg"] * 35))


def test_91_utf16_units(developer, site):
    fine(init(developer, title="😀" * 45))
    answer = init(developer, title="😀" * 45 + "a")
    assert "91 UTF-16 units" in answer.json()["error"]["message"]
    assert wrong(answer) == (400, "invalid_param")
    fine(init(developer, description="я" * 4000))
    assert wrong(init(developer, description="я" * 4001)) == (400, "invalid_param")


@pytest.mark.parametrize(
    "change",
    [
        {"media_type": "VIDEO"},
        {"post_mode": "LATER"},
        {"source": "FILE_UPLOAD"},
        {"photo_images": []},
        {"photo_images": "1.jpg"},
        {"photo_cover_index": 1},
        {"photo_cover_index": None},
        {"privacy_level": None},
        {"privacy_level": "EVERYBODY"},
        {"disable_comment": "no"},
        {"brand_content_toggle": 1},
        {"title": 7},
    ],
)
def test_invalid_param(developer, site, change):
    assert wrong(init(developer, **change)) == (400, "invalid_param")


def test_brand_toggles_may_be_required(developer, site):
    made = body()
    del made["post_info"]["brand_content_toggle"]
    fine(developer.post(INIT, made))
    developer.tiktok.set_settings(brand_toggles="required")
    assert wrong(developer.post(INIT, made)) == (400, "invalid_param")


@pytest.mark.parametrize("position", ["body", "post_info"])
def test_position_of_is_aigc(developer, site, position):
    developer.tiktok.set_settings(aigc_position=position)
    made = body()
    made["is_aigc"] = True
    publish_id = fine(developer.post(INIT, made))["publish_id"]
    assert developer.tiktok.post(publish_id)["info"]["is_aigc"] == (position == "body")


@pytest.mark.parametrize(
    ("url", "status", "code"),
    [
        ("https://other.example.com/1.jpg", 403, "url_ownership_unverified"),
        ("https://media.example.com.evil.com/1.jpg", 403, "url_ownership_unverified"),
        ("http://media.example.com/1.jpg", 400, "invalid_param"),
        ("https://93.184.216.34/1.jpg", 400, "invalid_param"),
        ("http://127.0.0.1:8069/1.jpg", 403, "url_ownership_unverified"),
    ],
)
def test_unverified_and_improper_addresses(developer, site, url, status, code):
    assert wrong(init(developer, url)) == (status, code)


def test_a_domain_covers_subdomains_not_its_parent(developer, site):
    add = developer.tiktok.add_property
    add(client_key=developer.key, kind="domain", value="shop.example.org", verified=True)
    fine(init(developer, "https://img.shop.example.org/1.jpg"))
    assert wrong(init(developer, "https://example.org/1.jpg"))[1] == "url_ownership_unverified"


def test_the_demos_own_address(developer, site):
    add = developer.tiktok.add_property
    add(client_key=developer.key, kind="prefix", value=site.url + "/", verified=True)
    assert posted(developer, f"{site.url}/1.jpg")["status"] == "PUBLISH_COMPLETE"
    developer.tiktok.set_settings(loopback_media="refused")
    assert wrong(init(developer, f"{site.url}/1.jpg")) == (400, "invalid_param")


def events(receiver):
    """Return the events that came, with their content."""
    bodies = [json.loads(raw) for _path, _headers, raw in receiver.requests if raw]
    return [(each["event"], json.loads(each["content"])) for each in bodies]


def test_events_of_a_public_post(developer, site):
    developer.tiktok.set_app(client_key=developer.key, webhook_url=f"{site.url}/hook")
    found = posted(developer, seconds=60)
    developer.tiktok.remove_post(publish_id=found["publish_id"])
    developer.tiktok.flush()
    came = events(site)
    assert [event for event, _content in came] == [
        "post.publish.complete",
        "post.publish.publicly_available",
        "post.publish.no_longer_publicaly_available",
    ]
    post_id = str(found["publicaly_available_post_id"][0])
    assert came[1][1] == {
        "publish_id": found["publish_id"], "publish_type": "DIRECT_PUBLISH", "post_id": post_id,
    }  # fmt: skip


def test_events_of_drafts_and_failures_as_switched(developer, site):
    developer.tiktok.set_app(client_key=developer.key, webhook_url=f"{site.url}/hook")
    developer.tiktok.set_settings(
        hook_fail_key="fail_reason",
        hook_complete_event="post.publish.completed",
        hook_public_event="post.publish.publicaly_available",
        hook_publish_type="DIRECT_POST",
    )
    draft = posted(developer, mode="MEDIA_UPLOAD")["publish_id"]
    posted(developer, "3.png")
    posted(developer, seconds=60)
    developer.tiktok.finish_draft(draft, privacy_level="SELF_ONLY")
    developer.tiktok.flush()
    came = events(site)
    assert came[0][1]["publish_type"] == "INBOX_SHARE"
    assert came[1][1]["fail_reason"] == "file_format_check_failed"
    assert [event for event, _content in came] == [
        "post.publish.inbox_delivered",
        "post.publish.failed",
        "post.publish.completed",
        "post.publish.publicaly_available",
        "post.publish.completed",
    ]
    assert came[2][1]["publish_type"] == "DIRECT_POST"


def test_authorization_removed_ends_the_token(developer, site):
    developer.tiktok.remove_authorization(client_key=developer.key, username=developer.PUBLIC)
    assert wrong(init(developer)) == (401, "access_token_invalid")
