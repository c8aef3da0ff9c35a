"""The account that posts: its permissions, its tokens and what TikTok lets it choose.

Other rooms enter through ``tiktok.account._request_open_api``, which calls the Content Posting
API, and ``tiktok.token._force_renewal``, which the short routes call.
"""

from . import tiktok_account
from . import tiktok_token
