"""Make the languages of the addons that Odoo's list lacks, so that they can be loaded."""

import sys

from dev.history import open_env

KAZAKH = {
    "name": "Kazakh / Қазақша",
    "code": "kk_KZ",
    "iso_code": "kk",
    "url_code": "kk",
    "date_format": "%d.%m.%Y",
    "time_format": "%H:%M:%S",
    "week_start": "1",
    "grouping": "[3,0]",
    "decimal_point": ",",
    "thousands_sep": "\u00a0",
}


def main(config, database):
    """Make Kazakh in this database, once.

    :param str config: path of odoo.conf
    :param str database: its name
    """
    with open_env(config, database) as env:
        languages = env["res.lang"].with_context(active_test=False)
        if not languages.search_count([("code", "=", KAZAKH["code"])]):
            languages.create(KAZAKH)
            env.cr.commit()


if __name__ == "__main__":
    main(*sys.argv[1:])
