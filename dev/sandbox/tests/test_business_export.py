"""Export of leads (contract, section 2.7)."""

import csv
import io
import zipfile

import pytest

from dev.sandbox.tests.clients import data, refusal

DAY = 86400


@pytest.fixture
def call(business):
    """The parameters that name the first form."""
    return {"advertiser_id": business.account, "page_id": business.form}


def export(business, call, region="", polls=2):
    """Start a task and poll until it is done; return its data."""
    headers = {"x-lead-region": region} if region else {}
    task = data(business.post("/page/lead/task/", headers=headers, **call))
    assert task["status"] == "CREATED"
    for _poll in range(polls):
        more = {**call, "task_id": task["task_id"]}
        task = data(business.post("/page/lead/task/", headers=headers, **more))
    return task


def download(business, task, region="", **owner):
    """Fetch the file."""
    headers = {"x-lead-region": region} if region else {}
    owner = owner or {"advertiser_id": business.account}
    call = {"task_id": task["task_id"], **owner}
    return business.get("/page/lead/task/download/", headers=headers, **call)


def rows(answer):
    """Read a CSV."""
    text = answer.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_task_is_polled_until_the_file_is_there(tiktok, business, call):
    lead = tiktok.submit_lead(
        business.form, {"first_name": "Zoë", "phone_number": "+56911112222", "Rooms": ["A", "B"]}
    )
    running = export(business, call, polls=1)
    assert running["status"] == "RUNNING"
    assert refusal(download(business, running))[0] == 40000
    task = export(business, call)
    assert (task["status"], task["file_type"]) == ("SUCCEED", "csv")
    assert task["file_name"].endswith(".csv")
    answer = download(business, task)
    assert answer.content.startswith(b"\xef\xbb\xbf")
    (row,) = rows(answer)
    assert row["lead_id"] == lead["lead_id"]
    assert row["created_time"] == "2026-09-20 10:26:40(UTC+00:00)"
    assert row["form_id"] == business.form
    assert (row["First name"], row["Phone number"]) == ("Zoë", "+56911112222")
    assert len(row["campaign_id"]) == 19


def test_a_wrong_region_is_an_empty_file_not_an_error(tiktok, business, call):
    for region in ("", "eu", "us"):
        tiktok.submit_leads(business.form, 2, region=region)
    seen = set()
    for region in ("", "eu", "us"):
        found = rows(download(business, export(business, call, region), region))
        seen |= {row["lead_id"] for row in found}
        tiktok.advance(1)  # at most ten calls a second
        assert len(found) == 2
    assert len(seen) == 6
    assert rows(download(business, export(business, call, "eu"), "us")) == []
    bad = business.post("/page/lead/task/", headers={"x-lead-region": "mars"}, **call)
    assert refusal(bad)[0] == 40002


@pytest.mark.parametrize("way", ["json", "text"])
def test_the_file_is_stale_after_ten_minutes(tiktok, business, call, way):
    tiktok.set_settings(export_error=way)
    task = export(business, call)
    tiktok.advance(599)
    assert download(business, task).content
    tiktok.advance(1)
    answer = download(business, task)
    if way == "json":
        assert refusal(answer)[0] == 40000
    else:
        assert answer.text.startswith("40000 Download failed")


def test_zip_above_the_size(tiktok, business, call):
    tiktok.set_settings(export_zip_bytes=2000)
    tiktok.submit_leads(business.form, 30)
    task = export(business, call)
    assert task["file_type"] == "zip"
    answer = download(business, task)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        (name,) = archive.namelist()
        text = archive.read(name).decode("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(text)))) == 30


def test_there_is_no_date_filter_and_leads_stay_90_days(tiktok, business, call):
    for days in (1, 89, 91):
        tiktok.submit_lead(business.form, {"first_name": "A"}, when=tiktok.now() - days * DAY)
    found = rows(download(business, export(business, {**call, "start_time": "2026-09-19"})))
    assert len(found) == 2


@pytest.mark.parametrize(
    ("settings", "header", "lead"),
    [
        ({}, "lead_id", "{}"),
        ({"csv_header": "lead id"}, "lead id", "{}"),
        ({"csv_header": "Lead ID", "csv_ids": "quote"}, "Lead ID", "'{}"),
        ({"csv_ids": "formula"}, "lead_id", '="{}"'),
    ],
)
def test_variants_of_the_csv(tiktok, business, call, settings, header, lead):
    tiktok.set_settings(csv_bom="no", csv_time="plain", csv_is_test="yes", **settings)
    made = tiktok.submit_lead(business.form, {"first_name": "A"}, test="preview")
    answer = download(business, export(business, call))
    assert not answer.content.startswith(b"\xef")
    (row,) = rows(answer)
    assert row[header] == lead.format(made["lead_id"])
    assert row["is_test"] == "true"
    assert "(UTC" not in answer.text


def test_form_columns_may_be_called_page(tiktok, business, call):
    tiktok.set_settings(csv_header="page", export_test_leads="no")
    tiktok.submit_lead(business.form, {"first_name": "A"}, test="preview")
    answer = download(business, export(business, call))
    assert "page_id,page_name" in answer.text
    assert rows(answer) == []


def test_labels_are_in_the_forms_language(tiktok, business):
    form = business.forms[1]["page_id"]
    tiktok.submit_leads(form, 1)
    call = {"advertiser_id": business.account, "page_id": form}
    (row,) = rows(download(business, export(business, call)))
    assert row["رقم الهاتف"].startswith("+971")


def test_by_ad_and_by_library(tiktok, business):
    tiktok.submit_leads(business.form, 8)
    ad = next(ad for ad in business.ads if ad["page_id"] == business.form)
    call = {"advertiser_id": business.account, "ad_id": ad["ad_id"]}
    found = rows(download(business, export(business, call)))
    assert {row["ad_id"] for row in found} == {ad["ad_id"]}
    form = business.forms[3]["page_id"]
    tiktok.submit_leads(form, 3)
    library = {"library_id": business.library["library_id"]}
    task = export(business, {**library, "page_id": form})
    assert len(rows(download(business, task, **library))) == 3


def test_refusals(business, call):
    task = export(business, call)
    foreign = {**call, "advertiser_id": business.other}
    assert refusal(business.post("/page/lead/task/", **foreign))[0] == 40007
    assert refusal(download(business, task, advertiser_id=business.other))[0] == 40007
    assert refusal(business.post("/page/lead/task/", advertiser_id=business.account))[0] == 40002
    assert refusal(business.post("/page/lead/task/", **call, task_id="7"))[0] == 40007


def test_a_hundred_thousand_leads(tiktok, business, call):
    count = 100_000
    assert tiktok.seed_leads(page_id=business.form, count=count, days=80) == count
    task = export(business, call)
    assert task["file_type"] == "zip"
    assert len(download(business, task).content) > 1_000_000
