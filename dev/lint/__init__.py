"""Run the linters: ``make lint`` is ``pre-commit run -a`` with a cache in the ignored folder."""

import argparse
import os
import pathlib
import subprocess

from dev import node, paths, console, venv

CACHE = paths.HOME / "pre-commit"


def main(args):
    """Run every hook of ``.pre-commit-config.yaml`` over every file that git tracks.

    :param list args: ``--fix``, and what ``pre-commit run`` takes: the id of one hook, ``-v``
    :return: the exit status
    :rtype: int
    :raise console.Stop: if a hook found something
    """
    parser = argparse.ArgumentParser(prog="make lint ARGS=...", description=__doc__)
    parser.add_argument(
        "--fix", action="store_true", help="run again after fixes: passes if all could be fixed"
    )
    options, hooks = parser.parse_known_args(args)
    command = ["run", "--all-files", *hooks]
    status = run_pre_commit(*command)
    if status and options.fix:
        console.step("The same hooks over what they fixed")
        status = run_pre_commit(*command)
    if status:
        raise console.Stop(
            "make lint failed. Files that a hook modified are fixed: look at the change and run "
            "it again. Fix the other findings yourself."
        )
    return 0


def run_pre_commit(*args):
    """Run pre-commit out of the virtual environment.

    :param str args: the command line
    :return: its exit status
    :rtype: int
    """
    venv.ensure("lint.txt", odoo=False)
    command = [str(venv.PYTHON), "-m", "pre_commit", *args]
    return subprocess.run(command, cwd=paths.ROOT, env=environment(), check=False).returncode


def environment():
    """Return the environment of pre-commit: its cache is ours, its node is the one we found.

    :rtype: dict
    """
    found = node.env()
    return {
        **found,
        **git_environment(),
        "PATH": f"{found['PATH']}{os.pathsep}{venv.VENV / 'bin'}",
        "PRE_COMMIT_HOME": str(CACHE),
    }


def git_environment():
    """Return what makes git work in a checkout of another user, in a container for example.

    :rtype: dict
    """
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "safe.directory",
        "GIT_CONFIG_VALUE_0": str(paths.ROOT),
    }


def hook_program(name):
    """Return a program out of the environments of the hooks, installing them the first time.

    :param str name: ``eslint``, ...
    :rtype: pathlib.Path
    :raise console.Stop: if they can't be installed
    """
    if run_pre_commit("install-hooks"):
        raise console.Stop("The linters can't be installed: see whether pip and npm reach theirs.")
    found = CACHE.glob(f"repo*/*env-*/bin/{name}")
    return max(found, key=lambda path: path.lstat().st_mtime)  # an older pin may still be there


def tracked(*suffixes):
    """Return our files with these suffixes: what git tracks, or would if asked to add all.

    :param str suffixes: ``.py``, ...; none: all
    :return: paths below the checkout
    :rtype: list[pathlib.Path]
    :raise console.Stop: if this is no clone
    """
    done = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=paths.ROOT,
        env={**os.environ, **git_environment()},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise console.Stop("make lint asks git for the files: run it in a clone of the repository.")
    names = {name for name in done.stdout.split("\0") if name}
    found = [pathlib.Path(name) for name in sorted(names)]
    return [path for path in found if _is_ours(path) and path.name.endswith(suffixes or "")]


def _is_ours(path):
    foreign = "/static/lib/" in f"/{path.as_posix()}"
    return not foreign and (paths.ROOT / path).is_file()
