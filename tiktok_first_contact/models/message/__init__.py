"""The first message of a lead: an e-mail, and a text for WhatsApp.

Other rooms enter through `tiktok.first.message` (`_queue_messages`).
"""

from . import (
    crm_lead,
    res_company,
    tiktok_first_message,
    tiktok_form,
)
