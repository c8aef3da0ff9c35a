"""Whether four workers at the same time assign leads evenly: at most one lead of difference."""

import time

from dev import console
from dev.bench import odoo_process

COUNT = 10_000
WORKERS = 4
PARTS = 5  # the team's turns must go on where the last delivery ended


def run(stage, report):
    """Assign leads in several deliveries, each by all workers at the same time."""
    console.step(f"Fairness: {COUNT:,} leads, {WORKERS} workers at the same time")
    stage.node.stop()
    team = odoo_process.call(stage, "assemble")
    rows = []
    for part in range(PARTS):
        number = stage.new_run()
        odoo_process.call(stage, "fill", number, COUNT // PARTS)
        began = time.monotonic()
        workers = [odoo_process.start(stage, "share", number) for _ in range(WORKERS)]
        for worker in workers:
            odoo_process.finish(worker)
        counts = _counts(stage, team["here"])
        rows.append(
            (
                *(f"after {COUNT // PARTS * (part + 1):,}", min(counts), max(counts)),
                time.monotonic() - began,
            )
        )
    report.table("Leads of each of the team", ("", "fewest", "most", "s"), rows)
    counts = _counts(stage, team["here"])
    report.check("each lead is assigned", sum(counts) == COUNT, f"{sum(counts):,} of {COUNT:,}")
    apart = max(counts) - min(counts)
    report.check("no salesperson got two more than another", apart <= 1, f"{apart} apart")
    away = sum(_counts(stage, team["away"]))
    report.check("no salesperson out of office got one", not away, f"{away} leads")


def _counts(stage, user_ids):
    found = dict(
        stage.rows(
            """SELECT user_id, count(*) FROM crm_lead
                WHERE tiktok_lead_uid IS NOT NULL AND user_id = ANY(%s) GROUP BY user_id""",
            user_ids,
        )
    )
    return [found.get(user_id, 0) for user_id in user_ids]
