"""Whether the time of a lead and the memory stay the same, however many wait."""

from dev import console
from dev.bench import odoo_process

FEW = 1_000
TOLERANCE = 1.25


def run(stage, report):
    """Drain few and many, each in a fresh process, the way the scheduler does."""
    stage.node.stop()
    rows, found = [], []
    for count in (FEW, stage.many):
        console.step(f"Scale: {count:,} waiting events")
        number = stage.new_run()
        odoo_process.call(stage, "fill", number, count)
        result = odoo_process.call(stage, "scale", number)
        found.append(result)
        each = 1000 / count
        rows.append(
            (
                *(f"{count:,} waiting", result["seconds"] * each, result["cpu"] * each),
                *(result["before"], result["peak"]),
            )
        )
        _check(stage, report, number, count)
    header = ("", "ms/lead", "CPU ms/lead", "MiB before", "MiB at most")
    report.table("Scale", header, rows)
    few, many = ([r["cpu"] / r["count"], r["peak"]] for r in found)
    for what, small, large in zip(("processor time per lead", "memory"), few, many, strict=True):
        ratio = large / small
        wanted = f"flat, at most {TOLERANCE} x"
        goal = f"{what} at {stage.many:,} against {FEW:,}"
        report.goal(goal, f"{ratio:.2f} x", wanted, ratio <= TOLERANCE)


def _check(stage, report, number, count):
    events, _uids, made, made_uids = stage.tally(f"7{number:05d}")
    good = events == made == made_uids == count
    report.check(f"{count:,} events make {count:,} leads", good, f"{made:,} leads")
