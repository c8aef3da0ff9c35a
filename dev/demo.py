"""Serve a demo and bring one lead through the real webhook."""

import os
import secrets
import time

from dev import console, history, history_ads, local_tiktok, odoo_rpc, paths, process
from dev.site import Site, free_port, port_is_free

DEFAULT_PORT = 8069
PORT_MARK = paths.RUN / "demo.port"
WAIT_SECONDS = 60


def main(_args):
    """Run ``make demo``.

    :return: the exit status
    :rtype: int
    :raise console.Stop: if something is in the way
    """
    port = _port()
    _make_room(port)
    console.step("Prepare Odoo 19 and PostgreSQL")
    site = Site("demo", demo=True)
    console.line(f"    Odoo {site.odoo.version} in {site.odoo.python_path}")
    if site.prepare():
        site.make_assets()
    site.load_languages()
    history.make(site)
    tiktok = local_tiktok.start(_tiktok_port(port))
    base = f"http://localhost:{port}"
    console.step(f"Serve it on {base}")
    site.serve(port, extra_env=tiktok.base_urls)
    PORT_MARK.write_text(str(port))
    session = odoo_rpc.Session(base, site.database)
    local_tiktok.introduce(tiktok, session, base)
    local_tiktok.verify_photos(tiktok, base)
    local_tiktok.introduce_event_set(tiktok, session, history_ads.EVENT_SET_UID)
    console.step("Send a lead the way TikTok does")
    lead_id, seconds = send_lead(session)
    console.line(f"""
    The lead was in the CRM after {seconds:.2f} s.

    Odoo        {base}/odoo
    Login       admin, password admin
    The lead    {base}/odoo/crm.lead/{lead_id}
    TikTok app  {base}/odoo/tiktok-overview
    Your page   {base}/odoo/tiktok  (CRM → Integrations → TikTok)
    TikTok      {tiktok.url}  (a local one: fill in a form there, see README)
    Log         {paths.LOGS / "demo.log"}

    make stop   stops it""")
    return 0


def _make_room(port):
    """Stop a demo that runs on this port; one on another port goes on if this one is taken."""
    known = PORT_MARK.read_text() if PORT_MARK.exists() else ""
    ours = process.running("demo") and known == str(port)
    if not ours and not port_is_free(port):
        raise console.Stop(
            f"Port {port} is not to be had: stop what listens there, or take another one with "
            "PORT=8090 make demo."
        )
    process.stop("demo")


def _port():
    text = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not text.isdigit() or not 0 < int(text) < 65535:
        raise console.Stop(f"PORT is {text}: give a number from 1024 to 65534.")
    return int(text)


def _tiktok_port(port):
    """Return the port for the local TikTok: the next one, else any."""
    process.stop("tiktok")
    return port + 1 if port_is_free(port + 1) else free_port()


def send_lead(session):
    """Post one lead through the webhook and wait for it.

    :param odoo_rpc.Session session: an administrator's
    :return: its id, and how many seconds it took
    :rtype: tuple[int, float]
    :raise console.Stop: if it does not arrive
    """
    config = session.get("/api/integrations/accounts/tiktok-leadgen-config/")
    url = session.base + config["webhook_url"][config["webhook_url"].index("/api/") :]
    uid = str(10**18 + secrets.randbelow(8 * 10**18))
    began = time.monotonic()
    status, text = odoo_rpc.post(url, sample(uid))
    if status != 200:
        raise console.Stop(f"The webhook answered {status} ({text}): look into the log above.")
    while time.monotonic() - began < WAIT_SECONDS:
        found = session.call("crm.lead", "search", [["tiktok_lead_uid", "=", uid]])
        if found:
            return found[0], time.monotonic() - began
        time.sleep(0.02)
    raise console.Stop(f"The lead did not arrive: look into {paths.LOGS / 'demo.log'}.")


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
