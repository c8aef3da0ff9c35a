"""Who gets a lead by what is known of it, how many each member gets, and what is checked first.

Everything happens in the batch that creates the leads: `tiktok.assignment._route_new_values` reads
the rules once, and holds likely junk; `tiktok.round.robin._assign_next` knows weights and caps.
"""

from . import assignment
from . import crm_lead
from . import crm_team_member
from . import res_company
from . import tiktok_lead_check
from . import tiktok_round_robin
from . import tiktok_routing_rule
