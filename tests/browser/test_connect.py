"""A TikTok account from New to Disconnect, and every way in which it is refused."""

import os
import pathlib

import pytest
from accounts import OTHER_USER, USER, query
from conftest import PATIENCE_MS, log_in

from dev.odoo_rpc import Session

STATUSBAR = ".o_statusbar_status button[aria-current]"


def refusal(page):
    """Return the text of the page, after looking whether it is one of ours."""
    page.wait_for_selector("[name=tiktok_refusal] h1")
    content = page.content()
    assert "Traceback" not in content
    assert page.locator("[name=tiktok_refusal] .btn-primary").count() == 1
    return page.inner_text("[name=tiktok_refusal]")


def press_button(page):
    page.click("[name=tiktok_refusal] .btn-primary")


def test_from_new_to_disconnect(page, odoo, accounts):
    page.goto(f"{odoo.base}/odoo/tiktok-accounts")
    page.click(".o_control_panel_main_buttons button:has-text('New')")
    page.fill("[name=name] input", "Our brand")
    page.click("button[name=action_connect]:visible")
    page.wait_for_selector("text=wants to use your TikTok account")
    page.check(f"input[value='{USER}']")
    page.click("button:has-text('Continue')")

    page.wait_for_selector(f"{STATUSBAR}:has-text('Connected')")
    assert "/odoo/tiktok-accounts/" in page.url
    assert "code=" not in page.url
    assert page.inner_text("[name=username]") == USER
    assert "Sofas, tables" in page.inner_text("[name=bio]")
    account_id = int(page.url.rsplit("/", 1)[1])
    assert accounts.read(account_id, "follower_count") > 0

    accounts.wait_for_sync(account_id)  # while one is under way, Sync only says so
    accounts.tiktok.set_creator(username=USER, followers=4242)
    page.click("button[name=action_sync]")
    page.wait_for_selector("[name=follower_count]:has-text('4,242')")

    look_at_videos(page, accounts, account_id)

    page.click("button[name=action_disconnect]")
    page.click(".modal button:has-text('Ok')")
    page.wait_for_selector("text=Disconnected in Odoo")
    assert not accounts.sql("SELECT id FROM tiktok_token WHERE account_id = %s", account_id)
    assert not accounts.living()
    assert accounts.read(account_id, "nickname")  # what was learned stays


def look_at_videos(page, accounts, account_id):
    """Open the videos as cards with their covers, then as a list, and come back."""
    accounts.wait_for_sync(account_id)
    page.reload()
    page.click("button[name=action_open_videos]")
    covers = page.locator(".o_tiktok_videos .o_kanban_record img.o_tiktok_cover")
    covers.first.wait_for()
    assert covers.count() == accounts.read(account_id, "video_count")
    assert covers.evaluate_all("all => Promise.all(all.map(each => each.decode()))")
    page.click(".o_switch_view.o_list")
    views = page.locator(".o_list_view .o_data_row [name=view_count]")
    views.first.wait_for()
    assert any(int(text.replace(",", "")) for text in views.all_inner_texts())
    page.click(".o_breadcrumb .o_back_button, .breadcrumb-item a >> nth=-1")
    page.wait_for_selector(f"{STATUSBAR}:has-text('Connected')")


def test_denied_by_the_person(page, accounts):
    account_id = accounts.make()
    page.goto(accounts.begin(account_id))
    page.click("button:has-text('Cancel')")
    assert "Permission was not granted" in refusal(page)
    press_button(page)
    page.wait_for_selector(".o_form_view button[name=action_connect]")
    assert page.url.endswith(f"/tiktok-accounts/{account_id}")


def test_state_that_nobody_knows(page, odoo, accounts):
    callback = "/api/integrations/accounts/oauth/callback/tiktok/"
    page.goto(f"{odoo.base}{callback}?code=fakecode&state=made-up")
    assert "did not request" in refusal(page)
    page.goto(f"{odoo.base}{callback}")
    assert "did not request" in refusal(page)


def test_state_that_took_too_long(page, accounts):
    back = accounts.agree(accounts.make())
    accounts.sql("UPDATE tiktok_oauth_state SET expires_at = now() - interval '1 minute'")
    page.goto(back)
    assert "ten minutes" in refusal(page)


def test_state_that_was_used(page, accounts):
    account_id = accounts.make()
    back = accounts.agree(account_id)
    page.goto(back)
    page.goto(back)
    assert "only once" in refusal(page)
    assert accounts.read(account_id, "state") == "connected"
    assert len(accounts.living()) == 1


