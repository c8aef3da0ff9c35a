"""Reports of what ads cost, without TikTok."""

import datetime
import io
import json
from decimal import Decimal

import pytest
from tiktok import ad_account_info, correction, errors, event_report, shape, spend_report

DAY = datetime.date(2026, 9, 20)
ROW = {
    "dimensions": {"ad_id": "1809876543210987", "stat_time_day": "2026-09-20 00:00:00"},
    "metrics": {
        "campaign_id": "1809876543200000",
        "campaign_name": "Spring",
        "adgroup_id": "1809876543210000",
        "adgroup_name": "Lookalike",
        "ad_name": "Video 1",
        "currency": "EUR",
        "spend": "42.70",
        "impressions": "10790",
        "clicks": "151",
        "onsite_form": "6",
    },
}


class Client:
    """Answers with these and keeps what it was asked."""

    def __init__(self, rows=(), data=None):
        self.rows, self.data, self.calls = rows, data, []

    def iter_pages(self, path, params, page_size):
        self.calls.append((path, params, page_size))
        yield from self.rows

    def get(self, path, params):
        self.calls.append((path, params))
        return self.data

    def get_list(self, path, params):
        return shape.require_list(self.get(path, params), "list")

    post = get


def row(**metrics):
    """Return a row with other metrics."""
    return {**ROW, "metrics": {**ROW["metrics"], **metrics}}


def read_row(**metrics):
    """Return what one row is read as."""
    client = Client([row(**metrics)])
    return next(spend_report.iter_ad_days(client, "7", DAY, DAY))


def test_a_row():
    found = read_row()
    assert (found.ad_uid, found.day) == ("1809876543210987", DAY)
    assert (found.campaign_uid, found.adgroup_uid) == ("1809876543200000", "1809876543210000")
    assert found.names == {"campaign": "Spring", "adgroup": "Lookalike", "ad": "Video 1"}
    assert found.spend == Decimal("42.70")
    assert (found.impressions, found.clicks, found.form_count) == (10790, 151, 6)
    assert found.currency == "EUR"


def test_a_dash_is_nothing():
    found = read_row(onsite_form="-", clicks="-", ad_name="-", spend="-")
    assert (found.form_count, found.clicks, found.spend) == (0, 0, 0)
    assert "ad" not in found.names


def test_amounts_keep_their_cents():
    assert read_row(spend="0.1").spend + read_row(spend="0.2").spend == Decimal("0.3")
    assert read_row(spend="-1.25").spend == Decimal("-1.25")


@pytest.mark.parametrize("value", ["1,5", "x", "1e5", "NaN", "Infinity", "٣", "9" * 40, None])
def test_what_is_no_number_is_not_taken_for_nothing(value):
    with pytest.raises(spend_report.UnreadableReportError, match="spend"):
        read_row(spend=value)


@pytest.mark.parametrize(
    "dimensions",
    [
        {"stat_time_day": "2026-09-20 00:00:00"},
        {"ad_id": "1", "stat_time_day": ""},
        {"ad_id": "1", "stat_time_day": "20.09.2026"},
        {"ad_id": "Video", "stat_time_day": "2026-09-20 00:00:00"},
        {"ad_id": "-", "stat_time_day": "2026-09-20 00:00:00"},
        None,
    ],
)
def test_a_row_without_ad_or_day_is_not_left_out(dimensions):
    client = Client([{**ROW, "dimensions": dimensions}])
    with pytest.raises(spend_report.UnreadableReportError):
        list(spend_report.iter_ad_days(client, "7", DAY, DAY))


def test_ids_may_be_numbers():
    client = Client(
        [
            {
                **row(campaign_id=1809876543200000),
                "dimensions": {"ad_id": 1809876543210987, "stat_time_day": "2026-09-20 00:00:00"},
            }
        ]
    )
    found = next(spend_report.iter_ad_days(client, "7", DAY, DAY))
    assert (found.ad_uid, found.campaign_uid) == ("1809876543210987", "1809876543200000")


