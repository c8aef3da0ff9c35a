"""The company: settings, apps and webhook token, overview, configuration check, error messages.

Other rooms enter through `res.company` (settings and rights: `_tiktok_check_manager`,
`_tiktok_check_reader`, `_tiktok_lead_configs`, `_tiktok_invalidate_configs`; who is notified:
`_tiktok_notify_responsible`, `_tiktok_get_responsible`, `_tiktok_get_managers`; apps:
`_tiktok_get_developer_app`, `_tiktok_find_developer_apps`, `_tiktok_open_app_secret`,
`_tiktok_get_business_app`, `_tiktok_get_business_login`, `_tiktok_get_subscriptions`,
`_tiktok_get_redirect_uri`), `tiktok.secrets` (`_seal_secret`, `_open_secret`) and
`tiktok.error.messages` (`_describe_error`).
"""

from . import error_messages
from . import ir_http
from . import res_company
from . import res_company_apps
from . import res_company_overview
from . import res_config_settings
from . import secrets
