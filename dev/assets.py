"""Make the bundles of scripts and styles once, so that no page and no test makes them.

What a tour writes is rolled back after it, and so are the bundles that its pages made: the next
tour would make them again.
"""

import sys

from dev.history import open_env

BACKEND = (
    # name, whether pages load its styles, and its scripts
    ("web.assets_web", True, True),
    ("web.assets_web_print", True, False),
    ("web.assets_backend_lazy", True, True),
    ("bus.websocket_worker_assets", False, True),
    ("web.assets_tests", False, True),
)
FRONTEND = (
    ("web.assets_frontend", True, False),
    ("web.assets_frontend_minimal", False, True),
    ("web.assets_frontend_lazy", False, True),
)


def main(config, database):
    """Make the bundles of this database.

    :param str config: path of odoo.conf
    :param str database: its name
    """
    with open_env(config, database) as env:
        make_bundles(env, BACKEND, {})
        site = "website" in env and env["website"].search([], limit=1)
        make_bundles(env, FRONTEND, {"website_id": site.id} if site else {})
        env.cr.commit()


def make_bundles(env, bundles, params):
    """Make bundles, or leave those that are there.

    :param odoo.api.Environment env: with all rights
    :param tuple bundles: as `BACKEND`
    :param dict params: what their addresses depend on
    """
    for name, has_styles, has_scripts in bundles:
        bundle = env["ir.qweb"]._get_asset_bundle(
            name, css=has_styles, js=has_scripts, assets_params=params
        )
        if has_styles:
            bundle.css()
        if has_scripts:
            bundle.js()


if __name__ == "__main__":
    main(*sys.argv[1:])
