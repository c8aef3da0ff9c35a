"""What concerns the whole process, whichever database it serves, or none."""

from . import const, database_guard, log_filters, rpc_guard, settings
from .tiktok import client


def install_guards():
    """Prepare the process: guards of the log, of requests without a database and of calls, a proxy.

    Odoo calls it as `post_load`: when a server starts with the addon in ``--load``, else when a
    database with the addon is first used. It leaves that out where something has imported the
    addon before, so each loaded registry calls it as well.
    """
    log_filters.install()
    database_guard.install(const.API_PREFIX)
    rpc_guard.install()
    client.set_network_reader(settings.network)
