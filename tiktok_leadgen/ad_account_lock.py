"""The lock of an ad account: several jobs store what TikTok returned about the same one."""

import psycopg2

from odoo.service.model import MAX_TRIES_ON_CONCURRENCY_FAILURE

QUERY = "SELECT id FROM tiktok_advertiser WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"


def lock_ad_accounts(advertisers):
    """Lock the rows; wait for other transactions that change forms or subscriptions of them.

    After a connection the sync, the watchdog, the reconciliation and the costs start at the same
    moment and store in the same rows. A scheduled action therefore commits before: calls to TikTok
    take long, and what others changed meanwhile must not undo what they returned.

    :param advertisers: tiktok.advertiser
    :raise psycopg2.errors.LockNotAvailable: if another transaction holds one for long
    :raise psycopg2.errors.SerializationFailure: if another transaction changed one meanwhile:
        the caller's transaction must start again
    """
    cr = advertisers.env.cr
    is_job = bool(advertisers.env.context.get("ir_cron_progress_id"))
    for left in reversed(range(MAX_TRIES_ON_CONCURRENCY_FAILURE if is_job else 1)):
        advertisers._commit_in_job()
        try:
            cr.execute(QUERY, [advertisers.ids], log_exceptions=False)
            return
        except psycopg2.errors.SerializationFailure:
            if not left:
                raise
            cr.rollback()  # nothing is lost: the transaction began with this query
