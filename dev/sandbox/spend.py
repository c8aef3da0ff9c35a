"""What the ads cost by ad and hour in the end, and what TikTok's reports show of it meanwhile.

The final figures are always the same for the same seed. A report shows an hour half an hour
after it ended, and a day a little too low until the correction at 12:00 UTC of the next day.
"""

import datetime
import zlib
import zoneinfo

HOUR, DAY = 3600, 86400
CORRECTION_HOUR = 12  # UTC, of the day after
EARLY_SHARE = 97  # percent of the spend that is shown before the correction


def list_days(first, last):
    """Return the days from the first to the last, both included.

    :rtype: list[datetime.date]
    """
    return [first + datetime.timedelta(days=n) for n in range((last - first).days + 1)]


def hours_of(zone, day):
    """Return when the hours of a day begin: 23, 24 or 25 of them.

    :param str zone: of the ad account
    :param datetime.date day: on its calendar
    :return: seconds since 1970
    :rtype: range
    """
    info = zoneinfo.ZoneInfo(zone)
    begin = datetime.datetime.combine(day, datetime.time.min, info)
    end = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time.min, info)
    return range(int(begin.timestamp()), int(end.timestamp()), HOUR)


def spent_in_hour(state, ad, hour):
    """Return what an ad cost in an hour, in hundredths.

    :param int hour: when it begins
    """
    if not ad.started <= hour < (ad.ended or hour + 1):
        return 0
    return zlib.crc32(f"{state.seed}:{ad.ad_id}:{hour}".encode()) % 401


def spent(state, ad, day):
    """Return what an ad cost on a day in the end.

    :param Ad ad: whose
    :param datetime.date day: of the ad account
    :return: hundredths of the account's currency
    :rtype: int
    """
    changed = state.spend_changes.get((ad.ad_id, str(day)))
    if changed is not None:
        return changed
    zone = state.advertisers[ad.advertiser_id].timezone
    now = state.now()
    return sum(spent_in_hour(state, ad, hour) for hour in hours_of(zone, day) if hour < now)


def shown(state, ad, day):
    """Return what a report shows now: less than in the end until the correction.

    :return: hundredths of the account's currency
    :rtype: int
    """
    settings, now = state.settings, state.now()
    if now >= corrected_at(day):
        return spent(state, ad, day)
    changed = state.spend_changes.get((ad.ad_id, str(day)))
    if changed is None:
        zone = state.advertisers[ad.advertiser_id].timezone
        until = now - settings.report_delay_minutes * 60
        hours = hours_of(zone, day)
        changed = sum(spent_in_hour(state, ad, hour) for hour in hours if hour + HOUR <= until)
    return changed * EARLY_SHARE // 100


def corrected_at(day):
    """Return when the figures of a day are corrected, in seconds since 1970.

    :rtype: float
    """
    after = datetime.datetime.combine(
        day + datetime.timedelta(days=1), datetime.time(CORRECTION_HOUR), datetime.UTC
    )
    return after.timestamp()


def count_forms(state, advertiser_id):
    """Count the forms that people submitted from ads, by ad and day of the ad account.

    :rtype: dict[tuple[str, datetime.date], int]
    """
    zone = zoneinfo.ZoneInfo(state.advertisers[advertiser_id].timezone)
    found = {}
    for lead in state.leads.values():
        if lead.ad and not lead.test and lead.ad.advertiser_id == advertiser_id:
            day = datetime.datetime.fromtimestamp(lead.create_time, zone).date()
            key = (lead.ad.ad_id, day)
            found[key] = found.get(key, 0) + 1
    return found


def count_events(state, advertiser_id):
    """Count the CRM events about leads of ads, by ad and the day of the lead.

    :rtype: dict[tuple[str, datetime.date], int]
    """
    zone = zoneinfo.ZoneInfo(state.advertisers[advertiser_id].timezone)
    found = {}
    for event in state.events:
        lead = state.leads.get((event.get("lead") or {}).get("lead_id"))
        if lead and lead.ad and lead.ad.advertiser_id == advertiser_id:
            day = datetime.datetime.fromtimestamp(lead.create_time, zone).date()
            key = (lead.ad.ad_id, day)
            found[key] = found.get(key, 0) + 1
    return found


def list_final_spend(state, advertiser_id, first, last):
    """Return the final spend of each ad on each day, deleted ads included.

    :return: rows of ad, day and hundredths
    :rtype: list[tuple[str, str, int]]
    """
    ads = [ad for ad in state.ads.values() if ad.advertiser_id == advertiser_id]
    rows = [
        (ad.ad_id, str(day), spent(state, ad, day)) for ad in ads for day in list_days(first, last)
    ]
    return [row for row in rows if row[2]]
