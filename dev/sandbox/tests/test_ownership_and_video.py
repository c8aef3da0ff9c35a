"""URL ownership and video files (contract, sections 6.3 and 6.7)."""

import pytest
import requests

from dev.sandbox.handle import SandboxError
from dev.sandbox.tests.clients import fine, wrong

SITE = "https://media.example.com/pictures/"
VIDEO = "/v2/post/publish/video/init/"
INBOX = "/v2/post/publish/inbox/video/init/"
STATUS = "/v2/post/publish/status/fetch/"
MB = 1024 * 1024
MP4 = b"\0\0\0\x18ftypmp42"


def claim(developer, kind, value):
    """Claim a URL; return its token."""
    made = developer.tiktok.add_property(client_key=developer.key, kind=kind, value=value)
    assert len(made["token"]) == 32 and made["token"].isalnum()
    return made["token"]


def verify(developer, value):
    """Press Verify; return what is wrong."""
    return developer.tiktok.verify_property(client_key=developer.key, value=value)


def test_the_file_of_a_prefix(developer, receiver):
    developer.tiktok.map_host("media.example.com", receiver.url)
    token = claim(developer, "prefix", SITE)
    path, text = f"/pictures/tiktok{token}.txt", f"tiktok-developers-site-verification={token}"
    assert "HTTP 404" in verify(developer, SITE)
    receiver.pages[path] = (302, {"Location": "/elsewhere"}, b"")
    assert "redirect" in verify(developer, SITE)
    receiver.pages[path] = (200, {}, b"something else")
    assert "must say" in verify(developer, SITE)
    receiver.pages[path] = (200, {}, text.encode() + b"\n")
    assert verify(developer, SITE) is None
    assert receiver.requests[-1][1]["Host"] == "media.example.com"


def test_the_record_of_a_domain(developer):
    token = claim(developer, "domain", "example.com")
    assert "TXT" in verify(developer, "example.com")
    developer.tiktok.set_txt("example.com", [f"tiktok-developers-site-verification={token}"])
    assert verify(developer, "example.com") is None


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("domain", "https://example.com"),
        ("domain", ""),
        ("prefix", "http://example.com/"),
        ("prefix", "https://example.com"),
        ("file", "x"),
    ],
)
def test_what_can_not_be_claimed(developer, kind, value):
    with pytest.raises(SandboxError):
        claim(developer, kind, value)


def test_a_site_elsewhere_is_not_asked(developer):
    claim(developer, "prefix", "https://example.com/")
    assert "not on this machine" in verify(developer, "https://example.com/")


@pytest.fixture
def audited(developer):
    """An audited app with a token."""
    developer.tiktok.set_app(client_key=developer.key, audited=True)
    developer.login()
    return developer


def begin(developer, size, chunk=None, count=1, path=INBOX, **info):
    """Begin a video; return the answer."""
    source = {
        "source": "FILE_UPLOAD",
        "video_size": size,
        "chunk_size": chunk or size,
        "total_chunk_count": count,
    }
    return developer.post(path, {"source_info": source, **({"post_info": info} if info else {})})


def put(url, content, first, total, kind="video/mp4"):
    """Upload one chunk; return the status."""
    last = first + len(content) - 1
    headers = {"Content-Type": kind, "Content-Range": f"bytes {first}-{last}/{total}"}
    return requests.put(url, data=content, headers=headers, timeout=30).status_code


def state(developer, data):
    """Return the status of a post."""
    developer.tiktok.advance(5)
    return fine(developer.post(STATUS, {"publish_id": data["publish_id"]}))


def test_a_small_file_is_uploaded_whole(audited):
    content = MP4 + b"x" * 1000
    data = fine(begin(audited, len(content)))
    assert len(data["upload_url"]) <= 256
    assert state(audited, data)["status"] == "PROCESSING_UPLOAD"
    assert put(data["upload_url"], content, 0, len(content)) == 201
    found = state(audited, data)
    assert (found["status"], found["uploaded_bytes"]) == ("SEND_TO_USER_INBOX", len(content))


