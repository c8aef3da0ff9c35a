"""What dies: workers, the whole of Odoo, PostgreSQL; and several that do the same work."""

import contextlib
import os
import random
import signal
import statistics
import threading
import time

from dev import console, postgres
from dev.bench import bodies, odoo_process
from dev.bench.client import post
from dev.bench.stage import Node
from dev.bench.traffic import Traffic, describe

PATIENCE_SECONDS = 150
GROUP_LEADS = 500
SOON_SECONDS = 10  # well before the minute in which Odoo runs the job
DEATHS = 15
BURST = 8
LATE_ENOUGH = 2  # leads that wait for the minute: the fault is shown
KILLS_UNDER_LOAD = 12
AWAY_POSTS = 20
DRAIN_LEADS = 4_000


def whole_group(stage, report):
    """Kill all of Odoo at three moments of processing 500 events, and start it again."""
    for moment, ready in (
        ("right after the answer", lambda prefix: True),
        ("in the first batch", lambda prefix: time.sleep(0.15) or True),
        ("after the first batch", lambda prefix: stage.tally(prefix)[2]),
    ):
        number = stage.new_run()
        prefix = bodies.prefix(number)
        body = bodies.body(bodies.uids(number, GROUP_LEADS))
        status, _seconds = post(stage.url(stage.path), body)
        while not ready(prefix):
            time.sleep(0.002)
        stage.node.kill()
        left, before = stage.waiting(), stage.tally(prefix)[2]
        stage.serve()
        waited = stage.wait_drained(PATIENCE_SECONDS)
        events, _uids, made, made_uids = stage.tally(prefix)
        report.check(
            f"kill -9 of all of Odoo {moment}, restart: {GROUP_LEADS} leads",
            status == 200 and events == made == made_uids == GROUP_LEADS,
            f"{before} leads and {left} waiting at the kill, {made} in the end; "
            f"{describe(waited)} from the restart",
        )


def after_answer(stage, report):
    """Kill the HTTP workers as soon as one has answered 200.

    Leads come in bursts: all but the first of a burst have no wake-up of their own.
    """
    times, answered, sent = [], 0, 0
    uids = iter(bodies.uids(stage.new_run(), DEATHS * BURST))
    for number in range(DEATHS):
        burst = [next(uids) for _ in range(1 + number % BURST)]
        for uid in burst:
            began = time.monotonic()
            status, _seconds = post(stage.url(stage.path), bodies.body([uid]))
            answered += status == 200
        _kill(stage.node.workers())
        sent += len(burst)
        times += [_lead_seconds(stage, uid, began) for uid in burst]
        _wait_for_workers(stage)
        time.sleep(random.uniform(0, 0.2))
    late = [seconds for seconds in times if seconds is None or seconds > SOON_SECONDS]
    report.check(
        f"kill -9 of the HTTP workers right after a 200, {DEATHS} times: no lead waits",
        answered == sent and not late,
        f"{answered} of {sent} answered with 200; {_describe_times(times)}",
    )


def after_commit(stage, report):
    """Kill the HTTP workers as soon as the row is on disk, before or while they wake the job."""
    times, unanswered, late = [], 0, 0
    for uid in bodies.uids(stage.new_run(), DEATHS):
        began, answers = time.monotonic(), []
        poster = threading.Thread(
            target=lambda uid=uid, answers=answers: answers.append(
                post(stage.url(stage.path), bodies.body([uid]))
            )
        )
        victims = stage.node.workers()
        with contextlib.closing(stage.connect()) as connection:
            poster.start()
            _wait_for_row(connection, uid)
            _kill(victims)
        poster.join()
        unanswered += answers[0][0] != 200
        times.append(_lead_seconds(stage, uid, began))
        late += times[-1] is None or times[-1] > SOON_SECONDS
        _wait_for_workers(stage)
        if late >= LATE_ENOUGH:
            break
        time.sleep(random.uniform(0.1, 0.3))
    lost = times.count(None)
    what = f"kill -9 of the HTTP workers right after a commit, {len(times)} times"
    detail = f"{unanswered} not answered, {late} waited; {_describe_times(times)}"
    report.check(f"{what}: no lead is lost", not lost, detail)
    # Not answered with 200, so TikTok comes again and wakes the job: no fault, but slow till then.
    report.goal(f"{what}: leads that waited for the minute", str(late), "0", not late)


def workers_under_load(stage, report):
    """Kill one worker after the other, of both kinds, while leads come."""
    with Traffic(stage) as traffic:
        for _number in range(KILLS_UNDER_LOAD):
            time.sleep(random.uniform(0.2, 0.6))
            kind = random.choice(("WorkerHTTP", "WorkerCron"))
            _kill(random.sample(stage.node.workers(kind), 1) if stage.node.workers(kind) else [])
    waited = stage.wait_drained(PATIENCE_SECONDS)
    traffic.check(stage, report, f"kill -9 of {KILLS_UNDER_LOAD} workers under load", waited)


