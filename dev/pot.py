"""Export the addons' strings to i18n/<addon>.pot and merge them into the .po files beside it."""

import argparse
import os
import shutil

from dev import apt, console, paths, venv
from dev.site import Site

FOLDER = paths.HOME / "pot"


def main(args):
    """Run ``make pot``: click-odoo-makepot over the database of the tests.

    A translation whose source changed a little is kept and marked fuzzy: review it and take the
    mark away. What vanished from the source goes.

    :param list args: ``--check``: change nothing, only tell whether the files are up to date
    :return: the exit status
    :rtype: int
    :raise console.Stop: if they are not and we only look
    """
    parser = argparse.ArgumentParser(prog="make pot ARGS=...", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, fail if out of date")
    options = parser.parse_args(args)
    apt.ensure_program("msgmerge", package="gettext")
    site = Site("test", addons=paths.ADDONS)
    venv.ensure("pot.txt")
    site.prepare()
    copies = copy_translations(site.addons)
    export_strings(site, copies)
    stale = [path for path in sorted(copies.rglob("i18n/*.po*")) if is_stale(path)]
    names = ", ".join(str(path.relative_to(copies)) for path in stale)
    if stale and options.check:
        raise console.Stop(f"{names}: out of date, run make pot and translate what is new.")
    for path in stale:
        shutil.copy(path, paths.ROOT / path.relative_to(copies))
    console.line(f"Wrote {names}." if stale else "The strings are up to date.")
    return 0


def copy_translations(addons):
    """Copy the manifests and the .po files to where the export may write.

    :param tuple addons: their names
    :return: the folder with the copies
    :rtype: pathlib.Path
    """
    shutil.rmtree(FOLDER, ignore_errors=True)
    for addon in addons:
        folder = FOLDER / addon
        (folder / "i18n").mkdir(parents=True)
        for path in (paths.ROOT / addon).glob("i18n/*.po*"):
            shutil.copy(path, folder / "i18n")
        for name in ("__init__.py", "__manifest__.py"):
            shutil.copy(paths.ROOT / addon / name, folder)
    return FOLDER


def export_strings(site, folder):
    """Export the strings of the addons in a folder and merge them into its .po files.

    :param Site site: prepared, with the addons
    :param pathlib.Path folder: of `copy_translations`
    """
    command = [str(venv.VENV / "bin" / "click-odoo-makepot")]
    command += ["-c", str(site.config), "-d", site.database, "--addons-dir", str(folder)]
    console.run(
        [*command, "--msgmerge", "--purge-old-translations"],
        "Export the strings",
        hint="the end of the log says which file is wrong.",
        env={**os.environ, **site.env, "VERSION_CONTROL": "none"},  # msgmerge: no copies
        log="pot",
    )


def is_stale(path):
    """Tell whether the checkout has another content for a file.

    :param pathlib.Path path: the file in the copies
    :rtype: bool
    """
    ours = paths.ROOT / path.relative_to(FOLDER)
    return not ours.exists() or ours.read_bytes() != path.read_bytes()
