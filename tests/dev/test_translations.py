"""The .po files: whole, and as safe to show as the source."""

import re
from collections import Counter

import polib
import pytest

from dev import paths

FILES = sorted(path for addon in paths.ADDONS for path in (paths.ROOT / addon).glob("i18n/*.po"))
PARTS = re.compile(r"%\(\w+\)[a-z]|%[a-z]|<[^<>]+>|\b[\w.]+\(\)")  # what code and browsers read


@pytest.fixture(params=FILES, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def po(request):
    return polib.pofile(str(request.param), check_for_duplicates=True)


@pytest.mark.parametrize("addon", paths.ADDONS)
def test_there_are_languages(addon):
    names = {path.stem for path in (paths.ROOT / addon).glob("i18n/*.po")}
    assert names >= {"ar", "kk", "ru"}


def test_says_its_language(po, request):
    assert po.metadata["Language"] == request.node.callspec.params["po"].stem
    assert po.metadata["Plural-Forms"]


def test_has_the_strings_of_the_template(po, request):
    path = request.node.callspec.params["po"].parent
    pot = polib.pofile(str(path / f"{path.parent.name}.pot"))
    assert [entry.msgid for entry in po] == [entry.msgid for entry in pot], "run make pot"


def test_everything_is_translated(po):
    assert [entry.msgid for entry in po if not entry.msgstr.strip()] == []
    assert [entry.msgid for entry in po if entry.fuzzy or entry.obsolete] == []


def test_placeholders_and_markup_are_the_source_s(po):
    def parts(text):
        return Counter(PARTS.findall(text))

    wrong = [entry.msgid for entry in po if parts(entry.msgid) != parts(entry.msgstr)]
    assert wrong == []


def test_text_around_a_field_keeps_its_punctuation(po):
    """A term that begins with a comma stands right behind a value: so must its translation."""
    glued = [entry for entry in po if entry.msgid.startswith(",")]
    assert [entry.msgid for entry in glued if entry.msgstr[0] not in ",،"] == []
