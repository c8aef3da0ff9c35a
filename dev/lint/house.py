"""Hold the figures of the house: how code is laid out, named, documented and worded.

``python3 -m dev.lint.house`` prints all figures; with the key of one it lists what is behind it.
"""

import sys
import typing

from dev.lint import assertions, docstrings, layout, words
from dev.lint.sources import read_sources


class Limit(typing.NamedTuple):
    """What a figure is held to."""

    holds: float  # make lint fails past this
    goal: float  # to be reached; then `holds` is set to it
    unit: str = ""
    at_least: bool = False

    def is_met(self, figure):
        """Tell whether a figure is within what is held.

        :param float figure: as measured
        :rtype: bool
        """
        return figure >= self.holds if self.at_least else figure <= self.holds


# Tighten `holds` whenever a figure gets better, never loosen it.
LIMITS = {
    "model_files": Limit(65, 65, "model files of tiktok_leadgen"),
    "model_spread": Limit(4, 4, "files of the model that is spread most"),
    "redefined": Limit(0, 0, "methods defined twice in one addon"),
    "name_length": Limit(15, 15, "characters: median name of a function", at_least=True),
    "one_word": Limit(5, 5, "% of the models' private methods have one word"),
    "param": Limit(98, 98, "% of documented functions with arguments: :param", at_least=True),
    "return": Limit(95, 95, "% of documented functions that return: :return:", at_least=True),
    "raise": Limit(95, 95, "% of documented functions that raise: :raise:", at_least=True),
    "pydoclint": Limit(0, 0, "docstrings that pydoclint finds incomplete"),
    "long_files": Limit(0, 0, "files over 350 lines"),
    "long_functions": Limit(0, 0, "functions over 40 lines"),
    "words_product": Limit(0, 0, "banned words in product code"),
    "words_screens": Limit(0, 0, "banned words on screens"),
    "words_guides": Limit(0, 0, "banned words in guides"),
    "words_dev": Limit(0, 0, "banned words in dev"),
    "words_tests": Limit(0, 0, "banned words in tests"),
    "no_assertion": Limit(0, 0, "tests without an assertion"),
}
SHOWN = 20  # findings printed for a figure that fails


def measure_house(sources):
    """Measure everything.

    :param list sources: of `read_sources`
    :return: by the key of `LIMITS`: the figure, and the findings behind it, a line each
    :rtype: dict[str, tuple[float, list[str]]]
    """
    return {
        **layout.measure_layout(sources),
        **docstrings.measure_docstrings(sources),
        **words.measure_words(sources),
        **assertions.measure_assertions(sources),
    }


def report_figures(figures):
    """Print a row for each figure, and the findings of those that are not met.

    :param dict figures: of `measure_house`
    :return: the exit status
    :rtype: int
    """
    failed = [key for key, limit in LIMITS.items() if not limit.is_met(figures[key][0])]
    for key, limit in LIMITS.items():
        state = "FAIL" if key in failed else "ok"
        sign = ">=" if limit.at_least else "<="
        print(
            f"{state:5}{key:15}{figures[key][0]:6.0f} {limit.unit} "
            f"({sign} {limit.holds:g}, goal {limit.goal:g})"
        )
    for key in failed:
        findings = figures[key][1]
        print(f"\n{key}: python3 -m dev.lint.house {key} lists all {len(findings)}")
        print("\n".join(findings[:SHOWN]))
    return 1 if failed else 0


def main(keys):
    """Print the figures, or the findings behind some of them.

    :param list keys: of `LIMITS`
    :return: the exit status
    :rtype: int
    """
    figures = measure_house(read_sources())
    if not keys:
        return report_figures(figures)
    for key in keys:
        print("\n".join(figures[key][1]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
