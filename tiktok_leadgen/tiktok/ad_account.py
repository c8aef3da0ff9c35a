"""What TikTok knows of an ad account.

https://business-api.tiktok.com/portal/docs (Ad account management, get ad account details)
"""

from . import values
from .countries import find_country

PATH = "/advertiser/info/"


def fetch_country(client, advertiser_uid):
    """Fetch the country in which an ad account is registered.

    Its time zone is no country: an agency may advertise anywhere.

    :param BusinessClient client: with a token
    :param str advertiser_uid: of the ad account
    :return: code of ISO 3166, empty if TikTok names none
    :rtype: str
    :raise TiktokError: as TikTok refuses
    """
    params = {"advertiser_ids": [advertiser_uid], "fields": ["advertiser_id", "country"]}
    rows = client.get(PATH, params).get("list")
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and values.parse_uid(row.get("advertiser_id")) == advertiser_uid:
            return find_country(values.format_line(row.get("country")))
    return ""