def test_another_user(page, odoo, accounts):
    manager = odoo.call("ir.model.data", "search", [["name", "=", "tiktok_leadgen_group_manager"]])
    group_id = odoo.call("ir.model.data", "read", manager, ["res_id"])[0]["res_id"]
    colleague = {"name": "Colleague", "login": "colleague", "password": "colleague-8"}
    odoo.call("res.users", "create", {**colleague, "group_ids": [[4, group_id]]})
    theirs = Session(odoo.base, os.environ["ODOO_DATABASE"], "colleague", "colleague-8")
    account_id = accounts.make()
    url = theirs.call("tiktok.account", "action_connect", [account_id])["url"]
    page.goto(accounts.tiktok.consent(url))
    assert "Started by another user" in refusal(page)
    assert accounts.read(account_id, "state") == "draft"


def test_no_session_then_log_in_and_go_on(browser, accounts):
    account_id = accounts.make()
    profile = browser.new_context()
    profile.set_default_timeout(PATIENCE_MS)
    stranger = profile.new_page()
    stranger.goto(accounts.agree(account_id))
    assert "Log in" in refusal(stranger)
    press_button(stranger)
    log_in(stranger)
    stranger.wait_for_selector(f"{STATUSBAR}:has-text('Connected')")
    assert accounts.read(account_id, "state") == "connected"
    profile.close()


def test_redirect_uri_that_is_not_registered(page, odoo, accounts):
    account_id = accounts.make()
    uri = f"{odoo.base}/api/integrations/accounts/oauth/callback/tiktok/"
    accounts.tiktok.set_redirect_uris(accounts.app["client_key"], ["https://other.example.com/"])
    page.goto(accounts.begin(account_id))
    assert "redirect_uri" in page.inner_text("main")  # TikTok's own page: no redirect to Odoo
    page.goto(f"{odoo.base}/odoo/tiktok-accounts/{account_id}")
    page.wait_for_selector("[name=redirect_uri]")
    assert page.locator("[name=redirect_uri]").first.inner_text().strip().startswith(uri)


def test_redirect_uri_that_the_exchange_refuses(page, odoo, accounts):
    back = accounts.agree(accounts.make())
    accounts.sql("UPDATE tiktok_oauth_state SET redirect_uri = redirect_uri || 'x'")
    page.goto(back)
    assert "Register exactly this one" in refusal(page)
    uri = f"{odoo.base}/api/integrations/accounts/oauth/callback/tiktok/"
    assert page.inner_text("[name=tiktok_refusal] code") == uri


@pytest.mark.parametrize("wrong", ["tiktok_client_key", "tiktok_client_secret"])
def test_wrong_client_key_or_secret(page, accounts, wrong):
    back = accounts.agree(accounts.make())
    accounts.set_company(**{wrong: "not-the-one"})
    try:
        page.goto(back)
    finally:
        accounts.set_company(
            tiktok_client_key=accounts.app["client_key"],
            tiktok_client_secret=accounts.app["client_secret"],
        )
    assert "does not recognize these app keys" in refusal(page)
    assert "invalid_client" in page.inner_text("[name=tiktok_refusal] .small")


def test_account_that_is_no_target_user(page, accounts):
    account_id = accounts.make()
    accounts.tiktok.set_app(client_key=accounts.app["client_key"], target_users=[OTHER_USER])
    page.goto(accounts.agree(account_id, username=USER))
    assert "target users" in refusal(page)


def test_verifier_that_is_refused(page, accounts):
    account_id = accounts.make()
    accounts.tiktok.set_app(client_key=accounts.app["client_key"], pkce="base64url")
    page.goto(accounts.agree(account_id))
    assert "TIKTOK_PKCE_ENCODING" in refusal(page)
    assert accounts.read(account_id, "state") == "draft"


def test_permissions_that_were_not_given(page, accounts):
    account_id = accounts.make()
    page.goto(accounts.begin(account_id))
    page.check(f"input[value='{USER}']")
    page.uncheck("input[value='video.list']")
    page.uncheck("input[value='user.info.stats']")
    page.click("button:has-text('Continue')")
    page.wait_for_selector(f"{STATUSBAR}:has-text('Connected')")
    lost = page.inner_text("[name=missing_scope_ids]")
    assert "Public videos" in lost
    assert "The four numbers stay at zero" in lost
    assert accounts.read(account_id, "follower_count") == 0
    assert accounts.read(account_id, "username") == USER
    assert not accounts.read(account_id, "sync_error")


def test_permission_that_the_app_may_not_ask_for(page, odoo, accounts):
    state = query(accounts.begin(accounts.make()))["state"]
    callback = "/api/integrations/accounts/oauth/callback/tiktok/"
    page.goto(f"{odoo.base}{callback}?error=invalid_scope&error_description=No&state={state}")
    assert "Untick it on the account" in refusal(page)


