"""Ads by their ids, and the posts they show."""

import pytest

from dev.sandbox.handle import SandboxError
from dev.sandbox.tests.clients import data, refusal
from dev.sandbox.tests.test_pages import Browser


@pytest.fixture
def shown(tiktok, business):
    """Return an ad of the first ad account and the video it shows."""
    ad_id = next(a["ad_id"] for a in business.ads if a["advertiser_id"] == business.account)
    video = tiktok.add_video(username="oasis.furniture", title="Sofa tour")
    tiktok.show_post_in_ad(ad_id, video["video_id"])
    return ad_id, video["video_id"]


def list_ads(business, account=None, **params):
    """Ask for ads."""
    return business.get("/ad/get/", advertiser_id=account or business.account, **params)


def test_ads_by_their_ids(business, shown):
    ad_id, video_id = shown
    (row,) = data(list_ads(business, filtering={"ad_ids": [ad_id]}))["list"]
    assert (row["ad_id"], row["tiktok_item_id"]) == (ad_id, video_id)
    assert row["ad_name"]


def test_most_ads_show_no_post(business, shown):
    rows = data(list_ads(business, page_size=1000))["list"]
    assert len(rows) > 1
    assert [row["ad_id"] for row in rows if row["tiktok_item_id"] is not None] == [shown[0]]


def test_an_ad_may_stop_showing_it(tiktok, business, shown):
    tiktok.show_post_in_ad(shown[0], "")
    (row,) = data(list_ads(business, filtering={"ad_ids": [shown[0]]}))["list"]
    assert row["tiktok_item_id"] is None


def test_what_is_not_there_is_not_shown(tiktok, shown):
    with pytest.raises(SandboxError, match="there is no '7'"):
        tiktok.show_post_in_ad(shown[0], "7")
    with pytest.raises(SandboxError, match="there is no '7'"):
        tiktok.show_post_in_ad("7", shown[1])


def test_ids_may_be_numbers(tiktok, business, shown):
    tiktok.set_settings(rest_ids="number")
    (row,) = data(list_ads(business, filtering={"ad_ids": [shown[0]]}))["list"]
    assert (row["ad_id"], row["tiktok_item_id"]) == (int(shown[0]), shown[1])


def test_pages(business):
    found = [data(list_ads(business, page=number, page_size=1)) for number in (1, 2)]
    assert [each["page_info"]["page"] for each in found] == [1, 2]
    assert found[0]["list"] != found[1]["list"]
    assert refusal(list_ads(business, page_size=1001))[0] == 40002


def test_nobody_reads_the_ads_of_another(tiktok, business, shown):
    filtering = {"ad_ids": [shown[0]]}
    assert data(list_ads(business, business.other, filtering=filtering))["list"] == []
    business.token = tiktok.grant_business_token(business.app["app_id"], [business.other])
    assert refusal(list_ads(business, filtering=filtering))[0] == 40001


def test_an_app_may_lack_the_permission(tiktok, business):
    tiktok.set_settings(ads_read="no")
    code, message = refusal(list_ads(business))
    assert (code, "permission" in message) == (40001, True)


@pytest.mark.parametrize(
    "filtering",
    [
        "nonsense",
        [],
        {"status": "X"},
        {"ad_ids": []},
        {"ad_ids": "1"},
        {"ad_ids": [7600000000000000123]},
        {"ad_ids": ["x"]},
        {"ad_ids": [str(n) for n in range(101)]},
    ],
)
def test_refusals(business, filtering):
    assert refusal(list_ads(business, filtering=filtering))[0] == 40002


def test_an_ad_account_must_be_named(business):
    assert refusal(business.get("/ad/get/"))[0] == 40002
    library = business.library["library_id"]
    assert refusal(business.get("/ad/get/", library_id=library))[0] == 40002


def test_a_person_says_what_an_ad_shows(tiktok, business, shown):
    browser = Browser(tiktok)
    ad_id = [a["ad_id"] for a in business.ads if a["advertiser_id"] == business.account][-1]
    assert ad_id != shown[0]
    page = browser.send("/creators/oasis.furniture/ads", ad_id=ad_id, item_id=shown[1])
    assert ad_id in page.text
    (row,) = data(list_ads(business, filtering={"ad_ids": [ad_id]}))["list"]
    assert row["tiktok_item_id"] == shown[1]
    browser.send("/creators/oasis.furniture/ads", 404, ad_id="7", item_id=shown[1])
    browser.send("/creators/oasis.furniture/ads", 404, ad_id=ad_id, item_id="7")
