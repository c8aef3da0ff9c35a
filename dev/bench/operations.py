"""What administrators and their machines do while leads come."""

import contextlib
import pathlib
import shutil
import subprocess
import time

from dev import apt, console, paths, postgres
from dev.bench import bodies
from dev.bench.client import post
from dev.bench.stage import Node
from dev.bench.traffic import Traffic, describe

PATIENCE_SECONDS = 150
LEADS = 200
CLOCK_SECONDS = 5
DISK_MIB = 8
BIG_LEADS = 500


def run(stage, report):
    """Try one operation after the other; each begins when nothing waits."""
    console.step("Operations")
    operations = (node_dies, upgrade, scheduler_off, restored_backup, wrong_clock, full_disk)
    for operation in operations:
        operation(stage, report)
        if stage.wait_drained(PATIENCE_SECONDS) is None:
            report.check("nothing waits for ever", False, f"after {operation.__name__}")


def node_dies(stage, report):
    """Kill one of two nodes while leads come to both; the other goes on alone."""
    other = Node(stage.site, "bench-2")
    other.start()
    urls = [f"http://127.0.0.1:{node.port}{stage.path}" for node in (stage.node, other)]
    try:
        with Traffic(stage, urls) as traffic:
            time.sleep(1.5)
            other.kill()
            time.sleep(2)
    finally:
        other.stop()
    waited = stage.wait_drained(PATIENCE_SECONDS)
    traffic.check(stage, report, "two nodes, one killed under load", waited)


def upgrade(stage, report):
    """Upgrade the addon in another process while leads come."""
    command = stage.site.command("-u", "tiktok_leadgen", "--stop-after-init", "--no-http")
    with Traffic(stage) as traffic:
        time.sleep(1)
        log = paths.log("bench-upgrade")
        with log.open("ab") as out:
            done = subprocess.run(
                command, env=stage.site.env, stdout=out, stderr=out, timeout=600, check=False
            )
        time.sleep(2)
    waited = stage.wait_drained(PATIENCE_SECONDS)
    report.check("odoo -u ends without an error", not done.returncode, f"exit {done.returncode}")
    traffic.check(stage, report, "odoo -u tiktok_leadgen under load", waited)


def scheduler_off(stage, report):
    """Let deliveries wait as if no scheduled action ran for an hour, then run them."""
    number = stage.new_run()
    with stage.held_job():
        post(stage.url(stage.path), bodies.body(bodies.uids(number, LEADS)))
        stage.rows(
            """UPDATE tiktok_event SET received_at = received_at - interval '1 hour'
                WHERE state = 'pending'"""
        )
    waited = stage.wait_drained(PATIENCE_SECONDS)
    events, _uids, made, made_uids = stage.tally(bodies.prefix(number))
    report.check(
        f"scheduled actions off for an hour: {LEADS} leads come when they are on again",
        events == made == made_uids == LEADS,
        f"{made} leads; {describe(waited)}",
    )


def restored_backup(stage, report):
    """Go back to a copy of the database: what TikTok and exports bring again is there once."""
    number, backup = stage.new_run(), f"{stage.site.database}_backup"
    uids = bodies.uids(number, 2 * LEADS)
    post(stage.url(stage.path), bodies.body(uids[:LEADS]))
    stage.wait_drained(PATIENCE_SECONDS)
    stage.node.stop()
    stage.server.copy(stage.site.database, backup)
    stage.serve()
    post(stage.url(stage.path), bodies.body(uids[LEADS:]))
    stage.wait_drained(PATIENCE_SECONDS)
    before = stage.tally(bodies.prefix(number))[2]
    stage.node.stop()
    stage.server.copy(backup, stage.site.database)
    stage.server.delete_database(backup)
    stage.serve()
    restored = stage.tally(bodies.prefix(number))[2]
    post(stage.url(stage.path), bodies.body(uids))
    waited = stage.wait_drained(PATIENCE_SECONDS)
    made, made_uids = stage.tally(bodies.prefix(number))[2:]
    report.check(
        "a backup is restored and all leads come again: each is there once",
        (before, restored) == (2 * LEADS, LEADS) and made == made_uids == 2 * LEADS,
        f"{before} leads before, {restored} restored, {made} in the end; {describe(waited)}",
    )


