"""How fast the overview opens, with few leads and with many."""

import pathlib
import statistics

from dev import console
from dev.bench import odoo_process

COUNTS = (1_000, 100_000)
GOAL_SECONDS = 1.0
ROUNDS = 5
FILL = pathlib.Path(__file__).with_name("leads.sql")


def run(stage, report):
    """Ask for the overview of each period as a sales manager's browser does."""
    rows, slowest = [], 0.0
    for count in COUNTS:
        console.step(f"Dashboard: {count:,} leads over a year")
        stage.rows(FILL.read_text().replace("%(count)s", str(count)).replace("%%", "%"))
        there = stage.value("SELECT count(*) FROM crm_lead WHERE tiktok_lead_uid IS NOT NULL")
        report.check(f"{count:,} leads are there", there >= count, f"{there:,}")
        found = odoo_process.call(stage, "overview", ROUNDS)
        for days, seconds in found.items():
            median = statistics.median(seconds)
            rows.append((f"{count:,} leads, {days} days", 1000 * median, 1000 * max(seconds)))
            slowest = max(slowest, median)
    report.table("Overview, by period", ("", "ms median", "ms slowest"), rows)
    what = f"the overview with {COUNTS[-1]:,} leads"
    wanted = f"below {GOAL_SECONDS:.0f} s"
    report.goal(what, f"{slowest:.2f} s", wanted, slowest < GOAL_SECONDS)
