from . import tiktok_lead_report
from . import tiktok_lead_overview
