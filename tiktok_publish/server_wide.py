"""Guards of the whole process, for any database it serves."""

from odoo.addons.tiktok_leadgen import database_guard

from . import const, log_filters


def install_guards():
    """Install for this addon's routes the guards that tiktok_leadgen installs for its own."""
    log_filters.install_photo_filter()
    database_guard.install(const.ROUTE_PREFIX)
