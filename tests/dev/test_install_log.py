"""What Odoo warns about while it installs the addons fails make test."""

import pytest

from dev import console
from dev.test import check_install_log

FINE = "2026-11-30 12:10:25,665 2376 INFO tiktok_test odoo.modules.loading: Loading module crm\n"
WARNING = "2026-11-30 12:10:26,100 2376 WARNING tiktok_test odoo.fields: unknown parameter 'x'\n"
NO_EXTENSION = (
    "2026-11-30 12:10:24,100 2376 WARNING ? odoo.service.db: Unable to create PostgreSQL "
    'extensions : extension "pg_trgm" is not available\n'
)


@pytest.fixture
def log(tmp_path):
    return tmp_path / "install.log"


def test_a_log_without_warnings(log):
    log.write_text(FINE)
    assert check_install_log(log) is None


def test_a_warning_fails_with_its_text(log):
    log.write_text(FINE + WARNING + "and its second line\n" + FINE)
    with pytest.raises(console.Stop, match=r"(?s)unknown parameter 'x'.*and its second line"):
        check_install_log(log)


def test_the_embedded_postgresql_has_no_extensions(log):
    log.write_text(FINE + NO_EXTENSION)
    assert check_install_log(log) is None


def test_an_empty_log_is_no_success(log):
    log.write_text("")
    with pytest.raises(console.Stop, match="No Odoo log record"):
        check_install_log(log)
