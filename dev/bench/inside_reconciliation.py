"""The reconciliation with TikTok, measured inside an Odoo."""

import contextlib
import time

from dev.bench.inside import memory, stopwatch
from dev.bench.inside_workers import begin_together

CRON = "tiktok_leadgen.ir_cron_backfill"


def connect(odoo, advertiser_uid, token):
    """Connect an ad account as a consent does, without a browser."""
    with odoo.env() as env:
        company = env["res.company"].search([], limit=1, order="id")
        sealed = env["tiktok.secrets"]._seal_secret(token)
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


def reconcile(odoo, advertiser_uid, workers="1"):
    """Reconcile an ad account to the end as Odoo's scheduler does, resuming what is open.

    :param str advertiser_uid: of the ad account
    :param str workers: how many processes work together, see `inside_workers.work_beside`
    :rtype: dict
    """
    before = memory("VmRSS")
    with odoo.env() as env:
        uid = [("advertiser_uid", "=", advertiser_uid)]
        advertiser = env["tiktok.advertiser"].search(uid)
        run_id = env["tiktok.reconciliation"]._start_for_advertisers(advertiser).id
        env.cr.postcommit.clear()
    spans = {}
    with begin_together(odoo, int(workers)), stopwatch() as took, _time_imports(odoo, spans):
        state = "waiting"
        while state in ("waiting", "running"):
            with odoo.env() as env:
                env.ref(CRON).method_direct_trigger()
            with odoo.env() as env:
                state = env["tiktok.reconciliation"].browse(run_id).state
    if state != "done":
        raise SystemExit(f"The reconciliation ended as {state}")
    return {
        "seconds": took[0],
        "cpu": took[1],
        "imported": max(ended - began for began, ended in spans.values()),
        "before": before,
        "peak": memory("VmHWM"),
    }


@contextlib.contextmanager
def _time_imports(odoo, spans):
    """Time each of TikTok's files from the begin of its import to the end.

    What other workers do between two runs of one file counts; TikTok's time to make it does not.

    :param dict spans: seconds of the begin and the end, by the id of the export; filled
    """
    with odoo.env() as env:
        exports = type(env["tiktok.reconciliation.export"])
    import_file = exports._import_file

    def timed(export):
        began = spans.get(export.id, (time.monotonic(),))[0]
        try:
            return import_file(export)
        finally:
            spans[export.id] = (began, time.monotonic())

    exports._import_file = timed
    try:
        yield
    finally:
        del exports._import_file
