"""What the README quotes of ``docs/bench``: goals with what was measured, and what must hold."""

import json

from dev import paths

README = paths.ROOT / "README.md"
FOLDER = paths.ROOT / "docs" / "bench"
BEGIN = "<!-- figures: made by make bench ARGS='--record …' -->"
END = "<!-- end of figures -->"


def update_readme():
    """Write the figures of all recorded parts into the README."""
    README.write_text(replace_figures(README.read_text("utf-8")), encoding="utf-8")


def replace_figures(text):
    """Return the README with the figures that `docs/bench` holds.

    :param str text: of the README
    :rtype: str
    :raise ValueError: if the marks between which they stand are missing
    """
    before, _begin, rest = text.partition(BEGIN)
    _former, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"README.md has no lines {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{chr(10).join(format_figures())}\n\n{END}{after}"


def format_figures():
    """Return the table of all recorded parts, by their name.

    :rtype: list[str]
    """
    lines = ["| Part | Goal | Measured | Wanted |", "|---|---|---|---|"]
    for path in sorted(FOLDER.glob("*.json")):
        lines += _format_part(json.loads(path.read_text("utf-8")))
    return lines


def _format_part(content):
    """Return the rows of one part: its goals, then what must always hold.

    :param dict content: of the part's file
    :rtype: list[str]
    """
    link = f"[{content['part']}](docs/bench/{content['part']}.md)"
    rows = [
        f"| {link} | {each['goal']} | {_format_result(each)} | {each['wanted']} |"
        for each in content["goals"]
    ]
    checks = content["checks"]
    if checks:
        held = sum(each["result"] == "ok" for each in checks)
        rows.append(f"| {link} | what must always hold | {held} of {len(checks)} | all |")
    return rows


def _format_result(goal):
    """Return what was measured, and that it is not enough.

    :param dict goal: of the part's file
    :rtype: str
    """
    return goal["measured"] if goal["result"] == "reached" else f"**{goal['measured']}: missed**"


if __name__ == "__main__":
    update_readme()
