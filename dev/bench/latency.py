"""From POST to lead when nothing else happens."""

import contextlib
import random
import statistics
import time

from dev import console
from dev.bench import bodies
from dev.bench.client import post

TIMES = 100
PAUSE = (0.02, 0.6)
POLL_SECONDS = 0.002
PATIENCE_SECONDS = 70
LIMIT = 0.3


def run(stage, report):
    """Post one lead at a time and look for its row."""
    console.step(f"Latency: {TIMES} single leads")
    found, number = [], stage.new_run()
    with contextlib.closing(stage.connect()) as connection:
        for uid in bodies.uids(number, TIMES):
            began = time.monotonic()
            status, answered = post(stage.url(stage.path), bodies.body([uid]))
            seconds = _wait_for_lead(connection, uid, began) if status == 200 else None
            if seconds is None:
                report.check("a single lead is made", False, f"answer {status}, lead {uid}")
                continue
            found.append((seconds, answered))
            time.sleep(random.uniform(*PAUSE))
    _show(report, found)


def _wait_for_lead(connection, uid, began):
    query = "SELECT 1 FROM crm_lead WHERE company_id = 1 AND tiktok_lead_uid = %s"
    while time.monotonic() - began < PATIENCE_SECONDS:
        with connection.cursor() as cursor:
            cursor.execute(query, [uid])
            if cursor.fetchone():
                return time.monotonic() - began
        time.sleep(POLL_SECONDS)
    return None


def _show(report, found):
    rows = []
    for name, values in (
        ("POST → 200", [answered for _seconds, answered in found]),
        ("POST → lead made", [seconds for seconds, _answered in found]),
    ):
        cuts = statistics.quantiles(values, n=20)
        p95 = cuts[18]
        rows.append((name, *(1000 * v for v in (cuts[9], p95, max(values)))))
    report.table("One lead at a time", ("", "p50 ms", "p95 ms", "max ms"), rows)
    report.goal("POST → lead when idle, p95", f"{p95:.3f} s", f"at most {LIMIT} s", p95 <= LIMIT)
