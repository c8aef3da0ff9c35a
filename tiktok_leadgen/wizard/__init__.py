from . import privacy_lookup_wizard
from . import privacy_lookup_wizard_line
from . import tiktok_event_decision
from . import tiktok_mapping_apply
