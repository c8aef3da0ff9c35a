"""What a run found: tables of figures, goals reached or missed, faults."""

from dev import console


class Report:
    """Collects goals and faults, and prints tables while the run goes on."""

    def __init__(self):
        self.goals = []
        self.faults = []
        self.checks = []
        self.tables = []

    def table(self, title, header, rows):
        """Print rows of values, numbers to the right.

        :param str title: above the table
        :param tuple header: one word or two a column
        :param list rows: tuples as long as the header
        """
        cells = [[_text(value) for value in row] for row in [header, *rows]]
        self.tables.append(
            {"title": title, "header": list(header), "rows": list(rows), "cells": cells[1:]}
        )
        widths = [max(len(row[i]) for row in cells) for i in range(len(header))]
        console.line()
        console.line(title)
        for number, row in enumerate(cells):
            first, *others = (
                text.rjust(width) if i else text.ljust(width)
                for i, (text, width) in enumerate(zip(row, widths, strict=True))
            )
            console.line("    " + "  ".join([first, *others]).rstrip())
            if not number:
                console.line("    " + "  ".join("-" * width for width in widths))
        console.line()

    def goal(self, what, value, target, reached):
        """Note a goal of the design: how far it is."""
        self.goals.append((what, value, target, "reached" if reached else "MISSED"))

    def check(self, what, good, detail=""):
        """Note and print whether something that must always hold held.

        :return: whether it held
        :rtype: bool
        """
        console.line(f"    {'ok   ' if good else 'FAULT'}  {what}{detail and f': {detail}'}")
        self.checks.append({"what": what, "result": "ok" if good else "FAULT", "detail": detail})
        if not good:
            self.faults.append(f"{what}: {detail}")
        return good

    def add(self, part):
        """Take over the goals and faults of one part.

        :param Report part: of a part that has ended
        """
        self.goals += part.goals
        self.faults += part.faults

    def finish(self):
        """Print what it comes to.

        :return: the exit status: goals of speed that were missed don't count
        :rtype: int
        """
        if self.goals:
            self.table("Goals", ("goal", "measured", "wanted", ""), self.goals)
        if self.faults:
            console.line(f"{len(self.faults)} FAULT(S): what must always hold did not")
            for fault in self.faults:
                console.line(f"    {fault}")
        return 1 if self.faults else 0


def _text(value):
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.0f}" if value >= 100 else f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
