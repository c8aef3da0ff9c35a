"""Run the local TikTok beside an Odoo and introduce them to each other."""

from dev import console, paths, process, venv
from dev.sandbox.handle import Sandbox

OAUTH_CALLBACKS = {
    "business": "/api/integrations/accounts/oauth/callback/tiktok-business/",
    "developer": "/api/integrations/accounts/oauth/callback/tiktok/",
}
DEVELOPER_WEBHOOK = "/api/integrations/webhooks/tiktok/"


def start(port, *, name="tiktok"):
    """Start it in the background; what happened there is kept for the next time.

    :param int port: where it listens
    :rtype: dev.sandbox.handle.Sandbox
    :raise console.Stop: if it does not answer
    """
    venv.ensure("sandbox.txt")
    console.step(f"Serve the local TikTok on http://localhost:{port}")
    state = paths.HOME / f"{name}.db"
    command = [str(venv.PYTHON), "-m", "dev.sandbox", "--port", str(port), "--db", str(state)]
    started = process.start(name, command, cwd=paths.ROOT)
    process.wait_http(f"http://127.0.0.1:{port}/", started, 30, name)
    return Sandbox(f"http://127.0.0.1:{port}")


def verify_photos(tiktok, base):
    """Have TikTok know that photos at Odoo's address are ours, so that they can be posted.

    :param Sandbox tiktok: the local TikTok
    :param str base: Odoo's address
    """
    developer = tiktok.describe()["developer_apps"][0]
    key, value = developer["client_key"], f"{base}/"
    if value not in [owned["value"] for owned in developer["properties"]]:
        tiktok.add_property(client_key=key, kind="prefix", value=value, verified=True)


def introduce_event_set(tiktok, session, uid):
    """Have TikTok know an event set of Odoo's, and Odoo its token.

    :param Sandbox tiktok: the local TikTok
    :param odoo_rpc.Session session: an administrator's
    :param str uid: number of the event set
    """
    found = session.call("tiktok.event.set", "search", [["event_set_uid", "=", uid]])
    if not found:
        return
    owner = tiktok.describe()["advertisers"][0]["advertiser_id"]
    tiktok.create_event_set(advertiser_id=owner, name="Odoo CRM", event_set_id=uid)
    token = tiktok.grant_event_token(event_set_id=uid)
    session.call("tiktok.event.set", "write", found, {"token": token})
    session.call("tiktok.event.set", "action_check", found)


def introduce(tiktok, session, base):
    """Register Odoo's addresses at TikTok and TikTok's apps in Odoo.

    :param Sandbox tiktok: the local TikTok
    :param odoo_rpc.Session session: an administrator's
    :param str base: Odoo's address, as a browser knows it
    """
    known = tiktok.describe()
    business = known["business_apps"][0]
    developer = known["developer_apps"][0]
    tiktok.set_redirect_uris(business["app_id"], [base + OAUTH_CALLBACKS["business"]])
    tiktok.set_redirect_uris(developer["client_key"], [base + OAUTH_CALLBACKS["developer"]])
    tiktok.set_app(client_key=developer["client_key"], webhook_url=base + DEVELOPER_WEBHOOK)
    company_id = session.get("/api/integrations/accounts/tiktok-leadgen-config/")["company_id"]
    keys = {
        "tiktok_app_id": business["app_id"],
        "tiktok_app_secret": business["secret"],
        "tiktok_client_key": developer["client_key"],
        "tiktok_client_secret": developer["client_secret"],
    }
    session.call("res.company", "write", [company_id], keys)
