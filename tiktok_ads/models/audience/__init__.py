"""Audiences at TikTok that are built from leads.

Other rooms enter through `tiktok.audience` (`_request_refresh`).
"""

from . import tiktok_audience, tiktok_audience_member, tiktok_audience_refresh
