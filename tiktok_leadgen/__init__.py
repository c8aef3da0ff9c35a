from . import controllers, models, report, wizard
from .server_wide import install_guards


def _delete_function(env):
    """Delete the function that stores deliveries: Odoo knows only the tables.

    :param odoo.api.Environment env: of the uninstallation
    """
    env.cr.execute("DROP FUNCTION IF EXISTS tiktok_event_store")
