"""Rate limits, counted on the world's clock."""

from collections import deque

DAY = 86400
LOCK_SECONDS = 300  # how long the Marketing API refuses after the limit per minute

# Per app and endpoint of the Marketing API: per second, per minute, per day.
LEVELS = {
    "basic": (10, 600, 864_000),
    "advanced": (20, 1200, 1_728_000),
    "premium": (30, 1800, 2_592_000),
    "ultimate": (50, 3000, 4_320_000),
    "sandbox": (1, 30, 1000),
}


class Window:
    """Counts calls in a sliding window."""

    def __init__(self):
        self.calls = deque()

    def full(self, now, seconds, most):
        """Tell whether one more call would be too many; count it if not.

        :param float now: seconds since 1970
        :param int seconds: length of the window
        :param int most: calls allowed in it
        """
        while self.calls and self.calls[0] <= now - seconds:
            self.calls.popleft()
        if len(self.calls) >= most:
            return True
        self.calls.append(now)
        return False


class Limits:
    """All counters of one world.

    :param Clock clock: the time that counts
    """

    def __init__(self, clock):
        self.clock = clock
        self.windows = {}
        self.days = {}
        self.locked = {}

    def window_full(self, key, seconds, most):
        """Count one call; tell whether it is one too many.

        :param tuple key: what is counted
        """
        window = self.windows.setdefault(key, Window())
        return window.full(self.clock.now(), seconds, most)

    def business_full(self, app_id, path, level):
        """Count one call of the Marketing API.

        :param str level: a key of ``LEVELS``, or ``off``
        :return: which limit was reached (``QPS``, ``QPM``, ``QPD``) or None
        :rtype: str | None
        """
        if level == "off":
            return None
        per_second, per_minute, per_day = LEVELS[level]
        now, key = self.clock.now(), (app_id, path)
        if self.locked.get(key, 0) > now:
            return "QPM"
        if self.window_full((*key, "s"), 1, per_second):
            return "QPS"
        if self.window_full((*key, "m"), 60, per_minute):
            self.locked[key] = now + LOCK_SECONDS
            return "QPM"
        return "QPD" if self._day_full(key, per_day) else None

    def _day_full(self, key, most):
        today = int(self.clock.now() // DAY)
        day, used = self.days.get(key, (today, 0))
        used = used if day == today else 0
        self.days[key] = (today, used + 1)
        return used >= most
