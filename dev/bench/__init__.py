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
    *("monitoring", "screens"),
)
RECORD = "--record"  # writes docs/bench
MODULES = {"import": "file_import"}  # whose name is no word of Python


def main(args):
    """Run the parts named, or all but the long ones.

    :param list args: parts, and ``--record`` to write what is found to ``docs/bench``
    :return: the exit status, 1 if something that must always hold did not
    :rtype: int
    :raise console.Stop: if a part is unknown
    """
    is_recorded = RECORD in args
    args = [arg for arg in args if arg != RECORD]
    unknown = set(args) - {*PARTS, *LONG_PARTS}
    if unknown:
        raise console.Stop(
            f"No such part: {' '.join(unknown)}; there are {' '.join(PARTS + LONG_PARTS)}."
        )
    venv.ensure("bench.txt")
    if not importlib.util.find_spec("psycopg2"):
        flags = [RECORD] * is_recorded
        command = [str(venv.PYTHON), "-m", "dev", "bench", *flags, *args]
        return subprocess.run(command, cwd=paths.ROOT, check=False).returncode
    return _run([part for part in PARTS + LONG_PARTS if part in (args or PARTS)], is_recorded)


def _run(parts, is_recorded):
    from dev.bench import record
    from dev.bench.report import Report
    from dev.bench.stage import Stage

    report = Report()
    stage = Stage()
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
