"""What the ads cost, day by day, as TikTok's reports say, and alerts about it.

Other rooms enter through `tiktok.advertiser` (`_request_spend`, `_get_spend_today`) and
`crm.lead` (`_get_tiktok_costs`).
"""

from . import crm_lead
from . import digest_digest
from . import res_company
from . import res_config_settings
from . import res_currency
from . import tiktok_ad_entity
from . import tiktok_ad_spend
from . import tiktok_advertiser
from . import tiktok_advertiser_alerts
from . import tiktok_advertiser_fetch
