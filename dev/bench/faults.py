"""What must hold when things go wrong: nothing lost, nothing twice."""

import concurrent.futures
import threading
import time

from dev import console
from dev.bench import blockers, bodies, crashes
from dev.bench.client import post
from dev.bench.traffic import describe

IDENTICAL = 50
THOUSAND = 1_000
PATIENCE_SECONDS = 150  # more than the minute in which Odoo runs the job


def run(stage, report):
    """Try one fault after the other; each begins when nothing waits."""
    console.step("Failures")
    for fault in (
        identical,
        thousand,
        poison,
        blockers.killer,
        blockers.held_rows,
        crashes.whole_group,
        crashes.after_answer,
        crashes.after_commit,
        crashes.workers_under_load,
        crashes.postgres_restarts,
        crashes.postgres_away,
        crashes.two_nodes,
        crashes.four_drains,
    ):
        fault(stage, report)
        if stage.wait_drained(PATIENCE_SECONDS) is None:
            report.check("nothing waits for ever", False, f"after {fault.__name__}")


def identical(stage, report):
    """Deliver the same lead many times at the same time, to four workers."""
    stage.serve(workers=4)
    number = stage.new_run()
    body = bodies.body(bodies.uids(number, 1))
    barrier = threading.Barrier(IDENTICAL)

    def deliver(_number):
        barrier.wait()
        return post(stage.url(stage.path), body)

    with concurrent.futures.ThreadPoolExecutor(IDENTICAL) as pool:
        answers = list(pool.map(deliver, range(IDENTICAL)))
    waited = stage.wait_drained(PATIENCE_SECONDS)
    good = sum(status == 200 for status, _seconds in answers)
    events, _uids, made, _made_uids = stage.tally(bodies.prefix(number))
    slowest = max(seconds for _status, seconds in answers)
    report.check(
        f"{IDENTICAL} simultaneous identical deliveries over 4 workers make one lead",
        good == IDENTICAL and events == made == 1,
        f"{good} times 200, slowest {slowest:.2f} s; {events} event, {made} lead; "
        f"{describe(waited)}",
    )
    stage.serve()


def thousand(stage, report):
    """Deliver a thousand leads in one POST, twice."""
    number = stage.new_run()
    body = bodies.body(bodies.uids(number, THOUSAND))
    answers = [post(stage.url(stage.path), body) for _again in range(2)]
    waited = stage.wait_drained(PATIENCE_SECONDS)
    events, _uids, made, made_uids = stage.tally(bodies.prefix(number))
    report.check(
        "1,000 leads in one POST, sent twice, make 1,000 leads",
        events == made == made_uids == THOUSAND and all(answer[0] == 200 for answer in answers),
        f"{made:,} leads; answered in "
        f"{' and '.join(f'{seconds:.2f} s' for _status, seconds in answers)}; {describe(waited)}",
    )


def poison(stage, report):
    """Deliver a thousand leads of which the database refuses one."""
    stage.rows(
        "ALTER TABLE crm_lead ADD CONSTRAINT bench_poison CHECK (email_from NOT LIKE '%poison%')"
    )
    number = stage.new_run()
    uids = bodies.uids(number, THOUSAND)
    bad = uids[THOUSAND // 3]
    body = bodies.body(uids).replace(f"ana.{bad}@".encode(), b"poison@")
    began = time.monotonic()
    status, _seconds = post(stage.url(stage.path), body)
    query = "SELECT count(*) FROM tiktok_event WHERE lead_uid LIKE %s AND attempt_count > 0"
    while stage.value(query, f"{bodies.prefix(number)}%") < THOUSAND:
        if time.monotonic() - began > PATIENCE_SECONDS:
            break
        time.sleep(0.1)
    waited = time.monotonic() - began
    rows = stage.rows("SELECT state, error FROM tiktok_event WHERE lead_uid = %s", bad)
    events, _uids, made, made_uids = stage.tally(bodies.prefix(number))
    good = status == 200 and events == THOUSAND and made == made_uids == THOUSAND - 1
    report.check(
        "one poisonous lead among 1,000 costs itself alone",
        good and rows[0][0] == "pending" and bool(rows[0][1]),
        f"{made} leads after {waited:.1f} s; the event waits for its next try: {rows[0][1]}",
    )
    stage.rows("ALTER TABLE crm_lead DROP CONSTRAINT bench_poison")
    stage.rows(
        "UPDATE tiktok_event SET next_try_at = now() AT TIME ZONE 'UTC' WHERE attempt_count = 1"
    )
    stage.rows(
        "INSERT INTO ir_cron_trigger (cron_id, call_at) SELECT res_id, now() AT TIME ZONE 'UTC' "
        "FROM ir_model_data WHERE module = 'tiktok_leadgen' AND name = 'ir_cron_process_events'"
    )
    stage.wake()
    waited = stage.wait_drained(PATIENCE_SECONDS)
    made = stage.tally(bodies.prefix(number))[2]
    report.check("cured, it becomes a lead", made == THOUSAND, f"{made} leads; {describe(waited)}")
