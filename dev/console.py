"""Talk to the person at the terminal: steps, progress, and one-sentence refusals."""

import subprocess
import sys
import time

from dev import paths

TICK_SECONDS = 10  # how often a silent step says that it is still alive


class Stop(Exception):
    """The work cannot go on; the text is one sentence that says what to do."""


def step(text):
    """Print the step that starts now."""
    print(f"==> {text}", flush=True)


def line(text=""):
    """Print one plain line."""
    print(text, flush=True)


def run(cmd, label, *, hint, env=None, cwd=None, log=None):
    """Run a silent command, show that it lives, and explain a failure.

    :param list cmd: the program and its arguments
    :param str label: what is done, shown to the person
    :param str hint: one sentence that says what to do when it fails
    :param str log: name of the log file, default: made of the label
    :return: the path of the log
    :rtype: pathlib.Path
    :raise Stop: if the command fails
    """
    log_path = paths.log(log or label)
    began = time.monotonic()
    with log_path.open("ab") as out:
        process = subprocess.Popen(
            cmd, stdout=out, stderr=out, stdin=subprocess.DEVNULL, env=env, cwd=cwd
        )
        try:
            _wait(process, label, began)
        except BaseException:
            process.terminate()
            raise
    seconds = time.monotonic() - began
    if process.returncode:
        tail = "\n".join(log_path.read_text(errors="replace").splitlines()[-8:])
        raise Stop(f"{label} failed: {hint}\n\n{tail}\n\nThe whole log: {log_path}")
    line(f"    {label}: {seconds:.0f} s")
    return log_path


def _wait(process, label, began):
    while True:
        try:
            process.wait(TICK_SECONDS if not sys.stdout.isatty() else 1)
            break
        except subprocess.TimeoutExpired:
            waited = time.monotonic() - began
            if sys.stdout.isatty():
                print(f"\r    {label} … {waited:.0f} s", end="", flush=True)
            else:
                line(f"    {label} … {waited:.0f} s")
    if sys.stdout.isatty():
        print("\r\033[K", end="")
