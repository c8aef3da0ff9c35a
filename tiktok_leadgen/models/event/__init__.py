"""Deliveries: received, processed, quarantined, their attempts, and developer webhooks.

The quarantine: `tiktok_event_receive.py` decides the first state (`_get_first_state`), and
`tiktok_event_quarantine.py` bounds what is stored there; the limits are in `const.py`. How attempts
ended is in `tiktok_event_log.py`, what is due in `event_claims.py`. What no alias of
`tiktok/relay_aliases.py` knows is read as a user says: `tiktok_relay_mapping.py`.

Other rooms enter through `tiktok.event._receive_webhook` (a body of the lead webhook) and
`._receive` (rows), `tiktok.developer.event._receive_webhook` (a body of the developer webhook),
`event_claims.claim_events` with `tiktok.event._process_batch` (process some immediately) and
`tiktok.event._trigger_job` (process all soon). An addon that knows more developer events extends
`tiktok.developer.event._process_account_event`.
"""

from . import tiktok_developer_event
from . import tiktok_event
from . import tiktok_event_log
from . import tiktok_event_process
from . import tiktok_event_quarantine
from . import tiktok_event_receive
from . import tiktok_relay_mapping
