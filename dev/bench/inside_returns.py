"""The nightly fetch of costs, measured inside an Odoo: TikTok's answers are made up by the page."""

import datetime
import time

from dev.bench.inside import memory, stopwatch

CRON = "tiktok_ads.ir_cron_fetch_spend"
DAYS = 30  # of one night
CENTS = 123  # of each ad on each day
PATIENCE_SECONDS = 1_800


def fetch_costs(odoo, row_count):
    """Fetch so many rows of one ad account as Odoo's scheduler does.

    :return: seconds, rows that are stored, and MiB before and at most
    :rtype: dict
    """
    from odoo.addons.tiktok_ads import const

    ads = row_count // DAYS
    const.SPEND_SECONDS = PATIENCE_SECONDS
    uid = str(10**18 + time.time_ns() % 10**15)
    with odoo.env() as env:
        values = {"name": f"{ads} ads", "advertiser_uid": uid, "state": "connected"}
        advertiser_id = env["tiktok.advertiser"].create(values).id
        env["tiktok.advertiser"].search([("id", "!=", advertiser_id)]).state = "draft"

    _replace_answers(odoo, ads)
    before = memory("VmRSS")
    cron, stage, error = CRON, "recent", False
    with stopwatch() as took:
        while stage != "done" and not error:
            with odoo.env() as env:
                env.ref(cron).method_direct_trigger()
            with odoo.env() as env:
                advertiser = env["tiktok.advertiser"].browse(advertiser_id)
                stage, error = advertiser.spend_stage, advertiser.spend_error
            cron = const.SPEND_CRON_XMLID
    if error:
        raise SystemExit(f"The fetch ended: {error}")
    with odoo.env() as env:
        stored = env["tiktok.ad.spend"].search_count([("advertiser_id", "=", advertiser_id)])
    return {"seconds": took[0], "stored": stored, "before": before, "peak": memory("VmHWM")}


def _replace_answers(odoo, ads):
    """Have ad accounts get answers that are made up, of one night only.

    :param Inside odoo: whose registry is changed
    :param int ads: how many there are
    """
    from odoo.addons.tiktok_leadgen.tiktok import business_client

    class Reports(business_client.BusinessClient):
        """Answers as TikTok's reports do, without a network."""

        def get(self, path, params=None, **_options):
            return _make_answer(path, params, ads)

    advertisers = odoo.registry["tiktok.advertiser"]
    advertisers._get_business_client = lambda _self: Reports("http://127.0.0.1:9", "none")
    first_night = datetime.datetime.now(datetime.UTC).date() - datetime.timedelta(days=DAYS - 1)
    advertisers._get_history_start = lambda _self: first_night


def _make_answer(path, params, ads):
    """Return the data of an answer.

    :param str path: of the call
    :param dict params: of the call
    :param int ads: how many there are
    :rtype: dict
    """
    if path == "/advertiser/info/":
        (uid,) = params["advertiser_ids"]
        zone = {"timezone": "Etc/UTC", "display_timezone": "Etc/UTC"}
        account = {"advertiser_id": uid, "currency": "EUR", "status": "STATUS_ENABLE", **zone}
        return {"list": [account]}
    first, last = map(datetime.date.fromisoformat, (params["start_date"], params["end_date"]))
    count = (last - first).days + 1
    days = [str(first + datetime.timedelta(days=n)) for n in range(count)]
    if params["data_level"] == "AUCTION_ADVERTISER":
        spend = f"{ads * CENTS / 100:.2f}"
        rows = [{"dimensions": _write_day(day), "metrics": {"spend": spend}} for day in days]
        return {"list": rows, "page_info": {"page": 1, "total_page": 1}}
    size, page = params["page_size"], params["page"]
    numbers = range((page - 1) * size, min(page * size, ads * count))
    rows = [_make_row(number // count, days[number % count]) for number in numbers]
    return {"list": rows, "page_info": {"page": page, "total_page": -(-ads * count // size)}}


def _make_row(ad, day):
    """Return what one ad cost on one day."""
    names = {"campaign_name": "Campaign", "adgroup_name": "Ad group", "ad_name": f"Video {ad}"}
    uids = {"campaign_id": str(10**15 + ad // 20), "adgroup_id": str(2 * 10**15 + ad // 4)}
    figures = {"spend": f"{CENTS / 100}", "impressions": "900", "clicks": "-", "onsite_form": "1"}
    ad_day = {"ad_id": str(3 * 10**15 + ad), **_write_day(day)}
    return {"dimensions": ad_day, "metrics": {**uids, **names, **figures, "currency": "EUR"}}


def _write_day(day):
    return {"stat_time_day": f"{day} 00:00:00"}
