"""The Marketing API: ad accounts, their lead subscriptions, the watchdog and connection tests.

Other rooms enter through `tiktok.advertiser` (`_connect_advertisers`, `_find_company_ids`,
`_get_business_client`, `_sync_forms`, `_recheck_unhealthy`), `tiktok.connection.test`
(`_open_test`, `_send_test_lead`, `_find_lead_uids`) and `tiktok.ad.entity` (`_store_lead_names`).
"""

from . import (
    tiktok_ad_entity,
    tiktok_advertiser,
    tiktok_advertiser_connect,
    tiktok_advertiser_subscribe,
    tiktok_advertiser_sync,
    tiktok_business_token,
    tiktok_connection_test,
    tiktok_connection_test_steps,
    tiktok_subscription,
    tiktok_watchdog,
)
