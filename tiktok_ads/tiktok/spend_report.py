"""Reports of the Marketing API: what ads cost on each day of their ad account.

A day is one of the ad account's own time zone, money is in its own currency, every figure is a
text and a missing one is ``-``. TikTok corrects a day at 12:00 UTC of the next one, and books a
form on the day of the click that led to it, so that past days grow.

https://business-api.tiktok.com/portal/docs?id=1740302848100353 (report),
https://business-api.tiktok.com/portal/docs?id=1740302766489602 (task)
"""

import csv
import datetime
import io
import json
import re
import typing
from decimal import Decimal

REPORT_PATH = "/report/integrated/get/"
TASK_CREATE_PATH = "/report/task/create/"
TASK_CHECK_PATH = "/report/task/check/"
TASK_DOWNLOAD_PATH = "/report/task/download/"
PAGE_SIZE = 1000  # the default is 10
MAX_WINDOW_DAYS = 30  # both ends included
DONE = "SUCCESS"
UNDER_WAY = ("QUEUING", "PROCESSING")
ENDED = ("FAILED", "CANCELED")

_DIMENSIONS = ["ad_id", "stat_time_day"]
_NAMES = {"campaign": "campaign_id", "adgroup": "adgroup_id", "ad": "ad_id"}
_METRICS = [
    *("campaign_id", "campaign_name", "adgroup_id", "adgroup_name", "ad_name", "currency"),
    *("spend", "impressions", "clicks", "onsite_form"),
]
# The status filter of the level: without it, deleted ads and what they cost are left out.
_WITH_DELETED = [
    {"field_name": "ad_status", "filter_type": "IN", "filter_value": json.dumps(["STATUS_ALL"])}
]
_HALF_CENT = Decimal("0.005")
_NOTHING = ("", "-")
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,10})?", re.ASCII)
_UID = re.compile(r"\d{1,25}", re.ASCII)
_MOST_COUNTED = 2**31 - 1  # what a column of PostgreSQL takes


class UnreadableReportError(ValueError):
    """A report has another shape than TikTok documents; nothing of it may be taken for zero."""


class AdDay(typing.NamedTuple):
    """What one ad cost on one day."""

    ad_uid: str
    day: datetime.date
    campaign_uid: str
    adgroup_uid: str
    names: dict  # by campaign, adgroup and ad; without those TikTok does not name
    currency: str  # ISO code; empty if TikTok does not say
    spend: Decimal
    impressions: int
    clicks: int
    form_count: int  # Instant Forms that TikTok counts for the ad


def split_windows(first, last, days=MAX_WINDOW_DAYS):
    """Split days into windows that a daily report takes, the newest first.

    :param datetime.date first: day
    :param datetime.date last: day
    :param int days: of a window, at most
    :return: pairs of first and last day, both included
    :rtype: Iterator[tuple[datetime.date, datetime.date]]
    """
    while first <= last:
        begin = max(first, last - datetime.timedelta(days=days - 1))
        yield begin, last
        last = begin - datetime.timedelta(days=1)


def list_days(first, last):
    """Return all days from the first to the last, both included.

    :param datetime.date first: day
    :param datetime.date last: day
    :rtype: list[datetime.date]
    """
    return [first + datetime.timedelta(days=n) for n in range((last - first).days + 1)]


def find_gaps(totals, fetched, days):
    """Return what an ad account cost on each day beyond what its ads cost.

    Each ad is rounded to the cent, and so is the total: that much is no difference.

    :param dict totals: of `fetch_day_totals`
    :param dict fetched: sum of the ads and their number by day
    :param days: to compare
    :return: by day; 0 if it is what rounding explains
    :rtype: dict[datetime.date, Decimal]
    """
    gaps = {}
    for day in days:
        spend, count = fetched.get(day) or (Decimal(0), 0)
        gap = totals.get(day, Decimal(0)) - spend
        gaps[day] = gap if abs(gap) > _HALF_CENT * (count + 1) else Decimal(0)
    return gaps


