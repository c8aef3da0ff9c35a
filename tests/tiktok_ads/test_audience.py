"""Audiences from customer files, against the local TikTok."""

import pytest
from local_business import run_local_tiktok
from tiktok import audience, errors

TWO_DAYS = 48 * 3600


@pytest.fixture
def local():
    with run_local_tiktok() as running:
        yield running


def make_lines(count, start=0):
    numbers = range(start, start + count)
    return [audience.format_member(f"p{n}@example.com", f"+569{n:08}") for n in numbers]


def upload_lines(local, lines):
    files = audience.split_files(lines)
    return [audience.upload_file(local.client, local.advertiser_uid, each) for each in files]


def create(local, lines, name="Won"):
    paths = upload_lines(local, lines)
    return audience.create_audience(local.client, local.advertiser_uid, name, paths)


def test_a_line_is_as_wide_as_the_header():
    assert audience.format_member("a@example.com", "").endswith(",")
    assert audience.format_member("", "+56911112222").startswith(",")
    assert audience.format_member("nothing", False) == ""
    assert audience.format_file(["x,y"]) == b"email_SHA256,phone_SHA256\nx,y\n"


def test_many_members_are_several_files(monkeypatch):
    monkeypatch.setattr(audience, "FILE_ROWS", 2)
    assert [each.count(b"\n") for each in audience.split_files(iter("abcde"))] == [3, 3, 2]
    assert list(audience.split_files([])) == []


def test_an_audience_is_created_replaced_and_deleted(local):
    uid = create(local, make_lines(1200))
    paths = upload_lines(local, make_lines(1001, 500))
    audience.replace_members(local.client, local.advertiser_uid, uid, paths)
    members = local.sandbox.audience_members(audience_id=uid)
    assert members == sorted(make_lines(1001, 500))
    audience.delete_audience(local.client, local.advertiser_uid, uid)
    with pytest.raises(errors.WrongRequestError) as gone:
        audience.delete_audience(local.client, local.advertiser_uid, uid)
    assert audience.is_gone(gone.value)
    assert audience.get_audience(local.client, local.advertiser_uid, uid) is None


def test_a_lost_answer_makes_no_second_audience(local):
    uid = create(local, make_lines(1200))
    assert create(local, make_lines(1100)) == uid
    (found,) = local.sandbox.audiences()
    assert (found["count"], found["history"]) == (1100, ["CREATE", "REPLACE"])


def test_too_few_members_are_refused(local):
    with pytest.raises(errors.WrongRequestError) as few:
        create(local, make_lines(999))
    assert audience.is_size_refusal(few.value)
    uid = create(local, make_lines(1200))
    with pytest.raises(errors.WrongRequestError) as few:
        paths = upload_lines(local, make_lines(999))
        audience.replace_members(local.client, local.advertiser_uid, uid, paths)
    assert audience.is_size_refusal(few.value)
    assert not audience.is_gone(few.value)


def test_what_tiktok_says_of_an_audience(local):
    uid = create(local, make_lines(1200))
    found = audience.get_audience(local.client, local.advertiser_uid, uid)
    assert found == (uid, "Won", False, False, 0)
    local.sandbox.advance(TWO_DAYS)
    found = audience.get_audience(local.client, local.advertiser_uid, uid)
    assert (found.is_valid, found.matched_count) == (True, 720)


@pytest.mark.parametrize(("said", "stored"), [("²", 0), (700, 700), (10**12, 2**31 - 1), (None, 0)])
def test_a_count_that_is_no_number_is_none(said, stored):
    class Client:
        def get_list(self, _path, _params):
            return [{"audience_details": {"audience_id": "1", "cover_num": said}}]

    assert audience.get_audience(Client(), "7", "1").matched_count == stored
