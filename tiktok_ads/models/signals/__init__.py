"""What TikTok learns about leads: CRM events of stages, won and lost.

Other rooms enter through `tiktok.crm.event` (`_queue_changes`, `_erase_events`), `crm.lead`
(`_tiktok_find_objections`) and `tiktok.ads.objection` (`_read_digests`, `_get_digests`).
"""

from . import (
    crm_lead,
    res_company,
    tiktok_ads_objection,
    tiktok_crm_event,
    tiktok_crm_event_rule,
    tiktok_event_set,
    tiktok_event_set_check,
    tiktok_event_set_send,
    tiktok_privacy,
)
