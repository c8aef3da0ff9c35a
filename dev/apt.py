"""apt-get with lists and caches of its own, so that the system's stay untouched."""

import os


def private(folder, sources=None):
    """Build the command; packages are downloaded, never installed.

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
