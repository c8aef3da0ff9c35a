from . import tiktok_post
from . import tiktok_post_image
from . import tiktok_domain_file
from . import tiktok_token
from . import res_company
from . import res_config_settings
