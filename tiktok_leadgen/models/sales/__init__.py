"""Sales: who gets a lead, and how soon the first contact is made.

Of a new lead: the owner of a known person (`tiktok.lead.owner`), else the form's or the company's
fixed salesperson, else Odoo's rules, round robin or the least busy member (`tiktok.assignment`).

Other rooms enter through `tiktok.assignment` (`_assign_new_values`, `_complete_new_leads`,
`_choose_salespeople`); a repeat submission through `tiktok.lead.owner._replace_missing_owners`
and `tiktok.lead.notification._schedule_repeat_calls`.
"""

from . import assignment
from . import crm_lead_speed
from . import lead_notification
from . import lead_owner
from . import res_company_sales
from . import salespeople
from . import tiktok_round_robin
