"""Time zones as people and old databases name them: a server may know others."""

import pytz


def is_known_zone(name):
    """Tell whether this server knows a time zone.

    :param str name: like ``Europe/Paris``
    :rtype: bool
    """
    return name in pytz.all_timezones_set


def known_zone(*names):
    """Return the first of some time zones that this server knows, else UTC.

    :param names: like ``Europe/Paris``, or False
    :rtype: datetime.tzinfo
    """
    return next((pytz.timezone(name) for name in names if name and is_known_zone(name)), pytz.utc)
