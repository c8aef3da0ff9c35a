from . import controllers, models, report, wizard
from .event_store import DROP_FUNCTION
from .server_wide import install_guards


def _drop_function(env):
    """Drop the function that stores deliveries: Odoo knows only the tables.

    :param odoo.api.Environment env: of the uninstallation
    """
    env.cr.execute(DROP_FUNCTION)
