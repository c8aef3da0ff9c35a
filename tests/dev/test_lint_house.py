"""The figures of the house: each is measured on a small addon that is known."""

import pytest

from dev.lint import assertions, docstrings, house, layout
from dev.lint.sources import parse_sources

LEAD = """\
class Lead(models.Model):
    _inherit = "crm.lead"

    def _process(self, batch):
        return 1

    def _store_batch(self):
        return 2
"""
EXTENSION = """\
class Lead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "mail.thread"]

    def _process(self, batch):
        return super()._process(batch)

class Other(models.Model):
    _inherit = ["crm.team"]

class Helper:
    def _process(self):
        return 3
"""
ADDON = {
    "tiktok_leadgen/models/__init__.py": "from . import lead\n",
    "tiktok_leadgen/models/lead/lead.py": LEAD,
    "tiktok_leadgen/models/lead/lead_more.py": EXTENSION,
    "tiktok_leadgen/tests/test_lead.py": "def test_a():\n    pass\n",
    "tiktok_publish/models/lead.py": LEAD,
    "dev/tool.py": "def run():\n    pass\n",
}


@pytest.fixture
def figures():
    return layout.measure_layout(parse_sources(ADDON))


def test_model_files_are_those_of_the_main_addon(figures):
    assert figures["model_files"][0] == 2
    assert not any("__init__" in name for name in figures["model_files"][1])


def test_a_model_is_spread_over_the_files_that_define_it(figures):
    assert figures["model_spread"][0] == 2
    assert figures["model_spread"][1][0] == "crm.lead of tiktok_leadgen: 2 files"
    assert "crm.team of tiktok_leadgen: 1 files" in figures["model_spread"][1]


def test_a_method_twice_in_one_addon_is_found(figures):
    """Another addon may extend it, and a plain class is no model."""
    count, findings = figures["redefined"]
    assert count == 1
    assert "lead.py:4" in findings[0]
    assert "lead_more.py:5" in findings[0]


def test_one_word_methods_are_a_share_of_the_private_ones(figures):
    share, findings = figures["one_word"]
    assert share == pytest.approx(100 * 3 / 5)
    assert len(findings) == 3


def test_median_of_names_counts_no_underscores_at_the_ends(figures):
    assert figures["name_length"][0] == len("process")


def test_long_files_and_functions_are_found_everywhere():
    long = "def run():\n" + "    pass\n" * 40
    figures = layout.measure_layout(
        parse_sources({"dev/long.py": long, "tests/a.py": "\n" * 351, "dev/b.js": "\n" * 350})
    )
    assert figures["long_functions"] == (1, ["dev/long.py:1: run has 41 lines"])
    assert figures["long_files"] == (1, ["tests/a.py: 351 lines"])


DOCUMENTED = '''\
def whole(a):
    """Do it.

    :param int a: a number
    :return: another
    :rtype: int
    :raise ValueError: if there is none
    """
    if a:
        raise ValueError(a)
    return a

def bare(a):
    """Do it."""
    if a:
        raise ValueError(a)
    return a

def nothing():
    """Do nothing."""
    def inner():
        return 1
    return None

def undocumented(a):
    return a
'''

FORMALITIES = """\
def store(*rows, **_options):
    \"\"\"Store rows.

    :param rows: of a table
    :raise ValueError: always in the end
    :raise LookupError: of what it calls
    \"\"\"
    if not rows:
        return
    try:
        check(rows)
    except OSError:
        raise
    raise ValueError(rows)

def iterate(rows):
    \"\"\"Yield rows.

    :param list rows: of a table
    :rtype: Iterator[int]
    \"\"\"
    yield from rows
"""


@pytest.mark.parametrize("key", ["param", "return", "raise"])
def test_documented_functions_need_their_fields(key):
    sources = parse_sources({"tiktok_leadgen/a.py": DOCUMENTED})
    share, findings = docstrings._measure_field(sources, key)
    assert share == 50
    assert findings == ["tiktok_leadgen/a.py:13: bare"]


def test_pydoclint_finds_what_a_docstring_leaves_out(tmp_path):
    """One that says more than its summary says it all; a short one is the figures' part."""
    path = tmp_path / "a.py"
    path.write_text(DOCUMENTED.replace("    :return: another\n    :rtype: int\n", ""))
    findings = docstrings.find_incomplete([str(path)])
    assert len(findings) == 1
    assert findings[0].startswith(f"{path}:1: DOC201")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("def whole(a):", "def whole(a, *b):"), "DOC103"),
        (("    raise ValueError(a)", "    raise TypeError(a)"), "DOC503"),
        (("    :raise ValueError: if there is none\n", ""), "DOC501"),
        (("    return a\n\ndef bare", "    a += 1\n\ndef bare"), "DOC202"),
    ],
)
def test_pydoclint_finds_what_differs_from_the_code(tmp_path, change, code):
    path = tmp_path / "a.py"
    path.write_text(DOCUMENTED.replace(*change, 1))
    (finding,) = docstrings.find_incomplete([str(path)])
    assert finding.startswith(f"{path}:1: {code}")


def test_formalities_are_no_findings(tmp_path):
    path = tmp_path / "a.py"
    path.write_text(FORMALITIES)
    assert docstrings.find_incomplete([str(path)]) == []


TESTS = """\
from .common import look

def check(value):
    assert value

def test_asserts():
    assert 1

def test_with_a_helper():
    check(1)

def test_with_a_shared_helper():
    look(1)

def test_raises(self):
    with self.assertRaises(ValueError):
        int("")

def test_idle():
    int("1")
"""


def test_a_test_without_an_assertion_is_found():
    """Nor does a helper count that only another file's tests have."""
    sources = parse_sources(
        {
            "tests/dev/test_a.py": TESTS,
            "tests/dev/test_b.py": "def int(value):\n    assert value\n",
            "tests/dev/common.py": "def look(value):\n    assert value\n",
        }
    )
    figures = assertions.measure_assertions(sources)
    assert figures["no_assertion"] == (1, ["tests/dev/test_a.py:19: test_idle"])


def test_a_figure_past_its_limit_fails_with_its_findings(monkeypatch, capsys):
    limits = {
        "files": house.Limit(2, 1, "files"),
        "names": house.Limit(10, 15, "characters", at_least=True),
    }
    monkeypatch.setattr(house, "LIMITS", limits)
    assert house.report_figures({"files": (2, ["a"]), "names": (10, ["b"])}) == 0
    assert "FAIL" not in capsys.readouterr().out
    assert house.report_figures({"files": (3, ["found_here"]), "names": (9, ["b"])}) == 1
    printed = capsys.readouterr().out
    assert printed.count("FAIL") == 2
    assert "found_here" in printed


def test_every_figure_has_a_limit_and_a_goal_that_is_stricter():
    for limit in house.LIMITS.values():
        assert limit.goal >= limit.holds if limit.at_least else limit.goal <= limit.holds
