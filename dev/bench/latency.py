"""From POST to lead when nothing else happens, and while no scheduled action can run."""

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
    console.step(f"Latency: {TIMES} single leads, then {TIMES} while the job is held")
    _show(report, _post_leads(stage, report), "when idle")
    with stage.held_job():
        found = _post_leads(stage, report)
    _show(report, found, "while the job is held as by a long scheduled action")


def _post_leads(stage, report):
    """Return the seconds until each lead was made, and until its POST was answered."""
    found = []
    with contextlib.closing(stage.connect()) as connection:
        for uid in bodies.uids(stage.new_run(), TIMES):
            began = time.monotonic()
            status, answered = post(stage.url(stage.path), bodies.body([uid]))
            seconds = _wait_for_lead(connection, uid, began) if status == 200 else None
            if seconds is None:
                report.check("a single lead is made", False, f"answer {status}, lead {uid}")
                break  # each would be waited for
            found.append((seconds, answered))
            time.sleep(random.uniform(*PAUSE))
    return found


def _wait_for_lead(connection, uid, began):
    query = "SELECT 1 FROM crm_lead WHERE company_id = 1 AND tiktok_lead_uid = %s"
    while time.monotonic() - began < PATIENCE_SECONDS:
        with connection.cursor() as cursor:
            cursor.execute(query, [uid])
            if cursor.fetchone():
                return time.monotonic() - began
        time.sleep(POLL_SECONDS)
    return None


def _show(report, found, when):
    if len(found) < TIMES:
        return
    rows = []
    for name, values in (
        ("POST → 200", [answered for _seconds, answered in found]),
        ("POST → lead made", [seconds for seconds, _answered in found]),
    ):
        cuts = statistics.quantiles(values, n=100)
        p99 = cuts[98]
        rows.append((name, *(1000 * v for v in (cuts[49], cuts[94], p99, max(values)))))
    report.table(f"One lead at a time {when}", ("", "p50 ms", "p95 ms", "p99 ms", "max ms"), rows)
    goal = f"POST → lead {when}, p99"
    report.goal(goal, f"{p99:.3f} s", f"at most {LIMIT} s", p99 <= LIMIT)