def test_the_request_has_what_tiktok_demands():
    client = Client()
    assert list(spend_report.iter_ad_days(client, "7", DAY, DAY)) == []
    ((path, params, page_size),) = client.calls
    assert (path, page_size) == ("/report/integrated/get/", 1000)
    assert params["advertiser_id"] == "7"
    assert (params["start_date"], params["end_date"]) == ("2026-09-20", "2026-09-20")
    (rule,) = params["filtering"]
    assert (rule["field_name"], rule["filter_type"]) == ("ad_status", "IN")
    assert json.loads(rule["filter_value"]) == ["STATUS_ALL"]


def test_windows_have_30_days_and_leave_no_day_out():
    first = DAY - datetime.timedelta(days=394)
    windows = list(spend_report.split_windows(first, DAY))
    assert windows[0] == (DAY - datetime.timedelta(days=29), DAY)
    assert max((end - begin).days for begin, end in windows) == 29
    days = [day for window in reversed(windows) for day in spend_report.list_days(*window)]
    assert days == spend_report.list_days(first, DAY)
    short = list(spend_report.split_windows(first, DAY, 10))
    assert short[0] == (DAY - datetime.timedelta(days=9), DAY)
    assert list(spend_report.split_windows(DAY, DAY)) == [(DAY, DAY)]
    assert list(spend_report.split_windows(DAY, first)) == []


def test_totals_of_the_account():
    rows = [{"dimensions": {"stat_time_day": "2026-09-20 00:00:00"}, "metrics": {"spend": "1.5"}}]
    client = Client(rows)
    assert spend_report.fetch_day_totals(client, "7", DAY, DAY) == {DAY: Decimal("1.5")}
    assert client.calls[0][1]["data_level"] == "AUCTION_ADVERTISER"


def test_crm_events_that_reports_count():
    rows = [{"dimensions": {"advertiser_id": "7"}, "metrics": {"offline_total_crm_events": "12"}}]
    client = Client(rows)
    assert event_report.fetch_crm_event_count(client, "7", DAY, DAY) == 12
    assert client.calls[0][1]["metrics"] == ["offline_total_crm_events"]
    rows[0]["metrics"]["offline_total_crm_events"] = "-"
    assert event_report.fetch_crm_event_count(client, "7", DAY, DAY) == 0
    assert event_report.fetch_crm_event_count(Client(), "7", DAY, DAY) == 0
    with pytest.raises(spend_report.UnreadableReportError):
        event_report.fetch_crm_event_count(Client([{**rows[0], "metrics": {}}]), "7", DAY, DAY)


def test_a_day_is_corrected_at_noon_of_the_next():
    assert correction.find_correction(DAY) == datetime.datetime.fromisoformat("2026-09-21 12:00:00")


@pytest.mark.parametrize(
    ("total", "fetched", "gap"),
    [
        ("10.00", ("10.00", 1), 0),
        ("10.01", ("10.00", 2), 0),  # two ads, each rounded
        ("10.02", ("10.00", 2), Decimal("0.02")),
        ("7.00", None, Decimal(7)),
        ("0", ("7.00", 1), Decimal(-7)),
    ],
)
def test_rounding_is_no_gap(total, fetched, gap):
    stored = {DAY: (Decimal(fetched[0]), fetched[1])} if fetched else {}
    found = spend_report.find_gaps({DAY: Decimal(total)}, stored, [DAY])
    assert found == {DAY: gap}


def test_the_next_night():
    before = datetime.datetime.fromisoformat("2026-09-20 12:29:59")
    after = datetime.datetime.fromisoformat("2026-09-20 12:30:00")
    assert correction.find_nightly(before, 12, 30) == after
    assert correction.find_nightly(after, 12, 30) == after + datetime.timedelta(days=1)