def wrong_clock(stage, report):
    """Serve with Odoo's clock some seconds ahead of the database's, then behind."""
    try:
        folder = apt.unpack(paths.HOME / "faketime", "libfaketime")
    except console.Stop as refusal:
        console.line(f"    --     Odoo's clock stays right: {refusal}")
        return
    library = next(folder.glob("usr/lib/*/faketime/libfaketime.so.1"))
    for offset in (f"+{CLOCK_SECONDS}s", f"-{CLOCK_SECONDS}s"):
        stage.site.extra_env = {"LD_PRELOAD": str(library), "FAKETIME": offset}
        stage.serve()
        with Traffic(stage) as traffic:
            time.sleep(3)
        waited = stage.wait_drained(PATIENCE_SECONDS)
        traffic.check(stage, report, f"Odoo's clock is wrong by {offset}", waited)
        soon = waited is not None and waited < 2 * CLOCK_SECONDS
        report.check("no lead waits for the minute", soon, describe(waited))
    stage.site.extra_env = {}
    stage.serve()


def full_disk(stage, report):
    """Fill the disk that deliveries are stored on: 503 while it is full, leads after it."""
    number, statuses = stage.new_run(), []
    with _small_disk(stage) as grow:
        if not grow:
            console.line("    --     no full disk: that needs root and Debian's PostgreSQL")
            return
        uids = bodies.uids(number, 40 * BIG_LEADS)
        batches = [uids[i : i + BIG_LEADS] for i in range(0, len(uids), BIG_LEADS)]
        with stage.held_job():
            for batch in batches:
                statuses.append(post(stage.url(stage.path), bodies.body(batch))[0])
                if statuses[-1] != 200:
                    break
            stored = stage.tally(bodies.prefix(number))[0]
            grow()
            status = post(stage.url(stage.path), bodies.body(batches[len(statuses) - 1]))[0]
        waited = stage.wait_drained(PATIENCE_SECONDS)
        events, _uids, made, made_uids = stage.tally(bodies.prefix(number))
        expected = BIG_LEADS * len(statuses)
        report.check(
            "the disk is full: 503, nothing half stored; the same delivery is taken later",
            (statuses[-1], status) == (503, 200)
            and stored == expected - BIG_LEADS
            and events == made == made_uids == expected,
            f"answered {statuses[-1]} after {stored:,} leads, then {status}; "
            f"{made:,} leads; {describe(waited)}",
        )


@contextlib.contextmanager
def _small_disk(stage):
    """Move the deliveries to a disk with a few MiB left; give what makes it larger, or None."""
    cluster = postgres.private(prefer_debian=True)
    folder = pathlib.Path("/var/tmp/tiktok-bench-disk")  # noqa: S108 - a mount of our own
    used = stage.value("SELECT pg_table_size('tiktok_event') >> 20")
    size = f"size={used + DISK_MIB}m"
    if not cluster or cluster.name != "debian" or not _mount(folder, size):
        yield None
        return
    try:
        shutil.chown(folder, postgres.UNPRIVILEGED)
        stage.rows("DROP TABLESPACE IF EXISTS tiktok_bench_small")  # of a run that was ended
        stage.rows(f"CREATE TABLESPACE tiktok_bench_small LOCATION '{folder}'")
        stage.rows("ALTER TABLE tiktok_event SET TABLESPACE tiktok_bench_small")
        yield lambda: _mount(folder, "remount,size=512m")
        stage.rows("ALTER TABLE tiktok_event SET TABLESPACE pg_default")
        stage.rows("DROP TABLESPACE tiktok_bench_small")
    finally:
        subprocess.run(["umount", str(folder)], check=False, capture_output=True)
        folder.rmdir()


def _mount(folder, options):
    """Mount a file system in memory.

    :param pathlib.Path folder: where
    :param str options: of mount
    :return: whether it is mounted
    :rtype: bool
    """
    if not shutil.which("mount"):
        return False
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    return not subprocess.run(command, check=False, capture_output=True).returncode
