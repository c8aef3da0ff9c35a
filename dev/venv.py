"""The virtual environment with Odoo's requirements and the tools, pinned."""

import hashlib
import os
import subprocess
import sys

from dev import console, paths

VENV = paths.HOME / "venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = paths.ROOT / "dev" / "requirements"
SETS = ("odoo.txt", "tools.txt")


def ensure(*names, odoo=True):
    """Make or update the environment; do nothing when it fits already.

    :param str names: further requirement files of ``dev/requirements``
    :param bool odoo: whether what Odoo needs has to be there, too
    :return: the environment's Python
    :rtype: pathlib.Path
    :raise console.Stop: if Python is too old or a package can't be had
    """
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        raise console.Stop(
            f"This needs Python 3.11 to 3.13 and found {sys.version.split()[0]}: "
            "start make with PATH set so that python3 is one of those."
        )
    for name in (*(SETS if odoo else ()), *names):
        _ensure_set(name)
    return PYTHON


def _ensure_set(name):
    wanted = REQUIREMENTS / name
    digest = hashlib.sha256(wanted.read_bytes()).hexdigest()
    mark = VENV / f".{name}.sha256"
    if mark.exists() and mark.read_text() == digest and PYTHON.exists():
        return
    if not PYTHON.exists():
        paths.HOME.mkdir(parents=True, exist_ok=True)
        console.run(
            [sys.executable, "-m", "venv", str(VENV)],
            "Make a virtual environment",
            hint="install python3-venv (apt-get install python3-venv) and try again.",
        )
    console.run(
        [str(PYTHON), "-m", "pip", "install", "-q", "-r", str(wanted)],
        f"Install Python packages ({name})",
        hint="see whether pip reaches its package index, then try again.",
        env=pip_env(),
    )
    mark.write_text(digest)


def pip_env():
    """Return the environment for pip: the machine's own set-up, no questions."""
    return {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}


def site_packages():
    """Return the environment's folder of packages.

    :rtype: str
    """
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    return subprocess.check_output([str(PYTHON), "-c", code], text=True).strip()
