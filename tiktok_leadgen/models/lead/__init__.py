"""Leads: created or merged, repeat submissions, persons, merge and privacy.

Other rooms enter through `crm.lead._tiktok_create_or_merge` (events become leads),
`crm.lead._tiktok_as_parsed_lead` (what a lead knows of itself),
`tiktok.person._find_person_keys` (by what a person is recognized) and
`tiktok.privacy._erase_leads`.
"""

from . import crm_lead
from . import crm_lead_create
from . import crm_lead_repeat
from . import tiktok_person
from . import tiktok_phone
from . import tiktok_privacy
