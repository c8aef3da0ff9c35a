"""``python -m dev.sandbox``: the local TikTok on a port of this machine."""

import argparse
import pathlib
import signal
import threading

from dev.sandbox import app, server

SAVE_SECONDS = 15


def main(argv=None):
    """Serve until told to stop.

    :param list argv: arguments, default: the command line's
    """
    options = _options(argv)
    world = app.make_world(options.seed, options.clock, empty=options.empty, saved=options.db)
    world.allowed_hosts.update(options.allow_host)
    running = server.Server(
        world,
        port=options.port,
        host=options.host,
        live=options.clock is None,
        workers=options.workers,
    ).start()
    print(f"Local TikTok: {running.url}", flush=True)
    ends = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_args: ends.set())
    while not ends.wait(SAVE_SECONDS):
        _save(world, options.db)
    running.stop()
    _save(world, options.db)


def _save(world, path):
    if path:
        app.save(world, path)


def _options(argv):
    parser = argparse.ArgumentParser(prog="python -m dev.sandbox", description=__doc__)
    add = parser.add_argument
    add("--port", type=int, default=8070, help="0 for a free one")
    add("--host", default="127.0.0.1")
    add("--seed", type=int, default=1, help="the same seed makes the same world")
    add("--db", type=pathlib.Path, help="file that keeps the world between runs")
    add("--empty", action="store_true", help="no demo world")
    add("--clock", type=float, help="stand still at these seconds since 1970")
    add("--workers", type=int, default=server.WORKERS, help="webhooks sent at the same time")
    add("--allow-host", action="append", default=[], help="a further host that may be called")
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