def test_chunks_in_order(audited):
    content = MP4 + b"x" * (12 * MB)
    size, chunk = len(content), 5 * MB
    level = {"privacy_level": "SELF_ONLY", "title": "A video"}
    data = fine(begin(audited, size, chunk, 2, VIDEO, **level))
    url = data["upload_url"]
    assert put(url, content[chunk:], chunk, size) == 416
    assert put(url, content[:100], 0, size) == 416
    assert put(url, content[:chunk], 0, size, "text/plain") == 400
    assert put(url, content[:chunk], 0, size) == 206
    assert put(url, content[chunk:], chunk, size) == 201
    assert state(audited, data)["status"] == "PUBLISH_COMPLETE"


def test_a_public_video_is_listed(audited):
    content, level = MP4 + b"x" * 100, {"privacy_level": "PUBLIC_TO_EVERYONE", "title": "Mine"}
    data = fine(begin(audited, len(content), path=VIDEO, **level))
    put(data["upload_url"], content, 0, len(content))
    audited.tiktok.advance(60)
    (post_id,) = state(audited, data)["publicaly_available_post_id"]
    newest = fine(audited.post("/v2/video/list/", {}, fields="id,title"))["videos"][0]
    assert newest == {"id": str(post_id), "title": "Mine"}


def test_what_is_not_a_video(audited):
    data = fine(begin(audited, 1000))
    assert put(data["upload_url"], b"x" * 1000, 0, 1000) == 201
    found = fine(audited.post(STATUS, {"publish_id": data["publish_id"]}))
    assert found["fail_reason"] == "file_format_check_failed"


def test_an_upload_address_lives_an_hour(audited):
    data = fine(begin(audited, 1000))
    wrong_token = data["upload_url"] + "x"
    assert put(wrong_token, MP4 + b"x" * 988, 0, 1000) == 404
    audited.tiktok.advance(3600)
    assert put(data["upload_url"], MP4 + b"x" * 988, 0, 1000) == 403


@pytest.mark.parametrize(
    ("size", "chunk", "count"),
    [(3 * MB, MB, 3), (20 * MB, 4 * MB, 5), (200 * MB, 65 * MB, 3), (20 * MB, 5 * MB, 5),
     (0, 1, 1), (5 * 1024 * MB, 64 * MB, 80)],
)  # fmt: skip
def test_chunks_that_do_not_fit(audited, size, chunk, count):
    assert wrong(begin(audited, size, chunk, count)) == (400, "invalid_param")


def test_video_rules(audited):
    level = {"privacy_level": "SELF_ONLY"}
    long = begin(audited, 1000, path=VIDEO, title="x" * 2201, **level)
    assert wrong(long) == (400, "invalid_param")
    assert wrong(begin(audited, 1000, path=VIDEO, title="x")) == (400, "invalid_param")
    fine(begin(audited, 1000, path=VIDEO, title="x" * 2200, **level))


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ((200, {}, MP4 + b"x" * 50), ""),
        ((200, {}, b"x" * 50), "file_format_check_failed"),
        ((302, {"Location": "/"}, b""), "video_pull_failed"),
    ],
)
def test_a_video_is_pulled(audited, receiver, page, reason):
    audited.tiktok.map_host("media.example.com", receiver.url)
    add = audited.tiktok.add_property
    add(client_key=audited.key, kind="domain", value="example.com", verified=True)
    receiver.pages["/v.mp4"] = page
    url = "https://media.example.com/v.mp4"
    source = {"source": "PULL_FROM_URL", "video_url": url}
    data = fine(audited.post(INBOX, {"source_info": source}))
    assert state(audited, data)["fail_reason"] == reason
    source["video_url"] = "https://other.org/v.mp4"
    assert wrong(audited.post(INBOX, {"source_info": source}))[1] == "url_ownership_unverified"
