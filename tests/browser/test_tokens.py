"""Tokens under real concurrency: a served Odoo, real cursors, single-use refresh tokens."""

import concurrent.futures
import datetime
import os
import pathlib

from accounts import USER

CALLERS = 10
FINE = ("The profile is up to date.", "Sync under way")


def sync(odoo, account_id):
    """Press Sync; return what is said."""
    try:
        return odoo.call("tiktok.account", "action_sync", [account_id])["params"]["message"]
    except RuntimeError as error:
        return str(error)


def profile(odoo, account_id):
    """Ask TikTok for the profile through the API, which writes nothing; return the username."""
    return odoo.get(f"/api/integrations/accounts/{account_id}/tiktok-profile/")["username"]


def given(accounts):
    """Return how many tokens TikTok gave to the user."""
    return len(accounts.tiktok.developer_tokens(username=USER))


def test_ten_callers_make_one_refresh(odoo, accounts, account_id):
    for _round in range(2):
        before = given(accounts)
        accounts.end_access_token(account_id)
        with concurrent.futures.ThreadPoolExecutor(CALLERS) as pool:
            answers = list(pool.map(lambda _n: profile(odoo, account_id), range(CALLERS)))
        assert set(answers) == {USER}
        assert given(accounts) == before + 1
    assert accounts.read(account_id, "state") == "connected"


def test_callers_while_the_scheduled_action_renews(odoo, accounts, account_id):
    before = given(accounts)
    accounts.end_access_token(account_id)
    cron = odoo.call("ir.cron", "search", [["cron_name", "=", "TikTok: refresh account tokens"]])
    with concurrent.futures.ThreadPoolExecutor(CALLERS) as pool:
        renewing = pool.submit(odoo.call, "ir.cron", "method_direct_trigger", cron)
        answers = list(pool.map(lambda _n: profile(odoo, account_id), range(CALLERS)))
        renewing.result()
    assert set(answers) == {USER}
    assert given(accounts) == before + 1


def test_rotation_is_stored_when_the_caller_fails(odoo, accounts, account_id):
    accounts.end_access_token(account_id)
    accounts.tiktok.set_fault("/v2/user/info/", "status", 503)
    before = given(accounts)
    assert "Try again in a few minutes" in sync(odoo, account_id)  # its transaction is rolled back
    assert given(accounts) == before + 1
    accounts.tiktok.clear_faults()
    accounts.end_access_token(account_id)
    assert sync(odoo, account_id).startswith(FINE)


def test_answer_that_got_lost(odoo, accounts, account_id):
    accounts.end_access_token(account_id)
    accounts.tiktok.set_fault("/v2/oauth/token/", "reset", times=1)  # done, but the answer was lost
    assert "Try again" in sync(odoo, account_id)
    assert accounts.read(account_id, "state") == "connected"
    with concurrent.futures.ThreadPoolExecutor(CALLERS) as pool:
        answers = list(pool.map(lambda _n: sync(odoo, account_id), range(CALLERS)))
    assert all("Reconnect" in answer or "not connected" in answer for answer in answers)
    assert accounts.read(account_id, "state") == "expired"
    assert accounts.activities(account_id) == 1


def test_dead_consent_is_one_activity_and_one_button(odoo, accounts, account_id, page):
    # Without the event that tells of it: TikTok's refusal is all there is.
    accounts.tiktok.set_app(client_key=accounts.app["client_key"], webhook_url="")
    accounts.tiktok.remove_authorization(client_key=accounts.app["client_key"], username=USER)
    accounts.end_access_token(account_id)
    page.goto(f"{odoo.base}/odoo/tiktok-accounts/{account_id}")
    page.click("button[name=action_sync]")
    page.wait_for_selector(".alert-danger:has-text('Click Reconnect')")
    reconnect = page.locator(".o_statusbar_buttons button:has-text('Reconnect'):visible")
    assert reconnect.count() == 1
    assert accounts.activities(account_id) == 1
    reconnect.click()
    page.click("button:has-text('Continue')")
    page.wait_for_selector(".o_statusbar_status button[aria-current]:has-text('Connected')")
    assert accounts.activities(account_id) == 0


def test_disconnect_when_tiktok_is_down(odoo, accounts, account_id):
    accounts.end_access_token(account_id)
    accounts.tiktok.set_fault("*", "status", 503)
    odoo.call("tiktok.account", "action_disconnect", [account_id])
    assert accounts.read(account_id, "state") == "disconnected"
    assert not accounts.sql("SELECT id FROM tiktok_token WHERE account_id = %s", account_id)


def test_disconnect_with_an_access_token_that_ended(odoo, accounts, account_id):
    log = pathlib.Path(os.environ["ODOO_LOG"])
    before = log.stat().st_size
    accounts.end_access_token(account_id)
    odoo.call("tiktok.account", "action_disconnect", [account_id])
    assert accounts.read(account_id, "state") == "disconnected"
    assert not accounts.sql("SELECT id FROM tiktok_token WHERE account_id = %s", account_id)
    assert not accounts.living()
    assert b"tries left" not in log.read_bytes()[before:]  # it did not start again


def test_a_renewal_that_is_asked_for_tells_the_new_end(odoo, accounts, account_id):
    accounts.end_access_token(account_id)
    accounts.set_company(tiktok_publish_account_id=account_id)
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    try:
        assert odoo.get("/tiktok/refresh-token")["access_expires_at"] > now
    finally:
        accounts.set_company(tiktok_publish_account_id=False)
