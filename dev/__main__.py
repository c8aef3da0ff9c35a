"""Entry of every make target: ``python3 -m dev <command>``."""

import importlib
import shutil
import sys

from dev import console, paths, postgres, process

COMMANDS = ("demo", "test", "lint", "bench", "pot", "screenshots")


def main(argv):
    """Run one command; refuse with one sentence instead of a traceback.

    :param list argv: the command and its arguments
    :return: the exit status
    :rtype: int
    """
    command, *args = argv or ["help"]
    try:
        if command in COMMANDS:
            return importlib.import_module(f"dev.{command}").main(args) or 0
        if command == "stop":
            return stop()
        if command == "clean":
            return clean()
    except console.Stop as refusal:
        print(f"\n!!! {refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. make stop ends what still runs.", file=sys.stderr)
        return 130
    console.line(f"make {' | '.join((*COMMANDS, 'stop', 'clean'))}")
    return 0 if command == "help" else 2


def stop():
    """Stop what was started from here, and nothing else."""
    servers = process.stop_all()
    clusters = postgres.stop_all()
    console.line(f"Stopped {servers} server(s) and {clusters} database server(s).")


def clean():
    """Stop everything and remove the folder with downloads and databases."""
    stop()
    postgres.remove_all()
    shutil.rmtree(paths.HOME, ignore_errors=True)
    console.line(f"Removed {paths.HOME}.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
