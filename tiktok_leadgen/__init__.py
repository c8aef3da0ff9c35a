from . import controllers, models, report, wizard
from .server_wide import install_guards
