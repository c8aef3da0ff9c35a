"""Which ads show which posts and videos, and the leads those ads brought.

Other rooms inherit ``tiktok.ad.mixin`` and call ``_link_known_ads`` once TikTok's id of a post is
known.
"""

from . import crm_lead
from . import tiktok_ad_entity
from . import tiktok_ad_mixin
from . import tiktok_advertiser
from . import tiktok_video
