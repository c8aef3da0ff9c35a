"""The load generator wrk: the machine's own, or Debian's, unpacked here without root."""

import json
import os
import pathlib
import shutil
import subprocess

from dev import apt, console, paths
from dev.bench import bodies

UNPACKED = paths.HOME / "wrk"
PACKAGES = ("wrk", "libluajit-5.1-2")
SCRIPT = pathlib.Path(__file__).with_name("load.lua")
CONNECTIONS = 8


def ensure():
    """Return the program and the environment it needs, fetching it the first time.

    :rtype: tuple[str, dict]
    :raise console.Stop: if there is none and none can be had
    """
    found = shutil.which("wrk")
    if found:
        return found, dict(os.environ)
    apt.unpack(UNPACKED, *PACKAGES)
    libraries = next(UNPACKED.glob("usr/lib/*/libluajit-5.1.so.2")).parent
    return str(UNPACKED / "usr/bin/wrk"), {**os.environ, "LD_LIBRARY_PATH": str(libraries)}


def run(url, run_number, *, leads=1, seconds=5, connections=CONNECTIONS):
    """Post for some seconds as fast as answers come.

    :param int run_number: makes the lead ids of this run
    :param int leads: how many in each POST
    :return: posts, seconds, refused, broken, p50, p99 (milliseconds)
    :rtype: dict
    :raise console.Stop: if wrk fails
    """
    program, env = ensure()
    template = paths.HOME / "bench-template.txt"
    template.write_text("\n".join(bodies.template()) + "\n")
    threads = min(2, connections)
    command = [
        *(program, f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s"),
        *("-s", str(SCRIPT), url, "--", str(template), bodies.prefix(run_number), str(leads)),
    ]
    done = subprocess.run(
        command, env=env, capture_output=True, text=True, timeout=seconds + 60, check=False
    )
    if done.returncode:
        raise console.Stop(f"wrk failed, look at what it says: {done.stderr or done.stdout}")
    return json.loads(done.stdout.strip().splitlines()[-1])
