"""What concerns the whole process, whichever database it serves, or none."""

from odoo.addons.tiktok_leadgen import database_guard

from . import const, log_guard


def install_guards():
    """Do for this addon's paths what `tiktok_leadgen.server_wide` does for its own."""
    log_guard.install()
    database_guard.install(const.ROUTE_PREFIX)
