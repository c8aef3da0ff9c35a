"""``/report/integrated/get/``: spend per campaign, ad group and ad, always the same."""

import datetime
import zlib

from dev.sandbox.business.api import (
    INVALID,
    Refused,
    array,
    endpoint,
    one_of,
    owner,
    paged,
    text,
    uid,
    world,
)

LEVELS = {
    "AUCTION_CAMPAIGN": "campaign",
    "AUCTION_ADGROUP": "adgroup",
    "AUCTION_AD": "ad",
    "AUCTION_ADVERTISER": "advertiser",
}
METRICS = ("spend", "impressions", "clicks", "conversion", "currency")
LONGEST_DAILY, LONGEST = 30, 365  # days a report may span, by day and in one sum


@endpoint("GET", "/report/integrated/get/", permission=15)
def report(token):
    """Report spend."""
    uid("advertiser_id", required=True)
    advertiser_id, _none = owner(token)
    if text("report_type", required=True) != "BASIC":
        raise Refused(INVALID, "report_type: This sandbox knows BASIC only.")
    text("data_level", required=True)
    level = LEVELS[one_of("data_level", tuple(LEVELS))]
    dimensions = _dimensions(level)
    daily = "stat_time_day" in dimensions
    days = _days(daily)
    metrics = _metrics(level)
    rows = []
    for ads in _groups(advertiser_id, level).values():
        for span in [[day] for day in days] if daily else [days]:
            rows.append(_row(level, ads, span, metrics, daily))
    page, info = paged(rows, most=1000)
    return {"list": page, "page_info": info}


def _dimensions(level):
    dimensions = array("dimensions") or []
    if f"{level}_id" not in dimensions:
        raise Refused(INVALID, f"dimensions: Must have {level}_id at this data_level.")
    unknown = set(dimensions) - {f"{level}_id", "stat_time_day"}
    if unknown:
        raise Refused(INVALID, f"dimensions: {', '.join(sorted(unknown))} is not supported.")
    return dimensions


def _metrics(level):
    known = {*METRICS, "campaign_name"}
    if level in ("adgroup", "ad"):
        known |= {"adgroup_name", "campaign_id"}
    if level == "ad":
        known |= {"ad_name", "adgroup_id"}
    if level == "advertiser":
        known = {*METRICS, "advertiser_name"}
    metrics = array("metrics", ["spend", "impressions"])
    unknown = set(metrics) - known
    if unknown:
        raise Refused(INVALID, f"metrics: {', '.join(sorted(unknown))} is not supported.")
    return metrics


def _days(daily):
    first, last = _date("start_date"), _date("end_date")
    count = (last - first).days + 1
    most = LONGEST_DAILY if daily else LONGEST
    if not 1 <= count <= most:
        raise Refused(INVALID, f"start_date, end_date: The span must be 1 to {most} days.")
    return [first + datetime.timedelta(days=n) for n in range(count)]


def _date(name):
    try:
        return datetime.date.fromisoformat(text(name, required=True))
    except ValueError:
        raise Refused(INVALID, f"{name}: Must be YYYY-MM-DD.") from None


def _groups(advertiser_id, level):
    groups = {}
    for ad in world().ads.values():
        if ad.advertiser_id == advertiser_id:
            groups.setdefault(getattr(ad, f"{level}_id"), []).append(ad)
    return groups


def _row(level, ads, days, metrics, daily):
    dimensions = {f"{level}_id": getattr(ads[0], f"{level}_id")}
    if daily:
        dimensions["stat_time_day"] = f"{days[0]} 00:00:00"
    cents = sum(spent(world(), ad.ad_id, day) for ad in ads for day in days)
    account = world().advertisers[ads[0].advertiser_id]
    values = {
        "spend": f"{cents / 100:.2f}",
        "impressions": str(cents * 3),
        "clicks": str(cents // 40),
        "conversion": str(cents // 900),
        "currency": account.currency,
        "advertiser_name": account.name,
    }
    found = {name: values.get(name) or getattr(ads[0], name) for name in metrics}
    return {"dimensions": dimensions, "metrics": found}


def spent(state, ad_id, day):
    """Return what an ad cost on a day, in hundredths; nothing in the future.

    :param datetime.date day: UTC
    :rtype: int
    """
    today = datetime.datetime.fromtimestamp(state.now(), datetime.UTC).date()
    if day > today:
        return 0
    return 500 + zlib.crc32(f"{state.seed}:{ad_id}:{day}".encode()) % 9000
