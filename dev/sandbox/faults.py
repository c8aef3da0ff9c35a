"""Faults on request: the ways in which a remote service breaks."""

import dataclasses
import threading

KINDS = {
    "status": "an HTTP status of your choice with a gateway's HTML page",
    "429": "HTTP 429 with Retry-After",
    "code": "the platform's error envelope with a code of your choice",
    "slow": "the right answer, late",
    "hang": "no answer until the fault is taken away or the seconds are over",
    "truncated": "the right answer, cut off in the middle",
    "reset": "the work is done, the connection closes without an answer",
    "dead_token": "the platform's answer for a revoked token",
    "garbage": "HTTP 200 with something that is not JSON",
    "data": "the work is done, the success has null, or the JSON of your choice, for its data",
}


@dataclasses.dataclass
class Fault:
    """One rule.

    :param str path: an endpoint (``/page/get/``, ``/v2/user/info/``); ``*`` at the end matches
        all that begin so
    :param str kind: a key of ``KINDS``
    :param value: status, code, or seconds, as the kind needs
    :param times: how many calls it hits, None for all
    :param int skip: how many calls pass first
    :param int hits: how many calls it hit
    """

    path: str
    kind: str
    value: object = None
    times: int | None = None
    skip: int = 0
    hits: int = 0

    def matches(self, path):
        """Tell whether the rule is about this endpoint."""
        if self.path.endswith("*"):
            return path.startswith(self.path[:-1])
        return path == self.path


class Faults:
    """The rules in force; the first that matches is applied."""

    def __init__(self):
        self.rules = []
        self._lock = threading.Lock()
        self._release = threading.Event()

    def add(self, path, kind, value=None, times=None, skip=0):
        """Set a fault.

        :raise ValueError: for a kind that does not exist
        """
        if kind not in KINDS:
            raise ValueError(f"no fault {kind!r}; there are {', '.join(KINDS)}")
        with self._lock:
            self.rules.append(Fault(path, kind, value, times, skip))

    def clear(self, path=None):
        """Take the faults of one endpoint, or all, away; what hangs is let go."""
        with self._lock:
            self.rules = [rule for rule in self.rules if path and rule.path != path]
            self._release.set()
            self._release = threading.Event()

    def apply(self, path):
        """Return the rule for this call and count it, or None.

        :rtype: Fault | None
        """
        with self._lock:
            for rule in self.rules:
                if rule.matches(path):
                    return self._use(rule)
        return None

    def wait(self, seconds):
        """Hang until the faults are cleared or the time is over."""
        self._release.wait(seconds)

    def _use(self, rule):
        if rule.skip > 0:
            rule.skip -= 1
            return None
        rule.hits += 1
        if rule.times is not None:
            rule.times -= 1
            if rule.times <= 0:
                self.rules.remove(rule)
        return rule
