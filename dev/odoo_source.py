"""Find an Odoo 19: the one ``ODOO_SOURCE`` points to, or Debian's, unpacked here."""

import os
import pathlib
import re
import shutil
import subprocess
import typing

from dev import apt, console, node, paths

UNPACKED = paths.HOME / "odoo"
PACKAGES = paths.ROOT / "dev" / "requirements" / "debian.txt"
SELFIE = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
OWN = (
    "set ODOO_SOURCE to the folder of an Odoo 19 (the one that holds odoo/release.py) "
    "and try again."
)


class Odoo(typing.NamedTuple):
    """Where an Odoo lies and how to start it."""

    python_path: pathlib.Path  # goes on PYTHONPATH
    program: pathlib.Path
    addons: pathlib.Path  # Odoo's own addons
    version: str


def ensure():
    """Return an Odoo 19, downloading it the first time.

    :rtype: Odoo
    :raise console.Stop: if there is none and none can be had
    """
    own = os.environ.get("ODOO_SOURCE")
    if own:
        return _read(pathlib.Path(own).expanduser().resolve())
    if not (UNPACKED / ".complete").exists():
        _download()
    return _read(UNPACKED / "usr" / "lib" / "python3" / "dist-packages")


def _read(folder):
    release = folder / "odoo" / "release.py"
    if not release.exists():
        raise console.Stop(f"No Odoo in {folder}: {OWN}")
    found = re.search(r"version_info = \((\d+), (\d+)", release.read_text())
    version = ".".join(found.groups()) if found else "unknown"
    if version != "19.0":
        raise console.Stop(f"The Odoo in {folder} is {version}, not 19.0: {OWN}")
    program = next(
        (p for p in (folder / "odoo-bin", UNPACKED / "usr/bin/odoo") if p.exists()), None
    )
    if not program:
        raise console.Stop(f"No odoo-bin in {folder}: {OWN}")
    # Debian's package has its addons beside base, a checkout has them in addons/
    addons = folder / "odoo" / "addons"
    if not (addons / "crm").exists():
        addons = folder / "addons"
    return Odoo(folder, program, addons, version)


def _download():
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise console.Stop(f"There is no apt on this machine to get Odoo 19 with: {OWN}")
    console.step("Get Odoo 19 (once, about 130 MB)")
    packages = paths.HOME / "debs"
    packages.mkdir(parents=True, exist_ok=True)
    apt = _private_apt(packages)
    console.run(
        [*apt, "update"],
        "Read the list of packages",
        hint=f"see whether apt-get update works here, or {OWN}",
        cwd=packages,
    )
    names = [n for n in PACKAGES.read_text().split("\n") if n and not n.startswith("#")]
    console.run(
        [*apt, "download", *names],
        "Download the packages",
        hint=f"see whether apt reaches its archive, then try again, or {OWN}",
        cwd=packages,
    )
    for deb in sorted(packages.glob("*.deb")):
        subprocess.run(["dpkg-deb", "-x", str(deb), str(UNPACKED)], check=True)
    _add_selfie_segmentation()
    (UNPACKED / ".complete").write_text("")
    shutil.rmtree(packages)


def _private_apt(folder):
    """Build an apt command with its own sources, so that the system's stay untouched."""
    sources = folder / "sid.sources"
    sources.write_text(
        f"Types: deb\nURIs: {_archive()}\nSuites: sid\nComponents: main\nSigned-By: {KEYRING}\n"
    )
    return apt.private(folder, sources)


def _archive():
    """Return the address of the Debian archive that this machine is set up with."""
    found = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(ORIGIN) $(RELEASE)"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    rows = [row.split() for row in sorted(set(found.splitlines())) if row]
    uris = [r[0] for r in rows if r[1:2] != ["Ubuntu"] and "security" not in r[0]]
    if not uris:
        raise console.Stop(f"apt knows no Debian archive here: {OWN}")
    return next((uri for uri in uris if "debian" in uri), uris[0])


def _add_selfie_segmentation():
    """Add the one library that Debian's package leaves out.

    Odoo's web client loads it; without it each page logs an error.
    """
    target = UNPACKED / "usr/lib/python3/dist-packages/odoo/addons" / SELFIE
    target.parent.mkdir(parents=True, exist_ok=True)
    package = node.fetch_package("@mediapipe/selfie_segmentation@0.1.1675465747")
    shutil.copy(package / "selfie_segmentation.js", target)
