"""What ads show, without TikTok."""

import itertools

import pytest
from tiktok import ad

ONE, TWO = "1809876543210987", "1809876543210988"
ITEM = "7512345678901234567"


class Client:
    """Answers with these rows and keeps what it was asked."""

    def __init__(self, *rows):
        self.rows, self.calls = rows, []

    def iter_pages(self, path, params):
        self.calls.append((path, params))
        yield from self.rows


def test_what_an_ad_shows():
    client = Client({"ad_id": ONE, "tiktok_item_id": ITEM, "ad_name": "Sofa tour"})
    assert ad.fetch_shown_items(client, "7", [ONE, TWO]) == {ONE: ITEM, TWO: ""}
    params = {"advertiser_id": "7", "filtering": {"ad_ids": [ONE, TWO]}}
    assert client.calls == [("/ad/get/", params)]


def test_ids_may_be_numbers():
    client = Client({"ad_id": int(ONE), "tiktok_item_id": int(ITEM)})
    assert ad.fetch_shown_items(client, "7", [ONE]) == {ONE: ITEM}


def test_unrequested_ads_are_ignored():
    rows = [{"ad_id": other, "tiktok_item_id": ITEM} for other in (TWO, [], None)]
    for row in rows:
        assert ad.fetch_shown_items(Client(row), "7", [ONE]) == {ONE: ""}


def test_endless_pages_are_limited():
    client, numbers = Client(), itertools.count()
    client.rows = ({"ad_id": number, "tiktok_item_id": ITEM} for number in numbers)
    assert ad.fetch_shown_items(client, "7", [ONE, TWO]) == {ONE: "", TWO: ""}
    assert next(numbers) == 2


@pytest.mark.parametrize("item", [None, "", 0, "0", True, [], {"id": ITEM}, "x", ITEM * 10])
def test_invalid_item_ids_are_none(item):
    rows = ({"ad_id": ONE, "tiktok_item_id": item}, {"ad_id": TWO})
    assert ad.fetch_shown_items(Client(*rows), "7", [ONE, TWO]) == {ONE: "", TWO: ""}


def test_invalid_ad_ids_are_not_requested():
    client = Client()
    assert ad.fetch_shown_items(client, "7", [ONE, "x", ""]) == {ONE: "", "x": "", "": ""}
    assert client.calls[0][1]["filtering"] == {"ad_ids": [ONE]}
    assert ad.fetch_shown_items(client, "7", ["x"]) == {"x": ""}
    assert len(client.calls) == 1
