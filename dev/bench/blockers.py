"""What could hold up the leads of all companies: a lead that kills, locked rows."""

import contextlib
import os
import signal
import time

from dev.bench import bodies
from dev.bench.client import post
from dev.bench.traffic import describe

PATIENCE_SECONDS = 150
HELD_SECONDS = 6
LEADS = 100
ROUNDS = 3
NEVER_ENDS = b"bench-never-ends"  # of the addon tiktok_bench
# What a lead is made with, and a person can hold.
TABLES = (
    *("tiktok_form", "tiktok_form_question", "tiktok_ad_entity", "utm_campaign", "utm_source"),
    *("crm_team", "crm_stage", "res_company", "res_users", "res_partner", "ir_sequence"),
)


def killer(stage, report):
    """Deliver a lead that never ends among others, and kill each process that reads it."""
    number = stage.new_run()
    uids = bodies.uids(number, LEADS)
    bad = uids[LEADS // 3]
    body = bodies.body(uids).replace(f"ana.{bad}@".encode(), NEVER_ENDS + b"@")
    began = time.monotonic()
    status, _seconds = post(stage.url(stage.path), body)
    rounds = 0
    while rounds < ROUNDS and _wait_for_attempt(stage, bad, rounds + 1):
        rounds += 1
        for pid in stage.node.workers("WorkerCron"):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    _wait_for_attempt(stage, bad, ROUNDS + 1)
    stage.wait_drained(PATIENCE_SECONDS)
    rows = stage.rows("SELECT state, reason FROM tiktok_event WHERE lead_uid = %s", bad)
    events, _uids, made, made_uids = stage.tally(bodies.prefix(number))
    good = status == 200 and events == LEADS and made == made_uids == LEADS - 1
    report.check(
        f"a lead that never ends among {LEADS}, kill -9 in {ROUNDS} rounds, costs itself alone",
        good and rounds == ROUNDS and rows[0] == ("failed", "interrupted"),
        f"{made} leads after {time.monotonic() - began:.1f} s; the event: {rows[0]}",
    )


def held_rows(stage, report):
    """Hold every row that leads are made with while leads come."""
    # Forms, campaigns and questions are there before they are held.
    post(stage.url(stage.path), bodies.body(bodies.uids(stage.new_run(), 1)))
    stage.wait_drained(PATIENCE_SECONDS)
    number = stage.new_run()
    with _held(stage, "UPDATE {} SET write_date = write_date", TABLES):
        post(stage.url(stage.path), bodies.body(bodies.uids(number, LEADS)))
        waited = stage.wait_drained(HELD_SECONDS)
        made = stage.tally(bodies.prefix(number))[2]
    what = f"rows of {len(TABLES)} tables changed in an open transaction: {LEADS} leads come"
    report.check(what, made == LEADS, f"{made} leads; {describe(waited)}")
    with _held(stage, "SELECT id FROM {} FOR UPDATE", ("tiktok_form",)):
        mine, others = (bodies.uids(stage.new_run(), LEADS) for _ in range(2))
        post(stage.url(stage.path), bodies.body(mine))
        other_form = bodies.body(others).replace(b'"page_id": 7', b'"page_id": 8')
        post(stage.url(stage.path), other_form)
        came = _wait_for_leads(stage, others, HELD_SECONDS)
    waited = stage.wait_drained(PATIENCE_SECONDS)
    late = _wait_for_leads(stage, mine, 1)
    report.check(
        "a form locked against reference: leads of another form come, its own after it",
        came == late == LEADS,
        f"{came} meanwhile, {late} of its own in the end; {describe(waited)} from the release",
    )


@contextlib.contextmanager
def _held(stage, query, tables):
    """Keep a transaction open that holds all rows of these tables."""
    with contextlib.closing(stage.connect()) as connection:
        connection.autocommit = False
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(query.format(table))
            yield
        connection.rollback()


def _wait_for_attempt(stage, uid, attempts):
    """Wait until so many attempts of an event have begun, or it does not wait any more.

    A worker that was started again hears of no wake-up before it is ready: it is woken until then.

    :rtype: bool
    """
    query = """SELECT coalesce(max(claim.attempts), 0), max(event.state) = 'pending'
                 FROM tiktok_event event
                 LEFT JOIN tiktok_job_attempt claim ON event.id = claim.record_id
                      AND claim.job = 'event'
                WHERE event.lead_uid = %s"""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        ((begun, is_pending),) = stage.rows(query, uid)
        if begun >= attempts or not is_pending:
            return begun >= attempts
        stage.wake()
        time.sleep(0.5)
    return False


def _wait_for_leads(stage, uids, seconds):
    """Wait until leads are there, and return how many are.

    :rtype: int
    """
    query = "SELECT count(*) FROM crm_lead WHERE tiktok_lead_uid = ANY(%s)"
    deadline = time.monotonic() + seconds
    while (found := stage.value(query, uids)) < len(uids) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found
