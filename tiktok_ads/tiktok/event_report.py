"""How many CRM events TikTok's reports count: those that it matched with an ad.

https://business-api.tiktok.com/portal/docs?id=1740302848100353
"""

from .spend_report import PAGE_SIZE, REPORT_PATH, build_params, join_row, parse_count

CRM_EVENTS = "offline_total_crm_events"


def fetch_crm_event_count(client, advertiser_uid, first, last):
    """Fetch how many CRM events TikTok counts for the ads of an ad account.

    :param BusinessClient client: with a token
    :param str advertiser_uid: of the ad account
    :param datetime.date first: day
    :param datetime.date last: day, at most 364 later
    :rtype: int
    :raise TiktokError: as TikTok refuses
    :raise spend_report.UnreadableReportError: if a row can't be read
    """
    params = {
        **build_params(advertiser_uid, "AUCTION_ADVERTISER", first, last),
        "dimensions": ["advertiser_id"],
        "metrics": [CRM_EVENTS],
    }
    rows = client.iter_pages(REPORT_PATH, params, page_size=PAGE_SIZE)
    return sum(parse_count(join_row(row), CRM_EVENTS) for row in rows)
