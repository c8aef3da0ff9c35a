"""Odoo's own test_lint over our addons, and over ours alone."""

import contextlib
import json
import os
import shutil
import subprocess

from dev import console, lint, node, paths, venv
from dev.site import Site, free_port

TREE = paths.HOME / "odoo-lint"  # holds copies of our addons and nothing else
# What must have run; a test that Odoo renames or drops is to be looked at by a person.
EXPECTED = {
    "test_check_tests",
    "test_eslint",
    "test_enforce_index_on_one2many_inverse",
    "test_lint_override_signature",
    "test_manifests",
    "test_parameter_rpc_compatible",
    "test_pylint",
    "test_routes_definition",
}
HINT = "fix what it reports; dev/odoo_lint.py documents how it is run"
# Without a file eslint would look at the folder it is called in, and flat is not what Odoo writes.
ESLINT = """\
#!/bin/sh
for last; do :; done
export ESLINT_USE_FLAT_CONFIG=false NODE_NO_WARNINGS=1
case "$last" in *.js) exec "{program}" "$@" ;; esac
"""


def main(_args):
    """Run it in a throw-away copy of the database of the tests.

    :return: the exit status
    :rtype: int
    """
    console.step("Odoo's own test_lint over our addons")
    venv.ensure("lint.txt")
    tests = Site("test", addons=paths.ADDONS)
    tests.prepare()
    site = Site("lint")
    site.configure(
        addons_path=f"{site.odoo.addons},{copy_addons()}",
        http_port=free_port(),
        limit_memory_hard=0,  # node asks for more than it uses
    )
    site.server.copy(tests.database, site.database)
    try:
        return report_findings(*run(site))
    finally:
        site.server.delete_database(site.database)


def copy_addons():
    """Copy our addons to where nothing else is.

    :rtype: pathlib.Path
    """
    shutil.rmtree(TREE, ignore_errors=True)
    for path in lint.tracked():
        if path.parts[0] in paths.ADDONS:
            target = TREE / "addons" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(paths.ROOT / path, target)
    return TREE / "addons"


def run(site):
    """Run test_lint in Odoo.

    :return: the exit status, and what ``dev.odoo_lint_run`` reports
    :rtype: tuple[int, dict]
    """
    report = TREE / "report.json"
    options = ["-c", str(site.config), "-d", site.database, "--stop-after-init", "--no-http"]
    options += ["-i", "test_lint", "--test-tags", "/test_lint"]
    command = [str(venv.PYTHON), "-m", "dev.odoo_lint_run", str(TREE / "addons"), str(report)]
    env = {**site.env, "PATH": f"{tools()}{os.pathsep}{node.env()['PATH']}"}
    with paths.log("odoo-lint").open("ab") as log:
        done = subprocess.run(
            [*command, *options], cwd=paths.ROOT, env=env, stdout=log, stderr=log, check=False
        )
    with contextlib.suppress(OSError):
        return done.returncode, json.loads(report.read_text())
    return done.returncode or 1, {}


def tools():
    """Make a folder with the pylint and the eslint that test_lint finds on the path.

    :rtype: pathlib.Path
    """
    folder = TREE / "bin"
    folder.mkdir()
    (folder / "pylint").symlink_to(venv.VENV / "bin" / "pylint")
    program = lint.hook_program("eslint")
    (folder / "eslint").write_text(ESLINT.format(program=program))
    (folder / "eslint").chmod(0o755)
    return folder


def report_findings(status, report):
    """Print what Odoo's lint tests found.

    :return: the exit status
    :rtype: int
    """
    ran = report.get("ran", [])
    bad = [f"did not run: {name}" for name in sorted(EXPECTED - set(ran))]
    for title in ("skipped", "failed", "warned"):
        bad += [f"{title}: {text}" for text in report.get(title, [])]
    for text in report.get("foreign", []):
        console.line(f"    not ours, passed over: {text.splitlines()[0]}")
    for text in bad:
        console.line(f"    {_as_in_checkout(text)}")
    console.line(f"    test_lint: {len(ran)} tests ran, {len(bad)} findings")
    if not bad and not status:
        return 0
    console.line(f"    test_lint failed: {HINT}. The whole log: {paths.LOGS / 'odoo-lint.log'}")
    return 1


def _as_in_checkout(text):
    """Name files as the person knows them, not their copies."""
    copies = TREE / "addons"
    for folder in (str(copies), os.path.relpath(copies, paths.ROOT)):
        text = text.replace(f"{folder}/", "")
    return text
