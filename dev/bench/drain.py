"""How fast waiting events become leads, against a bare create of the same leads."""

import statistics

from dev import console
from dev.bench import odoo_process

COUNT = 5_000
ROUNDS = 5
FACTOR = 5
ASSIGNED_FACTOR = 2
LABELS = {
    "ours": "our job, from event to lead",
    "assigned": "the same with round robin, activity and notification",
    "bare": "bare crm.lead.create(), batches of 100, default context",
    "untracked": "the same without chatter and tracking",
}


def run(stage, report):
    """Drain in a process of its own while no Odoo serves requests."""
    console.step(f"Drain: {COUNT:,} of each kind in {ROUNDS} rounds, one process, one thread")
    stage.node.stop()
    number = stage.new_run()
    found = odoo_process.call(stage, "drain", number, COUNT, ROUNDS)
    each = found["each"]
    rows = []
    for key, label in LABELS.items():
        rates = [each / seconds for seconds, _cpu in found[key]]
        cpu = statistics.median(1000 * cpu / each for _seconds, cpu in found[key])
        rows.append((label, statistics.median(rates), min(rates), max(rates), cpu))
    header = ("", "leads/s", "lowest", "highest", "CPU ms/lead")
    report.table(f"Draining, median of {ROUNDS} rounds", header, rows)
    what = "draining against a bare create"
    for key, factor, name in (
        ("ours", FACTOR, what),
        ("assigned", ASSIGNED_FACTOR, f"{what}, with round robin, activity and notification"),
    ):
        pairs = zip(found[key], found["bare"], strict=True)
        ratio = statistics.median(bare[0] / ours[0] for ours, bare in pairs)
        report.goal(name, f"{ratio:.2f} x", f"at least {factor} x", ratio >= factor)
    waiting = stage.waiting()
    report.check("everything was drained", not waiting, f"{waiting} left")
