"""``make bench``: load, drain, latency and faults, printed as tables in one run."""

import importlib
import importlib.util
import os
import platform
import subprocess

from dev import paths, console, venv

PARTS = ("load", "drain", "latency", "dashboard", "faults")
LONG_PARTS = (
    *("scale", "fairness", "profile", "reconciliation", "import", "operations", "replica"),
    *("monitoring", "screens", "returns"),
)
RECORD = "--record"  # writes docs/bench
MODULES = {"import": "file_import"}  # whose name is no word of Python
MANY = 100_000  # leads of a scale, an import, a reconciliation or the screens, unless named


def main(args):
    """Run the parts named, or all but the long ones.

    :param list args: parts; how many leads a scale, an import, a reconciliation or the screens
        have; and ``--record`` to write what is found to ``docs/bench``
    :return: the exit status, 1 if something that must always hold did not
    :rtype: int
    :raise console.Stop: if a part is unknown
    """
    numbers = [arg for arg in args if arg.isdecimal()]
    unknown = set(args) - {*PARTS, *LONG_PARTS, *numbers, RECORD}
    if unknown:
        raise console.Stop(
            f"No such part: {' '.join(unknown)}; there are {' '.join(PARTS + LONG_PARTS)}."
        )
    venv.ensure("bench.txt")
    if not importlib.util.find_spec("psycopg2"):
        command = [str(venv.PYTHON), "-m", "dev", "bench", *args]
        return subprocess.run(command, cwd=paths.ROOT, check=False).returncode
    named = set(args) - {*numbers, RECORD} or PARTS
    many = int(numbers[-1]) if numbers else MANY
    return _run([part for part in PARTS + LONG_PARTS if part in named], many, RECORD in args)


def _run(parts, many, is_recorded):
    from dev.bench import record
    from dev.bench.report import Report
    from dev.bench.stage import Stage

    report = Report()
    stage = Stage(many)
    console.line(
        f"    Odoo {stage.site.odoo.version}, "
        f"PostgreSQL {stage.server.sql('SHOW server_version')}, "
        f"Python {platform.python_version()}, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f}"
    )
    machine = record.describe_machine(stage)
    for part in parts:
        found = Report()
        with stage:
            importlib.import_module(f"dev.bench.{MODULES.get(part, part)}").run(stage, found)
        if is_recorded:
            record.write_files(part, found, machine)
        report.add(found)
    console.line(f"    load of the machine at the end: {os.getloadavg()[0]:.1f}")
    return report.finish()
