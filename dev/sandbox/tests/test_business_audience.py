"""Audiences from customer files (contract, section 9.3)."""

import hashlib

import pytest

from dev.sandbox.tests.clients import data, refusal

BASE = "/dmp/custom_audience"
HEADER = "email_SHA256,phone_SHA256"
TWO_DAYS = 48 * 3600


def members(count, start=0):
    """Return a file of so many people."""
    lines = [hashlib.sha256(str(n).encode()).hexdigest() + "," for n in range(start, start + count)]
    return "\n".join([HEADER, *lines, ""]).encode()


def upload(business, content, **changes):
    """Upload a file."""
    fields = {
        "advertiser_id": business.account,
        "calculate_type": "MULTIPLE_TYPES",
        "file_signature": hashlib.md5(content, usedforsecurity=False).hexdigest(),
        **changes,
    }
    return business.upload(f"{BASE}/file/upload/", content, **fields)


def paths(business, count, start=0):
    """Return the path of a new file, in a list."""
    return [data(upload(business, members(count, start)))["file_path"]]


def create(business, file_paths, **changes):
    """Make an audience."""
    call = {
        "advertiser_id": business.account,
        "custom_audience_name": "Won",
        "calculate_type": "MULTIPLE_TYPES",
        "file_paths": file_paths,
        **changes,
    }
    return business.post(f"{BASE}/create/", **call)


def update(business, audience_id, **changes):
    """Change an audience."""
    call = {"advertiser_id": business.account, "custom_audience_id": audience_id, **changes}
    return business.post(f"{BASE}/update/", **call)


@pytest.fixture
def audience_id(business):
    """An audience of 1,200 people."""
    return data(create(business, paths(business, 1200)))["custom_audience_id"]


@pytest.mark.parametrize(
    ("content", "changes"),
    [
        (members(3), {"file_signature": "0" * 32}),
        (members(3), {"calculate_type": ""}),
        (members(3), {"calculate_type": "EMAIL"}),
        (members(3), {"name": "members.xls"}),
        (b"email\n" + b"a" * 64, {}),
        (f"{HEADER}\n{'A' * 64},".encode(), {}),
        (f"{HEADER}\n{'a' * 64}".encode(), {}),
        (f"{HEADER}\nana@example.com,".encode(), {}),
    ],
)
def test_a_file_must_be_right(business, content, changes):
    assert refusal(upload(business, content, **changes))[0] == 40002


def test_an_audience_needs_a_thousand_members(tiktok, business, audience_id):
    assert refusal(create(business, paths(business, 999)))[0] == 40002
    long = create(business, paths(business, 1200), custom_audience_name="x" * 129)
    assert refusal(long)[0] == 40002
    assert refusal(create(business, ["7"]))[0] == 40007
    assert [each["count"] for each in tiktok.audiences()] == [1200]


def test_a_file_belongs_to_its_ad_account(business):
    own = paths(business, 1200)
    assert refusal(create(business, own, advertiser_id=business.other))[0] == 40007


def test_update_replaces_unless_it_says_otherwise(tiktok, business, audience_id):
    def count():
        return tiktok.audiences()[0]["count"]

    data(update(business, audience_id, file_paths=paths(business, 100, 5000), action="APPEND"))
    assert count() == 1300
    data(update(business, audience_id, file_paths=paths(business, 300), action="REMOVE"))
    assert count() == 1000
    one = paths(business, 1, 5000)
    assert refusal(update(business, audience_id, file_paths=one, action="REMOVE"))[0] == 40002
    assert refusal(update(business, audience_id, file_paths=one))[0] == 40002
    data(update(business, audience_id, file_paths=paths(business, 1500, 9000)))
    assert count() == 1500
    assert tiktok.audiences()[0]["history"] == ["CREATE", "APPEND", "REMOVE", "REPLACE"]


def test_an_audience_is_computed_for_two_days(tiktok, business, audience_id):
    call = {"advertiser_id": business.account, "custom_audience_ids": [audience_id]}
    details = data(business.get(f"{BASE}/get/", **call))["list"][0]["audience_details"]
    assert (details["is_valid"], details["cover_num"]) == (False, 0)
    tiktok.advance(TWO_DAYS)
    (row,) = data(business.get(f"{BASE}/list/", advertiser_id=business.account))["list"]
    assert (row["is_valid"], row["cover_num"], row["is_expiring"]) == (True, 720, False)
    tiktok.advance(320 * 86400)
    (row,) = data(business.get(f"{BASE}/list/", advertiser_id=business.account))["list"]
    assert row["is_expiring"]


def test_a_deleted_audience_is_gone(tiktok, business, audience_id):
    call = {"advertiser_id": business.account, "custom_audience_ids": [audience_id]}
    data(business.post(f"{BASE}/delete/", **call))
    assert refusal(business.post(f"{BASE}/delete/", **call))[0] == 40007
    assert data(business.get(f"{BASE}/get/", **call))["list"] == []
    assert tiktok.audiences() == []


def test_the_permission_is_needed(tiktok, business):
    business.token = tiktok.grant_business_token(
        app_id=business.app["app_id"], advertiser_ids=[business.account], scope=[4]
    )
    assert refusal(upload(business, members(3)))[0] == 40001