def iter_ad_days(client, advertiser_uid, first, last):
    """Yield what each ad cost on each day, deleted ads included.

    :param BusinessClient client: with a token
    :param str advertiser_uid: of one ad account: reports of several drop the decimals
    :param datetime.date first: day
    :param datetime.date last: day, at most 29 later
    :rtype: Iterator[AdDay]
    :raise TiktokError: as TikTok refuses
    :raise UnreadableReportError: if a row can't be read
    """
    params = {
        **build_params(advertiser_uid, "AUCTION_AD", first, last),
        "dimensions": _DIMENSIONS,
        "metrics": _METRICS,
        "filtering": _WITH_DELETED,
    }
    for row in client.iter_pages(REPORT_PATH, params, page_size=PAGE_SIZE):
        yield parse_ad_day(join_row(row))


def fetch_day_totals(client, advertiser_uid, first, last):
    """Fetch what the ad account cost on each day, all of its ads together.

    :param BusinessClient client: with a token
    :param str advertiser_uid: of the ad account
    :param datetime.date first: day
    :param datetime.date last: day, at most 29 later
    :return: spend by day; days without any are left out
    :rtype: dict[datetime.date, Decimal]
    :raise TiktokError: as TikTok refuses
    :raise UnreadableReportError: if a row can't be read
    """
    params = {
        **build_params(advertiser_uid, "AUCTION_ADVERTISER", first, last),
        "dimensions": ["advertiser_id", "stat_time_day"],
        "metrics": ["spend"],
    }
    rows = client.iter_pages(REPORT_PATH, params, page_size=PAGE_SIZE)
    values = [join_row(row) for row in rows]
    return {_parse_day(row): _parse_number(row, "spend") for row in values}


def begin_task(client, advertiser_uid, first, last):
    """Have TikTok prepare a file of any number of days; deleted ads may be missing from it.

    :param BusinessClient client: with a token
    :param str advertiser_uid: of the ad account
    :param datetime.date first: day
    :param datetime.date last: day
    :return: TikTok's ID of the task
    :rtype: str
    :raise TiktokError: as TikTok refuses
    :raise UnreadableReportError: if the answer names no task
    """
    body = {
        **build_params(advertiser_uid, "AUCTION_AD", first, last),
        "dimensions": _DIMENSIONS,
        "metrics": _METRICS,
        "output_format": "CSV_STRING",
        "enable_report_title_translation": False,
    }
    uid = client.post(TASK_CREATE_PATH, body).get("task_id")
    if not uid or not isinstance(uid, str):
        raise UnreadableReportError("task_id")
    return uid


def check_task(client, advertiser_uid, task_uid):
    """Return the status of a task.

    :param BusinessClient client: with a token
    :param str advertiser_uid: of the ad account
    :param str task_uid: of `begin_task`
    :return: `DONE`, one of `UNDER_WAY` or one of `ENDED`
    :rtype: str
    :raise TiktokError: as TikTok refuses
    :raise UnreadableReportError: if the answer has no status
    """
    params = {"advertiser_id": advertiser_uid, "task_id": task_uid}
    status = client.get(TASK_CHECK_PATH, params).get("status")
    if status not in (DONE, *UNDER_WAY, *ENDED):
        raise UnreadableReportError("status")
    return status


def download_task(client, advertiser_uid, task_uid, out):
    """Download the file of a task that is done.

    :param BusinessClient client: with a token
    :param str advertiser_uid: of the ad account
    :param str task_uid: of `begin_task`
    :param out: binary file; after an error, what was written is incomplete
    :raise TiktokError: as TikTok refuses
    """
    params = {"advertiser_id": advertiser_uid, "task_id": task_uid}
    client.download(TASK_DOWNLOAD_PATH, params, out)


