"""Ads of the Marketing API: which post or video each of them shows.

TikTok calls what such an ad shows its item (``tiktok_item_id``), and documents no number of the
permission that reading ads takes: a refusal is nothing unusual.
"""

import itertools

from .posting import parse_uid

PATH = "/ad/get/"
MAX_ADS_PER_REQUEST = 100


def fetch_shown_items(client, advertiser_uid, ad_uids):
    """Fetch what some ads show.

    :param BusinessClient client: with a token
    :param str advertiser_uid: whose ads they are
    :param list ad_uids: at most `MAX_ADS_PER_REQUEST` of TikTok's ids
    :return: TikTok's id of the post or video by id of the ad; empty where it shows none, or where
        TikTok has no such ad
    :rtype: dict[str, str]
    :raise TiktokError: as TikTok refuses
    """
    found = dict.fromkeys(ad_uids, "")
    wanted = [ad_uid for ad_uid in found if parse_uid(ad_uid)]
    if not wanted:
        return found
    params = {"advertiser_id": advertiser_uid, "filtering": {"ad_ids": wanted}}
    # More rows than ads are no answer to this: it must not walk through a whole ad account.
    for row in itertools.islice(client.iter_pages(PATH, params), len(wanted)):
        ad_uid = parse_uid(row.get("ad_id"))
        if ad_uid in found:
            found[ad_uid] = parse_uid(row.get("tiktok_item_id")).lstrip("0")  # 0 is none
    return found
