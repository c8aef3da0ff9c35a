"""Start servers in the background and stop exactly those."""

import json
import os
import pathlib
import signal
import subprocess
import time
import urllib.error
import urllib.request

from dev import console, paths

STOP_SECONDS = 20


def start(name, cmd, *, env=None, cwd=None):
    """Start a server and remember it by process id and start time.

    :param str name: names the server and its log
    :param list cmd: the program and its arguments
    :return: the process
    :rtype: subprocess.Popen
    """
    stop(name)
    with paths.log(name).open("ab") as out:
        process = subprocess.Popen(
            cmd,
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            env=env,
            cwd=cwd,
            start_new_session=True,
        )
    paths.RUN.mkdir(parents=True, exist_ok=True)
    mark = {"pid": process.pid, "born": _born(process.pid)}
    (paths.RUN / f"{name}.json").write_text(json.dumps(mark))
    return process


def running(name):
    """Return the id of a server of ours that still runs, or None."""
    try:
        mark = json.loads((paths.RUN / f"{name}.json").read_text())
    except (OSError, ValueError):
        return None
    return mark["pid"] if _born(mark["pid"]) == mark["born"] else None


def stop(name):
    """Stop one server of ours; return 1 if it ran."""
    pid = running(name)
    if pid:
        os.killpg(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while running(name) and time.monotonic() < deadline:
            time.sleep(0.1)
        if running(name):
            os.killpg(pid, signal.SIGKILL)
    (paths.RUN / f"{name}.json").unlink(missing_ok=True)
    return 1 if pid else 0


def stop_all():
    """Stop every server that was started from here; return how many ran."""
    return sum(stop(mark.stem) for mark in sorted(paths.RUN.glob("*.json")))


def wait_http(url, process, seconds, log_name):
    """Wait until the address answers.

    :param int seconds: how long to wait at most
    :raise console.Stop: if the process ends or the time is over
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
    raise console.Stop(
        f"{log_name} did not answer at {url}: look for the reason at the end of "
        f"{paths.LOGS / (log_name + '.log')}."
    )


def _born(pid):
    """Return when the process started, so that a reused id is not taken for ours."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    state, *fields = stat.rpartition(")")[2].split()
    return None if state == "Z" else fields[18]
