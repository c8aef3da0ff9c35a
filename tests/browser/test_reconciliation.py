"""What the webhook lost comes back, and what TikTok answers instead is said in a sentence."""

import time

import pytest

TASK = "/page/lead/task/"
DOWNLOAD = "/page/lead/task/download/"
PATIENCE_SECONDS = 90
ALWAYS = 5  # an attempt that meets another job's commit asks again
FAULTS = {
    "status": (503, "Waiting for TikTok"),
    "429": (30, "Waiting for TikTok"),
    "slow": (1, ""),
    "truncated": (None, "Waiting for TikTok"),
    "reset": (None, "Waiting for TikTok"),
    "garbage": (None, "Waiting for TikTok"),
    "hang": (60, "Waiting for TikTok"),
}


class AdAccount:
    """An ad account with one form of its own, connected as a person does."""

    def __init__(self, page, odoo, tiktok, sql):
        self.page, self.odoo, self.tiktok, self.sql = page, odoo, tiktok, sql
        self.account = tiktok.create_advertiser(name="Reconciliation")["advertiser_id"]
        self.form = tiktok.create_form(self.account, title="Reconciliation walk")["page_id"]
        tiktok.create_ads(page_id=self.form)  # a lead without an ad is a test

    def connect(self):
        """Agree at TikTok; the browser then shows the ad account."""
        url = self.odoo.call("res.company", "action_tiktok_connect_ads", [1])["url"]
        self.page.goto(self.tiktok.consent(url, advertiser_ids=[self.account]))
        domain = [["advertiser_uid", "=", self.account]]
        (self.advertiser,) = self.odoo.call("tiktok.advertiser", "search", domain)

    def reconcile(self):
        """Click “Reconcile now” unless it is under way."""
        self.odoo.call("tiktok.advertiser", "action_reconcile", [self.advertiser])

    def run(self, *names):
        """Return fields of the last reconciliation."""
        domain = [["advertiser_id", "=", self.advertiser]]
        return self.odoo.call("tiktok.reconciliation", "search_read", domain, list(names), 0, 1)[0]

    def wait(self, *states, says=""):
        """Wait until the last reconciliation is in a state; return its sentence."""
        ends = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < ends:
            found = self.run("state", "status_text")
            if found["state"] in states and says in (found["status_text"] or ""):
                return found["status_text"]
            time.sleep(0.3)
        raise AssertionError(f"not {states} {says!r}: {found}")

    def hurry(self):
        """Let what waits go on now."""
        self.sql(
            "UPDATE tiktok_reconciliation_export SET next_request_at = now() - interval '1 day'"
        )
        self.sql("UPDATE tiktok_reconciliation SET next_at = NULL WHERE next_at IS NOT NULL")
        self.reconcile()

    def day(self):
        """Return today's row of the reconciliation."""
        domain = [["form_id.page_uid", "=", self.form]]
        names = ["tiktok_count", "odoo_count", "webhook_count", "recovered_count", "missing_count"]
        (found,) = self.odoo.call("tiktok.reconciliation.day", "search_read", domain, names)
        return [found[name] for name in names]


@pytest.fixture
def ad_account(page, odoo, tiktok, sql):
    """Return the ad account; it is disconnected after the test."""
    found = AdAccount(page, odoo, tiktok, sql)
    yield found
    tiktok.clear_faults()
    sql(
        "UPDATE tiktok_reconciliation SET state = 'cancelled' WHERE state IN ('waiting', 'running')"
    )
    sql("UPDATE tiktok_advertiser SET state = 'draft' WHERE advertiser_uid = %s", found.account)


def test_seven_of_fourteen_lost_deliveries_come_back(ad_account, tiktok, odoo, page):
    config = odoo.get("/api/integrations/accounts/tiktok-leadgen-config/")
    webhook = tiktok.paste_webhook(config["webhook_url"], ad_account.account)
    tiktok.submit_leads(ad_account.form, 7)
    domain = [["page_uid", "=", ad_account.form], ["state", "=", "done"]]
    ends = time.monotonic() + PATIENCE_SECONDS
    while odoo.call("tiktok.event", "search_count", domain) < 7 and time.monotonic() < ends:
        time.sleep(0.2)
    tiktok.remove_webhook(subscription_id=webhook)  # as a dead token does: without a notification
    tiktok.submit_leads(ad_account.form, 5)
    tiktok.submit_leads(ad_account.form, 2, region="eu")
    ad_account.connect()
    page.wait_for_selector("text=All 14 leads in TikTok are here", timeout=PATIENCE_SECONDS * 1000)
    assert ad_account.day() == [14, 14, 7, 7, 0]
    page.click("button:has-text('Reconciliation')")
    page.wait_for_selector("tr.o_data_row:has-text('Reconciliation walk')")
    page.goto(f"{odoo.base}/odoo/tiktok")
    page.wait_for_selector("text=All 14 leads in TikTok are here")


@pytest.mark.parametrize("path", [TASK, DOWNLOAD])
@pytest.mark.parametrize("kind", FAULTS)
def test_what_passes(ad_account, tiktok, path, kind):
    value, says = FAULTS[kind]
    if (kind, path) == ("garbage", DOWNLOAD):
        says = ""  # a file that is no table is requested again immediately
    tiktok.submit_leads(ad_account.form, 3)
    tiktok.set_fault(path, kind, value, times=1)
    ad_account.connect()
    if says:
        sentence = ad_account.wait("running", says=says)
        assert "(" not in sentence.split(":")[1].split(".")[0]  # words first, codes behind
        tiktok.clear_faults()
        ad_account.hurry()
    ad_account.wait("done")
    assert ad_account.day()[:2] == [3, 3]


@pytest.mark.parametrize("path", [TASK, DOWNLOAD])
def test_a_dead_token(ad_account, tiktok, path):
    tiktok.submit_leads(ad_account.form, 3)
    tiktok.set_fault(path, "dead_token", times=ALWAYS)
    ad_account.connect()
    assert "Reconnect" in ad_account.wait("failed")


@pytest.mark.parametrize("path", [TASK, DOWNLOAD])
def test_not_allowed(ad_account, tiktok, path):
    tiktok.submit_leads(ad_account.form, 3)
    tiktok.set_fault(path, "code", 40001, times=ALWAYS)
    ad_account.connect()
    assert "must be an Admin" in ad_account.wait("failed")
