"""What TikTok learns about leads: CRM events of stages, won and lost.

Other rooms enter through `tiktok.crm.event` (`_queue_changes`, `_erase_events`) and
`crm.lead` (`_tiktok_find_objections`).
"""

from . import (
    crm_lead,
    res_company,
    tiktok_crm_event,
    tiktok_crm_event_rule,
    tiktok_event_set,
    tiktok_event_set_check,
    tiktok_event_set_send,
    tiktok_privacy,
)
