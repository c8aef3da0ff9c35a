"""What happens later: a queue of named tasks by due time, run by a thread or by the test."""

import heapq
import itertools
import threading
import time
from concurrent.futures import ThreadPoolExecutor

LONGEST_NAP = 0.5  # seconds; the clock may be moved while the thread sleeps


class Scheduler:
    """Runs tasks when the world's clock reaches them.

    Without :meth:`start` nothing runs automatically: :meth:`run_due` and :meth:`advance` do it, in
    order and in the caller's thread, so that a test never sleeps.

    :param Clock clock: the time that counts
    """

    def __init__(self, clock):
        self.clock = clock
        self.runner = None  # object whose methods are the tasks
        self._heap = []
        self._order = itertools.count()
        self._lock = threading.Condition()
        self._pool = None
        self._running = 0
        self._ends = False

    def at(self, when, name, *args):
        """Plan a call.

        :param float when: seconds since 1970
        :param str name: a method of :attr:`runner`
        """
        with self._lock:
            heapq.heappush(self._heap, (when, next(self._order), name, args))
            self._lock.notify()

    def pending(self):
        """Return the planned calls, soonest first.

        :rtype: list[tuple]
        """
        with self._lock:
            return sorted(self._heap)

    def load(self, tasks):
        """Take over the planned calls of an earlier run."""
        for when, _order, name, args in tasks:
            self.at(when, name, *args)

    def run_due(self):
        """Run all that is due, also what these calls plan for now; return how many."""
        done = 0
        while task := self._pop(self.clock.now()):
            self._run(task)
            done += 1
        return done

    def advance(self, seconds):
        """Move the clock and run what falls due on the way, each at its own time.

        :param float seconds: how far
        """
        if self._pool:
            self.clock.shift(seconds)
            with self._lock:
                self._lock.notify()
            return
        target = self.clock.now() + seconds
        while task := self._pop(target):
            self.clock.shift(max(0.0, task[0] - self.clock.now()))
            self._run(task)
        self.clock.shift(max(0.0, target - self.clock.now()))

    def start(self, workers):
        """Run tasks automatically from now on.

        :param int workers: how many at the same time
        """
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="sandbox")
        threading.Thread(target=self._loop, name="sandbox-scheduler", daemon=True).start()

    def stop(self):
        """Let the running tasks end and start no others."""
        with self._lock:
            self._ends = True
            self._lock.notify()
        if self._pool:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def _loop(self):
        while not self._ends:
            task = self._pop(self.clock.now())
            if task:
                self._submit(task)
            else:
                self._nap()

    def _submit(self, task):
        try:
            self._pool.submit(self._run, task)
        except RuntimeError:  # the pool was shut down between the two
            self._ends = True

    def _nap(self):
        with self._lock:
            if self._ends:
                return
            wait = LONGEST_NAP
            if self._heap:
                wait = min(wait, max(0.0, self._heap[0][0] - self.clock.now()))
            self._lock.wait(wait)

    def _pop(self, until):
        with self._lock:
            if self._heap and self._heap[0][0] <= until:
                self._running += 1
                return heapq.heappop(self._heap)
        return None

    def _run(self, task):
        try:
            getattr(self.runner, task[2])(*task[3])
        finally:
            with self._lock:
                self._running -= 1

    def idle(self, timeout=10.0):
        """Wait until nothing is due or running any more; return whether that came.

        :param float timeout: real seconds
        """
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            with self._lock:
                due = self._heap and self._heap[0][0] <= self.clock.now()
                if not due and not self._running:
                    return True
            time.sleep(0.01)
        return False
