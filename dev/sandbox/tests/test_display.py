"""The Display API (contract, section 4)."""

import io

import pytest
import requests
from PIL import Image

from dev.sandbox.tests.clients import fine, wrong

BASIC = "open_id,union_id,avatar_url,display_name"
PROFILE = "bio_description,profile_deep_link,is_verified,username"
STATS = "follower_count,following_count,likes_count,video_count"
INFO = "/v2/user/info/"


def listing(developer, fields="id,title,create_time", **body):
    """List videos."""
    return developer.post("/v2/video/list/", body, fields=fields)


def test_fields_by_scope(developer):
    developer.login()
    user = fine(developer.get(INFO, fields=f"{BASIC},{PROFILE},{STATS}"))["user"]
    assert user["username"] == developer.PUBLIC
    assert user["is_verified"] is True
    assert user["video_count"] == 7
    developer.login(scopes=["user.info.basic", "user.info.stats"])
    assert set(fine(developer.get(INFO, fields=STATS))["user"]) == set(STATS.split(","))
    assert wrong(developer.get(INFO, fields=PROFILE)) == (401, "scope_not_authorized")
    developer.tiktok.set_settings(user_field_error="scope_permission_missed")
    assert wrong(developer.get(INFO, fields=PROFILE)) == (400, "scope_permission_missed")


def test_fields_must_be_named_and_known(developer):
    developer.login()
    assert wrong(developer.get(INFO)) == (400, "invalid_params")
    assert wrong(developer.get(INFO, fields="open_id,email")) == (400, "invalid_params")
    assert wrong(listing(developer, fields="")) == (400, "invalid_params")


def test_open_id_is_the_apps_own(developer):
    developer.login()
    first = fine(developer.get(INFO, fields="open_id,union_id"))["user"]
    other = developer.tiktok.create_developer_app()
    token = developer.tiktok.grant_developer_token(other["client_key"], developer.PUBLIC)
    second = fine(developer.get(INFO, token["access"], fields="open_id,union_id"))["user"]
    assert first["open_id"] != second["open_id"]
    assert first["union_id"] == second["union_id"]


def test_videos_by_cursor_newest_first(developer):
    developer.login()
    developer.tiktok.add_video(username=developer.PUBLIC, title="Hidden", public=False)
    seen, cursor, more = [], None, True
    while more:
        body = {"max_count": 3} | ({"cursor": cursor} if cursor else {})
        page = fine(listing(developer, **body))
        seen += page["videos"]
        cursor, more = page["cursor"], page["has_more"]
        assert cursor == page["videos"][-1]["create_time"] * 1000
    times = [video["create_time"] for video in seen]
    assert len(seen) == len({video["id"] for video in seen}) == 7
    assert times == sorted(times, reverse=True)


def test_pages_may_be_short(developer):
    developer.login()
    developer.tiktok.set_settings(video_pages="short")
    page = fine(listing(developer, max_count=6))
    assert (len(page["videos"]), page["has_more"]) == (3, True)


@pytest.mark.parametrize("body", [{"max_count": 21}, {"max_count": 0}, {"cursor": "x"}])
def test_list_refusals(developer, body):
    developer.login()
    assert wrong(listing(developer, **body)) == (400, "invalid_params")
    developer.login(scopes=["user.info.basic"])
    assert wrong(listing(developer)) == (401, "scope_not_authorized")


def test_query_gives_own_videos_only(developer):
    developer.login(developer.PRIVATE)
    foreign = fine(listing(developer))["videos"]
    developer.login()
    own = fine(listing(developer))["videos"]
    ids = [foreign[0]["id"], own[0]["id"]]
    path = "/v2/video/query/"
    found = fine(developer.post(path, {"filters": {"video_ids": ids}}, fields="id"))
    assert found["videos"] == [{"id": own[0]["id"]}]
    many = {"filters": {"video_ids": ["1"] * 21}}
    assert wrong(developer.post(path, many, fields="id")) == (400, "invalid_params")
    assert wrong(developer.post(path, {}, fields="id")) == (400, "invalid_params")


def test_covers_are_pictures_for_six_hours(developer):
    developer.login()
    url = fine(listing(developer, "cover_image_url"))["videos"][0]["cover_image_url"]
    picture = Image.open(io.BytesIO(requests.get(url, timeout=20).content))
    assert picture.format == "JPEG"
    developer.tiktok.advance(6 * 3600)
    assert requests.get(url, timeout=20).status_code == 403
    forged = url.replace("x-expires=", "x-expires=9")
    assert requests.get(forged, timeout=20).status_code == 403


def test_600_a_minute_per_token_or_app(developer):
    first = developer.login()["access"]
    second = developer.login()["access"]
    for _number in range(600):
        assert developer.get(INFO, first, fields="open_id").status_code == 200
    assert wrong(developer.get(INFO, first, fields="open_id")) == (429, "rate_limit_exceeded")
    fine(developer.get(INFO, second, fields="open_id"))
    developer.tiktok.advance(60)
    fine(developer.get(INFO, first, fields="open_id"))


def test_limit_per_app(developer):
    developer.tiktok.set_settings(display_limit_per="app")
    tokens = [developer.login()["access"] for _number in range(2)]
    for number in range(600):
        developer.get(INFO, tokens[number % 2], fields="open_id")
    for token in tokens:
        assert wrong(developer.get(INFO, token, fields="open_id"))[0] == 429


def test_tokens(developer):
    developer.login()
    assert wrong(developer.get(INFO, "invented", fields="open_id")) == (401, "access_token_invalid")
    bare = requests.get(f"{developer.tiktok.url}{INFO}?fields=open_id", timeout=20)
    assert wrong(bare) == (401, "access_token_invalid")
    developer.tiktok.set_fault(INFO, "dead_token", times=1)
    assert wrong(developer.get(INFO, fields="open_id")) == (401, "access_token_invalid")
    developer.tiktok.set_fault(INFO, "code", "internal_error", times=1)
    assert wrong(developer.get(INFO, fields="open_id")) == (500, "internal_error")
    assert developer.get(INFO[:-1]).status_code == 404
