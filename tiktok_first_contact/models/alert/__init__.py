"""Alerts that reach a person whose browser is closed, escalation, and the digest.

Other rooms enter through `tiktok.lead.alert` (`_queue_alerts`).
"""

from . import (
    digest_digest,
    res_company,
    tiktok_lead_alert,
    tiktok_lead_alert_send,
    tiktok_lead_notification,
    tiktok_lead_owner,
    tiktok_privacy,
)
