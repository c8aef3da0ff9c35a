"""``/advertiser/info/``: ad accounts with their currency, time zone and status."""

from dev.sandbox.business.api import INVALID, NOT_ALLOWED, Refused, array, endpoint, world

FIELDS = ("advertiser_id", "name", "currency", "timezone", "display_timezone", "status", "country")
COUNTRIES = {"Asia/Dubai": "AE", "Europe/Berlin": "DE", "Asia/Almaty": "KZ", "Europe/Rome": "IT"}
MOST_ACCOUNTS = 100


@endpoint("GET", "/advertiser/info/", permission=4)
def advertiser_info(token):
    """Describe ad accounts."""
    wanted = array("advertiser_ids") or []
    if not 1 <= len(wanted) <= MOST_ACCOUNTS:
        raise Refused(INVALID, f"advertiser_ids: Must have 1 to {MOST_ACCOUNTS} ids.")
    if not set(wanted) <= set(token.advertiser_ids):
        raise Refused(NOT_ALLOWED, "No permission: the app is not authorised for this advertiser.")
    names = array("fields", list(FIELDS))
    unknown = set(names) - set(FIELDS)
    if unknown:
        raise Refused(INVALID, f"fields: {', '.join(sorted(unknown))} is not supported.")
    accounts = [world().advertisers[each] for each in wanted]
    return {"list": [{name: _value(account, name) for name in names} for account in accounts]}


def _value(account, name):
    if name in ("timezone", "display_timezone"):
        return account.timezone
    if name == "country":
        return COUNTRIES.get(account.timezone, "US")
    return getattr(account, name)
