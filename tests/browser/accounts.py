"""What the walks do with TikTok accounts, in Odoo and at TikTok."""

import time
import urllib.parse

USER = "oasis.furniture"
OTHER_USER = "oasis.workshop"
SYNC_SECONDS = 90  # more than the minute in which Odoo runs a job that was not triggered


class Accounts:
    """Makes and connects accounts of the served Odoo.

    :param odoo: an administrator's session
    :param tiktok: the local TikTok
    :param sql: runs a statement in Odoo's database
    """

    def __init__(self, odoo, tiktok, sql):
        self.odoo = odoo
        self.tiktok = tiktok
        self.sql = sql

    def make(self, name="Brand"):
        """Make an account that is not connected; return its id."""
        return self.odoo.call("tiktok.account", "create", {"name": name})

    def begin(self, account_id):
        """Press Connect; return the address of TikTok's consent page."""
        return self.odoo.call("tiktok.account", "action_connect", [account_id])["url"]

    def agree(self, account_id, **choices):
        """Press Connect and agree at TikTok; return the address the browser is sent back to."""
        return self.tiktok.consent(self.begin(account_id), **choices)

    def connect(self, page, name="Brand", username=USER):
        """Make an account and connect it; return its id."""
        account_id = self.make(name)
        page.goto(self.agree(account_id, username=username))
        assert self.read(account_id, "state") == "connected"
        return account_id

    def read(self, account_id, name):
        """Return one field of an account."""
        return self.odoo.call("tiktok.account", "read", [account_id], [name])[0][name]

    def wait_for_sync(self, account_id):
        """Wait until the sync that was asked for is over."""
        deadline = time.monotonic() + SYNC_SECONDS
        while self.read(account_id, "sync_requested"):
            assert time.monotonic() < deadline, "the sync does not end"
            time.sleep(0.1)

    def activities(self, account_id):
        """Return how many activities ask for a reconnection."""
        return self.odoo.call(
            "mail.activity",
            "search_count",
            [["res_model", "=", "tiktok.account"], ["res_id", "=", account_id]],
        )

    def end_access_token(self, account_id):
        """Let the access token have ended, so that the next use renews it."""
        self.sql(
            "UPDATE tiktok_token SET access_expires_at = now() - interval '1 hour'"
            " WHERE account_id = %s",
            account_id,
        )

    def living(self, username=USER):
        """Return the tokens of a TikTok user that TikTok still takes."""
        return [
            token for token in self.tiktok.developer_tokens(username=username) if not token["dead"]
        ]

    @property
    def app(self):
        """The developer app both know."""
        return self.tiktok.describe()["developer_apps"][0]

    def set_company(self, **values):
        """Change the company's settings."""
        self.odoo.call("res.company", "write", [1], values)


def query(url):
    """Return the query of an address."""
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
