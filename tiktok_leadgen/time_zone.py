"""Time zones by the names that databases hold: this server may not know all of them."""

import pytz


def is_known_zone(name):
    """Tell whether this server knows a time zone.

    :param str name: like ``Europe/Paris``
    :return: whether `pytz` has it
    :rtype: bool
    """
    return name in pytz.all_timezones_set


def find_known_zone(*names):
    """Find the first of some time zones that this server knows, else UTC.

    :param names: like ``Europe/Paris``, or False
    :return: the time zone
    :rtype: datetime.tzinfo
    """
    return next((pytz.timezone(name) for name in names if name and is_known_zone(name)), pytz.utc)
