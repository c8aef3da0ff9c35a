"""``/report/integrated/get/``: spend per ad account, campaign, ad group and ad."""

import datetime
import json

from dev.sandbox import spend
from dev.sandbox.business.api import (
    INVALID,
    Refused,
    array,
    endpoint,
    one_of,
    owner,
    paged,
    params,
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
CRM_EVENTS = "offline_total_crm_events"
METRICS = (
    *("spend", "impressions", "clicks", "conversion", "onsite_form", "currency"),
    CRM_EVENTS,
)
LONGEST_DAILY, LONGEST = 30, 365  # days a report may span, by day and in one sum
MOST_IDS = 100
ID_FILTERS = {"campaign_ids": "campaign_id", "adgroup_ids": "adgroup_id", "ad_ids": "ad_id"}
NOTHING = "-"


@endpoint("GET", "/report/integrated/get/", permission=15)
def report(token):
    """Report spend, page by page."""
    asked = read_request(token)
    if not 1 <= len(asked.days) <= asked.longest:
        raise Refused(INVALID, f"start_date, end_date: The span must be 1 to {asked.longest} days.")
    page, info = paged(list_rows(asked), most=1000)
    return {"list": page, "page_info": info}


class Request:
    """What a report is asked for; every wrong parameter is refused."""

    def __init__(self, token):
        uid("advertiser_id", required=True)
        if params().get("advertiser_ids"):
            raise Refused(INVALID, "advertiser_ids: This sandbox reports one account per call.")
        self.advertiser_id, _none = owner(token)
        if text("report_type", required=True) != "BASIC":
            raise Refused(INVALID, "report_type: This sandbox knows BASIC only.")
        one_of("service_type", ("AUCTION",), "AUCTION")
        text("data_level", required=True)
        self.level = LEVELS[one_of("data_level", tuple(LEVELS))]
        self.dimensions = _dimensions(self.level)
        self.daily = "stat_time_day" in self.dimensions
        self.longest = LONGEST_DAILY if self.daily else LONGEST
        self.metrics = _metrics(self.level)
        self.days = _days()
        self.ids, self.with_deleted = _filtering(self.level)


def read_request(token):
    """Read and check the parameters of a report.

    :rtype: Request
    """
    return Request(token)


def list_rows(asked):
    """Return the rows of a report; those without any figure are left out.

    :param Request asked: what is asked for
    :rtype: list[dict]
    """
    counts = [
        spend.count_forms(world(), asked.advertiser_id),
        spend.count_events(world(), asked.advertiser_id),
    ]
    rows = []
    for ads in _groups(asked).values():
        for span in [[day] for day in asked.days] if asked.daily else [asked.days]:
            row = _row(asked, ads, span, counts)
            if row:
                rows.append(row)
    return rows


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


def _days():
    first, last = _date("start_date"), _date("end_date")
    if last < first:
        raise Refused(INVALID, "end_date: Must not be before start_date.")
    return spend.list_days(first, last)


def _date(name):
    try:
        return datetime.date.fromisoformat(text(name, required=True))
    except ValueError:
        raise Refused(INVALID, f"{name}: Must be YYYY-MM-DD.") from None


def _filtering(level):
    """Return the wanted ids by attribute, and whether deleted ads are wanted."""
    ids, with_deleted = {}, level == "advertiser"
    for rule in array("filtering") or []:
        if not isinstance(rule, dict) or set(rule) != {"field_name", "filter_type", "filter_value"}:
            raise Refused(INVALID, "filtering: Needs field_name, filter_type and filter_value.")
        name, values = rule["field_name"], _filter_values(rule)
        if name == f"{level}_status":
            with_deleted = "STATUS_ALL" in values
        elif name in ID_FILTERS and len(values) <= MOST_IDS:
            ids[ID_FILTERS[name]] = set(values)
        else:
            raise Refused(INVALID, f"filtering: {name} is not supported here.")
    return ids, with_deleted


def _filter_values(rule):
    if rule["filter_type"] != "IN" or not isinstance(rule["filter_value"], str):
        raise Refused(INVALID, "filtering: This sandbox knows IN with JSON in a text.")
    try:
        values = json.loads(rule["filter_value"])
    except ValueError:
        values = None
    if not isinstance(values, list):
        raise Refused(INVALID, "filtering.filter_value: Not a list in JSON.")
    return values


def _groups(asked):
    groups = {}
    for ad in world().ads.values():
        if ad.advertiser_id != asked.advertiser_id or (ad.deleted and not asked.with_deleted):
            continue
        if all(getattr(ad, name) in wanted for name, wanted in asked.ids.items()):
            groups.setdefault(getattr(ad, f"{asked.level}_id"), []).append(ad)
    return groups


def _row(asked, ads, days, counts):
    dimensions = {f"{asked.level}_id": getattr(ads[0], f"{asked.level}_id")}
    if asked.daily:
        dimensions["stat_time_day"] = f"{days[0]} 00:00:00"
    cents = sum(spend.shown(world(), ad, day) for ad in ads for day in days)
    count, events = (
        sum(found.get((ad.ad_id, day), 0) for ad in ads for day in days) for found in counts
    )
    if not cents and not count:
        return None
    account = world().advertisers[ads[0].advertiser_id]
    values = {
        "spend": f"{cents / 100:.2f}",
        "impressions": str(cents * 3),
        "clicks": str(cents // 40),
        "conversion": str(count) if count else NOTHING,
        "onsite_form": str(count) if count else NOTHING,
        CRM_EVENTS: str(events) if events else NOTHING,
        "currency": account.currency,
        "advertiser_name": account.name,
    }
    found = {name: values.get(name) or getattr(ads[0], name) for name in asked.metrics}
    return {"dimensions": dimensions, "metrics": found}
