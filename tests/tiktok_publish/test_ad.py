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

    def pages(self, path, params):
        self.calls.append((path, params))
        yield from self.rows


def test_what_an_ad_shows():
    client = Client({"ad_id": ONE, "tiktok_item_id": ITEM, "ad_name": "Sofa tour"})
    assert ad.items(client, "7", [ONE, TWO]) == {ONE: ITEM, TWO: ""}
    params = {"advertiser_id": "7", "filtering": {"ad_ids": [ONE, TWO]}}
    assert client.calls == [("/ad/get/", params)]


def test_ids_may_be_numbers():
    client = Client({"ad_id": int(ONE), "tiktok_item_id": int(ITEM)})
    assert ad.items(client, "7", [ONE]) == {ONE: ITEM}


def test_an_ad_that_nobody_asked_about_is_nobody_s():
    rows = [{"ad_id": other, "tiktok_item_id": ITEM} for other in (TWO, [], None)]
    for row in rows:
        assert ad.items(Client(row), "7", [ONE]) == {ONE: ""}


def test_a_list_without_end_ends():
    client, numbers = Client(), itertools.count()
    client.rows = ({"ad_id": number, "tiktok_item_id": ITEM} for number in numbers)
    assert ad.items(client, "7", [ONE, TWO]) == {ONE: "", TWO: ""}
    assert next(numbers) == 2


@pytest.mark.parametrize("item", [None, "", 0, "0", True, [], {"id": ITEM}, "x", ITEM * 10])
def test_what_is_no_id_is_none(item):
    rows = ({"ad_id": ONE, "tiktok_item_id": item}, {"ad_id": TWO})
    assert ad.items(Client(*rows), "7", [ONE, TWO]) == {ONE: "", TWO: ""}


def test_tiktok_is_not_asked_about_what_is_no_id():
    client = Client()
    assert ad.items(client, "7", [ONE, "x", ""]) == {ONE: "", "x": "", "": ""}
    assert client.calls[0][1]["filtering"] == {"ad_ids": [ONE]}
    assert ad.items(client, "7", ["x"]) == {"x": ""}
    assert len(client.calls) == 1
