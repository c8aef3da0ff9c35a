"""Ad accounts of the Marketing API: their currency, time zone and status.

https://business-api.tiktok.com/portal/docs (Ad account details)
"""

import typing

PATH = "/advertiser/info/"
_FIELDS = ["advertiser_id", "currency", "timezone", "display_timezone", "status"]
# Nothing is shown of an ad account with one of these, and nothing is spent.
SUSPENDED = ("STATUS_LIMIT", "STATUS_DISABLE", "STATUS_CONFIRM_FAIL")


class AdAccount(typing.NamedTuple):
    """What TikTok says of an ad account; empty where it says nothing."""

    currency: str
    time_zones: tuple  # the name for people first: the other can be Etc/GMT-3, which is UTC+3
    status: str

    @property
    def is_suspended(self):
        """Whether TikTok shows no ads of it."""
        return self.status in SUSPENDED


def fetch_ad_account(client, advertiser_uid):
    """Fetch an ad account.

    :param BusinessClient client: with a token
    :param str advertiser_uid: of the ad account
    :return: None if TikTok lists no such ad account
    :rtype: AdAccount | None
    :raise TiktokError: as TikTok refuses
    """
    params = {"advertiser_ids": [advertiser_uid], "fields": _FIELDS}
    for row in client.get_list(PATH, params):
        if str(row.get("advertiser_id")) == advertiser_uid:
            zones = (_read_text(row, "display_timezone"), _read_text(row, "timezone"))
            return AdAccount(
                _read_text(row, "currency").upper(), zones, _read_text(row, "status").upper()
            )
    return None


def _read_text(row, name):
    value = row.get(name)
    is_text = isinstance(value, str) and value.isprintable()  # what else it holds is not stored
    return value.strip()[:64] if is_text else ""
