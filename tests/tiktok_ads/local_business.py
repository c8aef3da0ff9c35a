"""A client of the Marketing API that talks to a local TikTok in this process."""

import contextlib
import types

from tiktok.business_client import BusinessClient
from tiktok.rate_limiter import RateLimiter

from dev.sandbox.handle import Sandbox

NOW = 1_789_900_000  # 20 September 2026


@contextlib.contextmanager
def run_local_tiktok():
    """Run a local TikTok whose clock stands, with a client of its first ad account.

    :return: a context manager of ``sandbox``, ``client``, ``advertiser_uid`` and ``connect``
    :rtype: contextlib.AbstractContextManager[types.SimpleNamespace]
    """
    with Sandbox.start(seed=1, clock=NOW) as sandbox:
        sandbox.set_settings(rate_level="off")
        known = sandbox.describe()
        advertiser_uid = known["advertisers"][0]["advertiser_id"]
        base = sandbox.base_urls["TIKTOK_BUSINESS_API_BASE_URL"]

        def connect(token):
            return BusinessClient(base, token, rate_limiter=RateLimiter(sleep=lambda _time: None))

        token = sandbox.grant_business_token(known["business_apps"][0]["app_id"], [advertiser_uid])
        yield types.SimpleNamespace(
            sandbox=sandbox, client=connect(token), advertiser_uid=advertiser_uid, connect=connect
        )
