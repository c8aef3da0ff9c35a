"""Recover what the webhook missed: a hundred thousand leads of one export, and kills."""

import contextlib
import random
import time

from dev import console, venv
from dev.bench import odoo_process
from dev.sandbox.handle import Sandbox

FEW = 2_000
DAYS = 80
KILLED_COUNT = 4_000
KILLS = 6
TOLERANCE = 1.25
WORKERS = 2  # that make the leads of one export
LEAST_RATE = 800  # leads a second, on two cores
PATIENCE_SECONDS = 600


def run(stage, report):
    """Reconcile with a local TikTok: memory and time at two sizes, then kills at any moment."""
    venv.ensure("sandbox.txt")
    stage.node.stop()
    with Sandbox.spawn(seed=1, python=str(venv.PYTHON)) as tiktok:
        tiktok.set_settings(rate_level="ultimate")
        known = tiktok.describe()
        app, account = known["business_apps"][0]["app_id"], known["advertisers"][0]["advertiser_id"]
        token = tiktok.grant_business_token(app, [account])
        with _addresses(stage, tiktok):
            odoo_process.call(stage, "connect", account, token)
            few = _reconcile(stage, report, tiktok, account, FEW)
            _killed(stage, report, tiktok, account)
            many = _reconcile(stage, report, tiktok, account, stage.many)
            _table(report, [few, many])


@contextlib.contextmanager
def _addresses(stage, tiktok):
    """Have the processes of the bench talk to the local TikTok."""
    stage.site.extra_env = tiktok.base_urls
    try:
        yield
    finally:
        stage.site.extra_env = {}


def _submit(tiktok, account, count):
    """Have many people fill in a form of its own that no webhook tells of.

    :return: the form's id
    :rtype: str
    """
    form = tiktok.create_form(account, title=f"Bench {count:,}")
    tiktok.create_ads(page_id=form["page_id"])
    tiktok.seed_leads(page_id=form["page_id"], count=count, days=DAYS)
    return form["page_id"]


def _reconcile(stage, report, tiktok, account, count):
    console.step(f"Reconciliation: {count:,} leads that no webhook delivered")
    page_uid = _submit(tiktok, account, count)
    started = odoo_process.start(stage, "reconcile", account, WORKERS)
    others = [odoo_process.start(stage, "work_beside", WORKERS) for _ in range(WORKERS - 1)]
    result, *_others = map(odoo_process.read_answer, (started, *others))
    _check(stage, report, page_uid, count, f"{count:,} leads in one export")
    again = odoo_process.call(stage, "reconcile", account)
    _check(stage, report, page_uid, count, "reconciled again")
    return count, result, again


def _check(stage, report, page_uid, count, what):
    events, made, different = stage.rows(
        """SELECT count(*), count(lead_id), count(DISTINCT lead_uid) FROM tiktok_event
            WHERE page_uid = %s AND source = 'backfill'""",
        page_uid,
    )[0]
    totals = stage.rows(
        """SELECT sum(tiktok_count), sum(odoo_count), sum(missing_count)
             FROM tiktok_reconciliation_day day
             JOIN tiktok_form form ON form.id = day.form_id WHERE page_uid = %s""",
        page_uid,
    )[0]
    good = events == made == different == count and totals == (count, count, 0)
    detail = f"{made:,} leads; reconciled: TikTok {totals[0]:,}, Odoo {totals[1]:,}"
    report.check(f"{what}: nothing lost, nothing doubled", good, detail)


def _table(report, results):
    rows = [
        (
            *(f"{count:,} leads", result["seconds"], result["imported"]),
            *(count / result["imported"], again["imported"], result["before"], result["peak"]),
        )
        for count, result, again in results
    ]
    header = ("", "in all (s)", "import (s)", "leads/s", "again (s)", "MiB before", "MiB at most")
    report.table("Reconciliation: one export", header, rows)
    few, many = (result["peak"] for _count, result, _again in results)
    most, last, _again = results[-1]
    own = most / last["imported"]
    what = f"import of {most:,} missing leads out of TikTok's file"
    report.goal(what, f"{own:.0f}/s", f"at least {LEAST_RATE}/s", own >= LEAST_RATE)
    wanted = f"flat, at most {TOLERANCE} x"
    ratio = many / few
    what = f"memory of a reconciliation at {most:,} against {FEW:,}"
    report.goal(what, f"{ratio:.2f} x", wanted, ratio <= TOLERANCE)


def _killed(stage, report, tiktok, account):
    """Kill the process that reconciles again and again, at any moment; let the last one finish."""
    console.step(f"Reconciliation: kill -9 of {KILLS} runs")
    page_uid = _submit(tiktok, account, KILLED_COUNT)
    moments = []
    for number in range(KILLS):
        started = odoo_process.start(stage, "reconcile", account)
        wanted = min(KILLED_COUNT // KILLS * number, KILLED_COUNT - 1)
        _wait_for(stage, started, page_uid, wanted)
        time.sleep(random.uniform(0, 0.4))
        started.kill()
        started.communicate()
        moments.append(_count(stage, page_uid))
    odoo_process.call(stage, "reconcile", account)
    what = f"kill -9 after {', '.join(f'{moment:,}' for moment in moments)} leads"
    _check(stage, report, page_uid, KILLED_COUNT, what)


def _count(stage, page_uid):
    return stage.value("SELECT count(*) FROM tiktok_event WHERE page_uid = %s", page_uid)


def _wait_for(stage, started, page_uid, count):
    """Wait until so many have come while it works.

    :raise console.Stop: if it ends before
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while _count(stage, page_uid) <= count:
        if started.poll() is not None or time.monotonic() > deadline:
            raise console.Stop(f"The reconciliation imported only {count:,} leads.")
        time.sleep(0.02)
