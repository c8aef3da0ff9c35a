"""Node.js and npm: the machine's own, or the ones PyPI carries."""

import hashlib
import os
import pathlib
import shutil
import subprocess

from dev import paths, say, venv

OLDEST = 18


def tool(name):
    """Return the command for ``node``, ``npm`` or ``npx``.

    :param str name: which of them
    :rtype: list
    """
    own = shutil.which(name)
    if own and _major(shutil.which("node")) >= OLDEST:
        return [own]
    venv.ensure("node.txt")
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
    :raise say.Stop: if npm can't have it
    """
    folder = paths.HOME / "npm" / spec.replace("/", "-").strip("@")
    if (folder / "package").exists():
        return folder / "package"
    folder.mkdir(parents=True, exist_ok=True)
    say.run(
        [*tool("npm"), "pack", "--silent", spec],
        f"Get {spec.rpartition('@')[0]}",
        hint="see whether npm reaches its registry, then try again.",
        cwd=folder,
        env=env(),
    )
    archive = next(folder.glob("*.tgz"))
    subprocess.run(["tar", "-xzf", str(archive), "-C", str(folder)], check=True)
    return folder / "package"


def install(source):
    """Install what a folder's package-lock.json names; do nothing when it is there already.

    :param pathlib.Path source: the folder with package.json and package-lock.json
    :return: the folder with the packages
    :rtype: pathlib.Path
    :raise say.Stop: if npm can't have them
    """
    target = paths.HOME / f"npm-{source.name}"
    mark = target / "installed.sha256"
    digest = hashlib.sha256((source / "package-lock.json").read_bytes()).hexdigest()
    if not mark.exists() or mark.read_text() != digest:
        target.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(source / name, target)
        say.run(
            [*tool("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            f"Install npm packages ({source.name})",
            hint="see whether npm reaches its registry, then try again.",
            cwd=target,
            env=env(),
        )
        mark.write_text(digest)
    return target / "node_modules"
