"""Where the time goes: our job and our route under a profiler."""

import collections
import contextlib
import cProfile
import os
import pathlib
import pstats
import time

from dev.bench import bodies
from dev.bench.inside import BATCH, stopwatch

LINES = 45
POSTS = 500
STATEMENT_CHARS = 110


def main(odoo, run, count):
    """Print the functions that cost most, of the job and of the route.

    :param int run: makes the lead ids
    :param int count: how many leads
    """
    odoo.fill(run, BATCH)
    with odoo.env() as env:
        env["tiktok.event"]._cron_process()  # warm
    odoo.fill(run, count, BATCH)
    with odoo.env() as env:
        _profile(f"The job, {count:,} leads", env["tiktok.event"]._cron_process)
    odoo.fill(run, count, BATCH + count)
    with odoo.env() as env, _record_statements() as found:
        env["tiktok.event"]._cron_process()
    _print_statements(f"The job, {count:,} leads", count, found)
    requests = _requests(odoo, run, count, BATCH + 2 * count)
    for send in requests[:BATCH]:
        send()
    _profile(f"The route, {count - BATCH:,} POSTs", lambda: [send() for send in requests[BATCH:]])
    _compare_routes(odoo, run, BATCH + 3 * count)


def _profile(title, function):
    profile = cProfile.Profile()
    with stopwatch() as took:
        profile.runcall(function)
    print(f"\n=== {title}: {took[0]:.2f} s (profiled) ===")
    stats = pstats.Stats(profile)
    for order in ("cumulative", "tottime"):
        stats.sort_stats(order).print_stats(LINES)


def _requests(odoo, run, count, first, path=None):
    """Return functions that each send one lead through Odoo's WSGI application."""
    from werkzeug.test import Client

    import odoo as odoo_package
    from odoo.http import root

    del odoo_package
    with odoo.env() as env:
        company = env["res.company"].search([], limit=1, order="id")
        url = company.tiktok_webhook_url
    path = path or url[url.index("/api/") :]
    client = Client(root, use_cookies=False)

    def sender(uid):
        body = bodies.body([uid])
        return lambda: _send(client, path, body)

    return [sender(uid) for uid in bodies.uids(run, first + count)[first:]]


def _send(client, path, body):
    response = client.post(path, data=body, content_type="application/json")
    if response.status_code != 200:
        raise RuntimeError(response.status)


def _compare_routes(odoo, run, first):
    """Take the time of the empty route and of ours without a profiler, in one process.

    It is one process and one thread, so what is neither Odoo's nor PostgreSQL's processor time is
    waiting, mostly for the disk.
    """
    print(f"\n{'':14}{'ms':>8}{'Odoo':>8}{'PostgreSQL':>12}   statements")
    for path, name in (("/bench/empty", "empty"), (None, "ours"), ("/bench/empty", "empty again")):
        requests = _requests(odoo, run, POSTS, first, path)
        first += POSTS
        requests[0]()
        before = _measure_postgres(odoo)
        with stopwatch() as took:
            for send in requests[1:]:
                send()
        postgres = _measure_postgres(odoo) - before
        each = [1000 * seconds / (POSTS - 1) for seconds in (*took, postgres)]
        with _record_statements() as statements:
            _requests(odoo, run, 1, first, path)[0]()
        first += 1
        count = sum(map(len, statements.values()))
        print(f"{name:14}{each[0]:8.2f}{each[1]:8.2f}{each[2]:12.2f}   {count}")


def _measure_postgres(odoo):
    """Return the processor time that the database's connections have used; they must stay open.

    :rtype: float
    """
    with odoo.env() as env:
        env.cr.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        pids = [row[0] for row in env.cr.fetchall()]
    ticks = 0
    for pid in pids:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def _record_statements():
    """Record how long each statement takes, by its beginning.

    :return: seconds of each execution by statement
    :rtype: dict
    """
    from odoo.sql_db import Cursor

    found, execute = collections.defaultdict(list), Cursor.execute

    def record(cursor, query, *args, **kwargs):
        began = time.monotonic()
        try:
            return execute(cursor, query, *args, **kwargs)
        finally:
            text = " ".join(str(getattr(query, "code", query)).split())
            found[text[:STATEMENT_CHARS]].append(time.monotonic() - began)

    Cursor.execute = record
    try:
        yield found
    finally:
        Cursor.execute = execute


def _print_statements(title, count, found):
    """Print which statements take how long."""
    total = sum(map(sum, found.values()))
    number = sum(map(len, found.values()))
    print(f"\n=== {title}: {number} statements, {1000 * total / count:.3f} ms each lead ===")
    for text, took in sorted(found.items(), key=lambda pair: -sum(pair[1]))[:LINES]:
        print(f"{1000 * sum(took) / count:8.3f} ms {len(took):6}  {text}")
