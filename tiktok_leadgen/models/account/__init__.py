"""TikTok accounts connected through Login Kit, their tokens, videos and revocations.

Only `tiktok.token` refreshes tokens; `tiktok_account_token_use.py` uses them. Tokens of the
Marketing API do not expire and are in the room `ads`.

Other rooms enter through `tiktok.account` (`_start_authorization`, `_call_with_token`,
`_get_access_token`, `_disconnect_account`, `_explain_error`), `tiktok.oauth.state`
(`_create_state`, `_find_by_state`) and `tiktok.revocation` (`_revoke_consent`,
`_plan_revocation`, `_plan_unsubscription`, `_retry_due_revocations`).
"""

from . import tiktok_account
from . import tiktok_account_connect
from . import tiktok_account_sync
from . import tiktok_account_token_use
from . import tiktok_oauth_state
from . import tiktok_revocation
from . import tiktok_token
from . import tiktok_video