def make_file(*rows, without=()):
    """Return the file of a task."""
    names = [*ROW["dimensions"], *(name for name in ROW["metrics"] if name not in without)]
    lines = [",".join(names)]
    lines += [
        ",".join({**each["dimensions"], **each["metrics"]}[n] for n in names) for each in rows
    ]
    return io.BytesIO("\r\n".join(lines).encode("utf-8-sig"))


def test_a_file():
    file = make_file(row(), row(spend="-", ad_name="Ünï"))
    first, second = spend_report.iter_file_rows(file)
    assert first == read_row()
    assert (second.spend, second.names["ad"]) == (0, "Ünï")
    assert not file.closed


def test_an_empty_file_has_no_rows():
    assert list(spend_report.iter_file_rows(make_file())) == []


@pytest.mark.parametrize("content", [b"", b"40000 Download failed", b"\xff\xfe\x00", b"a,b\n1,2"])
def test_another_file_is_refused(content):
    with pytest.raises(spend_report.UnreadableReportError):
        list(spend_report.iter_file_rows(io.BytesIO(content)))


def test_a_file_without_forms_is_refused():
    with pytest.raises(spend_report.UnreadableReportError, match="onsite_form"):
        list(spend_report.iter_file_rows(make_file(row(), without=("onsite_form",))))


def test_a_task():
    client = Client(data={"task_id": "99"})
    assert spend_report.begin_task(client, "7", DAY, DAY) == "99"
    body = client.calls[0][1]
    assert body["enable_report_title_translation"] is False
    assert "filtering" not in body
    for status in ("QUEUING", "PROCESSING", "SUCCESS", "FAILED", "CANCELED"):
        assert spend_report.check_task(Client(data={"status": status}), "7", "99") == status


@pytest.mark.parametrize("data", [{}, {"task_id": ""}, {"task_id": None}, {"task_id": ["1"]}])
def test_a_task_without_an_id_is_an_error(data):
    with pytest.raises(spend_report.UnreadableReportError):
        spend_report.begin_task(Client(data=data), "7", DAY, DAY)


def test_an_unknown_status_is_an_error():
    with pytest.raises(spend_report.UnreadableReportError):
        spend_report.check_task(Client(data={"status": "SOON"}), "7", "99")


def test_an_ad_account():
    data = {
        "list": [
            {"advertiser_id": "8"},
            {
                "advertiser_id": "7",
                "currency": "aed",
                "timezone": "Etc/GMT-4",
                "display_timezone": "Asia/Dubai",
                "status": "STATUS_LIMIT",
            },
        ]
    }
    account = ad_account_info.fetch_ad_account(Client(data=data), "7")
    assert account.currency == "AED"
    assert account.time_zones == ("Asia/Dubai", "Etc/GMT-4")
    assert account.is_suspended
    assert not account._replace(status="STATUS_ENABLE").is_suspended


@pytest.mark.parametrize("status", [None, 7, "STATUS\x00", "STATUS\ud800"])
def test_a_status_that_no_column_takes_is_left_out(status):
    data = {"list": [{"advertiser_id": "7", "currency": "AED", "status": status}]}
    account = ad_account_info.fetch_ad_account(Client(data=data), "7")
    assert (account.currency, account.status) == ("AED", "")


@pytest.mark.parametrize("data", [{"list": []}, {"list": [{}]}])
def test_an_ad_account_that_is_not_listed(data):
    assert ad_account_info.fetch_ad_account(Client(data=data), "7") is None


@pytest.mark.parametrize("data", [{}, {"list": None}, {"list": [None]}])
def test_a_missing_list_of_ad_accounts_is_an_error(data):
    with pytest.raises(errors.UnparsableAnswerError):
        ad_account_info.fetch_ad_account(Client(data=data), "7")


def test_a_reader_that_gives_up_may_close_its_file_first():
    file = make_file(row())
    rows = spend_report.iter_file_rows(file)
    next(rows)
    file.close()
    rows.close()
    assert file.closed
