"""Imports of the files that people download in TikTok's Leads Center.

Other rooms enter through `tiktok.lead.import._deliver_items` (leads of a file become deliveries).
"""

from . import tiktok_lead_import
from . import tiktok_lead_import_run
