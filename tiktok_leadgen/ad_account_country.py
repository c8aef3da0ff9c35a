"""The country of an ad account: the default country of its forms."""

from .tiktok import ad_account
from .tiktok.errors import (
    NotAllowedError,
    RetryLaterError,
    UnparsableAnswerError,
    WrongRequestError,
)


def update_country(advertiser):
    """Request the country of an ad account that has none yet; a user's choice stays.

    Without it, forms use the company's country: what TikTok refuses here stops no sync.

    :param advertiser: tiktok.advertiser, connected
    :raise ReconnectError: if TikTok no longer accepts the connection
    :raise SealError: if a secret can't be opened
    """
    if advertiser.country_id:
        return
    client = advertiser._get_business_client()
    try:
        code = ad_account.fetch_country(client, advertiser.advertiser_uid)
    except (NotAllowedError, RetryLaterError, UnparsableAnswerError, WrongRequestError):
        return
    country = advertiser.env["res.country"].search([("code", "=", code)], limit=1)
    if code and country:
        advertiser._lock_advertisers()
        advertiser.country_id = country
        advertiser._commit_in_job()
