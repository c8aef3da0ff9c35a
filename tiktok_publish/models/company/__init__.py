"""The company's posting settings, its domain verification and the sentences for TikTok's codes.

Other rooms enter through ``res.company._tiktok_publish_account`` and ``_tiktok_media_base``,
``tiktok.domain.file._find_address_problem`` and ``tiktok.error.messages._describe_code``.
"""

from . import res_company
from . import res_config_settings
from . import tiktok_domain_file
from . import tiktok_error_messages
