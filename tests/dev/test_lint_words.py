"""Words that the product does not use: found where they are banned, and only there."""

import pytest
import tomllib

from dev.lint import words
from dev.lint.sources import parse_sources

RULES = words.load_rules(tomllib.loads((words.HERE / "words.toml").read_text()))


def find(name, text, allowed=()):
    (source,) = parse_sources({name: text})
    return words.find_banned(source, words.area_of(source), RULES, list(allowed))


@pytest.mark.parametrize(
    ("name", "area"),
    [
        ("tiktok_leadgen/models/a.py", "product"),
        ("tiktok_leadgen/views/a.xml", "product"),
        ("tiktok_leadgen/static/tests/tours/a.js", "tests"),
        ("tiktok_leadgen/i18n/tiktok_leadgen.pot", "screens"),
        ("tiktok_leadgen/readme/USAGE.md", "guides"),
        ("docs/en/operator.md", "guides"),
        ("docs/ru/operator.md", None),
        ("README.md", "guides"),
        ("dev/sandbox/tests/test_a.py", "tests"),
        ("dev/sandbox/app.py", "dev"),
        ("tiktok_leadgen/i18n/ru.po", None),
    ],
)
def test_each_file_counts_for_one_area(name, area):
    (source,) = parse_sources({name: ""})
    assert words.area_of(source) == area


def test_a_word_in_a_line_is_found_with_what_to_write():
    (finding,) = find("tiktok_leadgen/models/a.py", '# A\n"""Nobody is told."""\n')
    assert finding.startswith("tiktok_leadgen/models/a.py:2: 'Nobody'")
    assert finding.endswith("name who it is")


def test_whole_words_alone_are_banned():
    assert not find("dev/a.py", "# recommended, amended\n")
    assert not find("dev/a.py", "# no more than five\n")
    assert find("dev/a.py", "# no more calls\n")


@pytest.mark.parametrize(
    "text",
    [
        "def _take(self):\n    pass\n",
        "def _keep_values(self):\n    pass\n",
        "class ProofStep:\n    pass\n",
        "class A:\n    slot_id = 1\n",
        "LEDGER_DAYS = 90\n",
        "def store(news):\n    pass\n",
    ],
)
def test_names_that_others_meet_are_looked_at(text):
    assert len(find("tiktok_leadgen/models/a.py", text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "def _store(self):\n    self.ids.sort()\n",  # a call is another's name
        "def mistake(self):\n    pass\n",
        "has_more = True\n",
        "def run():\n    slot = 1\n",  # nobody else meets a local name
        "# What to keep, and whom to ask.\n",  # banned in names alone
    ],
)
def test_other_uses_are_left_alone(text):
    assert find("tiktok_leadgen/models/a.py", text) == []


def test_names_of_files():
    assert find("tiktok_leadgen/models/tiktok_ledger_day.py", "")
    assert find("dev/knobs.py", "")
    assert not find("dev/a.py", "knobs = 1\n")


def test_screens_are_the_messages_of_the_template():
    text = 'msgid ""\nmsgstr ""\n\n#: ledger.py\nmsgid ""\n"One thing: pre"\n"ss it."\nmsgstr ""\n'
    (finding,) = find("tiktok_leadgen/i18n/a.pot", text)
    assert ":5: 'press'" in finding
    assert not find("tiktok_leadgen/models/a.py", "# press\n")


def test_a_place_where_a_word_is_meant_otherwise():
    text = "# Two connections at once.\n"
    assert find("dev/a.py", text)
    assert not find("dev/a.py", text, words.load_allowed("# why\ndev/*: connections at once\n"))
    assert find("tests/a.py", text, words.load_allowed("dev/*: connections at once\n"))


def test_the_lists_are_not_looked_at():
    sources = parse_sources({"dev/lint/words.toml": "# nobody", "dev/b.py": "# nobody"})
    assert words.measure_words(sources)["words_dev"][0] == 1