def test_right_that_was_lost_meanwhile(browser, odoo, accounts):
    group = ["name", "=", "tiktok_leadgen_group_manager"]
    group_id = odoo.call("ir.model.data", "search_read", [group], ["res_id"])[0]["res_id"]
    names = {"name": "Clerk", "login": "clerk", "password": "clerk-clerk-8"}
    user_id = odoo.call("res.users", "create", {**names, "group_ids": [[4, group_id]]})
    account_id = accounts.make()
    theirs = Session(odoo.base, os.environ["ODOO_DATABASE"], "clerk", "clerk-clerk-8")
    url = theirs.call("tiktok.account", "action_connect", [account_id])["url"]
    odoo.call("res.users", "write", [user_id], {"group_ids": [[3, group_id]]})
    profile = browser.new_context()
    profile.set_default_timeout(PATIENCE_MS)
    page = profile.new_page()
    page.goto(accounts.tiktok.consent(url))
    press_button(page)  # log in, then go on
    log_in(page, "clerk", "clerk-clerk-8")
    page.wait_for_selector("[name=tiktok_refusal]:has-text('You may not connect')")
    assert page.locator("[name=tiktok_refusal] .btn-primary").count() == 1
    assert accounts.read(account_id, "state") == "draft"
    profile.close()


@pytest.mark.parametrize(
    ("kind", "value"),
    [("status", 503), ("429", 1), ("hang", 1), ("reset", None), ("garbage", None)],
)
def test_tiktok_down(page, accounts, kind, value):
    account_id = accounts.make()
    back = accounts.agree(account_id)
    accounts.tiktok.set_fault("/v2/oauth/token/", kind, value)
    page.goto(back)
    title = "This is not TikTok's API" if kind == "garbage" else "TikTok does not respond"
    assert title in refusal(page)
    assert accounts.read(account_id, "state") == "draft"


def test_profile_that_fails_is_no_refusal(page, accounts):
    account_id = accounts.make()
    back = accounts.agree(account_id)
    accounts.tiktok.set_fault("/v2/user/info/", "status", 503)
    page.goto(back)
    page.wait_for_selector(".alert-warning:has-text('Try again in a few minutes')")
    assert accounts.read(account_id, "state") == "connected"


def test_same_tiktok_account_twice(page, accounts):
    first_id = accounts.connect(page, "First")
    second_id = accounts.make("Second")
    page.goto(accounts.agree(second_id, username=USER))
    assert "“\u2068First\u2069”" in refusal(page)
    press_button(page)
    page.wait_for_selector(".o_form_view")
    assert page.url.endswith(f"/{first_id}")
    assert accounts.read(second_id, "state") == "draft"
    accounts.wait_for_sync(first_id)
    page.click("button[name=action_sync]")  # the first one works as before
    page.wait_for_selector(".o_notification:has-text('up to date')")


@pytest.mark.parametrize("answer", ["Replace it", "Keep the Old One"])
def test_another_tiktok_account_asks_first(page, accounts, answer):
    account_id = accounts.connect(page)
    page.goto(accounts.agree(account_id, username=OTHER_USER))
    assert "another TikTok account than before" in refusal(page)
    assert accounts.read(account_id, "username") == USER
    page.click(f"button:has-text('{answer}')")
    page.wait_for_selector(f"{STATUSBAR}:has-text('Connected')")
    kept, gone = (OTHER_USER, USER) if answer == "Replace it" else (USER, OTHER_USER)
    assert accounts.read(account_id, "username") == kept
    assert accounts.living(kept)
    assert not accounts.living(gone)
    assert not accounts.sql("SELECT id FROM tiktok_oauth_state WHERE tokens_sealed IS NOT NULL")


def test_keys_that_are_missing(page, odoo, accounts):
    account_id = accounts.make()
    accounts.set_company(tiktok_client_key=False)
    page.goto(f"{odoo.base}/odoo/tiktok-accounts/{account_id}")
    try:
        page.click("button[name=action_connect]:visible")
        page.wait_for_selector(".modal:has-text('client key and secret')")
    finally:
        accounts.set_company(tiktok_client_key=accounts.app["client_key"])


def test_no_secret_in_the_log(page, accounts):
    account_id = accounts.make()
    url = accounts.begin(account_id)
    back = accounts.tiktok.consent(url)
    page.goto(back)
    accounts.odoo.call("tiktok.account", "action_disconnect", [account_id])
    log = pathlib.Path(os.environ["ODOO_LOG"]).read_text()
    assert "/oauth/callback/tiktok/" in log  # it is the log of these requests
    secrets = [
        query(back)["code"].split("*")[0],
        query(back)["state"],
        accounts.app["client_secret"],
    ]
    for token in accounts.tiktok.developer_tokens():
        secrets += [token["access"], token["refresh"]]
    assert not [secret for secret in secrets if secret and secret in log]
    assert "Traceback" not in log
