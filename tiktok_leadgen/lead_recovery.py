"""The leads that TikTok did not send here while a subscription of an ad account was missing."""


def start_recovery(advertiser):
    """Reconcile an ad account whose subscription was restored.

    :param advertiser: tiktok.advertiser
    """
    advertiser.health_reconciliation_id = advertiser._start_reconciliation()[:1]


def recover_missed_leads(advertisers):
    """Reconcile repaired ad accounts, and have them checked again.

    :param advertisers: tiktok.advertiser
    """
    for advertiser in advertisers:
        if advertiser.health == "broken" and advertiser.leads_state == "on":
            start_recovery(advertiser)
    advertisers._recheck_unhealthy()
