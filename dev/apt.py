"""Debian's packages: installed where a program is missing, or fetched without a trace."""

import os
import shutil
import subprocess

from dev import console


def ensure_program(*names, package):
    """Find a program, installing Debian's package as root if there is none.

    :param str names: what the program may be called
    :param str package: of Debian
    :raise console.Stop: if there is none and we may not install it
    """
    if any(shutil.which(name) for name in names):
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise console.Stop(
            f"{names[0]} is missing: install it as root (apt-get install {package}) and try again."
        )
    hint = f"install {package} manually and try again."
    console.run(["apt-get", "-q", "update"], "Read the list of packages", hint=hint)
    command = ["apt-get", "-qy", "install", "--no-install-recommends", package]
    console.run(command, f"Install {package}", hint=hint)


def private(folder, sources=None):
    """Build an apt-get with lists and caches of its own; it downloads and never installs.

    :param pathlib.Path folder: where its lists and caches go
    :param pathlib.Path sources: a sources file, default: the machine's own sources
    :rtype: list
    """
    for name in ("lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    options = {
        "Dir::State::Lists": folder / "lists",
        "Dir::State::status": "/var/lib/dpkg/status",
        "Dir::Cache": folder / "cache",
        "APT::Sandbox::User": _user(),
        "Acquire::Languages": "none",
        "Debug::NoLocking": "1",
    }
    if sources:
        options |= {"Dir::Etc::SourceList": sources, "Dir::Etc::SourceParts": "/dev/null"}
    flags = [word for key, value in options.items() for word in ("-o", f"{key}={value}")]
    return ["apt-get", "-q", *flags]


def _user():
    return "root" if os.geteuid() == 0 else os.environ.get("USER", "")


def unpack(folder, *packages):
    """Download Debian's packages and unpack them without installing.

    :param pathlib.Path folder: where they go; nothing is done when they are there
    :param str packages: names
    :return: the folder
    :rtype: pathlib.Path
    :raise console.Stop: if there is no apt, or the packages cannot be downloaded
    """
    if (folder / ".complete").exists():
        return folder
    name = packages[0]
    own = f"install {name} (apt-get install {name}) and try again."
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise console.Stop(f"There is no apt on this machine to get {name} with: {own}")
    debs = folder / "debs"
    debs.mkdir(parents=True, exist_ok=True)
    command = private(debs)
    hint = f"see whether apt-get update works here, or {own}"
    console.run([*command, "update"], "Read the list of packages", hint=hint, cwd=debs)
    console.run([*command, "download", *packages], f"Download {name}", hint=hint, cwd=debs)
    for deb in sorted(debs.glob("*.deb")):
        subprocess.run(["dpkg-deb", "-x", str(deb), str(folder)], check=True)
    shutil.rmtree(debs)
    (folder / ".complete").write_text("")
    return folder
