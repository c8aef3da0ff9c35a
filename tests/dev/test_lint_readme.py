"""README.rst is made of the fragments in readme/."""

import pytest

from dev.lint import readme


@pytest.fixture
def addon(tmp_path):
    (tmp_path / "readme").mkdir()
    (tmp_path / "__manifest__.py").write_text('{"name": "A Shop"}')
    (tmp_path / "readme" / "DESCRIPTION.md").write_text("Sells things.\n")
    (tmp_path / "readme" / "USAGE.md").write_text("Read [it](../../docs/a.md).\n")
    (tmp_path / "readme" / "CONFIGURE.md").write_text("Nothing to do.\n")
    return tmp_path


def test_fragments_come_in_order_under_their_titles(addon):
    assert readme.write_readme(addon, str)
    text = (addon / "README.rst").read_text()
    assert text.startswith("======\nA Shop\n======\n")
    assert text.index("Sells") < text.index("# Configuration") < text.index("# Usage")


def test_a_link_is_that_of_the_folder_above(addon):
    assert "[it](../docs/a.md)" in readme.join_fragments(addon / "readme")


def test_what_is_up_to_date_is_not_written(addon):
    assert readme.write_readme(addon, str)
    assert not readme.write_readme(addon, str)
    (addon / "readme" / "USAGE.md").write_text("Other.\n")
    assert readme.write_readme(addon, str)


def test_a_fragment_that_nothing_reads_is_refused(addon):
    (addon / "readme" / "USE.md").write_text("")
    with pytest.raises(SystemExit, match=r"USE\.md"):
        readme.join_fragments(addon / "readme")
