from . import test_cost
from . import test_fair_share
from . import test_lead_check
from . import test_rights
from . import test_round_robin_share
from . import test_routing_rule
