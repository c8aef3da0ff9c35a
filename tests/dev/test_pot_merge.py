"""make pot: the same file each time, and no translation lost."""

import polib
import pytest

from dev import pot_merge

EXPORTED = """\
# Translation of Odoo Server.
msgid ""
msgstr ""
"Project-Id-Version: Odoo Server 19.0-20990101\\n"
"POT-Creation-Date: 2099-01-01 00:00+0000\\n"

#. module: shop
#: model_terms:ir.ui.view,arch_db:shop.form
msgid ""
"Send a\\n"
"        lead"
msgstr ""

#. module: shop
#. odoo-python
#: code:addons/shop/models/shop.py:0
msgid "New"
msgstr ""
"""
TRANSLATED = """\
msgid ""
msgstr ""
"Language: ru\\n"

msgid "Send a lead"
msgstr "Отправить лид"

msgid "Gone"
msgstr "Исчезло"
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "shop.pot").write_text(EXPORTED)
    (tmp_path / "i18n").mkdir()
    (tmp_path / "i18n" / "ru.po").write_text(TRANSLATED)
    return tmp_path


def run(folder, *options):
    pot_merge.main(folder / "shop.pot", folder / "i18n", *options)


def test_the_template_has_no_dates(folder):
    run(folder)
    text = (folder / "i18n" / "shop.pot").read_text()
    assert "2099" not in text
    assert "code:addons/shop/models/shop.py:0" in text


def test_translations_are_kept_added_and_removed(folder):
    run(folder)
    po = polib.pofile(str(folder / "i18n" / "ru.po"))
    texts = {" ".join(entry.msgid.split()): entry.msgstr for entry in po}
    assert texts == {"New": "", "Send a lead": "Отправить лид"}
    assert po.metadata["Language"] == "ru"


def test_a_second_run_changes_nothing(folder, capsys):
    run(folder)
    assert capsys.readouterr().out.split() == ["shop.pot", "ru.po"]
    run(folder)
    assert capsys.readouterr().out == ""


def test_a_check_writes_nothing(folder, capsys):
    run(folder, "--check")
    assert capsys.readouterr().out.split() == ["shop.pot", "ru.po"]
    assert not (folder / "i18n" / "shop.pot").exists()
    assert (folder / "i18n" / "ru.po").read_text() == TRANSLATED
