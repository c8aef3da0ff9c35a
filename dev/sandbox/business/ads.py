"""``/ad/get/``: ads by their ids, and which post or video each of them shows."""

from dev.sandbox.business.api import (
    INVALID,
    NOT_ALLOWED,
    Refused,
    endpoint,
    owner,
    paged,
    struct,
    uid,
    world,
)
from dev.sandbox.business.forms import rest_id

MOST_IDS = 100


@endpoint("GET", "/ad/get/")
def ad_get(token):
    """List ads of an ad account."""
    uid("advertiser_id", required=True)
    advertiser_id, _none = owner(token)
    if world().settings.ads_read == "no":
        raise Refused(NOT_ALLOWED, "The app lacks the permission to read ads.")
    ad_ids = _read_ad_ids(struct("filtering"))
    ads = [
        ad
        for ad in world().ads.values()
        if ad.advertiser_id == advertiser_id and (ad_ids is None or ad.ad_id in ad_ids)
    ]
    page, info = paged(ads, most=1000)
    return {"list": [_row(ad) for ad in page], "page_info": info}


def _read_ad_ids(filtering):
    """Return the ids that were asked for, None for all."""
    if not filtering:
        return None
    unknown = set(filtering) - {"ad_ids"}
    if unknown:
        raise Refused(INVALID, f"filtering: {', '.join(sorted(unknown))} is not supported.")
    ids = filtering["ad_ids"]
    if not isinstance(ids, list) or not 1 <= len(ids) <= MOST_IDS:
        raise Refused(INVALID, f"filtering.ad_ids: Must be a list of 1 to {MOST_IDS} ids.")
    if not all(isinstance(each, str) and each.isdigit() for each in ids):
        raise Refused(INVALID, "filtering.ad_ids: Not a valid id.")
    return set(ids)


def _row(ad):
    return {
        "advertiser_id": ad.advertiser_id,
        "campaign_id": ad.campaign_id,
        "campaign_name": ad.campaign_name,
        "adgroup_id": ad.adgroup_id,
        "adgroup_name": ad.adgroup_name,
        "ad_id": rest_id(ad.ad_id),
        "ad_name": ad.ad_name,
        "tiktok_item_id": ad.tiktok_item_id or None,
    }


def show(state, ad_id, item_id):
    """Have an ad show a post or video, as a Spark Ad does.

    :param str item_id: of the post or video, "" for none
    :raise KeyError: if there is no such ad, post or video
    """
    posts = {post.post_id for post in state.posts.values()}
    if item_id and item_id not in posts and item_id not in state.videos:
        raise KeyError(item_id)
    state.ads[ad_id].tiktok_item_id = item_id
