"""Reports: delay, correction, deleted ads, days of the ad account, and tasks."""

import csv
import datetime
import io
import json

import pytest

from dev.sandbox.tests.clients import data, refusal
from dev.sandbox.tests.conftest import NOW

HOUR, DAY = 3600, 86400
ALL = [{"field_name": "ad_status", "filter_type": "IN", "filter_value": json.dumps(["STATUS_ALL"])}]
PATH, TASK = "/report/integrated/get/", "/report/task/"


@pytest.fixture
def account(tiktok, business):
    """Return an ad account in Berlin with two ads, and a token for it."""
    made = tiktok.create_advertiser(name="Berlin", timezone="Europe/Berlin")
    uid = made["advertiser_id"]
    form = tiktok.create_form(uid)["page_id"]
    business.ads = tiktok.create_ads(page_id=form, ads=["One", "Two"])
    business.form, business.account = form, uid
    business.token = tiktok.grant_business_token(business.app["app_id"], [uid])
    return uid


def build_params(business, **changes):
    """Return the parameters of a report by ad and day."""
    return {
        "advertiser_id": business.account,
        "report_type": "BASIC",
        "data_level": "AUCTION_AD",
        "dimensions": ["ad_id", "stat_time_day"],
        "metrics": ["spend", "onsite_form", "ad_name"],
        "start_date": "2026-09-01",
        "end_date": "2026-09-20",
        **changes,
    }


def report(business, **changes):
    """Return the rows of a report."""
    return data(business.get(PATH, **build_params(business, page_size=1000, **changes)))["list"]


def cents(rows):
    """Return the sum of rows."""
    return sum(round(100 * float(row["metrics"]["spend"])) for row in rows)


def sum_final(tiktok, account, first, last=None):
    """Return the sum in the end."""
    rows = tiktok.final_spend(advertiser_id=account, first=first, last=last or first)
    return sum(row[2] for row in rows)


def test_a_past_day_is_the_sum_final(tiktok, business, account):
    rows = report(business, start_date="2026-09-10", end_date="2026-09-18")
    assert cents(rows) == sum_final(tiktok, account, "2026-09-10", "2026-09-18") > 0


def test_a_day_is_too_low_until_noon_of_the_next(tiktok, business, account):
    day = {"start_date": "2026-09-19", "end_date": "2026-09-19"}
    assert NOW % DAY < 12 * HOUR
    early, truth = cents(report(business, **day)), sum_final(tiktok, account, "2026-09-19")
    assert 0.9 * truth < early < truth
    tiktok.advance(12 * HOUR - NOW % DAY)
    assert cents(report(business, **day)) == truth


def test_an_hour_is_shown_half_an_hour_after_its_end(tiktok, business, account):
    today = {"start_date": "2026-09-20", "end_date": "2026-09-20"}
    before = cents(report(business, **today))
    tiktok.advance(2 * HOUR)
    after = cents(report(business, **today))
    assert before < after < sum_final(tiktok, account, "2026-09-20")


def test_a_day_may_have_25_hours(tiktok, business, account):
    tiktok.advance(60 * DAY)
    from dev.sandbox import spend

    day = datetime.date(2026, 10, 25)
    assert len(spend.hours_of("Europe/Berlin", day)) == 25
    assert len(spend.hours_of("Etc/UTC", day)) == 24
    rows = report(business, start_date=str(day), end_date=str(day))
    assert cents(rows) == sum_final(tiktok, account, str(day))


def test_deleted_ads_need_their_status(tiktok, business, account):
    gone = business.ads[0]["ad_id"]
    tiktok.set_ad(ad_id=gone, deleted=True)
    assert gone not in {row["dimensions"]["ad_id"] for row in report(business)}
    assert gone in {row["dimensions"]["ad_id"] for row in report(business, filtering=ALL)}
    total = report(
        business,
        data_level="AUCTION_ADVERTISER",
        dimensions=["advertiser_id", "stat_time_day"],
        metrics=["spend"],
    )
    assert cents(total) == cents(report(business, filtering=ALL))


def test_the_spend_can_be_changed(tiktok, business, account):
    ad = business.ads[0]["ad_id"]
    tiktok.set_spend(ad_id=ad, day="2026-09-10", cents=0)
    tiktok.set_spend(ad_id=business.ads[1]["ad_id"], day="2026-09-10", cents=123)
    (row,) = report(business, start_date="2026-09-10", end_date="2026-09-10")
    assert row["metrics"]["spend"] == "1.23"


