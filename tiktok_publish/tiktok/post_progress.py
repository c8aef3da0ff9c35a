"""How far TikTok is with a post: what may follow a state, and when to check again."""

REQUESTED_PERCENT, FETCHED_PERCENT = 10, 80
_WAITS = (5, 10, 20, 40, 60, 120, 300, 600, 1200, 2400, 3600)  # seconds between two checks
_POLLING_HOURS = {  # after which the status is no longer checked
    "processing": 24,
    "published": 48,
    "inbox": 72,
    "cancelled": 24,
}
_NEXT_STATES = {
    "processing": ("published", "inbox", "failed"),
    "inbox": ("published", "failed"),
    "failed": ("published", "inbox"),
    "cancelled": ("published", "inbox"),
    "published": (),
}


def may_become(state, new_state):
    """Tell whether a post may still change its state, in whatever order TikTok's reports arrive.

    :param str state: of the post now
    :param str new_state: as TikTok reports it
    :rtype: bool
    """
    return new_state in _NEXT_STATES.get(state, ())


def poll_wait(polls):
    """Return how long to wait before the next check.

    :param int polls: checks made so far
    :return: seconds
    :rtype: int
    """
    return _WAITS[min(polls, len(_WAITS) - 1)]


def polling_hours(state):
    """Return how long after its sending a post is checked.

    :param str state: of the post
    :return: hours, 0 if it is not checked at all
    :rtype: int
    """
    return _POLLING_HOURS.get(state, 0)


def fetched_percentage(fetched, total):
    """Return the progress of a post whose photos TikTok fetches.

    :param int fetched: bytes
    :param int total: bytes of all photos
    :return: per cent
    :rtype: int
    """
    part = min(fetched / total, 1) if total else 0
    return REQUESTED_PERCENT + int((FETCHED_PERCENT - REQUESTED_PERCENT) * part)
