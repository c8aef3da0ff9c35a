"""Keeps one process below TikTok's limits on calls, so that its lock never falls."""

import threading
import time
from collections import deque

from .client import seconds_left
from .errors import RetryLaterError

LIMITS = ((1.0, 10), (60.0, 600))  # seconds, calls; what every app of the Marketing API may do
LONGEST_WAIT_SECONDS = 20


class Pace:
    """Lets calls through at most as often as the limits say.

    :param tuple limits: of seconds and calls
    :param clock: returns seconds that only grow
    :param sleep: waits
    """

    def __init__(self, limits=LIMITS, clock=time.monotonic, sleep=time.sleep):
        self._limits = limits
        self._clock = clock
        self.sleep = sleep
        self._turns = deque(maxlen=max(calls for _seconds, calls in limits))
        self._lock = threading.Lock()

    def wait(self):
        """Wait for a turn.

        :raise RetryLaterError: if it would take too long
        """
        with self._lock:
            now = self._clock()
            turn = max([now, *self._free()])
            if turn - now > seconds_left(LONGEST_WAIT_SECONDS):
                raise RetryLaterError(
                    "Too many calls to TikTok at once.", "pace", retry_after=turn - now
                )
            self._turns.append(turn)
        if turn > now:
            self.sleep(turn - now)

    def _free(self):
        """Yield when each limit has room again."""
        for seconds, calls in self._limits:
            if len(self._turns) >= calls:
                yield self._turns[-calls] + seconds
