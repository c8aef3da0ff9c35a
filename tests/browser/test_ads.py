"""Ad accounts from Connect to a lead that came without pasting anything, and each refusal."""

import os
import pathlib

import pytest
from accounts import query
from ad_accounts import SECONDS, STATUSBAR, confirm, forget, receive_leads, wait_for_lead

ROUTE = "/api/integrations/webhooks/tiktok-leadgen/"


def refusal(page):
    """Return the text of the page, after looking whether it is one of ours."""
    page.wait_for_selector("[name=tiktok_refusal] h1")
    assert "Traceback" not in page.content()
    assert page.locator("[name=tiktok_refusal] .btn-primary").count() == 1
    return page.inner_text("[name=tiktok_refusal]")


def test_from_connect_to_the_lead_without_pasting(page, odoo, ads):
    page.goto(f"{odoo.base}/odoo/tiktok-ad-accounts")
    page.click("button:has-text('Connect TikTok Ads')")
    confirm(page, ads)
    page.wait_for_selector(f"{STATUSBAR}:has-text('Connected')")
    assert "code=" not in page.url

    page.wait_for_selector("[name=form_ids] .o_data_row")  # they appear automatically
    assert ads.form["title"] in page.inner_text("[name=form_ids]")
    assert "Published" in page.inner_text("[name=form_ids]")

    receive_leads(page)
    lead = ads.tiktok.submit_lead(
        ads.form["page_id"], {"name": "By Subscription", "email": "ads@example.com"}
    )
    found = wait_for_lead(page, odoo, lead["lead_id"])
    assert found["email_from"] == "ads@example.com"

    page.click("button[name=action_disconnect]:visible")
    page.click(".modal button:has-text('Ok')")
    page.wait_for_selector("text=Disconnected in Odoo")
    assert not ads.sql("SELECT id FROM tiktok_business_token")
    assert not [each for each in ads.tiktok.subscriptions() if ROUTE in each["callback_url"]]


def test_a_new_form_just_appears(page, odoo, ads):
    ads.connect(page)
    page.wait_for_selector("[name=form_ids] .o_data_row")
    ads.tiktok.create_form(ads.uid, title="Brand new form")
    page.click("button[name=action_sync]:visible")
    page.wait_for_selector("[name=form_ids] .o_data_row:has-text('Brand new form')")


def test_denied_by_the_person(page, ads):
    page.goto(ads.begin())
    page.click("button:has-text('Cancel')")
    assert "Permission was not granted" in refusal(page)
    page.click("[name=tiktok_refusal] .btn-primary")
    page.wait_for_selector(".o_view_nocontent:has-text('Connect TikTok Ads')")


def test_a_login_works_once(page, ads):
    back = ads.agree()
    page.goto(back)
    page.wait_for_selector(f"{STATUSBAR}:has-text('Connected')")
    page.goto(back)
    assert "only once" in refusal(page)


def test_a_code_that_took_too_long(page, ads):
    ads.tiktok.set_settings(auth_code_life=0)
    page.goto(ads.agree())
    assert "took too long" in refusal(page)
    assert not ads.find()


def test_redirect_uri_that_is_not_registered(page, ads):
    uris = ads.app["redirect_uris"]
    ads.tiktok.set_redirect_uris(ads.app["app_id"], [])
    try:
        page.goto(ads.begin())
        assert "is not registered" in page.inner_text("body")  # TikTok's own page says it
    finally:
        ads.tiktok.set_redirect_uris(ads.app["app_id"], uris)


def test_the_redirect_uri_is_the_one_settings_show(odoo, ads):
    uri = query(ads.begin())["redirect_uri"]
    settings_id = odoo.call("res.config.settings", "create", {})
    shown = odoo.call(
        "res.config.settings", "read", [settings_id], ["tiktok_business_redirect_uri"]
    )
    assert shown[0]["tiktok_business_redirect_uri"] == uri


@pytest.mark.parametrize(
    ("kind", "value"),
    [("status", 503), ("429", 1), ("hang", 1), ("reset", None), ("garbage", None), ("code", 50000)],
)
def test_tiktok_down(page, ads, kind, value):
    back = ads.agree()
    ads.tiktok.set_fault("/oauth2/access_token/", kind, value)
    page.goto(back)
    title = "This is not TikTok's API" if kind == "garbage" else "TikTok does not respond"
    assert title in refusal(page)
    assert not ads.find()


