"""Times and numbers of a sentence are the client's: its zone, its digits, its separators."""

import pathlib
import re

from dev.paths import ADDONS

ROOT = pathlib.Path(__file__).parents[2]
# Text with a time, or with a comma between thousands whatever the reader's language.
SERVER_MADE = re.compile(r"%H:%M|:,\}|\bformat_(?:date)?time\(|\bcontext_timestamp\([^\n]*\):%")
ALLOWED = {
    "tiktok_mapping_parse.py",  # what an answer becomes, beside the answer: text too
    "crm_lead.py",  # the heading of a merged lead's answers, inside a computed table
}


def test_no_sentence_holds_a_time_or_number_made_on_the_server():
    found = {
        str(path.relative_to(ROOT)): SERVER_MADE.findall(path.read_text())
        for addon in ADDONS
        for room in ("models", "controllers", "wizard", "report")
        for path in (ROOT / addon / room).glob("**/*.py")
    }
    assert len(found) > 100
    assert {
        name: texts
        for name, texts in found.items()
        if texts and pathlib.Path(name).name not in ALLOWED
    } == {}
