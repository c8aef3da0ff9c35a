"""Import a downloaded file: many rows beside the drain of as many events, and kills."""

import random
import time

from dev import console
from dev.bench import odoo_process

FEW = 2_000
KILLED_COUNT = 4_000
KILLS = 6
TOLERANCE = 1.25
WORKERS = 2  # that make the leads of one file
LEAST_RATE = 800  # leads a second, on two cores
LEAST_SHARE = 0.9  # of the rate of a drain by as many workers in the same run
PATIENCE_SECONDS = 600


def run(stage, report):
    """Import files of two sizes, drain as many events, then kill imports at any moment."""
    stage.node.stop()
    few = _measure_import(stage, report, FEW, 1)
    _killed(stage, report)
    many = _measure_import(stage, report, stage.many, WORKERS)
    drained = _drain(stage, stage.many)
    _table(report, few, many, drained)


def _upload(stage, count):
    """Upload a file and check it.

    :return: number of the run that makes the lead ids, id of the import, result of the check
    :rtype: tuple[int, int, dict]
    """
    number = stage.new_run()
    import_id = odoo_process.call(stage, "upload", number, count)["id"]
    return number, import_id, odoo_process.call(stage, "check", import_id)


def _measure_import(stage, report, count, workers):
    console.step(f"Import: a file of {count:,} leads, workers: {workers}")
    number, import_id, checked = _upload(stage, count)
    started = odoo_process.start(stage, "import_file", import_id, workers)
    others = [odoo_process.start(stage, "work_beside", workers) for _ in range(workers - 1)]
    result, *_others = map(odoo_process.read_answer, (started, *others))
    _check(stage, report, number, count, f"{count:,} leads in one file")
    return {"count": count, "workers": workers, "check_seconds": checked["seconds"], **result}


def _drain(stage, count):
    console.step(f"Import: {count:,} waiting events beside it")
    number = stage.new_run()
    odoo_process.call(stage, "fill", number, count)
    started = [odoo_process.start(stage, "drain_together", WORKERS) for _ in range(WORKERS)]
    found = [odoo_process.read_answer(each) for each in started]
    seconds = max(each["ended"] for each in found) - min(each["began"] for each in found)
    return {"count": count, "seconds": seconds, "peak": max(each["peak"] for each in found)}


def _check(stage, report, number, count, what):
    prefix = f"7{number:05d}9%"
    events, leads, different = stage.rows(
        """SELECT count(*), count(lead_id), count(DISTINCT lead_uid) FROM tiktok_event
            WHERE lead_uid LIKE %s AND source = 'import'""",
        prefix,
    )[0]
    in_crm = stage.value("SELECT count(*) FROM crm_lead WHERE tiktok_lead_uid LIKE %s", prefix)
    good = events == leads == different == in_crm == count
    detail = f"{events:,} deliveries, {in_crm:,} leads"
    report.check(f"{what}: nothing lost, nothing doubled", good, detail)


def _table(report, few, many, drained):
    rows = [
        (
            *(f"{result['count']:,} rows", result["workers"], result["check_seconds"]),
            *(result["seconds"], result["count"] / result["seconds"], result["peak"]),
        )
        for result in (few, many)
    ]
    rate = drained["count"] / drained["seconds"]
    label = f"drain of {drained['count']:,} events"
    rows.append((label, WORKERS, 0.0, drained["seconds"], rate, drained["peak"]))
    header = ("", "workers", "check (s)", "seconds", "leads/s", "MiB at most")
    report.table("Import: one file", header, rows)
    own = many["count"] / many["seconds"]
    report.goal("import of a file", f"{own:.0f}/s", f"at least {LEAST_RATE}/s", own >= LEAST_RATE)
    wanted = f"at least {LEAST_SHARE} x"
    what = "import against drain, each worker"
    report.goal(what, f"{own / rate:.2f} x", wanted, own >= LEAST_SHARE * rate)
    ratio = many["peak"] / few["peak"]
    what = f"memory of an import at {many['count']:,} against {few['count']:,}"
    report.goal(what, f"{ratio:.2f} x", f"flat, at most {TOLERANCE} x", ratio <= TOLERANCE)


def _killed(stage, report):
    """Kill the process that imports again and again, at any moment; let the last one finish."""
    console.step(f"Import: kill -9 of {KILLS} runs")
    number, import_id, _checked = _upload(stage, KILLED_COUNT)
    moments = []
    for kill in range(KILLS):
        started = odoo_process.start(stage, "import_file", import_id)
        _wait_for(stage, started, number, KILLED_COUNT // KILLS * kill)
        time.sleep(random.uniform(0, 0.4))
        started.kill()
        started.communicate()
        moments.append(_count(stage, number))
    odoo_process.call(stage, "import_file", import_id)
    odoo_process.call(stage, "cron")  # the batches that were interrupted are stored first
    what = f"kill -9 after {', '.join(f'{moment:,}' for moment in moments)} leads"
    _check(stage, report, number, KILLED_COUNT, what)


def _count(stage, number):
    prefix = f"7{number:05d}9%"
    return stage.value("SELECT count(*) FROM tiktok_event WHERE lead_uid LIKE %s", prefix)


def _wait_for(stage, started, number, count):
    """Wait until so many have come while it works.

    :raise console.Stop: if it ends before
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while _count(stage, number) < count:
        if started.poll() is not None or time.monotonic() > deadline:
            raise console.Stop(f"The import made only {count:,} leads.")
        time.sleep(0.02)
