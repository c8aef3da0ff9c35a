"""What is stored and compared follows the database's clock: those of several servers differ."""

import pathlib
import re

ROOT = pathlib.Path(__file__).parents[2]
SERVER_CLOCK = re.compile(
    r"\b(?:Datetime|datetime|Date|date)\.(?:now|today|utcnow)\b|\btime\.time\(\)|\bcontext_today\b"
)
ADDONS = sorted(path.parent.name for path in ROOT.glob("tiktok_*/__manifest__.py"))
# Where the clock of the server is meant.
ALLOWED = {
    "tiktok_ads/report/tiktok_return_rates.py": "the day of the reader, for rates of currencies",
    "tiktok_leadgen/models/event/tiktok_developer_event.py": "compared with TikTok's clock",
    "tiktok_leadgen/models/reconciliation/tiktok_reconciliation_export.py": "of the file system",
    "tiktok_leadgen/models/sales/salespeople.py": "the day of a user, as Odoo's activities",
    "tiktok_leadgen/tiktok/business_refusal.py": "compared with TikTok's clock",
    "tiktok_publish_blog/models/tiktok_blog_channel.py": "compared with the date of an article",
}


def list_product_files():
    """Return the Python files of the addons by name, without their tests."""
    paths = (path for addon in ADDONS for path in ROOT.glob(f"{addon}/**/*.py"))
    paths = (path for path in paths if "tests" not in path.parts)
    return {str(path.relative_to(ROOT)): path.read_text() for path in paths}


def test_no_product_code_reads_the_clock_of_the_server():
    found = {name for name, text in list_product_files().items() if SERVER_CLOCK.search(text)}
    assert found == set(ALLOWED)


def test_each_addon_is_looked_at():
    assert {"tiktok_leadgen", "tiktok_first_contact", "tiktok_routing"} < set(ADDONS)
