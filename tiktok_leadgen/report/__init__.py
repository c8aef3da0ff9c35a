from . import tiktok_lead_report
from . import tiktok_lead_overview
from . import tiktok_response_report
