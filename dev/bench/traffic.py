"""Leads that come all the time while something goes wrong, and what was answered."""

import itertools
import threading
import time

from dev.bench import bodies
from dev.bench.client import post

THREADS = 4
TIMEOUT = 30
MOST = 20_000  # leads, of one traffic


class Traffic:
    """Posts single leads from several threads until it is left.

    A POST without a 200 is not repeated: what counts is what was answered with 200.

    :param list urls: addresses to post to, one after the other
    """

    def __init__(self, stage, urls=None, threads=THREADS):
        self.run = stage.new_run()
        self.prefix = bodies.prefix(self.run)
        self.answered = set()
        self.refused = 0
        self._urls = itertools.cycle(urls or [stage.url(stage.path)])
        self._uids = iter(bodies.uids(self.run, MOST))
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._post_on) for _ in range(threads)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error):
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _post_on(self):
        while not self._over.is_set():
            with self._lock:
                url, uid = next(self._urls), next(self._uids, None)
            if uid is None:
                return
            status, _seconds = post(url, bodies.body([uid]), TIMEOUT)
            with self._lock:
                if status == 200:
                    self.answered.add(uid)
                else:
                    self.refused += 1
            if status != 200:
                time.sleep(0.02)

    def check(self, stage, report, what, waited):
        """Look whether each answered lead is there once, and no lead twice.

        :param float waited: how long it took until nothing waited, or None
        """
        rows = stage.rows(
            "SELECT tiktok_lead_uid FROM crm_lead WHERE tiktok_lead_uid LIKE %s", f"{self.prefix}%"
        )
        made = [row[0] for row in rows]
        lost = len(self.answered - set(made))
        twice = len(made) - len(set(made))
        detail = (
            f"{len(self.answered):,} answered with 200, {self.refused} not; {len(made):,} leads, "
            f"{lost} lost, {twice} twice; {describe(waited)}"
        )
        good = bool(self.answered) and not lost and not twice and waited is not None
        report.check(what, good, detail)


def describe(waited):
    """Say how long it took until nothing waited.

    :rtype: str
    """
    return "some still wait" if waited is None else f"nothing waits after {waited:.1f} s"