def postgres_restarts(stage, report):
    """Restart PostgreSQL under load: in order, and by a crash where it writes to the disk."""
    cluster = postgres.private(prefer_debian=True)
    if not cluster:
        console.line("    --     PostgreSQL is not restarted: the server is your own")
        return
    modes = ["fast"] + ["immediate"] * (cluster.name == "debian")
    for mode in modes:
        with Traffic(stage) as traffic:
            time.sleep(1.5)
            cluster.restart(mode)
            time.sleep(2)
            _start_again(stage, mode)
            time.sleep(2)
        waited = stage.wait_drained(PATIENCE_SECONDS)
        traffic.check(stage, report, f"PostgreSQL restarts ({mode}) under load", waited)
        waits = stage.rows(
            """SELECT max(extract(epoch FROM create_date - tiktok_received_at))::float FROM crm_lead
                WHERE tiktok_lead_uid LIKE %s""",
            f"{traffic.prefix}%",
        )[0][0]
        console.line(f"           the lead that waited longest: {waits or 0:.1f} s")


def postgres_away(stage, report):
    """Post leads while PostgreSQL is stopped, and again when it is back, as TikTok does.

    Without cron workers: those end without a database, and Odoo's master with them.
    """
    cluster = postgres.private(prefer_debian=True)
    if not cluster:
        console.line("    --     PostgreSQL is not stopped: the server is your own")
        return
    number = stage.new_run()
    posts = [bodies.body([uid]) for uid in bodies.uids(number, AWAY_POSTS)]
    stage.node.start(jobs=0)
    cluster.stop()
    try:
        away = [post(stage.url(stage.path), body)[0] for body in posts]
    finally:
        cluster.restart()  # on the port it had
    back = [post(stage.url(stage.path), body)[0] for body in posts]
    stage.serve()
    stage.wake()
    waited = stage.wait_drained(PATIENCE_SECONDS)
    events, _uids, made, made_uids = stage.tally(bodies.prefix(number))
    report.check(
        f"PostgreSQL is away for {AWAY_POSTS} deliveries: 503, and each is a lead later",
        set(away) == {503} and set(back) == {200} and events == made == made_uids == AWAY_POSTS,
        f"answered {sorted(set(map(str, away)))}, then {sorted(set(map(str, back)))}; "
        f"{made} leads; {describe(waited)}",
    )


def _start_again(stage, mode):
    """Do what a service manager does: Odoo's master ends when a worker dies without database."""
    if not stage.node.alive():
        console.line(f"           Odoo's master ended ({mode}), as it does; it is started again")
        stage.serve()


def two_nodes(stage, report):
    """Serve the same database from two nodes while leads come to both."""
    other = Node(stage.site, "bench-2")
    other.start()
    try:
        urls = [f"http://127.0.0.1:{node.port}{stage.path}" for node in (stage.node, other)]
        with Traffic(stage, urls) as traffic:
            for url in urls:
                number = stage.new_run()
                post(url, bodies.body(bodies.uids(number, 1_000)))
            time.sleep(3)
        waited = stage.wait_drained(PATIENCE_SECONDS)
    finally:
        other.stop()
    traffic.check(stage, report, "two Odoo nodes on one database", waited)
    query = "SELECT count(*), count(DISTINCT tiktok_lead_uid) FROM crm_lead"
    ((made, different),) = stage.rows(query)
    report.check("no lead twice in the whole database", made == different, f"{made:,} leads")


def four_drains(stage, report):
    """Run the job in four processes at the same time, as independent nodes would."""
    number = stage.new_run()
    with stage.held_job():
        for start in range(0, DRAIN_LEADS, 1_000):
            uids = bodies.uids(number, start + 1_000)[start:]
            post(stage.url(stage.path), bodies.body(uids))
        began = time.monotonic()
        started = [odoo_process.start(stage, "cron") for _ in range(4)]
        for process in started:
            odoo_process.finish(process)
        seconds, left = time.monotonic() - began, stage.waiting()
    waited = stage.wait_drained(PATIENCE_SECONDS)
    events, _uids, made, made_uids = stage.tally(bodies.prefix(number))
    report.check(
        f"four drains at the same time: {DRAIN_LEADS:,} leads",
        events == made == made_uids == DRAIN_LEADS,
        f"{made:,} leads, {left} left by the four after {seconds:.1f} s; {describe(waited)}",
    )


def _kill(pids):
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _wait_for_row(connection, uid):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM tiktok_event WHERE lead_uid = %s", [uid])
            if cursor.fetchone():
                return


def _lead_seconds(stage, uid, began):
    """Wait for a lead; return the seconds since ``began``, or None."""
    query = "SELECT count(*) FROM crm_lead WHERE company_id = 1 AND tiktok_lead_uid = %s"
    while time.monotonic() - began < PATIENCE_SECONDS:
        if stage.value(query, uid):
            return time.monotonic() - began
        time.sleep(0.005)
    return None


def _wait_for_workers(stage):
    deadline = time.monotonic() + 10
    while len(stage.node.workers()) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)


def _describe_times(times):
    known = [seconds for seconds in times if seconds is not None]
    if not known:
        return "no lead came"
    return (
        f"until the lead is there: median {statistics.median(known):.2f} s, longest "
        f"{max(known):.2f} s; {len(times) - len(known)} never came"
    )
