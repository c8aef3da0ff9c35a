"""Run the linters over what git tracks; each finding says how to mend it."""

import argparse
import pathlib
import subprocess
import typing

from dev import lint_tree, node, paths, say, venv

FIX = "make lint ARGS=--fix mends most of it, the rest is to be mended by hand"
PACKAGES = paths.ROOT / "dev" / "lint"  # package.json of the linters that run on Node.js
SCRIPTS = (".js", ".cjs", ".mjs")


class Check(typing.NamedTuple):
    """One linter."""

    run: typing.Callable  # takes whether to mend, returns an exit status
    hint: str  # what to do about a finding


def main(args):
    """Run ``make lint``: all checks, whatever the first ones find.

    :param list args: ``--fix``, ``--only <check>``
    :return: the exit status
    :rtype: int
    :raise say.Stop: if a check failed
    """
    parser = argparse.ArgumentParser(prog="make lint ARGS=...", description=__doc__)
    parser.add_argument("--fix", action="store_true", help="mend what the linters can mend")
    parser.add_argument("--only", action="append", choices=CHECKS, help="run this check alone")
    options = parser.parse_args(args)
    names = options.only or list(CHECKS)
    failed = [name for name in names if not passes(name, fix=options.fix)]
    if failed:
        raise say.Stop(f"make lint failed ({', '.join(failed)}): see above what to do.")
    say.line(f"Nothing to mend ({', '.join(names)}).")
    return 0


def passes(name, *, fix=False):
    """Run one check and say what to do when it finds something.

    :rtype: bool
    """
    check = CHECKS[name]
    say.step(f"Lint: {name}")
    if not check.run(fix):
        return True
    say.line(f"    {name} found something: {check.hint}.")
    return False


def ruff(fix):
    """Look for mistakes in Python code."""
    return python_tool("ruff", "check", "--quiet", *(["--fix"] if fix else []))


def ruff_format(fix):
    """Look at the layout of Python code."""
    return python_tool("ruff", "format", "--quiet", *([] if fix else ["--diff"]))


def pylint(_fix):
    """Look at what Odoo 19 asks of an addon."""
    return python_tool("pylint", "--rcfile", ".pylintrc", *paths.ADDONS)


def prettier(fix):
    """Look at the layout of XML and JavaScript."""
    return node_tool("prettier", "--write" if fix else "--check", files=tracked(".xml", *SCRIPTS))


def eslint(fix):
    """Look for mistakes in JavaScript."""
    return node_tool("eslint", *(["--fix"] if fix else []), files=tracked(*SCRIPTS))


def tree(_fix):
    """Look at the tree as a whole."""
    findings = lint_tree.findings(tracked())
    for finding in findings:
        say.line(f"    {finding}")
    return len(findings)


def python_tool(name, *args):
    """Run a linter of the virtual environment.

    :return: its exit status
    :rtype: int
    """
    venv.ensure("lint.txt")
    command = [str(venv.PYTHON), "-m", name, *args]
    return subprocess.run(command, cwd=paths.ROOT, check=False).returncode


def node_tool(name, *args, files):
    """Run a linter that lives on Node.js.

    :param list files: what it looks at
    :return: its exit status
    :rtype: int
    """
    modules = node.install(PACKAGES)
    env = {**node.env(), "NODE_PATH": str(modules)}  # where the configuration finds its plugins
    command = [str(modules / ".bin" / name), *args, *map(str, files)]
    return subprocess.run(command, cwd=paths.ROOT, env=env, check=False).returncode


def tracked(*suffixes):
    """Return our files with these suffixes: what git tracks, or would if asked to add all.

    :param str suffixes: ``.py``, ...; none: all
    :return: paths below the checkout
    :rtype: list[pathlib.Path]
    """
    # The owner of the folder may be another user, in a container for example.
    git = ["git", "-c", f"safe.directory={paths.ROOT}", "ls-files", "-z"]
    done = subprocess.run(
        [*git, "--cached", "--others", "--exclude-standard"],
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise say.Stop("make lint asks git for the files: run it in a clone of the repository.")
    names = {name for name in done.stdout.split("\0") if name}
    found = [pathlib.Path(name) for name in sorted(names)]
    return [path for path in found if _is_ours(path) and path.name.endswith(suffixes or "")]


def _is_ours(path):
    foreign = "/static/lib/" in f"/{path.as_posix()}"
    return not foreign and (paths.ROOT / path).is_file()


CHECKS = {
    "ruff": Check(ruff, FIX),
    "format": Check(ruff_format, "make lint ARGS=--fix lays it out"),
    "pylint": Check(pylint, "mend it by hand, or say beside it why it is right"),
    "prettier": Check(prettier, "make lint ARGS=--fix lays it out"),
    "eslint": Check(eslint, FIX),
    "tree": Check(tree, "mend it by hand"),
}