def test_who_is_not_admin_is_told_so(page, ads):
    ads.tiktok.set_role(advertiser_id=ads.uid, role="OPERATOR")
    try:
        ads.connect(page)
        page.click(".o_statusbar_buttons button[name=action_subscribe]:visible")
        page.wait_for_selector(".modal:has-text('must be an Admin')")
    finally:
        ads.tiktok.set_role(advertiser_id=ads.uid, role="ADMIN")


def test_a_revoked_consent_is_one_banner_one_activity_one_button(page, odoo, ads):
    ads.connect(page)
    receive_leads(page)
    for token in ads.tiktok.business_tokens():
        ads.tiktok.revoke_business_token(token["token"])
    page.click("button[name=action_sync]:visible")
    page.wait_for_selector(".alert-danger:has-text('revoked there')")
    domain = [["res_model", "=", "tiktok.advertiser"]]
    assert odoo.call("mail.activity", "search_count", domain) == 1
    page.click(".o_statusbar_buttons button:has-text('Reconnect'):visible")
    confirm(page, ads)
    page.wait_for_selector(f"{STATUSBAR}:has-text('Connected')")
    # It receives leads again without another click.
    page.wait_for_selector("[name=leads_state]:has-text('TikTok sends them here')")
    assert odoo.call("mail.activity", "search_count", domain) == 0
    lead = ads.tiktok.submit_lead(ads.form["page_id"], {"name": "Back", "email": "b@example.com"})
    wait_for_lead(page, odoo, lead["lead_id"])


def test_a_new_webhook_token_needs_no_pasting(page, odoo, ads):
    ads.connect(page)
    receive_leads(page)
    page.goto(f"{odoo.base}/odoo/tiktok")
    page.click("button[name=action_tiktok_new_token]")
    page.click(".modal button:has-text('Ok')")
    page.wait_for_selector(".o_notification")
    config = odoo.get("/api/integrations/accounts/tiktok-leadgen-config/")
    token = config["webhook_url"].partition("&token=")[2]
    for _try in range(SECONDS * 10):
        ours = [each for each in ads.tiktok.subscriptions() if "&for=" in each["callback_url"]]
        # The new one is made before the old one goes.
        if [token in each["callback_url"] for each in ours] == [True]:
            break
        page.wait_for_timeout(100)
    assert [token in each["callback_url"] for each in ours] == [True]


def test_only_what_is_ours_and_double_goes(page, odoo, ads):
    theirs = ads.tiktok.subscribe_other_program(
        callback_url="https://hooks.example.com/catch?key=theirs", advertiser_id=ads.uid
    )
    ads.connect(page)
    receive_leads(page)
    page.click("a.nav-link:has-text('Subscriptions')")
    page.wait_for_selector("[name=subscription_ids]:has-text('hooks.example.com')")
    assert "theirs" not in page.inner_text("[name=subscription_ids]")
    page.click("button[name=action_unsubscribe]:visible")
    page.click(".modal button:has-text('Ok')")
    page.wait_for_selector("[name=leads_state]:has-text('Not turned on')")
    left = [each["subscription_id"] for each in ads.tiktok.subscriptions()]
    assert theirs in left
    assert not [each for each in ads.tiktok.subscriptions() if "&for=" in each["callback_url"]]


def test_with_several_companies_each_ad_account_finds_its_own(page, odoo, ads):
    second = odoo.call("res.company", "create", {"name": "Second company"})
    odoo.call("res.users", "write", [2], {"company_ids": [[4, second]]})
    try:
        page.goto(ads.agree())
        page.wait_for_selector("[name=tiktok_choice]")
        page.select_option(f"select[name=company_{ads.uid}]", label="Second company")
        page.click("[name=tiktok_choice] .btn-primary")
        page.wait_for_url("**/odoo/tiktok-ad-accounts/**")
        rows = ads.sql(
            "SELECT company_id FROM tiktok_advertiser WHERE advertiser_uid = %s", ads.uid
        )
        assert rows == [(second,)]
    finally:
        forget(ads.sql)
        odoo.call("res.users", "write", [2], {"company_ids": [[3, second]]})


def test_no_secret_in_the_log(page, ads):
    ads.connect(page)
    receive_leads(page)
    log = pathlib.Path(os.environ["ODOO_LOG"]).read_text()
    assert "/oauth/callback/tiktok-business/" in log
    secrets = [ads.app["secret"], *(each["token"] for each in ads.tiktok.business_tokens())]
    assert not [secret for secret in secrets if secret in log]
