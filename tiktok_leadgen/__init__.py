from . import controllers, models, report, wizard
from . import settings as _settings
from .log_guard import install as _install_log_guard
from .tiktok.client import set_network_reader as _set_network_reader

_install_log_guard()
_set_network_reader(_settings.network)
