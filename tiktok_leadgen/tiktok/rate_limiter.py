"""Limits the calls of one process, so that TikTok does not block the app."""

import threading
import time
from collections import deque

from .client import seconds_left
from .errors import RetryLaterError

LIMITS = ((1.0, 10), (60.0, 600))  # seconds, calls; what every app of the Marketing API may do
LONGEST_WAIT_SECONDS = 20


class RateLimiter:
    """Lets at most as many calls through as the limits allow.

    :param tuple limits: pairs of seconds and calls
    :param clock: returns monotonic seconds
    :param sleep: waits some seconds
    """

    def __init__(self, limits=LIMITS, clock=time.monotonic, sleep=time.sleep):
        self._limits = limits
        self._clock = clock
        self.sleep = sleep
        self._calls = deque(maxlen=max(calls for _seconds, calls in limits))
        self._lock = threading.Lock()

    def wait_for_permit(self):
        """Wait until the limits allow the next call.

        :raise RetryLaterError: if that would take too long
        """
        with self._lock:
            now = self._clock()
            moment = max([now, *self._next_free_times()])
            if moment - now > seconds_left(LONGEST_WAIT_SECONDS):
                raise RetryLaterError(
                    "Too many calls to TikTok at the same time.", "pace", retry_after=moment - now
                )
            self._calls.append(moment)
        if moment > now:
            self.sleep(moment - now)

    def _next_free_times(self):
        """Yield when each limit allows a call again, in seconds of the clock.

        :yield: a time for each limit that is reached
        """
        for seconds, calls in self._limits:
            if len(self._calls) >= calls:
                yield self._calls[-calls] + seconds
