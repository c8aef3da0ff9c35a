from . import tiktok_lead_overview
from . import tiktok_return_report
from . import tiktok_return_query
from . import tiktok_return_rates
