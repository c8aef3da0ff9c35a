"""When TikTok corrects what a day cost: at 12:00 UTC of the next day.

https://business-api.tiktok.com/portal/docs?id=1738864894606337
"""

import datetime

CORRECTION_HOUR = 12  # UTC, on the day after


def find_correction(day):
    """Return when TikTok corrects the figures of a day.

    :param datetime.date day: of the ad account
    :return: in UTC, without a time zone
    :rtype: datetime.datetime
    """
    after = day + datetime.timedelta(days=1)
    return datetime.datetime.combine(after, datetime.time(CORRECTION_HOUR))


def find_nightly(now, hour, minute):
    """Return when a time of day comes the next time.

    :param datetime.datetime now: in UTC, without a time zone
    :param int hour: of the day, in UTC
    :param int minute: of the hour
    :rtype: datetime.datetime
    """
    nightly = datetime.datetime.combine(now.date(), datetime.time(hour, minute))
    return nightly if nightly > now else nightly + datetime.timedelta(days=1)
