"""Where the time goes: our job and our route under a profiler."""

import cProfile
import pstats
import time

from dev.bench import bodies
from dev.bench.inside import BATCH, stopwatch

LINES = 45


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
    requests = _requests(odoo, run, count, BATCH + count)
    for send in requests[:BATCH]:
        send()
    _profile(f"The route, {count - BATCH:,} POSTs", lambda: [send() for send in requests[BATCH:]])
    _compare_routes(odoo, run, BATCH + 2 * count)


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
    """Time the empty route and ours without a profiler, in one process."""
    for path, name in (("/bench/empty", "empty"), (None, "ours"), ("/bench/empty", "empty again")):
        requests = _requests(odoo, run, 500, first, path)
        first += 500
        began = time.monotonic()
        with stopwatch() as took:
            for send in requests:
                send()
        seconds = time.monotonic() - began
        print(f"{name}: {2 * seconds:.2f} ms a POST, {2 * took[1]:.2f} ms of the processor")
