"""Export the addons' strings to i18n/<addon>.pot and bring the .po files beside it up to date."""

import argparse
import subprocess

from dev import paths, say, venv
from dev.site import Site


def main(args):
    """Run ``make pot``: Odoo's own export, made the same each time.

    :param list args: ``--check``: only look whether the files are up to date
    :return: the exit status
    :rtype: int
    :raise say.Stop: if they are not and we only look
    """
    parser = argparse.ArgumentParser(prog="make pot ARGS=...", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, fail if out of date")
    options = parser.parse_args(args)
    site = Site("test", addons=paths.ADDONS)
    site.prepare()
    stale = [path for addon in site.addons for path in refresh(site, addon, check=options.check)]
    if stale and options.check:
        raise say.Stop(f"{', '.join(stale)}: out of date, run make pot and translate what is new.")
    say.line(f"Wrote {', '.join(stale)}." if stale else "The strings are up to date.")
    return 0


def refresh(site, addon, *, check):
    """Export the strings of one addon and merge them into its files.

    :param Site site: prepared, with the addon
    :return: the files that changed, or would
    :rtype: list
    """
    exported = paths.HOME / "pot" / f"{addon}.pot"
    exported.parent.mkdir(parents=True, exist_ok=True)
    program = [str(venv.PYTHON), str(site.odoo.program), "i18n", "export"]
    where = ["-c", str(site.config), "-d", site.database, "-o", str(exported)]
    say.run(
        [*program, *where, addon],
        f"Export the strings of {addon}",
        hint="the end of Odoo's log says why.",
        env=site.env,
        log="pot",
    )
    return merge(exported, paths.ROOT / addon / "i18n", *(["--check"] if check else []))


def merge(exported, folder, *options):
    """Merge with polib, which only the virtual environment has.

    :rtype: list
    """
    command = [str(venv.PYTHON), "-m", "dev.pot_merge", str(exported), str(folder), *options]
    done = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise say.Stop(f"A .po file can't be read, mend it by hand:\n{done.stderr.strip()}")
    return done.stdout.split()
