"""Each call and its outcome, and when to call again.

Other rooms enter through `crm.lead` (`action_tiktok_start_attempt`, `action_tiktok_set_outcome`,
`action_tiktok_undo_outcome`).
"""

from . import (
    crm_lead,
    res_company,
    tiktok_contact_attempt,
)
