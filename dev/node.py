"""Node.js and npm: the machine's own, or the ones PyPI carries."""

import os
import pathlib
import shutil
import subprocess

from dev import console, paths, venv

OLDEST = 18
# What Odoo calls to mirror its style sheets for languages that read from right to left, with all
# that it needs.
RTLCSS = (
    *("rtlcss@4.3.0", "escalade@3.2.0", "nanoid@3.3.20", "picocolors@1.1.1", "postcss@8.5.33"),
    *("source-map-js@1.2.4", "strip-json-comments@3.1.1"),
)


def tool(name):
    """Return the command for ``node``, ``npm`` or ``npx``.

    :param str name: which of them
    :rtype: list
    """
    own = shutil.which(name)
    if own and _major(shutil.which("node")) >= OLDEST:
        return [own]
    venv.ensure("node.txt", odoo=False)
    return [str(venv.VENV / "bin" / name)]


def _major(program):
    if not program:
        return 0
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    digits = said.stdout.strip().lstrip("v").split(".")[0]
    return int(digits) if digits.isdigit() else 0


def env():
    """Return the environment in which npm finds its node."""
    first = pathlib.Path(tool("node")[0]).parent
    return {**os.environ, "PATH": f"{first}{os.pathsep}{os.environ['PATH']}"}


def fetch_package(spec):
    """Download one npm package and unpack it.

    :param str spec: name and version, ``name@1.2.3``
    :return: the folder with its files
    :rtype: pathlib.Path
    :raise console.Stop: if npm can't have it
    """
    folder = paths.HOME / "npm" / spec.replace("/", "-").strip("@")
    if (folder / "package").exists():
        return folder / "package"
    folder.mkdir(parents=True, exist_ok=True)
    console.run(
        [*tool("npm"), "pack", "--silent", spec],
        f"Get {spec.rpartition('@')[0]}",
        hint="see whether npm reaches its registry, then try again.",
        cwd=folder,
        env=env(),
    )
    archive = next(folder.glob("*.tgz"))
    subprocess.run(["tar", "-xzf", str(archive), "-C", str(folder)], check=True)
    return folder / "package"


def install_program(specs):
    """Install a program of npm.

    :param tuple specs: name and version of each package, ``name@1.2.3``; the program's comes first
    :return: the folder with its command
    :rtype: pathlib.Path
    :raise console.Stop: if npm can't have it
    """
    folder = paths.HOME / "npm" / specs[0]
    commands = folder / "node_modules" / ".bin"
    if not (folder / "installed").exists():
        folder.mkdir(parents=True, exist_ok=True)
        flags = ("--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund")
        console.run(
            [*tool("npm"), "install", "--prefix", str(folder), *flags, *specs],
            f"Get {specs[0].rpartition('@')[0]}",
            hint="see whether npm reaches its registry, then try again.",
            cwd=folder,
            env=env(),
        )
        (folder / "installed").touch()
    return commands


def mirroring_path():
    """Return the search path on which Odoo finds `rtlcss` and the node that runs it.

    :rtype: str
    """
    return f"{install_program(RTLCSS)}{os.pathsep}{env()['PATH']}"