def iter_file_rows(file):
    """Yield what each ad cost on each day, from the file of a task.

    :param file: binary file, at its beginning
    :rtype: Iterator[AdDay]
    :raise UnreadableReportError: if it is not such a file
    """
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    try:
        reader = csv.DictReader(text)
        missing = {*_DIMENSIONS, *_METRICS} - set(reader.fieldnames or ())
        if missing:
            raise UnreadableReportError(", ".join(sorted(missing)))
        for row in reader:
            yield parse_ad_day(row)
    except (csv.Error, UnicodeDecodeError):
        raise UnreadableReportError("csv") from None
    finally:
        if not file.closed:  # where a reader gave up, its file may go before this does
            text.detach()


def parse_ad_day(values):
    """Parse one row of a report.

    :param dict values: dimensions and metrics by name
    :rtype: AdDay
    :raise UnreadableReportError: if ad, day or a figure is not there
    """
    uids = {kind: _parse_uid(values, name) for kind, name in _NAMES.items()}
    if not uids["ad"]:
        raise UnreadableReportError("ad_id")
    named = {kind: _parse_text(values, f"{kind}_name") for kind in _NAMES}
    return AdDay(
        ad_uid=uids["ad"],
        day=_parse_day(values),
        campaign_uid=uids["campaign"],
        adgroup_uid=uids["adgroup"],
        names={kind: name for kind, name in named.items() if name},
        currency=_parse_text(values, "currency"),
        spend=_parse_number(values, "spend"),
        impressions=parse_count(values, "impressions"),
        clicks=parse_count(values, "clicks"),
        form_count=parse_count(values, "onsite_form"),
    )


def build_params(advertiser_uid, level, first, last):
    """Return what every report is asked with.

    :param str advertiser_uid: of one ad account
    :param str level: TikTok's ``data_level``
    :param datetime.date first: day
    :param datetime.date last: day
    :rtype: dict
    """
    return {
        "advertiser_id": advertiser_uid,
        "report_type": "BASIC",
        "service_type": "AUCTION",
        "data_level": level,
        "start_date": str(first),
        "end_date": str(last),
    }


def join_row(row):
    """Return dimensions and metrics of a row in one.

    :param dict row: of a report
    :rtype: dict
    :raise UnreadableReportError: if one of them is missing
    """
    parts = [row.get("dimensions"), row.get("metrics")]
    if not all(isinstance(part, dict) for part in parts):
        raise UnreadableReportError("dimensions, metrics")
    return {**parts[1], **parts[0]}


def _parse_text(values, name):
    """Return a text of a row, empty where TikTok has none.

    :param dict values: of the row
    :param str name: of the column
    :rtype: str
    """
    value = values.get(name)
    text = "" if value is None else " ".join(str(value).replace("\x00", "").split())
    return "" if text in _NOTHING else text


def _parse_uid(values, name):
    text = _parse_text(values, name)
    if text and not _UID.fullmatch(text):
        raise UnreadableReportError(name)
    return text.lstrip("0")


def _parse_day(values):
    try:
        return datetime.date.fromisoformat(_parse_text(values, "stat_time_day")[:10])
    except ValueError:
        raise UnreadableReportError("stat_time_day") from None


def _parse_number(values, name):
    """Return a figure; ``-`` is zero, a column that is missing or no number is an error.

    :param dict values: of the row
    :param str name: of the column
    :rtype: Decimal
    :raise UnreadableReportError: if it is no number
    """
    if values.get(name) is None:
        raise UnreadableReportError(name)
    text = _parse_text(values, name)
    if not text:
        return Decimal(0)
    if not _NUMBER.fullmatch(text):
        raise UnreadableReportError(name)
    return Decimal(text)


def parse_count(values, name):
    """Return a figure without decimals.

    :param dict values: of the row
    :param str name: of the column
    :rtype: int
    :raise UnreadableReportError: if it is no number
    """
    return min(max(int(_parse_number(values, name)), 0), _MOST_COUNTED)
