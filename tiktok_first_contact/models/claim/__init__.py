"""First to claim: everyone of the team is notified, and the first click gets the lead.

Other rooms enter through `crm.lead` (`action_tiktok_assign_to_me`, `_tiktok_filter_claimable`).
"""

from . import (
    crm_lead,
    res_company,
    tiktok_assignment,
)
