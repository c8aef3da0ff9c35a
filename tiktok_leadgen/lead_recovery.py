"""The leads that TikTok did not send here while a subscription of an ad account was missing.

That a recovery is due is stored before TikTok is asked to restore the subscription: if the process
is killed afterwards, or the result can't be stored, the next check finds nothing missing.
"""

from .tiktok.subscription import Target


def note_lost_targets(advertiser, targets):
    """Store that a recovery is due if TikTok sent the leads of missing targets here before.

    :param advertiser: tiktok.advertiser
    :param set targets: `Target` that are subscribed next
    """
    stored = advertiser.sudo().subscription_ids.filtered(lambda each: each.kind == "ours")
    if targets.isdisjoint(_build_target(each) for each in stored):
        return
    advertiser.sudo().is_recovery_due = True
    advertiser._commit_in_job()


def _build_target(subscription):
    """Return whose leads a stored subscription sends.

    :param subscription: tiktok.subscription
    :rtype: Target
    """
    library_uid = subscription.library_uid or ""
    return Target(
        advertiser_uid="" if library_uid else subscription.advertiser_id.advertiser_uid,
        library_uid=library_uid,
        page_uid=subscription.page_uid or "",
        source=subscription.lead_source,
    )


def start_recovery(advertiser):
    """Reconcile an ad account whose subscription was restored.

    :param advertiser: tiktok.advertiser
    """
    run = advertiser._start_reconciliation()[:1]
    advertiser.sudo().write({"health_reconciliation_id": run.id, "is_recovery_due": False})


def start_due_recovery(advertiser):
    """Reconcile an ad account whose subscription was restored if that is still due.

    :param advertiser: tiktok.advertiser
    """
    if advertiser.sudo().is_recovery_due:
        start_recovery(advertiser)


def recover_missed_leads(advertisers):
    """Reconcile repaired ad accounts, and have them checked again.

    :param advertisers: tiktok.advertiser
    """
    for advertiser in advertisers:
        if advertiser.health == "broken" and advertiser.leads_state == "on":
            start_recovery(advertiser)
    advertisers._recheck_unhealthy()
