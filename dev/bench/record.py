"""Files of a run in ``docs/bench``: tables for people, figures for programs, and a picture."""

import datetime
import json
import os
import pathlib
import platform

from dev.bench import readme

GOAL = ("goal", "measured", "wanted", "result")
BAR_COLOR, BEST_COLOR = "#8f8fa3", "#fe2c55"


def describe_machine(stage):
    """Describe what was measured on, without naming the machine.

    :param dev.bench.stage.Stage stage: prepared
    :rtype: dict
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "odoo": stage.site.odoo.version,
        "postgresql": stage.server.sql("SHOW server_version").split()[0],
        "python": platform.python_version(),
        "system": platform.system(),
        "processor": _read_processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(memory / 2**30),
        "load_at_start": round(os.getloadavg()[0], 1),
    }


def _read_processor():
    """Return the processor's name as the kernel tells it.

    :rtype: str
    """
    try:
        with pathlib.Path("/proc/cpuinfo").open(encoding="utf-8") as lines:
            names = [line.partition(":")[2].strip() for line in lines if "model name" in line]
    except OSError:
        names = []
    return names[0] if names else platform.machine()


def write_files(part, report, machine):
    """Write what one part found.

    :param str part: of the bench
    :param dev.bench.report.Report report: of this part alone
    :param dict machine: of `describe_machine`
    """
    readme.FOLDER.mkdir(parents=True, exist_ok=True)
    machine = {**machine, "load_at_end": round(os.getloadavg()[0], 1)}
    content = {
        "part": part,
        "machine": machine,
        "tables": report.tables,
        "goals": [dict(zip(GOAL, goal, strict=True)) for goal in report.goals],
        "checks": report.checks,
    }
    text = json.dumps(content, indent=1, ensure_ascii=False)
    (readme.FOLDER / f"{part}.json").write_text(text + "\n", encoding="utf-8")
    (readme.FOLDER / f"{part}.md").write_text(_format_page(content), encoding="utf-8")
    drawn = [table for table in report.tables if len(table["rows"]) > 1]
    if drawn:
        _draw_table(drawn[0], readme.FOLDER / f"{part}.png")
    readme.update_readme()


def _format_page(content):
    """Return the page of a part in Markdown.

    :param dict content: of the JSON file
    :rtype: str
    """
    machine = content["machine"]
    lines = [
        f"# make bench ARGS='--record {content['part']}'",
        "",
        _describe_run(machine),
    ]
    for table in content["tables"]:
        lines += ["", f"## {table['title']}", "", *_format_rows(table["header"], table["cells"])]
    if content["goals"]:
        header = ("Goal", "Measured", "Wanted", "Result")
        rows = [tuple(goal.values()) for goal in content["goals"]]
        lines += ["", "## Goals", "", *_format_rows(header, rows)]
    if content["checks"]:
        header = ("What must hold", "Result", "Found")
        rows = [(each["what"], each["result"], each["detail"]) for each in content["checks"]]
        lines += ["", "## What must hold", "", *_format_rows(header, rows)]
    return "\n".join(lines) + "\n"


def _describe_run(machine):
    """Return a sentence about when and on what it was measured.

    :param dict machine: of `describe_machine`
    :rtype: str
    """
    return (
        f"{machine['date']}, Odoo {machine['odoo']}, PostgreSQL {machine['postgresql']}, "
        f"Python {machine['python']}, {machine['system']}, {machine['cores']} cores "
        f"({machine['processor']}), {machine['memory_gib']} GiB; load {machine['load_at_start']} "
        f"at the start of the run, {machine['load_at_end']} at the end of this part."
    )


def _format_rows(header, rows):
    """Return the lines of a table in Markdown.

    :param tuple header: titles of the columns
    :param list rows: of texts
    :rtype: list[str]
    """
    lines = [header, ["---"] + ["--:"] * (len(header) - 1), *rows]
    return ["| " + " | ".join(str(cell).replace("|", "/") for cell in row) + " |" for row in lines]


def _draw_table(table, path):
    """Draw the first column of figures as bars; the rows that are ours in colour.

    :param dict table: of the report
    :param pathlib.Path path: of the picture
    """
    import matplotlib as plot

    plot.use("Agg")
    from matplotlib import pyplot

    rows = [row for row in table["rows"] if isinstance(row[1], (int, float))]
    if not rows:
        return
    names, values = [str(row[0]) for row in rows], [row[1] for row in rows]
    figure, axes = pyplot.subplots(figsize=(8, 0.6 + 0.45 * len(rows)), dpi=110)
    colors = [BEST_COLOR if name.startswith(("ours", "our")) else BAR_COLOR for name in names]
    bars = axes.barh(names, values, color=colors)
    axes.bar_label(bars, labels=[f"{value:,.4g}" for value in values], padding=3, fontsize=8)
    axes.invert_yaxis()
    axes.margins(x=0.15)
    axes.tick_params(labelsize=8)
    axes.set_title(f"{table['title']}: {table['header'][1]}", fontsize=9, loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, metadata={"Software": None})
    pyplot.close(figure)
