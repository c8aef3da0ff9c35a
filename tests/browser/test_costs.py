"""What an ad and its lead cost: from the button to the pivot, the lead and the alert."""

import datetime
import time

import pytest
from test_ads import Ads, forget, receive_leads, wait_for_lead

DAY = 86400
PIVOT_ROW = ".o_pivot tbody tr"


@pytest.fixture
def costs(odoo, tiktok, sql):
    """Return what connects ad accounts; they are gone after the test."""
    forget(sql)
    yield Ads(odoo, tiktok, sql)
    for each in tiktok.subscriptions():
        tiktok.remove_webhook(subscription_id=each["subscription_id"])
    forget(sql)
    sql("UPDATE res_company SET tiktok_ads_qualified_cost_limit = 0")


def submit_lead(page, costs, days_ago=2):
    """Have a person submit a form some days ago; return the lead in Odoo and its day."""
    noon = time.time() // DAY * DAY + DAY / 2 - days_ago * DAY
    lead = costs.tiktok.submit_lead(costs.form["page_id"], {"name": "Costly"}, when=noon)
    day = datetime.datetime.fromtimestamp(noon, datetime.UTC).date()
    return wait_for_lead(page, costs.odoo, lead["lead_id"])["id"], str(day)


def fetch_costs(page, costs, account_id):
    """Click the button and wait for the last days; the earlier months take longer."""
    page.goto(f"{costs.odoo.base}/odoo/tiktok-ad-accounts/{account_id}")
    page.click("button[name=action_fetch_spend]:visible")
    page.click(".o_notebook .nav-link:has-text('Costs')")
    page.wait_for_selector("[name=spend_fetched_at]:visible:not(:empty)")
    for _try in range(300):
        domain = [["id", "=", account_id], ["spend_stage", "!=", "recent"]]
        if costs.odoo.call("tiktok.advertiser", "search_count", domain):
            return
        page.wait_for_timeout(100)
    raise AssertionError("The costs were not fetched.")


def test_what_a_lead_cost(page, odoo, costs):
    account_id = costs.connect(page)
    receive_leads(page)
    lead_id, day = submit_lead(page, costs)
    fetch_costs(page, costs, account_id)

    (lead,) = odoo.call("crm.lead", "read", [lead_id], ["tiktok_cost", "tiktok_ad_uid"])
    rows = costs.tiktok.final_spend(advertiser_id=costs.uid, first=day, last=day)
    cents = next(cents for ad, _day, cents in rows if ad == lead["tiktok_ad_uid"])
    assert round(100 * lead["tiktok_cost"]) == cents > 0

    page.goto(f"{odoo.base}/odoo/tiktok-return")
    page.wait_for_selector(PIVOT_ROW)
    header = page.inner_text(".o_pivot thead")
    assert "Cost per lead" in header
    assert "ROAS" in header
    campaign = page.locator(PIVOT_ROW, has_text="Spring living room").first
    assert campaign.locator("td").count() >= 10

    page.goto(f"{odoo.base}/odoo/action-crm.crm_lead_all_leads/{lead_id}")
    page.click(".o_notebook .nav-link:has-text('TikTok')")
    page.wait_for_selector("[name=tiktok_cost]:visible")
    assert f"{cents / 100:,.2f}" in page.inner_text("[name=tiktok_cost]")

    page.goto(f"{odoo.base}/odoo/tiktok-overview")
    page.wait_for_selector("[data-card=cost] [data-cost=spend]")
    assert "Cost per lead" in page.inner_text("[data-card=cost]")


def test_an_alert_of_costs(page, odoo, costs):
    costs.sql("UPDATE res_company SET tiktok_ads_qualified_cost_limit = 0.01")
    account_id = costs.connect(page)
    fetch_costs(page, costs, account_id)
    page.reload()
    page.wait_for_selector(".alert:has-text('A qualified lead cost'):visible")
    page.wait_for_selector(".o-mail-Activity:has-text('cost too much')")
    page.goto(f"{odoo.base}/odoo/tiktok")
    page.click("[name=cost_banner] button:has-text('Review')")
    page.wait_for_selector(".o_data_row, .o_form_view")
