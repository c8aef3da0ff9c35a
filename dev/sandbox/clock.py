"""The time of the local TikTok: real time plus what was added, or standing still."""

import time


class Clock:
    """Seconds since 1970; nothing in the sandbox asks the system for the time.

    :param start: seconds to stand at; the clock then moves only by :meth:`shift`
    """

    def __init__(self, start=None):
        self.frozen_at = start
        self.offset = 0.0

    @property
    def frozen(self):
        """Whether time only moves when told."""
        return self.frozen_at is not None

    def now(self):
        """Return the seconds since 1970.

        :rtype: float
        """
        return (self.frozen_at if self.frozen else time.time()) + self.offset

    def shift(self, seconds):
        """Move the time forward.

        :param float seconds: may not be negative
        :raise ValueError: if it is
        """
        if seconds < 0:
            raise ValueError("time does not go back")
        self.offset += seconds
