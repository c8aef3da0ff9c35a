"""One run of the watchdog and of the reconciliation repairs or names what broke."""

import time

import pytest
from ad_accounts import forget

PATIENCE_SECONDS = 120
WATCHDOG = "ir_cron_watchdog"
RECONCILIATION = "ir_cron_reconcile"


class Account:
    """An ad account with a form of its own, whose leads come by subscription."""

    def __init__(self, odoo, tiktok, sql):
        self.odoo, self.tiktok, self.sql = odoo, tiktok, sql
        self.uid = tiktok.create_advertiser(name="Watched")["advertiser_id"]
        self.form = tiktok.create_form(self.uid, title="Watched form")["page_id"]
        tiktok.create_ads(page_id=self.form)  # a lead without an ad is a test

    def connect(self, page):
        """Agree at TikTok, in a browser."""
        url = self.odoo.call("res.company", "action_tiktok_connect_ads", [1])["url"]
        page.goto(self.tiktok.consent(url, advertiser_ids=[self.uid]))
        domain = [["advertiser_uid", "=", self.uid]]
        (self.id,) = self.odoo.call("tiktok.advertiser", "search", domain)

    def read(self, *names):
        """Return fields of the ad account."""
        (found,) = self.odoo.call("tiktok.advertiser", "read", [self.id], list(names))
        return [found[name] for name in names]

    def run(self, job):
        """Run a scheduled action as if all was looked at a day ago."""
        self.sql("UPDATE tiktok_advertiser SET health_tried_at = NULL")
        domain = [["module", "=", "tiktok_leadgen"], ["name", "=", job]]
        (found,) = self.odoo.call("ir.model.data", "search_read", domain, ["res_id"])
        self.wait("job", lambda: self.trigger(found["res_id"]))

    def trigger(self, job_id):
        """Run a job, unless the scheduler does at this very moment."""
        try:
            self.odoo.call("ir.cron", "method_direct_trigger", [job_id])
        except RuntimeError as refusal:
            if "already executing" not in str(refusal):
                raise
            return False
        return True

    def wait(self, what, look):
        """Wait until something is so."""
        ends = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < ends:
            if look():
                return
            time.sleep(0.3)
        found = self.read("health", "health_reason", "reconciliation_state")
        raise AssertionError(f"{what}: {found}")

    def is_reconciled(self):
        """Tell whether nothing is being compared."""
        return self.read("reconciliation_state") == ["done"]

    def leads(self):
        """Return how many leads of the form came; the same person again is a note on a lead."""
        domain = [["page_uid", "=", self.form], ["state", "=", "done"], ["lead_id", "!=", False]]
        return self.odoo.call("tiktok.event", "search_count", domain)

    def ours(self):
        """Return the subscriptions of this ad account."""
        found = self.tiktok.subscriptions()
        return [s for s in found if s["detail"].get("advertiser_id") == self.uid]


@pytest.fixture
def account(odoo, tiktok, sql):
    """Return the ad account; it is gone after the test."""
    forget(sql)
    found = Account(odoo, tiktok, sql)
    yield found
    tiktok.clear_faults()
    sql(
        "UPDATE tiktok_reconciliation SET state = 'cancelled' WHERE state IN ('waiting', 'running')"
    )
    for each in found.ours():
        tiktok.remove_webhook(subscription_id=each["subscription_id"])
    forget(sql)


def connected(page, odoo, account):
    """Connect and subscribe."""
    account.connect(page)
    account.wait("first reconciliation", account.is_reconciled)
    odoo.call("tiktok.advertiser", "action_subscribe", [account.id])


def find_alarms(odoo, account):
    """Return the activities about the connection: the costs of ads have alerts of their own."""
    domain = [["res_model", "=", "tiktok.advertiser"], ["res_id", "=", account.id]]
    found = odoo.call("mail.activity", "search_read", domain, ["summary"])
    return [a for a in found if a["summary"].startswith(("Reconnect ", "No TikTok leads"))]


def test_what_got_lost_is_healed_in_one_round(page, odoo, tiktok, account):
    connected(page, odoo, account)
    tiktok.submit_leads(account.form, 7)
    account.wait("seven by webhook", lambda: account.leads() == 7)
    for each in account.ours():
        tiktok.remove_webhook(subscription_id=each["subscription_id"])
    tiktok.submit_leads(account.form, 7)  # no webhook is sent
    new = tiktok.create_form(account.uid, title="Brand new")["page_id"]

    account.run(WATCHDOG)  # heals the subscription and has what was lost fetched
    assert account.read("health") == ["repairing"]
    assert len(account.ours()) == 1
    account.run(RECONCILIATION)
    account.wait("reconciliation", account.is_reconciled)
    account.wait("fourteen leads", lambda: account.leads() == 14)
    domain = [["form_id.page_uid", "=", account.form]]
    names = ["tiktok_count", "odoo_count", "webhook_count", "recovered_count", "missing_count"]
    (day,) = odoo.call("tiktok.reconciliation.day", "search_read", domain, names)
    assert [day[name] for name in names] == [14, 14, 7, 7, 0]
    assert odoo.call("tiktok.form", "search_count", [["page_uid", "=", new]]) == 1
    account.wait("all is well", lambda: account.read("health") == ["ok"])


def test_a_revoked_token_is_named_once_until_a_reconnection(page, odoo, tiktok, account):
    connected(page, odoo, account)
    for token in tiktok.business_tokens():
        if account.uid in token["advertiser_ids"]:
            tiktok.revoke_business_token(token["token"])
    account.run(WATCHDOG)
    account.run(WATCHDOG)  # an hour later: no second notification
    assert account.read("health", "health_fix") == ["broken", "reconnect"]
    assert len(find_alarms(odoo, account)) == 1
    page.goto(f"{odoo.base}/odoo/tiktok")
    page.wait_for_selector(".alert-danger[name=broken] button:has-text('Reconnect')")
    account.connect(page)
    account.wait("connected again", lambda: account.read("state") == ["connected"])
    account.wait("reconciled again", account.is_reconciled)
    account.run(WATCHDOG)
    account.wait("all is well again", lambda: account.read("health") == ["ok"])
    assert len(account.ours()) == 1
    assert not find_alarms(odoo, account)


def test_the_connection_test_shows_each_step(page, odoo, account):
    account.connect(page)
    account.wait("first reconciliation", account.is_reconciled)
    odoo.call("tiktok.advertiser", "action_subscribe", [account.id])
    page.goto(f"{odoo.base}/odoo/tiktok-ad-accounts/{account.id}")
    page.click("button[name=action_test_connection]:visible")
    page.wait_for_selector(".modal :text('The test lead was deleted.')")
    steps = page.inner_text(".modal [name=steps_html]")
    for title in ("Created at TikTok", "Webhook received", "Lead created", "Notified"):
        assert title in steps
    assert "ms" in steps
    assert account.leads() == 0
