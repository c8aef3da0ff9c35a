"""The comparison with TikTok, measured inside an Odoo."""

from dev.bench.inside import memory, stopwatch

CRON = "tiktok_leadgen.ir_cron_backfill"


def connect(odoo, advertiser_uid, token):
    """Connect an ad account as a consent does, without a browser."""
    with odoo.env() as env:
        company = env["res.company"].search([], limit=1, order="id")
        sealed = env["tiktok.vault"]._seal(token)
        found = env["tiktok.business.token"].create(
            {"company_id": company.id, "token_sealed": sealed}
        )
        env["tiktok.advertiser"].create(
            {
                "name": "Bench",
                "advertiser_uid": advertiser_uid,
                "company_id": company.id,
                "state": "connected",
                "business_token_id": found.id,
            }
        )
    return {}


def compare(odoo, advertiser_uid):
    """Compare an ad account to the end, the way Odoo's scheduler does; go on with what is open.

    :rtype: dict
    """
    before = memory("VmRSS")
    with stopwatch() as took:
        with odoo.env() as env:
            uid = [("advertiser_uid", "=", advertiser_uid)]
            run_id = env["tiktok.backfill"]._ask(env["tiktok.advertiser"].search(uid)).id
            env.cr.postcommit.clear()
        state = "waiting"
        while state in ("waiting", "running"):
            with odoo.env() as env:
                env.ref(CRON).method_direct_trigger()
            with odoo.env() as env:
                state = env["tiktok.backfill"].browse(run_id).state
    if state != "done":
        raise SystemExit(f"The comparison ended as {state}")
    return {
        "seconds": took[0],
        "cpu": took[1],
        "before": before,
        "peak": memory("VmHWM"),
    }
