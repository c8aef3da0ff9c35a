"""The lock of an ad account: several jobs store what TikTok returned about the same one."""

import logging

import psycopg2

from odoo.exceptions import UserError
from odoo.service.model import MAX_TRIES_ON_CONCURRENCY_FAILURE

from .concurrency import UnfinishedError
from .tiktok.errors import ReconnectError, SealError, TiktokError

_logger = logging.getLogger(__name__)
# What TikTok accepted must be stored or ended: a user's request may hold the row during its calls.
MOST_WAITS = 8  # each `const.LOCK_WAIT_MS`
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


def lock_before_storing(advertiser, subscriptions):
    """Lock an ad account before its subscriptions are stored; end them if they are unwanted now.

    A user may click Stop Receiving or Disconnect during the calls of a scheduled action: its
    request does not know what the scheduled action subscribes afterwards.

    :param advertiser: tiktok.advertiser
    :param list subscriptions: as `tiktok.subscription._request_classified` returns them
    :raise UnfinishedError: if they are unwanted now: they were ended, nothing may be stored
    :raise psycopg2.Error: as `lock_ad_accounts` does
    """
    own = {each.uid for kind, each in subscriptions if kind != "other"}
    if not own or not advertiser.env.context.get("ir_cron_progress_id"):
        advertiser._lock_advertisers()
        return
    # The app that received the consent: a disconnected ad account no longer knows it.
    company = advertiser.sudo().business_token_id.company_id or advertiser.company_id
    _lock_patiently(advertiser)
    advertiser.invalidate_recordset()
    is_sent_here = any(kind == "ours" for kind, _each in subscriptions)
    if advertiser.state == "connected" and (advertiser.wants_leads or not is_sent_here):
        return
    advertiser._commit_in_job()  # no row is held during calls to TikTok
    _end_unwanted(advertiser, company, own)
    advertiser._commit_in_job()
    raise UnfinishedError


def _lock_patiently(advertiser):
    """Lock an ad account in a scheduled action, also if a request holds it for some seconds.

    :param advertiser: tiktok.advertiser
    :raise psycopg2.Error: as `lock_ad_accounts` does
    """
    for left in reversed(range(MOST_WAITS)):
        try:
            advertiser._lock_advertisers()
            return
        except psycopg2.errors.LockNotAvailable:
            if not left:
                raise
            advertiser.env.cr.rollback()  # nothing is lost: `lock_ad_accounts` commits before


def _end_unwanted(advertiser, company, uids):
    """End subscriptions at TikTok, or have the watchdog retry it.

    :param advertiser: tiktok.advertiser
    :param company: res.company whose app subscribed
    :param set uids: TikTok's ids of the subscriptions
    """
    _logger.info("TikTok ad account %s: unsubscribed, its leads are unwanted now", advertiser.id)
    try:
        api = company._tiktok_get_subscriptions()
        for uid in sorted(uids):
            advertiser._end_subscription(uid, api)
    except ReconnectError as error:  # they ended together with the consent
        _logger.info("TikTok ad account %s: %s", advertiser.id, type(error).__name__)
    except (TiktokError, UserError, SealError) as error:
        advertiser.env["tiktok.revocation"]._plan_unsubscription(advertiser, error, company)
