from . import controllers, models
from .log_guard import install as _install_log_guard

_install_log_guard()