def test_forms_are_counted_on_the_day_of_the_account(tiktok, business, account):
    late = NOW - NOW % DAY - 2 * DAY + 23 * HOUR  # 18 September in UTC, the 19th in Berlin
    lead = tiktok.submit_lead(business.form, {"name": "Ana"}, when=late)
    counted = [row for row in report(business) if row["metrics"]["onsite_form"] != "-"]
    assert lead["lead_id"]
    assert [row["dimensions"]["stat_time_day"][:10] for row in counted] == ["2026-09-19"]


@pytest.mark.parametrize(
    "change",
    [
        {"start_date": "2026-08-21"},  # 31 days
        {"page_size": 1001},
        {"advertiser_ids": ["1", "2"]},
        {"filtering": {"ad_ids": ["1"]}},
        {"filtering": [{"field_name": "ad_status"}]},
        {"filtering": [{**ALL[0], "filter_value": ["STATUS_ALL"]}]},
        {"filtering": [{**ALL[0], "field_name": "campaign_status"}]},
        {"metrics": ["cost_per_result"]},
    ],
)
def test_refusals(business, account, change):
    assert refusal(business.get(PATH, **{**build_params(business), **change}))[0] == 40002


def test_ten_rows_a_page_unless_asked(business, account):
    assert len(data(business.get(PATH, **build_params(business)))["list"]) == 10


def run_task(tiktok, business, **changes):
    """Run a task to its end; return its file."""
    body = {
        **build_params(business, start_date="2025-08-20"),
        "enable_report_title_translation": False,
    }
    tiktok.advance(2)
    task = {"advertiser_id": business.account}
    task |= data(business.post(f"{TASK}create/", **{**body, **changes}))
    statuses = []
    for _poll in range(2):
        tiktok.advance(2)
        statuses.append(data(business.get(f"{TASK}check/", **task))["status"])
    assert statuses == ["PROCESSING", "SUCCESS"]
    tiktok.advance(2)
    return business.get(f"{TASK}download/", **task).text


def test_a_task_has_any_number_of_days(tiktok, business, account):
    rows = list(csv.DictReader(io.StringIO(run_task(tiktok, business))))
    assert len(rows) > 2 * 390
    before = [row for row in rows if row["stat_time_day"] < "2026-09-19"]
    shown = sum(round(100 * float(row["spend"])) for row in before)
    assert shown == sum_final(tiktok, account, "2025-08-20", "2026-09-18")


def test_a_task_lacks_deleted_ads(tiktok, business, account):
    tiktok.set_ad(ad_id=business.ads[0]["ad_id"], deleted=True)
    assert business.ads[0]["ad_id"] not in run_task(tiktok, business)
    tiktok.set_settings(report_task_deleted="yes")
    assert business.ads[0]["ad_id"] in run_task(tiktok, business)


def test_a_task_translates_its_titles(tiktok, business, account):
    text = run_task(tiktok, business, enable_report_title_translation=True)
    assert text.startswith("Ad ID,By Day,Cost")


def test_a_task_filters_by_ids_only(business, account):
    assert (
        refusal(business.post(f"{TASK}create/", **build_params(business, filtering=ALL)))[0]
        == 40002
    )


def test_one_call_of_tasks_a_second(business, account):
    data(business.post(f"{TASK}create/", **build_params(business)))
    code, message = refusal(business.post(f"{TASK}create/", **build_params(business)))
    assert (code, "QPS" in message) == (40100, True)


def test_a_file_before_its_time(tiktok, business, account):
    task = data(business.post(f"{TASK}create/", **build_params(business)))
    tiktok.advance(2)
    query = {"advertiser_id": business.account, **task}
    assert refusal(business.get(f"{TASK}download/", **query))[0] == 40000
    tiktok.advance(2)
    wrong = {**query, "task_id": "1"}
    assert refusal(business.get(f"{TASK}check/", **wrong))[0] == 40007


def test_accounts_are_described(tiktok, business, account):
    tiktok.set_account_status(advertiser_id=account, status="STATUS_LIMIT")
    (row,) = data(business.get("/advertiser/info/", advertiser_ids=[account]))["list"]
    assert (row["currency"], row["timezone"]) == ("EUR", "Europe/Berlin")
    assert row["status"] == "STATUS_LIMIT"
    assert refusal(business.get("/advertiser/info/", advertiser_ids=[]))[0] == 40002
    assert refusal(business.get("/advertiser/info/", advertiser_ids=["1"]))[0] == 40001
    asked = business.get("/advertiser/info/", advertiser_ids=[account], fields=["secret"])
    assert refusal(asked)[0] == 40002
