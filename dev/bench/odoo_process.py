"""Start `dev.bench.inside` as a process of its own and read its answer."""

import json
import subprocess

from dev import console, paths, venv

SECONDS = 1_800


def start(stage, what, *numbers):
    """Start it.

    :param str what: what it does
    :rtype: subprocess.Popen
    """
    words = [str(stage.site.config), stage.site.database, what, *map(str, numbers)]
    return subprocess.Popen(
        [str(venv.PYTHON), "-m", "dev.bench.inside", *words],
        env=stage.site.env,
        cwd=paths.ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    )


def finish(process):
    """Wait for it and return what it printed.

    :rtype: str
    :raise console.Stop: if it fails
    """
    try:
        out, err = process.communicate(timeout=SECONDS)
    except BaseException:
        process.kill()
        raise
    if process.returncode:
        raise console.Stop(f"Measuring inside Odoo failed, see what it says:\n{err[-2000:]}")
    return out


def read_answer(process):
    """Wait for it and return its answer."""
    return json.loads(finish(process).strip().splitlines()[-1])


def call(stage, what, *numbers):
    """Run it and return its answer."""
    return read_answer(start(stage, what, *numbers))
