"""Serve a demo and bring one lead through the real webhook."""

import os
import secrets
import time

from dev import odoo_rpc, paths, process, say
from dev.site import Site, port_is_free

DEFAULT_PORT = 8069
WAIT_SECONDS = 60


def main(_args):
    """Run ``make demo``.

    :return: the exit status
    :rtype: int
    :raise say.Stop: if something is in the way
    """
    port = int(os.environ.get("PORT") or DEFAULT_PORT)
    process.stop("demo")
    if not port_is_free(port):
        raise say.Stop(
            f"Something else listens on port {port}: stop it, or take another port with "
            f"PORT={port + 1} make demo."
        )
    say.step("Prepare Odoo 19 and PostgreSQL")
    site = Site("demo", demo=True)
    say.line(f"    Odoo {site.odoo.version} in {site.odoo.python_path}")
    site.prepare()
    say.step(f"Serve it on http://localhost:{port}")
    site.serve(port)
    say.step("Send a lead the way TikTok does")
    lead_id, seconds = send_lead(f"http://localhost:{port}", site.database)
    say.line(f"""
    The lead was in the CRM after {seconds:.2f} s.

    Odoo        http://localhost:{port}/odoo
    Login       admin, password admin
    The lead    http://localhost:{port}/odoo/crm.lead/{lead_id}
    TikTok      http://localhost:{port}/odoo/tiktok  (CRM → Integrations → TikTok)
    Log         {paths.LOGS / "demo.log"}

    make stop   stops it""")
    return 0


def send_lead(base, database):
    """Post one lead through the webhook and wait for it.

    :return: its id, and how many seconds it took
    :rtype: tuple[int, float]
    :raise say.Stop: if it does not arrive
    """
    session = odoo_rpc.Session(base, database)
    config = session.get("/api/integrations/accounts/tiktok-leadgen-config/")
    url = base + config["webhook_url"][config["webhook_url"].index("/api/") :]
    uid = str(10**18 + secrets.randbelow(8 * 10**18))
    began = time.monotonic()
    status, text = odoo_rpc.post(url, sample(uid))
    if status != 200:
        raise say.Stop(f"The webhook answered {status} ({text}): look into the log above.")
    while time.monotonic() - began < WAIT_SECONDS:
        found = session.call("crm.lead", "search", [["tiktok_lead_uid", "=", uid]])
        if found:
            return found[0], time.monotonic() - began
        time.sleep(0.02)
    raise say.Stop(f"The lead did not arrive: look into {paths.LOGS / 'demo.log'}.")


def sample(uid):
    """Return a delivery in the shape TikTok documents, with one lead.

    :param str uid: the lead's id, 19 digits
    :rtype: dict
    """
    now = int(time.time())
    answers = {
        "first_name": "Ana María",
        "last_name": "Pérez",
        "email": "ana.perez@example.com",
        "phone_number": "+56 9 8765 4321",
        "city": "Valparaíso",
        "What is your budget?": "2-4 M",
        "متى نتصل بك؟": "مساءً",
    }
    entry = {
        "id": int(uid),
        "lead_source": "INSTANT_FORM",
        "page_id": 7600000000000000456,
        "page_name": "Spring quote form",
        "advertiser_id": 7163948356417550001,
        "advertiser_name": "ACME Ads",
        "library_id": 0,
        "campaign_id": 1809876543200000,
        "campaign_name": "Spring",
        "adgroup_id": 1809876543210000,
        "adgroup_name": "Lookalike",
        "ad_id": 1809876543210987,
        "ad_name": "Video 1",
        "create_time": now - 3,
        "changes": [{"field": field, "value": value} for field, value in answers.items()],
    }
    return {"request_id": f"demo{uid}", "object": 1, "time": now, "entry": [entry]}
