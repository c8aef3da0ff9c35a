"""The whole loop: an ad brings a lead, TikTok learns that it was good, Odoo what it cost."""

import datetime

import pytest
from test_ads import Ads, forget, receive_leads, wait_for_lead
from test_costs import PIVOT_ROW, fetch_costs
from test_signals import SAVED, events_at, wait_for

VALUE = 1250.5
COUNTER = ".o-mail-ActivityMenu-counter"


@pytest.fixture
def ads(odoo, tiktok, sql):
    """Return what connects ad accounts; all that came of them is gone after the test."""
    forget(sql)
    yield Ads(odoo, tiktok, sql)
    for each in tiktok.subscriptions():
        tiktok.remove_webhook(subscription_id=each["subscription_id"])
    sql("DELETE FROM tiktok_crm_event")
    sql("DELETE FROM tiktok_event_set")
    sql("UPDATE res_company SET tiktok_ads_qualified_cost_limit = 0")
    forget(sql)


def connect_event_set(page, ads):
    """Create the event set at TikTok from Odoo, check it, and have events suggested.

    :return: as TikTok names it
    :rtype: dict
    """
    page.goto(f"{ads.odoo.base}/odoo/tiktok-event-sets/new")
    page.fill("[name=name] input, [name=name] textarea", "The loop")
    account = ads.odoo.call("tiktok.advertiser", "search_read", [], ["name"])[0]["name"]
    page.fill("[name=advertiser_id] input", account)
    page.click(f".o-autocomplete--dropdown-item:has-text('{account}')")
    page.click(".o_form_button_save:visible")
    page.click("button[name=action_create_remote]:visible")
    uid = wait_for(lambda: find_event_set(ads))
    token = ads.tiktok.grant_event_token(event_set_id=uid)
    page.locator("[name=token] input:visible").fill(token)
    page.click("button[name=action_check]:visible")
    page.wait_for_selector(".o_notification:has-text('Nothing was sent')")
    page.click("button:has-text('Suggest Events'):visible")
    page.wait_for_selector("[name=rule_ids] .o_data_row:has-text('Converted')")
    return {"event_set_id": uid}


def find_event_set(ads):
    """Return TikTok's ID of the only event set, once it has one."""
    [found] = ads.odoo.call("tiktok.event.set", "search_read", [], ["event_set_uid"])
    return found["event_set_uid"]


def submit_lead(page, ads):
    """Have a person submit the form of an ad two days ago; return the lead in Odoo."""
    days = datetime.timedelta(days=2)
    noon = datetime.datetime.now(datetime.UTC).replace(hour=12, minute=0, second=0) - days
    answers = {"name": "Good Lead", "email": "good@example.com"}
    made = ads.tiktok.submit_lead(ads.form["page_id"], answers, when=noon.timestamp())
    lead_id = wait_for_lead(page, ads.odoo, made["lead_id"])["id"]
    ads.odoo.call("crm.lead", "write", [lead_id], {"type": "opportunity"})
    return lead_id, made["lead_id"]


def test_from_the_ad_to_the_cost_of_a_won_lead(page, odoo, tiktok, ads):
    ads.sql("UPDATE res_company SET tiktok_ads_qualified_cost_limit = 0.01")
    account_id = ads.connect(page)
    receive_leads(page)
    remote_set = connect_event_set(page, ads)
    lead_id, uid = submit_lead(page, ads)

    page.goto(f"{odoo.base}/odoo/crm.lead/{lead_id}")
    page.fill("[name=expected_revenue] input", str(VALUE))
    page.click(".o_statusbar_status button:has-text('Qualified')")
    page.wait_for_selector(SAVED, state="attached")
    wait_for(lambda: len(events_at(tiktok, remote_set)) == 1)
    page.click("button[name=action_set_won_rainbowman]")
    wait_for(lambda: len(events_at(tiktok, remote_set)) == 2)

    page.goto(f"{tiktok.url}/signals/")
    rows = page.locator(f"tr[data-lead='{uid}']")
    assert rows.count() == 2
    assert "Qualified" in rows.nth(0).inner_text()
    assert "Converted" in rows.nth(1).inner_text()
    assert "1250.50" in rows.nth(1).inner_text()

    fetch_costs(page, ads, account_id)
    page.goto(f"{odoo.base}/odoo/tiktok-event-sets")
    page.click(".o_data_row:has-text('The loop') [name=name]")
    assert page.inner_text("[name=reported_count]:visible") == "2"  # matched with the ad
    assert page.inner_text("[name=reported_of_count]:visible") == "2"
    assert_pivot(page, ads, lead_id)

    page.goto(f"{odoo.base}/odoo/tiktok-ad-accounts/{account_id}")
    page.wait_for_selector(".alert:has-text('A qualified lead cost'):visible")
    page.wait_for_selector(".o-mail-Activity:has-text('cost too much')")
    assert int(page.inner_text(COUNTER)) >= 1
    page.click(f"{COUNTER} >> xpath=..")
    page.wait_for_selector(".o-mail-ActivityGroup:has-text('ad account')")


def assert_pivot(page, ads, lead_id):
    """Check cost and revenue of the lead's campaign in the pivot, by TikTok's own figures."""
    (lead,) = ads.odoo.call("crm.lead", "read", [lead_id], ["tiktok_campaign_uid", "tiktok_cost"])
    today = datetime.datetime.now(datetime.UTC).date()
    first, last = today - datetime.timedelta(days=29), today - datetime.timedelta(days=2)
    mine = [["campaign_uid", "=", lead["tiktok_campaign_uid"]], ["date", ">=", str(first)]]
    stored = ads.odoo.call("tiktok.ad.spend", "search_read", mine, ["ad_uid", "date", "spend"])
    truth = ads.tiktok.final_spend(advertiser_id=ads.uid, first=str(first), last=str(last))
    own = {row["ad_uid"] for row in stored}
    final = [round(100 * row["spend"]) for row in stored if row["date"] <= str(last)]
    assert sum(final) == sum(cents for ad, _day, cents in truth if ad in own) > 0

    page.goto(f"{ads.odoo.base}/odoo/tiktok-return")
    page.wait_for_selector(PIVOT_ROW)
    shown_from = today - datetime.timedelta(days=89)  # as the filter of the pivot
    by_ad = [["campaign_id.uid", "=", lead["tiktok_campaign_uid"]], ["date", ">=", str(shown_from)]]
    [sums] = ads.odoo.call(
        *("tiktok.return.report", "formatted_read_group", by_ad, []),
        *(["cost:sum", "won_count:sum", "won_revenue:sum"],),
    )
    assert (sums["won_count:sum"], sums["won_revenue:sum"]) == (1, VALUE)
    row = page.locator(PIVOT_ROW, has_text="Spring living room").first.inner_text()
    assert f"{sums['cost:sum']:,.2f}" in row
    assert f"{VALUE:,.2f}" in row
    assert f"{sums['won_revenue:sum'] / sums['cost:sum']:.2f}" in row
