"""Several processes that work at the same time, measured inside Odoo: they begin together."""

import contextlib
import time

from dev.bench.inside import memory, stopwatch

BARRIER = 0x74696B  # the advisory lock that each process shares when it is ready
CRON = "tiktok_leadgen.ir_cron_process_events"
PATIENCE_SECONDS = 120
NAP_SECONDS = 0.02


@contextlib.contextmanager
def begin_together(odoo, count):
    """Wait until so many processes are ready.

    :param int count: of processes, this one included
    """
    with odoo.registry.cursor() as cr:
        cr.execute("SELECT pg_advisory_lock_shared(%s)", [BARRIER])
        deadline = time.monotonic() + PATIENCE_SECONDS
        ready = 0
        while ready < count:
            if time.monotonic() > deadline:
                raise SystemExit(f"Only {ready} of {count} processes began")
            cr.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
            ready = cr.fetchone()[0]
            cr.rollback()
            time.sleep(NAP_SECONDS)
        try:
            yield
        finally:
            cr.execute("SELECT pg_advisory_unlock_shared(%s)", [BARRIER])


def drain_together(odoo, count):
    """Drain what waits as one of several processes.

    :param int count: of processes
    :return: when it began and ended, by the clock of the machine
    :rtype: dict
    """
    with begin_together(odoo, count), stopwatch() as took:
        began = time.monotonic()
        while odoo.waiting():
            with odoo.env() as env:  # the scheduler runs an action in one worker only
                env["tiktok.event"]._cron_process()
    return {"began": began, "ended": time.monotonic(), "cpu": took[1], "peak": memory("VmHWM")}


def work_beside(odoo, count):
    """Run the job of deliveries beside an action that reads a file, until that ends.

    :param int count: of processes
    :rtype: dict
    """
    with begin_together(odoo, count), stopwatch() as took:
        while _is_file_read(odoo):
            with odoo.env() as env:
                env.ref(CRON).method_direct_trigger()
    return {"cpu": took[1], "peak": memory("VmHWM")}


def _is_file_read(odoo):
    with odoo.env() as env:
        running = [("state", "in", ("waiting", "running"))]
        return any(
            env[model].search_count(running)
            for model in ("tiktok.lead.import", "tiktok.reconciliation")
        )
